/* Within fact/: how a run stands where it was put aside (spill.h).  One process writes and reads it.
 *
 * Groups in the order of run_key_compare, each a struct run_group, its object, filled up to whole words, and its
 * fragments in the order of their times.  The merge reads the count of each fragment once, and leaves the number of the
 * fact that it became in its place. */
#ifndef PARLEY_FACT_RUN_H
#define PARLEY_FACT_RUN_H

#include <string.h>

#include "fact/gather.h"

struct run_group {
    struct group_key key;
    uint32_t number, fragments;
};

static inline size_t run_object_bytes(const struct group_key *key) {
    return ((size_t)key->object_size + 7) & ~(size_t)7;
}

/* The half of the source's address in which most differ.  It goes first in the order. */
static inline uint64_t run_source(const struct group_key *key) {
    uint64_t half;
    memcpy(&half, key->src + 8, sizeof half);
    return __builtin_bswap64(half);
}

struct run_key { /* what is the same in every run */
    const struct group_key *key;
    struct text protocol, event;
    const char *object;
};

static inline int run_key_compare(const struct run_key *a, const struct run_key *b) {
    const struct group_key *x = a->key, *y = b->key;
    int order = memcmp(x->src + 8, y->src + 8, 8);
    if (!order) order = memcmp(x->src, y->src, 8);
    if (!order) order = memcmp(x->dst, y->dst, sizeof x->dst);
    if (!order) order = (x->dst_port > y->dst_port) - (x->dst_port < y->dst_port);
    if (!order) order = (x->src_port > y->src_port) - (x->src_port < y->src_port);
    if (!order) order = (x->known > y->known) - (x->known < y->known);
    if (!order) order = text_compare(a->protocol, b->protocol);
    if (!order) order = text_compare(a->event, b->event);
    if (order) return order;
    return text_compare((struct text){a->object, x->object_size}, (struct text){b->object, y->object_size});
}

#endif
