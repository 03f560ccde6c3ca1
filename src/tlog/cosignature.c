#include "tlog/cosignature.h"

#include <string.h>

enum { STAMP_SIZE = 8 };

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

enum error cosignature_verify(const struct note_signature *s, const struct vkey *mirror, struct text text,
                              instant *stamp, struct diag *d) {
    struct bytes raw = s->raw;
    uint64_t seconds = 0;
    bool good = mirror->type == KEY_COSIGNATURE && s->id == mirror->id && text_equal(s->name, mirror->name) &&
                raw.size == STAMP_SIZE + KEY_SIGNATURE_SIZE && bytes_be64(&raw, &seconds) &&
                seconds < (uint64_t)(INT64_MAX / INSTANT_SECOND);
    if (good) {
        struct buf signed_message = {.max = CHECKPOINT_MAX_BYTES + 128};
        message(text, seconds, &signed_message);
        good = !signed_message.failed && key_verify(mirror, buf_as_bytes(&signed_message), raw.at);
        buf_free(&signed_message);
    }
    if (!good) return fail(d, ERR_SIGNATURE, _("the cosignature of %.*s does not verify"), TEXT_ARG(s->name));
    *stamp = (instant)seconds * INSTANT_SECOND;
    return OK;
}
