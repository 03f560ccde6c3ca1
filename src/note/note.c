#include "note/note.h"

#include "base/codec.h"

enum { RAW_MAX = 8192 }; /* more than the longest signature that the specification knows */

enum error note_read_signature(struct text line, struct arena *a, struct note_signature *out, struct diag *d) {
    struct note_signature s = {.line = line};
    struct text rest = line;
    struct buf raw = {.max = RAW_MAX};
    bool shaped = text_skip(&rest, TEXT("— ")) && text_cut(&rest, ' ', &s.name) && key_name_valid(s.name) &&
                  base64_read(rest, &raw, BASE64_PADDED) && raw.size > 4;
    if (shaped) {
        s.id = (uint32_t)raw.at[0] << 24 | (uint32_t)raw.at[1] << 16 | (uint32_t)raw.at[2] << 8 | raw.at[3];
        s.raw = arena_bytes(a, bytes_of(raw.at + 4, raw.size - 4));
        *out = s;
    }
    buf_free(&raw);
    return shaped ? OK : fail(d, ERR_INPUT, _("expected a signature line “— <name> <base64>”"));
}

/* The offset of the first signature line: after the last empty line; 0 where there is none. */
static size_t signatures_at(struct text t) {
    for (size_t i = t.size; i >= 2; i--)
        if (t.at[i - 1] == '\n' && t.at[i - 2] == '\n') return i;
    return 0;
}

enum error note_read(struct bytes whole, struct arena *a, struct note *out, struct diag *d) {
    struct note n = {0};
    struct text t = text_from_bytes(whole), line;
    size_t at = signatures_at(t);
    if (!text_is_note_text(t)) return fail(d, ERR_INPUT, _("a signed note is UTF-8 without control characters"));
    if (at < 2 || at == t.size)
        return fail(d, ERR_INPUT, _("expected an empty line and signatures at the end of a signed note"));
    n.text = text_sub(t, 0, at - 1);
    n.signatures = ARENA_ARRAY(a, struct note_signature, NOTE_SIGNATURES_MAX);
    struct text rest = text_sub(t, at, t.size);
    while (text_line(&rest, &line)) {
        if (n.signature_count == NOTE_SIGNATURES_MAX)
            return fail(d, ERR_LIMIT, _("more than %d signatures"), NOTE_SIGNATURES_MAX);
        enum error result = note_read_signature(line, a, &n.signatures[n.signature_count++], d);
        if (result) return result;
    }
    if (rest.size) return fail(d, ERR_INPUT, _("the last line of a signed note does not end"));
    *out = n;
    return OK;
}

enum error note_verify(const struct note *n, const struct vkey *known, size_t count, bool *verified, struct diag *d) {
    bool any = false;
    for (size_t k = 0; k < count; k++) {
        bool good = false;
        for (size_t i = 0; i < n->signature_count; i++) {
            const struct note_signature *s = &n->signatures[i];
            if (s->id != known[k].id || !text_equal(s->name, known[k].name)) continue;
            good = known[k].type == KEY_ED25519 && s->raw.size == KEY_SIGNATURE_SIZE &&
                   key_verify(&known[k], bytes_from_text(n->text), s->raw.at);
            if (!good) return fail(d, ERR_SIGNATURE, _("the signature of %.*s does not verify"), TEXT_ARG(s->name));
        }
        if (verified) verified[k] = good;
        any |= good;
    }
    return any ? OK : fail(d, ERR_SIGNATURE, _("no known key has signed this"));
}

const struct note_signature *note_find(const struct note *n, struct text name, uint32_t id) {
    for (size_t i = 0; i < n->signature_count; i++)
        if (n->signatures[i].id == id && text_equal(n->signatures[i].name, name)) return &n->signatures[i];
    return NULL;
}

void note_signature_line(struct text name, uint32_t id, struct bytes raw, struct buf *out) {
    struct buf typed = {.max = RAW_MAX};
    uint8_t be[4] = {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
    buf_bytes(&typed, bytes_of(be, sizeof be));
    buf_bytes(&typed, raw);
    buf_format(out, "— %.*s ", TEXT_ARG(name));
    buf_base64(out, buf_as_bytes(&typed), BASE64_PADDED);
    buf_char(out, '\n');
    buf_free(&typed);
}

void note_add_signature(struct text text, const struct signer *s, struct buf *out) {
    uint8_t raw[KEY_SIGNATURE_SIZE];
    const struct vkey *k = signer_vkey(s);
    key_sign(s, bytes_from_text(text), raw);
    note_signature_line(k->name, k->id, bytes_of(raw, sizeof raw), out);
}

enum error note_sign(struct text text, const struct signer *const *signers, size_t count, struct buf *out,
                     struct diag *d) {
    if (!text_is_note_text(text) || !text.size || text.at[text.size - 1] != '\n')
        return fail(d, ERR_INPUT, _("what is signed must be UTF-8 lines without control characters"));
    buf_text(out, text);
    buf_char(out, '\n');
    for (size_t i = 0; i < count; i++) note_add_signature(text, signers[i], out);
    return buf_check(out, d);
}
