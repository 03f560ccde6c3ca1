#include "territory/ids.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void ids_free(struct ids *s) {
    free(s->keys);
    free(s->slots);
    *s = (struct ids){.key_size = s->key_size, .seed = s->seed};
}

static size_t hash(const struct ids *s, const void *key) {
    uint8_t by[crypto_shorthash_KEYBYTES] = {0}, out[crypto_shorthash_BYTES];
    uint64_t number;
    memcpy(by, &s->seed, sizeof s->seed);
    crypto_shorthash(out, key, s->key_size, by);
    memcpy(&number, out, sizeof number);
    return (size_t)number;
}

/* The slot of a key, or the empty one where it belongs. */
static uint32_t *slot_of(const struct ids *s, const void *key) {
    for (size_t i = hash(s, key) & (s->slot_count - 1);; i = (i + 1) & (s->slot_count - 1))
        if (!s->slots[i] || !memcmp(ids_key(s, s->slots[i] - 1), key, s->key_size)) return &s->slots[i];
}

static void widen_slots(struct ids *s) {
    free(s->slots);
    s->slot_count = s->slot_count ? 2 * s->slot_count : 64;
    s->slots = calloc(s->slot_count, sizeof *s->slots);
    ASSERT(s->slots && "memory is left");
    for (size_t i = 0; i < s->count; i++) *slot_of(s, ids_key(s, i)) = (uint32_t)i + 1;
}

uint32_t ids_put(struct ids *s, const void *key) {
    if (4 * (s->count + 1) > 3 * s->slot_count) widen_slots(s);
    uint32_t *slot = slot_of(s, key);
    if (*slot) return *slot - 1;
    if (s->count == s->room) {
        s->room = s->room ? s->room + s->room / 2 : 64;
        s->keys = realloc(s->keys, s->room * s->key_size);
        ASSERT(s->keys && s->room < UINT32_MAX && "memory is left");
    }
    memcpy(s->keys + s->count * s->key_size, key, s->key_size);
    *slot = (uint32_t)++s->count;
    return *slot - 1;
}
