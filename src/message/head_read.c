/* Text to head: the lines in their order, each by its rule. */
#include "base/codec.h"
#include "message/head.h"

static bool is_word(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if ((unsigned char)t.at[i] <= ' ') return false;
    return t.size > 0 && t.size <= 1024;
}

static bool read_attach(struct text v, struct attach *out) {
    struct text sealed, sealed_size, plain, plain_size;
    return text_cut(&v, ' ', &out->role) && is_word(out->role) && text_cut(&v, ' ', &sealed) &&
           sha256_read_hex(sealed, &out->sealed) && text_cut(&v, ' ', &sealed_size) &&
           text_u64(sealed_size, &out->sealed_size) && text_cut(&v, ' ', &plain) &&
           sha256_read_hex(plain, &out->plain) && text_cut(&v, ' ', &plain_size) &&
           text_u64(plain_size, &out->plain_size) && text_cut(&v, ' ', &out->media_type) && is_word(out->media_type) &&
           (out->name = v).size > 0 && v.size <= 255;
}

/* Takes `<word> <value>` off the front of `*t`; false, and nothing taken, where another word stands there. */
static bool take(struct text *t, const char *word, struct text *value, uint64_t *number) {
    struct text rest = *t, line, first;
    if (!text_line(&rest, &line) || !text_cut(&line, ' ', &first) || !text_is(first, word)) return false;
    *value = line;
    *t = rest;
    ++*number;
    return true;
}

static enum error missing(struct diag *d, uint64_t number, const char *word, const char *what) {
    return fail_at(d, number + 1, ERR_INPUT, _("head: expected “%s %s”"), word, what);
}

static enum error take_words(struct text *t, struct head *h, uint64_t *number, struct diag *d) {
    struct text own, read;
    const struct {
        const char *word, *what;
        struct text *value;
        bool needed;
    } lines[] = {{"record", "<origin>", &h->record, true},
                 {"id", "<32 hex digits>", &h->id, true},
                 {"own", "<size>", &own, true},
                 {"read", "<size>", &read, true},
                 {"kind", "<kind>", &h->kind, true},
                 {"case", "<party>/<id>", &h->matter, false},
                 {"from", "<department>", &h->from, true},
                 {"by", "<officer>", &h->by, true},
                 {"to", "<department>", &h->to, true},
                 {"tlp", "<level>", &h->tlp, false},
                 {"lang", "<language>", &h->lang, false}};
    for (size_t i = 0; i < COUNT(lines); i++) {
        bool there = take(t, lines[i].word, lines[i].value, number);
        if ((there && !is_word(*lines[i].value)) || (!there && lines[i].needed))
            return missing(d, *number, lines[i].word, lines[i].what);
    }
    uint8_t id[16];
    if (!hex_read(h->id, id, sizeof id)) return missing(d, 2, "id", "<32 hex digits>");
    if (!text_u64(own, &h->own)) return missing(d, 3, "own", "<size>");
    return text_u64(read, &h->read) ? OK : missing(d, 4, "read", "<size>");
}

enum error head_read(struct text *t, struct arena *a, struct head *out, struct diag *d) {
    struct head h = {0};
    struct text rest = *t, value;
    uint64_t number = 1;
    if (!text_skip(&rest, TEXT("parley message v1\n")))
        return fail_at(d, 1, ERR_INPUT, _("expected “parley message v1”"));
    enum error result = take_words(&rest, &h, &number, d);
    if (result) return result;
    h.attach = ARENA_ARRAY(a, struct attach, MESSAGE_ATTACH_MAX);
    while (take(&rest, "attach", &value, &number)) {
        if (h.attach_count == MESSAGE_ATTACH_MAX)
            return fail(d, ERR_LIMIT, _("more than %d attachments"), MESSAGE_ATTACH_MAX);
        if (!read_attach(value, &h.attach[h.attach_count++]))
            return missing(d, number - 1, "attach", "<role> <sha256> <bytes> <sha256> <bytes> <type> <name>");
    }
    if (!text_skip(&rest, TEXT("\n")))
        return fail_at(d, number + 1, ERR_INPUT, _("head: expected an empty line before the body"));
    *t = rest;
    *out = h;
    return OK;
}
