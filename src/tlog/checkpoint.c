#include "tlog/checkpoint.h"

#include "base/codec.h"

void checkpoint_write(const struct checkpoint *c, struct buf *out) {
    buf_text(out, c->origin);
    buf_format(out, "\n%llu\n", (unsigned long long)c->size);
    buf_base64(out, sha256_bytes(&c->root), BASE64_PADDED);
    buf_char(out, '\n');
}

enum error checkpoint_read(struct text t, struct checkpoint *out, struct diag *d) {
    struct checkpoint c;
    struct text size, root, extension;
    if (!text_line(&t, &c.origin) || !c.origin.size)
        return fail_at(d, 1, ERR_INPUT, _("checkpoint: expected an origin"));
    if (!text_line(&t, &size) || !text_u64(size, &c.size) || c.size > (uint64_t)1 << 62)
        return fail_at(d, 2, ERR_INPUT, _("checkpoint: expected a tree size"));
    if (!text_line(&t, &root) || !base64_read_exact(root, c.root.at, SHA256_SIZE, BASE64_PADDED))
        return fail_at(d, 3, ERR_INPUT, _("checkpoint: expected a root hash in Base 64"));
    for (uint64_t line = 4; t.size; line++)
        if (!text_line(&t, &extension) || !extension.size)
            return fail_at(d, line, ERR_INPUT, _("checkpoint: an empty extension line"));
    *out = c;
    return OK;
}

struct text checkpoint_extensions(struct text t) {
    struct text line;
    for (unsigned i = 0; i < 3; i++)
        if (!text_line(&t, &line)) return TEXT("");
    return t;
}

enum error checkpoint_sign(const struct checkpoint *c, const struct signer *const *signers, size_t count,
                           struct buf *out, struct diag *d) {
    struct buf text = {.max = CHECKPOINT_MAX_BYTES};
    checkpoint_write(c, &text);
    enum error result = buf_check(&text, d);
    if (!result) result = note_sign(buf_as_text(&text), signers, count, out, d);
    buf_free(&text);
    return result;
}

enum error checkpoint_open(struct bytes whole, struct text origin, const struct vkey *logs, size_t count,
                           struct arena *a, struct signed_checkpoint *out, struct diag *d) {
    struct signed_checkpoint c = {.whole = whole};
    if (whole.size > CHECKPOINT_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a checkpoint of more than %d bytes"), CHECKPOINT_MAX_BYTES);
    enum error result = note_read(whole, a, &c.note, d);
    if (!result) result = checkpoint_read(c.note.text, &c.at, d);
    if (!result && !text_equal(c.at.origin, origin)) result = fail(d, ERR_INPUT, _("a checkpoint of another record"));
    if (!result) result = note_verify(&c.note, logs, count, NULL, d);
    if (!result) *out = c;
    return result;
}
