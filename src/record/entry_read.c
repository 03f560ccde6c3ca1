/* Text to entry: the lines in their order, each by its rule. */
#include "base/codec.h"
#include "record/entry.h"

struct reading {
    struct entry *entry;
    struct arena *arena;
    size_t follows_room, receipt_room, erase_room, blob_room;
};

static bool read_size(struct text *v, struct entry_size *out) {
    struct text size, root;
    if (!text_cut(v, ' ', &size) || !text_u64(size, &out->size)) return false;
    if (!text_cut(v, ' ', &root)) {
        root = *v;
        *v = text_sub(*v, v->size, v->size);
    }
    return base64_read_exact(root, out->root.at, SHA256_SIZE, BASE64_PADDED);
}

bool follows_read(struct text value, struct entry_follows *out) {
    struct entry_follows f;
    if (!text_cut(&value, ' ', &f.channel) || !read_size(&value, &f.at) || value.size) return false;
    *out = f;
    return true;
}

static bool read_time(struct reading *r, struct text v) { return instant_read(v, &r->entry->time); }
static bool read_channel(struct reading *r, struct text v) { return (r->entry->channel = v).size > 0; }
static bool read_seen(struct reading *r, struct text v) { return read_size(&v, &r->entry->seen) && !v.size; }

static bool read_follows(struct reading *r, struct text v) {
    struct entry *e = r->entry;
    struct entry_follows f;
    if (!follows_read(v, &f)) return false;
    e->follows = arena_grow(r->arena, e->follows, e->follows_count, &r->follows_room, sizeof f);
    e->follows[e->follows_count++] = f;
    return true;
}

static bool read_receipt(struct reading *r, struct text v) {
    struct entry *e = r->entry;
    struct entry_receipt receipt;
    if (!read_size(&v, &receipt.at) || !text_starts(v, TEXT("— "))) return false;
    receipt.line = v;
    e->receipts = arena_grow(r->arena, e->receipts, e->receipt_count, &r->receipt_room, sizeof receipt);
    e->receipts[e->receipt_count++] = receipt;
    return true;
}

static bool read_erase(struct reading *r, struct text v) {
    struct entry *e = r->entry;
    struct sha256 sha;
    if (!sha256_read_hex(v, &sha)) return false;
    e->erase = arena_grow(r->arena, e->erase, e->erase_count, &r->erase_room, sizeof sha);
    e->erase[e->erase_count++] = sha;
    return true;
}

static bool read_blob(struct reading *r, struct text v) {
    struct entry *e = r->entry;
    struct entry_blob blob;
    struct text sha;
    if (!text_cut(&v, ' ', &sha) || !sha256_read_hex(sha, &blob.sha) || !text_u64(v, &blob.size)) return false;
    e->blobs = arena_grow(r->arena, e->blobs, e->blob_count, &r->blob_room, sizeof blob);
    e->blobs[e->blob_count++] = blob;
    return true;
}

/* The lines in their order; how many of each there may be at most. */
static const struct {
    const char *word, *expected;
    bool (*read)(struct reading *r, struct text value);
    size_t min, max;
} lines[] = {
    {"time", N_("an RFC 3339 time with Z"), read_time, 1, 1},
    {"channel", N_("a channel name"), read_channel, 0, 1},
    {"follows", N_("a channel name, a size and a root"), read_follows, 0, ENTRY_LINES_MAX},
    {"seen", N_("a size and a root in Base 64"), read_seen, 1, 1},
    {"receipt", N_("a size, a root and a cosignature line"), read_receipt, 0, ENTRY_LINES_MAX},
    {"erase", N_("64 hexadecimal digits"), read_erase, 0, ENTRY_LINES_MAX},
    {"blob", N_("64 hexadecimal digits and a size"), read_blob, 0, ENTRY_LINES_MAX},
};

enum error entry_read(struct bytes b, struct arena *a, struct entry *out, struct diag *d) {
    struct entry e = {0};
    struct reading r = {.entry = &e, .arena = a};
    struct text rest = text_from_bytes(b), line, word;
    uint64_t number = 1;
    if (b.size > ENTRY_MAX_BYTES) return fail(d, ERR_LIMIT, _("an entry of more than %d bytes"), ENTRY_MAX_BYTES);
    if (!text_is_note_text(rest)) return fail(d, ERR_INPUT, _("an entry is UTF-8 without control characters"));
    if (!text_skip(&rest, TEXT("parley entry v1\n"))) return fail_at(d, 1, ERR_INPUT, _("expected “parley entry v1”"));
    for (size_t i = 0; i < COUNT(lines); i++) {
        size_t count = 0;
        for (; count < lines[i].max && number < ENTRY_LINES_MAX; count++) {
            struct text after = rest;
            if (!text_line(&after, &line) || !text_cut(&line, ' ', &word) || !text_is(word, lines[i].word)) break;
            number++;
            if (!lines[i].read(&r, line))
                return fail_at(d, number, ERR_INPUT, _("entry line “%s”: expected %s"), lines[i].word,
                               gettext(lines[i].expected));
            rest = after;
        }
        if (count < lines[i].min)
            return fail_at(d, number + 1, ERR_INPUT, _("expected an entry line “%s”"), lines[i].word);
    }
    if (rest.size) return fail_at(d, number + 1, ERR_INPUT, _("a line that does not belong here"));
    *out = e;
    return OK;
}
