/* The Merkle tree of a transparency log.
 *
 * Source: RFC 6962, section 2.1 (SHA-256; leaves prefixed with 0x00, nodes with 0x01).
 * Shapes: level 0 are the leaf hashes; the hash at (level, index) is that of the complete subtree over the leaves
 * [index << level, (index + 1) << level).  Only complete subtrees are read; all else follows from them. */
#ifndef PARLEY_TLOG_TREE_H
#define PARLEY_TLOG_TREE_H

#include "base/arena.h"
#include "base/hash.h"

enum { TREE_LEVELS_MAX = 64 };

struct sha256 tree_leaf_hash(struct bytes leaf);
struct sha256 tree_node_hash(struct sha256 left, struct sha256 right);
struct sha256 tree_empty_root(void); /* SHA-256 of nothing */

/* Where hashes of complete subtrees come from: memory, a store, tiles. */
struct tree_reader {
    enum error (*hash)(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d);
    void *state;
};

/* The hash of the leaves [from, to) as a tree of their own: MTH(D[from:to]).  `from` < `to`; `from` is a multiple of
 * the smallest power of two that is not below to - from (a "subtree" of tlog-mirror); 0 always is. */
enum error tree_range(const struct tree_reader *r, uint64_t from, uint64_t to, struct sha256 *out,
                      struct diag *d) MUST_USE;
/* The root at a size; the empty root at 0. */
enum error tree_root(const struct tree_reader *r, uint64_t size, struct sha256 *out, struct diag *d) MUST_USE;

/* The complete subtrees that the leaves [from, to) fall into, each as large as fits, from left to right: how many; at
 * most TREE_LEVELS_MAX where `from` is 0, twice that elsewhere. */
struct subtree {
    unsigned level;
    uint64_t index;
};
size_t tree_cut(uint64_t from, uint64_t to, struct subtree *out);

/* A tree in memory: all complete subtrees over the leaves added so far. */
struct tree {
    struct sha256 *levels[TREE_LEVELS_MAX];
    size_t rooms[TREE_LEVELS_MAX];
    uint64_t size;
    struct arena arena;
};
void tree_add(struct tree *t, struct sha256 leaf_hash); /* `struct tree t = {0};` is empty */
void tree_free(struct tree *t);
struct tree_reader tree_reader(struct tree *t);
struct sha256 tree_root_at(struct tree *t, uint64_t size); /* size at most t->size */

/* The right edge of a tree that grows: all that appending and the root need.  `struct frontier f = {0};` is empty. */
struct frontier {
    uint64_t size;
    struct sha256 at[TREE_LEVELS_MAX]; /* at[l] is of a complete subtree of level l where size has bit l */
};
/* Appends a complete subtree of 2^level leaves; f->size must be a multiple of that.  Level 0: a leaf. */
void frontier_add(struct frontier *f, unsigned level, struct sha256 hash);
struct sha256 frontier_root(const struct frontier *f);

/* The new complete subtrees that leaf number `index` finishes: calls `add` with level 0 first, then each parent.  For
 * stores that keep the levels: `left` reads the sibling to the left. */
enum error tree_grow(const struct tree_reader *left, uint64_t index, struct sha256 leaf_hash,
                     enum error (*add)(void *state, unsigned level, uint64_t index, struct sha256 hash, struct diag *d),
                     void *state, struct diag *d) MUST_USE;

/* ---- many at once: the same hashes, side by side (base/hash_many.h) */

enum { TREE_SOME = 256 }; /* hashes that are worked on at once */

void tree_leaf_hashes(const struct bytes *leaves, size_t count, struct sha256 *out);
/* Of pairs that stand one after the other; `out` may be `children`. */
void tree_node_hashes(const struct sha256 *children, size_t pairs, struct sha256 *out);
/* Of a complete subtree of at most TREE_SOME hashes. */
struct sha256 tree_fold(const struct sha256 *hashes, size_t count);
/* The roots of several trees, whose leaf hashes stand one after the other; of at most TREE_SOME trees, and leaves in
 * all. Leaves nothing of `hashes` and `sizes`. */
void tree_roots(struct sha256 *hashes, size_t *sizes, size_t trees, struct sha256 *roots);
void tree_add_many(struct tree *t, const struct sha256 *leaf_hashes, size_t count);
void tree_add_leaves(struct tree *t, const struct bytes *leaves, size_t count);
void frontier_add_many(struct frontier *f, const struct sha256 *leaf_hashes, size_t count);
void frontier_add_leaves(struct frontier *f, const struct bytes *leaves, size_t count);

#endif
