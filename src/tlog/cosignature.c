#include "tlog/cosignature.h"

#include <string.h>

enum { STAMP_SIZE = 8, COSIGNED_MESSAGE_MAX = 1024 /* two names of 255 bytes, and 72 */ };

static void message(struct text text, uint64_t seconds, struct buf *out) {
    buf_format(out, "cosignature/v1\ntime %llu\n", (unsigned long long)seconds);
    buf_text(out, text);
}

void cosignature_make(const struct signer *mirror, struct text text, instant now, struct buf *out) {
    struct buf signed_message = {.max = CHECKPOINT_MAX_BYTES + 128}, raw = {.max = STAMP_SIZE + KEY_SIGNATURE_SIZE};
    const struct vkey *key = signer_vkey(mirror);
    uint64_t seconds = now > 0 ? (uint64_t)(now / INSTANT_SECOND) : 0;
    ASSERT(key->type == KEY_COSIGNATURE);
    message(text, seconds, &signed_message);
    buf_be64(&raw, seconds);
    key_sign(mirror, buf_as_bytes(&signed_message), buf_extend(&raw, KEY_SIGNATURE_SIZE));
    note_signature_line(key->name, key->id, buf_as_bytes(&raw), out);
    buf_free(&signed_message);
    buf_free(&raw);
}

static bool holds_ed25519(const struct vkey *k, struct bytes signature, struct text text, uint64_t seconds) {
    struct buf signed_message = {.max = CHECKPOINT_MAX_BYTES + 128};
    if (signature.size != KEY_SIGNATURE_SIZE) return false;
    message(text, seconds, &signed_message);
    bool good = !signed_message.failed && key_verify(k, buf_as_bytes(&signed_message), signature.at);
    buf_free(&signed_message);
    return good;
}

/* opaque<1..2^8-1> */
static bool add_opaque(struct text t, struct buf *out) {
    if (!t.size || t.size > UINT8_MAX) return false;
    buf_char(out, (char)t.size);
    buf_text(out, t);
    return true;
}

/* The subtree that starts at 0 is the whole tree. */
static bool holds_mldsa(const struct vkey *k, struct bytes signature, struct text text, uint64_t seconds) {
    static const uint8_t label[12] = "subtree/v1\n";
    struct checkpoint at;
    struct buf m = {.max = COSIGNED_MESSAGE_MAX};
    if (checkpoint_read(text, &at, NULL)) return false;
    buf_bytes(&m, bytes_of(label, sizeof label));
    bool good = add_opaque(k->name, &m);
    buf_be64(&m, seconds);
    good &= add_opaque(at.origin, &m);
    buf_be64(&m, 0);
    buf_be64(&m, at.size);
    buf_bytes(&m, sha256_bytes(&at.root));
    good = good && !m.failed && key_verify_mldsa(k, buf_as_bytes(&m), signature);
    buf_free(&m);
    return good;
}

static bool holds(const struct vkey *k, struct bytes signature, struct text text, uint64_t seconds) {
    if (k->type == KEY_COSIGNATURE) return holds_ed25519(k, signature, text, seconds);
    return k->type == KEY_COSIGNATURE_MLDSA && holds_mldsa(k, signature, text, seconds);
}

enum error cosignature_verify(const struct note_signature *s, const struct vkey *cosigner, struct text text,
                              instant *stamp, struct diag *d) {
    struct bytes raw = s->raw;
    uint64_t seconds = 0;
    bool good = s->id == cosigner->id && text_equal(s->name, cosigner->name) && bytes_be64(&raw, &seconds) &&
                seconds < (uint64_t)(INT64_MAX / INSTANT_SECOND) && holds(cosigner, raw, text, seconds);
    if (!good) return fail(d, ERR_SIGNATURE, _("the cosignature of %.*s does not verify"), TEXT_ARG(s->name));
    *stamp = (instant)seconds * INSTANT_SECOND;
    return OK;
}
