/* A tar archive to a dossier: each file in its place, each blob under its hash, nothing besides. */
#include <string.h>

#include "base/codec.h"
#include "dossier/dossier.h"
#include "dossier/tail.h"
#include "tlog/tile.h"

struct reading {
    struct tar_file *files;
    size_t count, next; /* the next file */
    struct arena *arena;
    struct diag *diag;
    struct dossier *out;
    struct dossier_record *records; /* of both parties */
    size_t record_count;
    uint64_t entries, entry_bytes, number; /* so far; the number of the last channel */
};

static enum error bad_line(struct reading *r, uint64_t line, const char *expected) {
    if (r->diag) diag_where(r->diag, "dossier");
    return fail_at(r->diag, line, ERR_INPUT, _("dossier: expected %s"), expected);
}

/* ---- the file "dossier" */

static bool take(struct text *t, const char *word, struct text *value) {
    struct text rest = *t, line;
    if (!text_line(&rest, &line) || !text_skip(&line, text_of(word)) || !text_skip(&line, TEXT(" "))) return false;
    *value = line;
    *t = rest;
    return true;
}

static enum error read_parties(struct reading *r, struct text *rest) {
    for (unsigned i = 0; i < 2; i++)
        if (!take(rest, "party", &r->out->parties[i].party) || !party_name_valid(r->out->parties[i].party))
            return bad_line(r, 2 + i, _("“party” and a name"));
    if (text_compare(r->out->parties[0].party, r->out->parties[1].party) >= 0)
        return bad_line(r, 3, _("two parties in bytewise order"));
    return OK;
}

/* Whose record it is, by the channel's name; the first party's come first. */
static bool place_record(struct reading *r, struct text channel) {
    struct channel_name name;
    struct dossier_party *p = r->out->parties;
    if (channel_name_read(channel, &name, NULL)) return false;
    unsigned of = text_equal(name.from, p[1].party);
    if (!text_equal(name.from, p[of].party) || !text_equal(name.to, p[1 - of].party)) return false;
    if (!of && p[1].count) return false;
    if (!p[of].count) p[of].records = &r->records[r->record_count];
    if (p[of].count++ && name.number <= r->number) return false;
    r->number = name.number;
    return true;
}

static enum error read_records(struct reading *r, struct text *rest, uint64_t *line) {
    struct text value, channel, origin;
    r->records = ARENA_ARRAY(r->arena, struct dossier_record, DOSSIER_RECORDS_MAX);
    for (; take(rest, "record", &value); ++*line, r->record_count++) {
        struct dossier_record *record = &r->records[r->record_count];
        uint64_t size;
        if (r->record_count == DOSSIER_RECORDS_MAX || !text_cut(&value, ' ', &channel) ||
            !text_cut(&value, ' ', &origin) || !origin.size || !text_u64(value, &size) || !place_record(r, channel))
            return bad_line(r, *line, _("“record”, a channel between the two, an origin and a size"));
        if (size > DOSSIER_ENTRIES_MAX - r->entries)
            return fail(r->diag, ERR_LIMIT, _("a dossier of more than %d entries"), DOSSIER_ENTRIES_MAX);
        r->entries += size;
        *record = (struct dossier_record){.channel = channel, .origin = origin, .count = (size_t)size};
    }
    return r->record_count ? OK : bad_line(r, *line, _("a record"));
}

static enum error read_opened(struct reading *r, struct text *rest, uint64_t *line) {
    struct dossier_opened *opened = NULL;
    size_t count = 0, room = 0;
    struct text value, name, before = {0};
    for (; take(rest, "open", &value); ++*line, count++) {
        opened = arena_grow(r->arena, opened, count, &room, sizeof *opened);
        if (count == DOSSIER_OPENED_MAX || !text_cut(&value, ' ', &name) ||
            !sha256_read_hex(name, &opened[count].blob) || text_compare(before, name) >= 0 ||
            !hex_read(value, opened[count].file_key, SEAL_FILE_KEY_SIZE))
            return bad_line(r, *line, _("“open”, a blob after the one before, and a file key"));
        before = name;
    }
    r->out->opened = opened;
    r->out->opened_count = count;
    return rest->size ? bad_line(r, *line, _("the end of the file")) : OK;
}

/* ---- files in their order */

/* The next file where it has that name. */
static bool next_file(struct reading *r, struct text name, struct bytes *content) {
    if (r->next == r->count || !text_equal(r->files[r->next].name, name)) return false;
    *content = r->files[r->next++].content;
    return true;
}

static enum error no_file(struct reading *r, struct text name) {
    return fail(r->diag, ERR_INPUT, _("the dossier lacks the file “%.*s”, or it stands elsewhere"), TEXT_ARG(name));
}

static enum error read_top(struct reading *r) {
    struct bytes content;
    uint64_t line = 4;
    if (!next_file(r, TEXT("dossier"), &content)) return no_file(r, TEXT("dossier"));
    struct text rest = text_from_bytes(content);
    if (!text_is_note_text(rest) || !text_skip(&rest, TEXT("parley dossier v1\n")))
        return bad_line(r, 1, _("“parley dossier v1”"));
    enum error result = read_parties(r, &rest);
    if (!result) result = read_records(r, &rest, &line);
    return result ? result : read_opened(r, &rest, &line);
}

