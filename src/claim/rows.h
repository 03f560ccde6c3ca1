/* Sets of rows of a fact sheet, as `ask` and `disclose` name them: "0-3,7".
 *
 * Ranges ascend and don't touch, so a set has one spelling; they are never spread out, however large.  Limits:
 * ROWS_RANGES_MAX ranges, rows up to 2^53. */
#ifndef PARLEY_CLAIM_ROWS_H
#define PARLEY_CLAIM_ROWS_H

#include "base/arena.h"
#include "base/buf.h"

enum { ROWS_RANGES_MAX = 65536 };

struct row_range {
    uint64_t first, last; /* both included */
};
struct rows {
    const struct row_range *at;
    size_t count;
};

enum error rows_read(struct text t, struct arena *a, struct rows *out, struct diag *d) MUST_USE;
void rows_write(struct rows rows, struct buf *out);
bool rows_have(struct rows rows, uint64_t row);
uint64_t rows_count(struct rows rows);

#endif
