/* Within territory/: keys of one size to numbers from 0, in the order in which they first came.
 *
 * A hash table under SipHash with a seed, since those who make a sheet pick the addresses in it.  The numbers don't
 * depend on the seed.  Memory: the keys, and 4 to 8 bytes of slots for each. */
#ifndef PARLEY_TERRITORY_IDS_H
#define PARLEY_TERRITORY_IDS_H

#include "base/text.h"

struct ids { /* `struct ids s = {.key_size = n, .seed = seed};` is an empty one */
    size_t key_size;
    uint64_t seed;
    uint8_t *keys;
    uint32_t *slots; /* a number and 1; 0: empty */
    size_t count, room, slot_count;
};

void ids_free(struct ids *s);
/* The number of a key, which is new where it is the count before. */
uint32_t ids_put(struct ids *s, const void *key);
static inline const void *ids_key(const struct ids *s, size_t id) { return s->keys + id * s->key_size; }

#endif