static enum error read_bundle(struct reading *r, size_t n, struct bytes *leaves, uint64_t from, uint64_t to) {
    char path[TILE_PATH_MAX];
    struct tile tile = {.entries = true, .index = from / TILE_WIDTH, .width = (unsigned)(to - from)};
    struct bytes bundle;
    tile_path_write(&tile, path);
    struct text name = arena_format(r->arena, "records/%zu/%s", n, path);
    if (!next_file(r, name, &bundle)) return no_file(r, name);
    r->entry_bytes += bundle.size;
    if (r->entry_bytes > DOSSIER_ENTRIES_MAX_BYTES)
        return fail(r->diag, ERR_LIMIT, _("a dossier with entries of more than %d bytes"), DOSSIER_ENTRIES_MAX_BYTES);
    for (uint64_t i = from; i < to; i++)
        if (!bundle_next(&bundle, &leaves[i]))
            return fail(r->diag, ERR_INPUT, _("%.*s: entry %llu is cut off"), TEXT_ARG(name), (unsigned long long)i);
    return bundle.size ? fail(r->diag, ERR_INPUT, _("%.*s: more than its entries"), TEXT_ARG(name)) : OK;
}

static enum error read_record(struct reading *r, size_t n) {
    struct dossier_record *record = &r->records[n];
    struct text name = arena_format(r->arena, "records/%zu/checkpoint", n);
    if (!next_file(r, name, &record->checkpoint)) return no_file(r, name);
    struct bytes *leaves = ARENA_ARRAY(r->arena, struct bytes, record->count);
    for (uint64_t i = 0; i < record->count; i += TILE_WIDTH) {
        uint64_t end = record->count - i < TILE_WIDTH ? record->count : i + TILE_WIDTH;
        enum error result = read_bundle(r, n, leaves, i, end);
        if (result) return result;
    }
    record->leaves = leaves;
    return OK;
}

static enum error read_blobs(struct reading *r) {
    struct text before = {0};
    for (; r->next < r->count; r->next++) {
        struct text name = r->files[r->next].name;
        struct sha256 expected;
        if (!text_skip(&name, TEXT("blobs/"))) return OK;
        if (!sha256_read_hex(name, &expected) || text_compare(before, name) >= 0)
            return fail(r->diag, ERR_INPUT, _("“%.*s” does not belong here"), TEXT_ARG(r->files[r->next].name));
        if (!sha256_equal(sha256_of(r->files[r->next].content), expected))
            return fail(r->diag, ERR_NO, _("blobs/%.*s is not what its name says: it has been changed"),
                        TEXT_ARG(name));
        *map_put(&r->out->blobs, name) = &r->files[r->next].content;
        before = name;
    }
    return OK;
}

static bool read_tail(struct reading *r, struct text line, struct text *name, struct tail *t) {
    struct text before, state;
    struct sha256 expected, hash;
    struct buf bytes = {.max = TAIL_MAX};
    bool good = text_cut(&line, ' ', name) && sha256_read_hex(*name, &expected) && text_cut(&line, ' ', &before) &&
                text_u64(before, &t->before) && t->before % TAIL_BLOCK == 0 && t->before < (uint64_t)1 << 60 &&
                text_cut(&line, ' ', &state) && sha256_read_hex(state, &t->state) &&
                base64_read(line, &bytes, BASE64_PADDED) && (!t->before || bytes.size >= TAIL_BLOCK);
    t->bytes = arena_bytes(r->arena, buf_as_bytes(&bytes));
    buf_free(&bytes);
    if (good) hash = tail_hash(t);
    return good && sha256_equal(hash, expected);
}

static enum error read_tails(struct reading *r) {
    struct bytes content;
    struct text line, name, before = {0};
    if (!next_file(r, TEXT("tails"), &content)) return no_file(r, TEXT("tails"));
    struct text rest = text_from_bytes(content);
    for (uint64_t number = 1; rest.size; number++) {
        struct tail *t = ARENA_NEW(r->arena, struct tail);
        if (!text_line(&rest, &line) || !read_tail(r, line, &name, t) || text_compare(before, name) >= 0)
            return fail_at(r->diag, number, ERR_NO, _("tails: a line that is not the end of the blob that it names"));
        *map_put(&r->out->tails, name) = t;
        before = name;
    }
    return r->next == r->count
               ? OK
               : fail(r->diag, ERR_INPUT, _("“%.*s” does not belong here"), TEXT_ARG(r->files[r->next].name));
}

enum error dossier_read(struct bytes whole, struct arena *a, struct dossier *out, struct diag *d) {
    struct dossier read = {.blobs = {.arena = a}, .tails = {.arena = a}};
    struct reading r = {.arena = a, .diag = d, .out = &read};
    enum error result = tar_read(whole, a, &r.files, &r.count, d);
    if (!result) result = read_top(&r);
    for (size_t n = 0; n < r.record_count && !result; n++) result = read_record(&r, n);
    if (!result) result = read_blobs(&r);
    if (!result) result = read_tails(&r);
    if (!result) *out = read;
    return result;
}

static enum error front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *out, uint64_t *size,
                        struct diag *d) {
    const struct dossier *of = state;
    char hex[SHA256_HEX];
    const struct bytes *blob = map_get(&of->blobs, sha256_hex(&name, hex));
    (void)a;
    if (!blob) return fail(d, ERR_MISSING, _("the dossier does not hold that blob"));
    *out = bytes_of(blob->at, blob->size < max ? blob->size : max);
    *size = blob->size;
    return OK;
}

struct blob_source dossier_blobs(const struct dossier *of) {
    return (struct blob_source){front, (void *)(uintptr_t)of};
}
