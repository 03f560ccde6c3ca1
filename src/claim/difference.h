/* What a corrected sheet of facts changes: rows that are gone, rows that are new, rows that say another thing.
 *
 * Rows that are equal in every column are the same.  Of the others those belong together that agree in source,
 * destination, object, protocol and event, in the order of both sheets: the same observation with other times or
 * counts.  What is left over is gone, or new.  Where more than DIFFERENCE_PAIRED_MAX rows of one sheet are not in the
 * other, nothing is paired.  O(n) in the rows of both, O(m log m) in those that differ.  Ownership: the lists live in
 * the arena. */
#ifndef PARLEY_CLAIM_DIFFERENCE_H
#define PARLEY_CLAIM_DIFFERENCE_H

#include "fact/sheet.h"

#define DIFFERENCE_NO_ROW SIZE_MAX
enum { DIFFERENCE_PAIRED_MAX = 1 << 20 };

struct changed_row {      /* rows of the two sheets, from 0 */
    size_t before, after; /* DIFFERENCE_NO_ROW: it is new; it is gone */
};

struct sheet_difference {
    struct changed_row *at; /* in the order of the old sheet, then what is new in that of the new one */
    size_t count;
    size_t same, changed, gone, added;
};

/* Both in the order of sheets. */
void sheet_compare(struct sheet before, struct sheet after, struct arena *a, struct sheet_difference *out);

#endif
