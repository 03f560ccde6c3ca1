#include "territory/tree.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { CHILDREN = TREE_KEYS + 1 };

/* ---- finding, from the root down; `below` counts the keys of a node that are not above x */

#define FIND(below)                                                                                                    \
    size_t node = 0;                                                                                                   \
    for (size_t layer = t->layer_count - 1;; layer--) {                                                                \
        size_t count = below(t->layers[layer].keys + node * TREE_KEYS, x);                                             \
        if (!layer) {                                                                                                  \
            size_t end = node * TREE_KEYS + count; /* the largest number of all also counts what is not filled */      \
            return (end < t->count ? end : t->count) - 1;                                                              \
        }                                                                                                              \
        size_t last = t->layers[layer - 1].nodes - 1;                                                                  \
        node = node * CHILDREN + count;                                                                                \
        node = node < last ? node : last;                                                                              \
    }

static bool always(void) { return true; }

static inline size_t below_plain(const uint64_t *keys, uint64_t x) {
    size_t count = 0;
    for (size_t i = 0; i < TREE_KEYS; i++) count += keys[i] <= x;
    return count;
}
static size_t find_plain(const struct territory_tree *t, uint64_t x) { FIND(below_plain) }

#ifdef __x86_64__
#define AVX512 __attribute__((target("avx512f,popcnt")))
#define AVX2 __attribute__((target("avx2,popcnt")))

static bool has_avx512(void) { return __builtin_cpu_supports("avx512f"); }
static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }

AVX512 static inline size_t below_avx512(const uint64_t *keys, uint64_t x) {
    __m512i node = _mm512_load_si512((const void *)keys);
    return (size_t)__builtin_popcount(_mm512_cmple_epu64_mask(node, _mm512_set1_epi64((long long)x)));
}
AVX512 static size_t find_avx512(const struct territory_tree *t, uint64_t x){FIND(below_avx512)}

/* There are comparisons of signed numbers alone, in whose order the halves of the unsigned ones change places. */
AVX2 static inline unsigned above_avx2(const uint64_t *keys, __m256i x, __m256i half) {
    __m256i four = _mm256_load_si256((const __m256i *)(const void *)keys);
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(_mm256_xor_si256(four, half), x)));
}
AVX2 static inline size_t below_avx2(const uint64_t *keys, uint64_t number) {
    const __m256i half = _mm256_set1_epi64x(INT64_MIN);
    __m256i x = _mm256_xor_si256(_mm256_set1_epi64x((long long)number), half);
    unsigned above = above_avx2(keys, x, half) | above_avx2(keys + TREE_KEYS / 2, x, half) << TREE_KEYS / 2;
    return TREE_KEYS - (size_t)__builtin_popcount(above);
}
AVX2 static size_t find_avx2(const struct territory_tree *t, uint64_t x) { FIND(below_avx2) }
#endif

const struct tree_way tree_ways[] = {
#ifdef __x86_64__
    {"avx512", has_avx512, find_avx512},
    {"avx2", has_avx2, find_avx2},
#endif
    {"plain", always, find_plain},
};
const size_t tree_way_count = COUNT(tree_ways);

static const struct tree_way *best_way(void) {
    const struct tree_way *way = tree_ways;
    while (!way->supported()) way++;
    return way;
}

/* ---- making */

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
    t->way = best_way();
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
