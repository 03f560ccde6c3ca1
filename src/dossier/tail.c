#include "dossier/tail.h"

#include <sodium.h>
#include <string.h>

/* libsodium's SHA-256 because its state is a public struct: libcrypto's is not since 3.0. */
static void put_state(const crypto_hash_sha256_state *s, uint8_t out[static SHA256_SIZE]) {
    for (size_t i = 0; i < SHA256_SIZE; i++) out[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}

static void take_state(const uint8_t in[static SHA256_SIZE], crypto_hash_sha256_state *s) {
    memset(s->state, 0, sizeof s->state);
    for (size_t i = 0; i < SHA256_SIZE; i++) s->state[i / 4] |= (uint32_t)in[i] << (24 - 8 * (i % 4));
}

struct tail tail_of(struct bytes whole) {
    crypto_hash_sha256_state s;
    struct tail t = {.before = whole.size < TAIL_BLOCK ? 0 : (whole.size - TAIL_BLOCK) / TAIL_BLOCK * TAIL_BLOCK};
    crypto_hash_sha256_init(&s);
    if (t.before) crypto_hash_sha256_update(&s, whole.at, t.before);
    put_state(&s, t.state.at);
    t.bytes = bytes_of(whole.at + t.before, whole.size - t.before);
    return t;
}

struct sha256 tail_hash(const struct tail *t) {
    crypto_hash_sha256_state s;
    struct sha256 hash;
    crypto_hash_sha256_init(&s);
    ASSERT(t->before % TAIL_BLOCK == 0 && t->before < UINT64_MAX / 8);
    take_state(t->state.at, &s);
    s.count = t->before * 8; /* bits */
    if (t->bytes.size) crypto_hash_sha256_update(&s, t->bytes.at, t->bytes.size);
    crypto_hash_sha256_final(&s, hash.at);
    return hash;
}

/* Bytes that UTF-8 without control characters but LF can't hold. */
static bool never_in_a_note(uint8_t c) {
    return (c < ' ' && c != '\n') || c == 0x7f || c == 0xc0 || c == 0xc1 || c >= 0xf5;
}

bool tail_is_no_note(const struct tail *t) {
    if (!t->bytes.size || t->bytes.at[t->bytes.size - 1] != '\n') return true;
    for (size_t i = 0; i < t->bytes.size; i++)
        if (never_in_a_note(t->bytes.at[i])) return true;
    return false;
}
