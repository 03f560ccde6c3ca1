#include "tlog/proof_file.h"

#include "base/codec.h"
#include "tlog/hash_lines.h"

#define KIND "c2sp.org/tlog-proof@v1"

void proof_file_write(const struct proof_file *f, struct buf *out) {
    buf_string(out, KIND "\n");
    if (f->extra.size) {
        buf_string(out, "extra ");
        buf_base64(out, f->extra, BASE64_PADDED);
        buf_char(out, '\n');
    }
    buf_format(out, "index %llu\n", (unsigned long long)f->index);
    hash_lines_write(f->proof.at, f->proof.count, out);
    buf_bytes(out, f->checkpoint);
}

static bool read_extra(struct text t, struct arena *a, struct bytes *out) {
    struct buf decoded = {.max = PROOF_EXTRA_MAX_BYTES};
    bool good = base64_read(t, &decoded, BASE64_PADDED) && decoded.size;
    if (good) *out = arena_bytes(a, buf_as_bytes(&decoded));
    buf_free(&decoded);
    return good;
}

enum error proof_file_read(struct bytes whole, struct arena *a, struct proof_file *out, struct diag *d) {
    struct text rest = text_from_bytes(whole), t;
    struct proof_file f = {0};
    uint64_t line = 2;
    if (!text_skip(&rest, TEXT(KIND "\n"))) return fail_at(d, 1, ERR_INPUT, _("expected “%s”"), KIND);
    if (!text_line(&rest, &t)) return fail_at(d, line, ERR_INPUT, _("expected “index <number>”"));
    if (text_skip(&t, TEXT("extra "))) {
        if (!read_extra(t, a, &f.extra))
            return fail_at(d, line, ERR_INPUT, _("expected 1 to %d bytes in Base 64"), PROOF_EXTRA_MAX_BYTES);
        line++;
        if (!text_line(&rest, &t)) return fail_at(d, line, ERR_INPUT, _("expected “index <number>”"));
    }
    if (!text_skip(&t, TEXT("index ")) || !text_u64(t, &f.index))
        return fail_at(d, line, ERR_INPUT, _("expected “index <number>”"));
    line++;
    enum error result = hash_lines_read(&rest, &line, f.proof.at, PROOF_MAX, &f.proof.count, d);
    if (result) return result;
    if (!rest.size) return fail_at(d, line, ERR_INPUT, _("expected a checkpoint"));
    if (rest.size > CHECKPOINT_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a checkpoint of more than %d bytes"), CHECKPOINT_MAX_BYTES);
    f.checkpoint = bytes_from_text(rest);
    *out = f;
    return OK;
}

enum error proof_file_verify(const struct proof_file *f, struct sha256 leaf_hash, const struct policy *p,
                             struct arena *a, struct proven *out, struct diag *d) {
    struct proven proven;
    enum error result = policy_open(p, f->checkpoint, a, &proven.at, d);
    if (result) return result;
    const struct checkpoint *at = &proven.at.checkpoint.at;
    result = inclusion_open(&f->proof, f->index, leaf_hash, at->size, at->root, &proven.entry, d);
    if (!result) *out = proven;
    return result;
}
