/* Many SHA-256 at once, of messages that have nothing to do with one another.
 *
 * One hash waits for itself at every step; several side by side fill the waiting.  Each way gives the same bytes:
 *   AVX-512   16 messages, a word of each in one register
 *   SHA-NI    4 messages, by the processor's own rounds
 *   portable  one after the other, by libcrypto
 * and the first of them that the processor has is taken.  What was worked on is wiped, for it may be secret. */
#ifndef PARLEY_BASE_HASH_MANY_H
#define PARLEY_BASE_HASH_MANY_H

#include "base/hash.h"

enum { SHA256_PARTS = 3, SHA256_WORDS = 8 };

struct sha256_input { /* a message; parts stand one after the other, and may be of no bytes */
    struct bytes parts[SHA256_PARTS];
};
void sha256_many(const struct sha256_input *inputs, size_t count, struct sha256 *out);
/* hmac_with_key of each. */
void hmac_many(const struct hmac_key *key, const struct sha256_input *inputs, size_t count, struct sha256 *out);

/* The ways one by one, to hold them against each other; false, and nothing done, where the processor has it not. */
enum sha256_way { SHA256_BY_AVX512, SHA256_BY_SHA_NI, SHA256_PORTABLE };
bool sha256_many_by(enum sha256_way way, const struct sha256_input *inputs, size_t count, struct sha256 *out);
bool hmac_many_by(enum sha256_way way, const struct hmac_key *key, const struct sha256_input *inputs, size_t count,
                  struct sha256 *out);

/* Within base: the hash that goes on from the state after `before` bytes, a multiple of the block. */
struct sha256 sha256_go_on(const uint32_t from[static SHA256_WORDS], uint64_t before, const struct bytes *parts,
                           size_t count);

#endif
