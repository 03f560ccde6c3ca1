/* Randomness as an argument: the system's at the doors, a seeded stream in tests, the walk and the simulator. */
#ifndef PARLEY_BASE_RANDOM_H
#define PARLEY_BASE_RANDOM_H

#include "base/hash.h"

struct random {
    void (*fill)(struct random *r, uint8_t *out, size_t size);
    struct sha256 seed; /* of a seeded stream */
    uint64_t next;
};

/* The operating system's generator (libsodium's randombytes). */
struct random random_system(void);
/* A repeatable stream: HMAC-SHA-256(seed, counter).  For tests; never for keys that are used. */
struct random random_seeded(struct text seed);
static inline void random_fill(struct random *r, uint8_t *out, size_t size) { r->fill(r, out, size); }
/* A random UUID (RFC 9562, version 4) in its 36 characters, with a NUL. */
void random_uuid(struct random *r, char out[static 37]);

#endif
