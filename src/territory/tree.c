#include "territory/tree.h"

#include <string.h>

enum { CHILDREN = TREE_KEYS + 1 };

/* Memory that begins with a cache line. */
static uint64_t *nodes_new(size_t nodes, struct arena *a) {
    enum { LINE = TREE_KEYS * sizeof(uint64_t) };
    uint8_t *at = arena_take(a, nodes + 1, LINE);
    uint64_t *keys = (void *)(at + (LINE - (uintptr_t)at % LINE) % LINE);
    for (size_t i = 0; i < nodes * TREE_KEYS; i++) keys[i] = UINT64_MAX; /* what is not filled is above all */
    return keys;
}

struct territory_tree *tree_make(const uint64_t *sorted, size_t count, struct arena *a) {
    struct territory_tree *t = ARENA_NEW(a, struct territory_tree);
    size_t leaves = (count + TREE_KEYS - 1) / TREE_KEYS, below = leaves, width = 1; /* leaves under a node below */
    uint64_t *keys = nodes_new(leaves, a);
    memcpy(keys, sorted, count * sizeof *keys);
    t->count = count;
    t->layers[t->layer_count].nodes = leaves;
    t->layers[t->layer_count++].keys = keys;
    for (; below > 1; width *= CHILDREN) {
        size_t nodes = (below + CHILDREN - 1) / CHILDREN;
        uint64_t *up = nodes_new(nodes, a);
        for (size_t child = 0; child < below; child++)
            if (child % CHILDREN)
                up[child / CHILDREN * TREE_KEYS + child % CHILDREN - 1] = keys[child * width * TREE_KEYS];
        ASSERT(t->layer_count < TREE_LAYERS_MAX);
        t->layers[t->layer_count].nodes = below = nodes;
        t->layers[t->layer_count++].keys = up;
    }
    return t;
}

size_t tree_find(const struct territory_tree *t, uint64_t x) {
    size_t node = 0;
    for (size_t layer = t->layer_count - 1;; layer--) {
        const uint64_t *keys = t->layers[layer].keys + node * TREE_KEYS;
        size_t below = 0;
        for (size_t i = 0; i < TREE_KEYS; i++) below += keys[i] <= x;
        if (!layer) {
            size_t end = node * TREE_KEYS + below; /* the largest number of all also counts what is not filled */
            return (end < t->count ? end : t->count) - 1;
        }
        size_t last = t->layers[layer - 1].nodes - 1;
        node = node * CHILDREN + below;
        node = node < last ? node : last;
    }
}
