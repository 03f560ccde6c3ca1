/* Where two histories of one log part, when both are at hand: the first leaf in which two trees differ.
 *
 * Found by descent: the complete subtrees that both trees have are compared from left to right, and the first that
 * differs is halved until a leaf is left; so of trees of n leaves some 2 log2 n hashes are read.  Each pair of children
 * must hash to its parent: ERR_PROOF where a reader contradicts itself. */
#ifndef PARLEY_TLOG_PARTING_H
#define PARLEY_TLOG_PARTING_H

#include "tlog/tree.h"

struct parting {
    uint64_t index;          /* of the first leaf that differs; the smaller size where the smaller tree is a front */
    bool parts;              /* false: the smaller is a front of the larger, or both are one */
    struct sha256 leaves[2]; /* the hashes of that leaf, where they part */
};
enum error tree_parting(const struct tree_reader *a, uint64_t a_size, const struct tree_reader *b, uint64_t b_size,
                        struct parting *out, struct diag *d) MUST_USE;
/* Whether the hashes that tree_parting compares up to `front` are those under a root: ERR_PROOF else. */
enum error tree_stands(const struct tree_reader *r, uint64_t front, uint64_t size, struct sha256 root,
                       struct diag *d) MUST_USE;

#endif
