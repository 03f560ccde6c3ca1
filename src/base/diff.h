/* What differs between two texts, line by line.
 *
 * A longest common subsequence of the lines is kept, so no two other edits say it in fewer lines.  Beyond
 * DIFF_CELLS_MAX (lines that differ of one times those of the other, after what both begin and end with) all of the
 * middle counts as replaced: true, only longer.  Ownership: lines are views into the texts; the list lives in the
 * arena.
 */
#ifndef PARLEY_BASE_DIFF_H
#define PARLEY_BASE_DIFF_H

#include "base/arena.h"

enum { DIFF_CELLS_MAX = 1 << 24 };

enum diff_sign { DIFF_SAME = ' ', DIFF_OLD = '-', DIFF_NEW = '+' };

struct diff_line {
    enum diff_sign sign;
    struct text line; /* without its LF */
};

struct diff {
    const struct diff_line *at; /* all lines of both, what was before what is */
    size_t count;
    size_t changed; /* those that are not in both */
};

struct diff diff_of(struct text before, struct text after, struct arena *a);

#endif
