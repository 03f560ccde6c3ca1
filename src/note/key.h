/* Keys of signed notes: names, ids, the text forms of public and private keys, and raw Ed25519.
 *
 * Source: c2sp.org/signed-note (key ids, vkeys), RFC 8032; the private form is that of Go's x/mod/sumdb/note.
 * Shapes: a vkey is "<name>+<8 hex>+<base64 of type byte and key>", of 32 bytes, or of 1,312 for ML-DSA-44.  The first
 * two plus signs separate; base64 may hold more of them.  Limits: KEY_NAME_MAX bytes a name.
 *
 * Of ML-DSA-44 (note/mldsa.h) there are public keys alone: those of others' witnesses. */
#ifndef PARLEY_NOTE_KEY_H
#define PARLEY_NOTE_KEY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "note/mldsa.h"

enum key_type {
    KEY_ED25519 = 0x01,          /* signs note texts */
    KEY_COSIGNATURE = 0x04,      /* signs checkpoints with a time (c2sp.org/tlog-cosignature) */
    KEY_COSIGNATURE_MLDSA = 0x06 /* the same by ML-DSA-44; only verified here */
};

enum {
    KEY_PUBLIC_SIZE = 32,
    KEY_SIGNATURE_SIZE = 64,
    KEY_NAME_MAX = 256,
    VKEY_TEXT_MAX = KEY_NAME_MAX + 16 + (1 + MLDSA_PUBLIC_SIZE + 2) / 3 * 4
};

struct vkey {
    struct text name; /* a view into the text that was read */
    uint32_t id;
    enum key_type type;
    uint8_t public[KEY_PUBLIC_SIZE]; /* of KEY_COSIGNATURE_MLDSA the SHA-256 of the key, which is long */
    struct text spelled;             /* of KEY_COSIGNATURE_MLDSA: base64 of type and key, a view like the name */
};

static inline bool key_cosigns(enum key_type type) { return type == KEY_COSIGNATURE || type == KEY_COSIGNATURE_MLDSA; }

/* Non-empty UTF-8 without Unicode spaces, control characters and plus signs. */
bool key_name_valid(struct text name);
/* ERR_INPUT for a bad name, another type, an id that is not the key's, base64 that is not canonical. */
enum error vkey_read(struct text t, struct vkey *out, struct diag *d) MUST_USE;
void vkey_write(const struct vkey *k, struct buf *out);
bool vkey_equal(const struct vkey *a, const struct vkey *b);

/* A private key in locked memory.  Its name and vkey live as long as it does. */
struct signer;
struct signer *signer_new(struct text name, enum key_type type, struct random *r);
const struct vkey *signer_vkey(const struct signer *s);
/* The same as text. */
struct text signer_vkey_text(const struct signer *s, struct arena *a);
void signer_free(struct signer *s); /* wipes; NULL is fine */
/* "PRIVATE+KEY+<name>+<8 hex>+<base64 of type byte and 32-byte seed>", without LF. */
enum error signer_read(struct text t, struct signer **out, struct diag *d) MUST_USE;
void signer_write(const struct signer *s, struct buf *out); /* wipe the buffer afterwards */

void key_sign(const struct signer *s, struct bytes message, uint8_t out[static KEY_SIGNATURE_SIZE]);
/* Ed25519: false for a key of another kind. */
bool key_verify(const struct vkey *k, struct bytes message, const uint8_t signature[static KEY_SIGNATURE_SIZE]);
/* ML-DSA-44 with an empty context: false for a key of another kind. */
bool key_verify_mldsa(const struct vkey *k, struct bytes message, struct bytes signature);

#endif
