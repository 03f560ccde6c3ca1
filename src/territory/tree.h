/* Within territory/: a static search tree over sorted numbers of 64 bits, a cache line a node.
 *
 * IPv6 ranges crowd in a few dozen of the 65,536 blocks of 16 bits, so an index by these leaves a dozen halvings over
 * rows of 24 bytes, each a wait for memory.  Here a node has eight numbers and nine children, the leaves are the
 * numbers themselves in order, and six nodes lead to one of 500,000.  (D. Comer, "The ubiquitous B-tree", 1979; without
 * pointers, as in S. Slotin, "Static B-trees", 2022.) */
#ifndef PARLEY_TERRITORY_TREE_H
#define PARLEY_TERRITORY_TREE_H

#include "base/arena.h"

enum { TREE_KEYS = 8, TREE_LAYERS_MAX = 12 };

struct territory_tree;
/* One way of finding; all ways find the same. */
struct tree_way {
    const char *name;
    bool (*supported)(void);
    size_t (*find)(const struct territory_tree *t, uint64_t x);
};
/* From the widest instructions to those that all processors have. */
extern const struct tree_way tree_ways[];
extern const size_t tree_way_count;

struct territory_tree {
    const struct tree_way *way; /* the widest that is supported */
    struct {
        const uint64_t *keys;
        size_t nodes;
    } layers[TREE_LAYERS_MAX]; /* the leaves first */
    size_t layer_count, count;
};

/* Over numbers that are in order, the first of which is 0; they are copied. */
struct territory_tree *tree_make(const uint64_t *sorted, size_t count, struct arena *a);
/* The place of the last number that is not above `x`. */
static inline size_t tree_find(const struct territory_tree *t, uint64_t x) { return t->way->find(t, x); }

#endif
