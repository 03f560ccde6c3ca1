/* age files: sealing to recipients or a passphrase, and opening.
 *
 * Source: c2sp.org/age (v1: X25519, scrypt, STREAM of ChaCha20-Poly1305 in chunks of 64 KiB), armor of the same.
 * Streams go through callbacks in constant memory; nothing reaches a sink that was not authenticated.
 * Of parley's own: the ephemeral secret of an X25519 stanza is not random but HKDF-SHA-256(ikm = file key, salt = the
 * recipient's 32 bytes, info = "parley/age/X25519/ephemeral/v1"), so whoever is shown the file key can rebuild the
 * header and see to whom a file was sealed.  The file key is random, so the secret is as good as random to everybody
 * else. Errors, one a layer, so that a caller can tell them apart: ERR_INPUT header or armor is malformed (diag says
 * which, see enum seal_layer), ERR_NO_KEY no identity fits, ERR_SIGNATURE the header's MAC is wrong, ERR_PROOF the
 * payload is. */
#ifndef PARLEY_SEAL_SEAL_H
#define PARLEY_SEAL_SEAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"

enum {
    SEAL_FILE_KEY_SIZE = 16,
    SEAL_KEY_SIZE = 32,
    SEAL_CHUNK_SIZE = 65536,
    SEAL_HEADER_MAX = 1 << 20, /* bytes of a header that is read */
    SEAL_STANZAS_MAX = 1024,
    SEAL_RECIPIENTS_MAX = 256,
    SEAL_SCRYPT_LOG_N_MAX = 22, /* 4 GiB of memory would follow at 22 with r = 8: refused above */
    SEAL_SCRYPT_LOG_N = 17,
};

enum seal_layer { SEAL_NO_LAYER, SEAL_ARMOR, SEAL_HEADER, SEAL_MATCH, SEAL_MAC, SEAL_PAYLOAD };

/* Where bytes come from: fills at most `room` bytes; *got 0 at the end. */
struct seal_source {
    enum error (*read)(void *state, uint8_t *out, size_t room, size_t *got, struct diag *d);
    void *state;
};
struct seal_sink {
    enum error (*write)(void *state, struct bytes b, struct diag *d);
    void *state;
};

struct seal_recipient { /* an X25519 public key: "age1…" */
    uint8_t key[SEAL_KEY_SIZE];
};
struct seal_identity; /* an X25519 secret in locked memory: "AGE-SECRET-KEY-1…" */

enum error seal_recipient_read(struct text t, struct seal_recipient *out, struct diag *d) MUST_USE;
void seal_recipient_write(const struct seal_recipient *r, struct buf *out);
struct seal_identity *seal_identity_new(struct random *r);
enum error seal_identity_read(struct text t, struct seal_identity **out, struct diag *d) MUST_USE;
void seal_identity_write(const struct seal_identity *i, struct buf *out); /* wipe the buffer afterwards */
struct seal_recipient seal_identity_recipient(const struct seal_identity *i);
void seal_identity_free(struct seal_identity *i);
/* An identity file as age-keygen writes it: one identity a line, `#` comments, empty lines.  Appends to `out`, which
 * holds `count` identities of at most `room`. */
enum error seal_identities_read(struct text t, struct seal_identity **out, size_t room, size_t *count,
                                struct diag *d) MUST_USE;
/* A file of recipients, in the same form. */
enum error seal_recipients_read(struct text t, struct seal_recipient *out, size_t room, size_t *count,
                                struct diag *d) MUST_USE;

/* To whom: X25519 recipients, or one passphrase; never both. */
struct sealer {
    const struct seal_recipient *recipients;
    size_t count;
    struct text passphrase; /* empty: none */
    unsigned log_n;         /* of scrypt; 0: SEAL_SCRYPT_LOG_N */
    bool armor;
};
/* With what: identities, passphrases, or the file key itself. */
struct opener {
    struct seal_identity *const *identities;
    size_t count;
    struct text passphrase;  /* empty: none */
    const uint8_t *file_key; /* SEAL_FILE_KEY_SIZE bytes; NULL: none.  The header's MAC is checked with it */
};

enum error seal_stream(const struct sealer *to, struct seal_source from, struct seal_sink into, struct random *r,
                       struct diag *d) MUST_USE;
/* `file_key` (may be NULL) takes the file's key; `layer` (may be NULL) takes where a refusal was made.  Armor is
 * recognised. */
enum error seal_open_stream(const struct opener *with, struct seal_source from, struct seal_sink into,
                            uint8_t *file_key, enum seal_layer *layer, struct diag *d) MUST_USE;
/* The same on bytes in memory; `out` grows by the result and, on failure, is left as it was. */
enum error seal_bytes(const struct sealer *to, struct bytes plain, struct random *r, struct buf *out,
                      struct diag *d) MUST_USE;
enum error seal_open_bytes(const struct opener *with, struct bytes sealed, struct buf *out, uint8_t *file_key,
                           struct diag *d) MUST_USE;

/* Whether the header of a sealed file is, byte for byte, the one that sealing with this file key to these recipients in
 * this order makes: what a dossier shows of whom could open it. */
bool seal_header_is(struct bytes sealed, const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                    const struct seal_recipient *recipients, size_t count);

struct seal_source seal_source_bytes(struct bytes *rest); /* takes off the front of *rest */
struct seal_sink seal_sink_buf(struct buf *out);          /* ERR_LIMIT past its maximum */

#endif
