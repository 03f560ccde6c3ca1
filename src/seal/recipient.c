#include "seal/recipient.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <sodium.h>
#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "seal/identity.h"

enum { WRAPPED_SIZE = SEAL_FILE_KEY_SIZE + 16, SALT_SIZE = 16 };

static const uint8_t no_nonce[12];

static void wrap_with(const uint8_t key[static 32], const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                      uint8_t out[static WRAPPED_SIZE]) {
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, file_key, SEAL_FILE_KEY_SIZE, NULL, 0, NULL, no_nonce, key);
}

static bool unwrap_with(const uint8_t key[static 32], struct bytes body, uint8_t file_key[static SEAL_FILE_KEY_SIZE]) {
    return crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL, body.at, body.size, NULL, 0, no_nonce,
                                                     key) == 0;
}

/* The wrap key of an X25519 stanza; false for a shared secret of zeros (a share or recipient of low order). */
static bool x25519_key(const uint8_t secret[static 32], const uint8_t point[static 32], const uint8_t share[static 32],
                       const uint8_t recipient[static 32], uint8_t key[static 32]) {
    uint8_t shared[32], salt[64];
    bool good = crypto_scalarmult(shared, secret, point) == 0;
    memcpy(salt, share, 32);
    memcpy(salt + 32, recipient, 32);
    if (good)
        hkdf_sha256(bytes_of(shared, sizeof shared), bytes_of(salt, sizeof salt),
                    bytes_from_text(TEXT("age-encryption.org/v1/X25519")), key, 32);
    secret_wipe(shared, sizeof shared);
    return good;
}

enum error wrap_x25519(const struct seal_recipient *to, const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                       struct buf *out, struct diag *d) {
    uint8_t secret[32], share[32], key[32], wrapped[WRAPPED_SIZE];
    hkdf_sha256(bytes_of(file_key, SEAL_FILE_KEY_SIZE), bytes_of(to->key, sizeof to->key),
                bytes_from_text(TEXT("parley/age/X25519/ephemeral/v1")), secret, sizeof secret);
    crypto_scalarmult_base(share, secret);
    bool good = x25519_key(secret, to->key, share, to->key, key);
    secret_wipe(secret, sizeof secret);
    if (!good) return fail(d, ERR_INPUT, _("an age recipient of low order"));
    wrap_with(key, file_key, wrapped);
    secret_wipe(key, sizeof key);
    struct buf text = {.max = 64};
    buf_base64(&text, bytes_of(share, sizeof share), BASE64_RAW);
    const struct text arguments[] = {TEXT("X25519"), buf_as_text(&text)};
    header_stanza(out, arguments, COUNT(arguments), bytes_of(wrapped, sizeof wrapped));
    buf_free(&text);
    return OK;
}

/* N = 2^log_n, r = 8, p = 1 (RFC 7914). */
static bool scrypt_key(struct text passphrase, const uint8_t salt[static SALT_SIZE], unsigned log_n,
                       uint8_t key[static 32]) {
    static const char label[] = "age-encryption.org/v1/scrypt";
    uint8_t salted[sizeof label - 1 + SALT_SIZE];
    memcpy(salted, label, sizeof label - 1);
    memcpy(salted + sizeof label - 1, salt, SALT_SIZE);
    return EVP_PBE_scrypt(passphrase.at, passphrase.size, salted, sizeof salted, (uint64_t)1 << log_n, 8, 1, UINT64_MAX,
                          key, 32) == 1;
}

