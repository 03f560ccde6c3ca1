/* SHA-256 (FIPS 180-4), HMAC and HKDF (RFC 2104, RFC 5869), by libcrypto. */
#ifndef PARLEY_BASE_HASH_H
#define PARLEY_BASE_HASH_H

#include "base/text.h"

enum { SHA256_SIZE = 32, SHA256_HEX = 65 /* characters of the hexadecimal form, with its NUL */ };

struct sha256 {
    uint8_t at[SHA256_SIZE];
};

struct sha256 sha256_of(struct bytes b);
/* Of several parts, one after the other; for short ones far cheaper than a hasher, which takes memory. */
struct sha256 sha256_of_parts(const struct bytes *parts, size_t count);
bool sha256_equal(struct sha256 a, struct sha256 b); /* constant time */
static inline struct bytes sha256_bytes(const struct sha256 *h) { return (struct bytes){h->at, SHA256_SIZE}; }
/* Lower-case hexadecimal, as a view of `out`. */
struct text sha256_hex(const struct sha256 *h, char out[static SHA256_HEX]);
bool sha256_read_hex(struct text t, struct sha256 *out);
bool sha256_is_hex(struct text t);

/* Hashing in parts.  hasher_new never returns NULL; hasher_end also frees. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_add(struct hasher *h, struct bytes b);
struct sha256 hasher_end(struct hasher *h);
/* The hash so far; the hasher goes on. */
struct sha256 hasher_peek(const struct hasher *h);
void hasher_free(struct hasher *h); /* where the result is not wanted; NULL is fine */

struct sha256 hmac_sha256(struct bytes key, struct bytes message);
/* Of a message in several parts, one after the other. */
struct sha256 hmac_sha256_of_parts(struct bytes key, const struct bytes *parts, size_t count);
/* A key that is used for many messages: what it does to a hash's state before any of them.  As secret as the key. */
struct hmac_key {
    uint32_t inner[8], outer[8];
};
void hmac_key_make(struct hmac_key *out, struct bytes key);
struct sha256 hmac_with_key(const struct hmac_key *key, const struct bytes *parts, size_t count);
/* HKDF-SHA-256, extract and expand; out_size at most 255 * 32. */
void hkdf_sha256(struct bytes secret, struct bytes salt, struct bytes info, uint8_t *out, size_t out_size);

/* Equal in content, in a time that depends on the sizes alone. */
bool bytes_equal_secret(struct bytes a, struct bytes b);

#endif
