/* Sets of rows of a fact sheet, as `ask` and `disclose` name them: "0-3,7".
 *
 * Ranges ascend and don't touch, so a set has one spelling; they are never spread out, however large.  Limits:
 * ROW_RANGES_MAX ranges, rows up to 2^53. */
#ifndef PARLEY_CLAIM_ROW_SET_H
#define PARLEY_CLAIM_ROW_SET_H

#include "base/arena.h"
#include "base/buf.h"

enum { ROW_RANGES_MAX = 65536 };

struct row_range {
    uint64_t first, last; /* both included */
};
struct row_set {
    const struct row_range *at;
    size_t count;
};

enum error row_set_read(struct text t, struct arena *a, struct row_set *out, struct diag *d) MUST_USE;
void row_set_write(struct row_set rows, struct buf *out);
bool row_set_has(struct row_set rows, uint64_t row);
uint64_t row_set_count(struct row_set rows);

#endif