enum error wrap_scrypt(struct text passphrase, unsigned log_n, const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                       struct random *r, struct buf *out, struct diag *d) {
    uint8_t salt[SALT_SIZE], key[32], wrapped[WRAPPED_SIZE];
    random_fill(r, salt, sizeof salt);
    if (!scrypt_key(passphrase, salt, log_n, key)) return fail(d, ERR_MEMORY, _("not enough memory to derive a key"));
    wrap_with(key, file_key, wrapped);
    secret_wipe(key, sizeof key);
    struct buf text = {.max = 64}, factor = {.max = 8};
    buf_base64(&text, bytes_of(salt, sizeof salt), BASE64_RAW);
    buf_u64(&factor, log_n);
    const struct text arguments[] = {TEXT("scrypt"), buf_as_text(&text), buf_as_text(&factor)};
    header_stanza(out, arguments, COUNT(arguments), bytes_of(wrapped, sizeof wrapped));
    buf_free(&text);
    buf_free(&factor);
    return OK;
}

static enum error malformed(struct diag *d, const char *what) {
    return fail(d, ERR_INPUT, _("malformed %s stanza in an age header"), what);
}

static enum error try_x25519(const struct stanza *s, const struct opener *with, uint8_t *file_key, struct diag *d) {
    uint8_t share[32], key[32];
    if (s->argument_count != 2 || s->body.size != WRAPPED_SIZE ||
        !base64_read_exact(s->arguments[1], share, sizeof share, BASE64_RAW))
        return malformed(d, "X25519");
    for (size_t i = 0; i < with->count; i++) {
        const struct seal_identity *identity = with->identities[i];
        if (!x25519_key(identity->secret, share, share, identity->recipient.key, key)) return malformed(d, "X25519");
        bool fits = unwrap_with(key, s->body, file_key);
        secret_wipe(key, sizeof key);
        if (fits) return OK;
    }
    return ERR_NO_KEY;
}

static enum error try_scrypt(const struct stanza *s, const struct opener *with, uint8_t *file_key, struct diag *d) {
    uint8_t salt[SALT_SIZE], key[32];
    uint64_t log_n;
    if (s->argument_count != 3 || s->body.size != WRAPPED_SIZE ||
        !base64_read_exact(s->arguments[1], salt, sizeof salt, BASE64_RAW) || !text_u64(s->arguments[2], &log_n) ||
        !log_n)
        return malformed(d, "scrypt");
    if (log_n > SEAL_SCRYPT_LOG_N_MAX)
        return fail(d, ERR_INPUT, _("a scrypt work factor above %d"), SEAL_SCRYPT_LOG_N_MAX);
    if (!with->passphrase.size) return ERR_NO_KEY;
    if (!scrypt_key(with->passphrase, salt, (unsigned)log_n, key))
        return fail(d, ERR_MEMORY, _("not enough memory to derive a key"));
    bool fits = unwrap_with(key, s->body, file_key);
    secret_wipe(key, sizeof key);
    return fits ? OK : ERR_NO_KEY;
}

static const struct {
    const char *type;
    enum error (*unwrap)(const struct stanza *s, const struct opener *with, uint8_t *file_key, struct diag *d);
} types[] = {{"X25519", try_x25519}, {"scrypt", try_scrypt}};

enum error unwrap(const struct header *h, const struct opener *with, uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                  struct diag *d) {
    uint8_t found[SEAL_FILE_KEY_SIZE], tried[SEAL_FILE_KEY_SIZE];
    bool any = false;
    for (size_t i = 0; i < h->count; i++)
        if (h->count > 1 && text_is(h->stanzas[i].arguments[0], "scrypt"))
            return fail(d, ERR_INPUT, _("a scrypt stanza must stand alone in an age header"));
    for (size_t i = 0; i < h->count; i++)
        for (size_t t = 0; t < COUNT(types); t++) {
            if (!text_is(h->stanzas[i].arguments[0], types[t].type)) continue;
            enum error result = types[t].unwrap(&h->stanzas[i], with, tried, d);
            if (result && result != ERR_NO_KEY) return result;
            if (!result && !any) memcpy(found, tried, sizeof found);
            any |= !result;
        }
    if (any) memcpy(file_key, found, sizeof found);
    secret_wipe(found, sizeof found);
    secret_wipe(tried, sizeof tried);
    return any ? OK : fail(d, ERR_NO_KEY, _("none of the keys at hand opens this"));
}
