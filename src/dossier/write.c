/* Records, checkpoints and blobs to a dossier.  Nothing here reads a message: what is opened was chosen by the caller,
 * what is signed and not sealed goes in whole, and of what stays closed only the end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "dossier/dossier.h"
#include "dossier/tail.h"
#include "tlog/checkpoint.h"
#include "tlog/tile.h"

struct writing {
    const struct dossier_source *from;
    struct arena arena;
    struct tar_writer *tar;
    unsigned order[2]; /* parties in bytewise order */
    struct map opened; /* names of blobs that are to be opened, to struct dossier_opened */
    struct map blobs;  /* names of blobs that go in */
    struct map tails;  /* names of blobs that stay closed, to struct tail */
    struct map keys;   /* "<id> <name>" of the log and mirror keys that cards name */
    uint64_t sizes[DOSSIER_RECORDS_MAX];
};

static struct text hex_of(struct sha256 sha, struct arena *a) {
    char hex[SHA256_HEX];
    return arena_text(a, sha256_hex(&sha, hex));
}

/* ---- what goes in */

static enum error read_blob(struct writing *w, struct sha256 name, struct arena *a, struct bytes *out, struct diag *d) {
    const struct blob_source *blobs = &w->from->blobs;
    struct bytes front;
    uint64_t size;
    enum error result = blobs->front(blobs->state, name, 0, a, &front, &size, d);
    if (!result) result = blobs->front(blobs->state, name, (size_t)size, a, out, &size, d);
    if (result == ERR_MISSING)
        return fail(d, ERR_MISSING, _("blob %.*s is not held"), TEXT_ARG(hex_of(name, &w->arena)));
    if (!result && out->size != size) return fail(d, ERR_IO, _("a blob was cut off while it was read"));
    return result;
}

static bool is_sealed(struct bytes blob) { return text_starts(text_from_bytes(blob), TEXT("age-encryption.org/")); }

static void add_key(struct writing *w, struct text spelled) {
    struct vkey key;
    if (vkey_read(spelled, &key, NULL)) return;
    map_put(&w->keys, arena_format(&w->arena, "%08" PRIx32 " %.*s", key.id, TEXT_ARG(key.name)));
}

static void note_keys(struct writing *w, struct bytes blob) {
    struct arena once = {0};
    struct card card;
    if (blob_is_card(blob) && !card_read(blob, &once, &card, NULL)) {
        for (size_t i = 0; i < card.mirrors.count; i++) add_key(w, card.mirrors.at[i]);
        for (size_t i = 0; i < card.log_count; i++) add_key(w, card.logs[i].key);
    }
    arena_free(&once);
}

/* An entry's only blob, unless it is opened: whole, where it might be a card or is no secret; else its end. */
static enum error choose_closed(struct writing *w, struct sha256 name, struct diag *d) {
    struct arena once = {0};
    struct bytes blob;
    struct text hex = hex_of(name, &w->arena);
    enum error result = read_blob(w, name, &once, &blob, d);
    if (!result) {
        struct tail *t = ARENA_NEW(&w->arena, struct tail);
        *t = tail_of(blob);
        if (is_sealed(blob) && tail_is_no_note(t)) {
            t->bytes = arena_bytes(&w->arena, t->bytes);
            *map_put(&w->tails, hex) = t;
        } else {
            map_put(&w->blobs, hex);
            note_keys(w, blob);
        }
    }
    arena_free(&once);
    return result;
}

/* The first blob of an entry may be a card where it is alone and no longer than cards are. */
static bool may_be_card(const struct entry *e) { return e->blob_count == 1 && e->blobs[0].size <= CARD_MAX_BYTES; }

static enum error choose_of_leaf(struct writing *w, struct bytes leaf, struct diag *d) {
    struct arena once = {0};
    struct entry e;
    enum error result = entry_read(leaf, &once, &e, NULL);
    bool said = !result;
    result = OK;
    for (size_t i = 0; said && i < e.blob_count; i++) {
        struct text hex = hex_of(e.blobs[i].sha, &w->arena);
        if (map_has(&w->opened, hex)) map_put(&w->blobs, hex);
    }
    if (said && may_be_card(&e) && !map_has(&w->blobs, hex_of(e.blobs[0].sha, &w->arena)))
        result = choose_closed(w, e.blobs[0].sha, d);
    arena_free(&once);
    return result;
}

/* ---- records */

static enum error checkpoint_size(struct writing *w, const struct dossier_record *r, uint64_t *size, struct diag *d) {
    struct note note;
    struct checkpoint c;
    enum error result = note_read(r->checkpoint, &w->arena, &note, d);
    if (!result) result = checkpoint_read(note.text, &c, d);
    if (!result && (!text_equal(c.origin, r->origin) || c.size > r->count))
        result = fail(d, ERR_INPUT, _("the checkpoint is of another record, or of more entries than there are: %.*s"),
                      TEXT_ARG(r->channel));
    if (!result) *size = c.size;
    return result;
}

static const struct dossier_record *record_at(const struct writing *w, size_t n) {
    for (unsigned i = 0; i < 2; i++) {
        const struct dossier_party *p = &w->from->parties[w->order[i]];
        if (n < p->count) return &p->records[n];
        n -= p->count;
    }
    return NULL;
}

static enum error choose(struct writing *w, struct diag *d) {
    const struct dossier_record *r;
    for (size_t n = 0; (r = record_at(w, n)); n++) {
        if (n == DOSSIER_RECORDS_MAX) return fail(d, ERR_LIMIT, _("more than %d records"), DOSSIER_RECORDS_MAX);
        enum error result = checkpoint_size(w, r, &w->sizes[n], d);
        for (uint64_t i = 0; i < w->sizes[n] && !result; i++) result = choose_of_leaf(w, r->leaves[i], d);
        if (result) return result;
    }
    return OK;
}

/* ---- writing */

static enum error write_top(struct writing *w, struct diag *d) {
    const struct dossier_record *r;
    struct buf out = {.max = 64 << 20};
    struct dossier_opened **opened = ARENA_ARRAY(&w->arena, struct dossier_opened *, w->opened.count);
    buf_string(&out, "parley dossier v1\n");
    for (unsigned i = 0; i < 2; i++) buf_format(&out, "party %.*s\n", TEXT_ARG(w->from->parties[w->order[i]].party));
    for (size_t n = 0; (r = record_at(w, n)); n++)
        buf_format(&out, "record %.*s %.*s %llu\n", TEXT_ARG(r->channel), TEXT_ARG(r->origin),
                   (unsigned long long)w->sizes[n]);
    map_list(&w->opened, NULL, (void **)opened);
    for (size_t i = 0; i < w->opened.count; i++) {
        buf_string(&out, "open ");
        buf_hex(&out, sha256_bytes(&opened[i]->blob));
        buf_char(&out, ' ');
        buf_hex(&out, bytes_of(opened[i]->file_key, SEAL_FILE_KEY_SIZE));
        buf_char(&out, '\n');
    }
    enum error result = buf_check(&out, d);
    if (!result) result = tar_add(w->tar, TEXT("dossier"), buf_as_bytes(&out), d);
    buf_wipe(&out);
    return result;
}

static enum error write_bundle(struct writing *w, size_t n, uint64_t from, uint64_t to, struct diag *d) {
    char path[TILE_PATH_MAX], name[TAR_NAME_MAX + 1];
    struct tile tile = {.entries = true, .index = from / TILE_WIDTH, .width = (unsigned)(to - from)};
    struct buf out = {.max = BUNDLE_MAX_BYTES};
    enum error result = OK;
    for (uint64_t i = from; i < to && !result; i++) result = bundle_add(&out, record_at(w, n)->leaves[i], d);
    tile_path_write(&tile, path);
    int size = snprintf(name, sizeof name, "records/%zu/%s", n, path);
    if (!result) result = tar_add(w->tar, (struct text){name, (size_t)size}, buf_as_bytes(&out), d);
    buf_free(&out);
    return result;
}

/* The checkpoint with those signature lines whose keys a card in the dossier names, or terms that it opens; nobody
 * could check the others. */
static enum error write_checkpoint(struct writing *w, size_t n, struct diag *d) {
    char name[TAR_NAME_MAX + 1];
    struct note note;
    struct buf out = {.max = CHECKPOINT_MAX_BYTES};
    int size = snprintf(name, sizeof name, "records/%zu/checkpoint", n);
    enum error result = note_read(record_at(w, n)->checkpoint, &w->arena, &note, d);
    if (!result) buf_format(&out, "%.*s\n", TEXT_ARG(note.text));
    for (size_t i = 0; !result && i < note.signature_count; i++) {
        const struct note_signature *s = &note.signatures[i];
        if (map_has(&w->keys, arena_format(&w->arena, "%08" PRIx32 " %.*s", s->id, TEXT_ARG(s->name))))
            buf_format(&out, "%.*s\n", TEXT_ARG(s->line));
    }
    if (!result) result = buf_check(&out, d);
    if (!result) result = tar_add(w->tar, (struct text){name, (size_t)size}, buf_as_bytes(&out), d);
    buf_free(&out);
    return result;
}

static enum error write_record(struct writing *w, size_t n, struct diag *d) {
    enum error result = write_checkpoint(w, n, d);
    for (uint64_t i = 0; i < w->sizes[n] && !result; i += TILE_WIDTH)
        result = write_bundle(w, n, i, w->sizes[n] - i < TILE_WIDTH ? w->sizes[n] : i + TILE_WIDTH, d);
    return result;
}

static enum error write_blobs(struct writing *w, struct diag *d) {
    struct text *names = ARENA_ARRAY(&w->arena, struct text, w->blobs.count);
    enum error result = OK;
    map_list(&w->blobs, names, NULL);
    for (size_t i = 0; i < w->blobs.count && !result; i++) {
        struct arena once = {0};
        struct sha256 sha;
        struct bytes blob;
        ASSERT(sha256_read_hex(names[i], &sha));
        result = read_blob(w, sha, &once, &blob, d);
        if (!result) result = tar_add(w->tar, arena_format(&once, "blobs/%.*s", TEXT_ARG(names[i])), blob, d);
        arena_free(&once);
    }
    return result;
}

static enum error write_tails(struct writing *w, struct diag *d) {
    struct text *names = ARENA_ARRAY(&w->arena, struct text, w->tails.count);
    struct tail **tails = ARENA_ARRAY(&w->arena, struct tail *, w->tails.count);
    struct buf out = {.max = (size_t)1 << 30};
    map_list(&w->tails, names, (void **)tails);
    for (size_t i = 0; i < w->tails.count; i++) {
        buf_format(&out, "%.*s %llu ", TEXT_ARG(names[i]), (unsigned long long)tails[i]->before);
        buf_hex(&out, sha256_bytes(&tails[i]->state));
        buf_char(&out, ' ');
        buf_base64(&out, tails[i]->bytes, BASE64_PADDED);
        buf_char(&out, '\n');
    }
    enum error result = buf_check(&out, d);
    if (!result) result = tar_add(w->tar, TEXT("tails"), buf_as_bytes(&out), d);
    buf_free(&out);
    return result;
}

static enum error write_all(struct writing *w, struct diag *d) {
    enum error result = choose(w, d);
    if (!result) result = write_top(w, d);
    for (size_t n = 0; !result && record_at(w, n); n++) result = write_record(w, n, d);
    if (!result) result = write_blobs(w, d);
    if (!result) result = write_tails(w, d);
    return result ? result : tar_end(w->tar, d);
}

static enum error list_opened(struct writing *w, struct diag *d) {
    for (size_t i = 0; i < w->from->opened_count; i++) {
        const struct dossier_opened *opened = &w->from->opened[i];
        void **place = map_put(&w->opened, hex_of(opened->blob, &w->arena));
        const struct dossier_opened *before = *place;
        if (before && memcmp(before->file_key, opened->file_key, SEAL_FILE_KEY_SIZE) != 0)
            return fail(d, ERR_INPUT, _("two file keys for one blob"));
        *place = (void *)(uintptr_t)opened;
    }
    return OK;
}

enum error dossier_write(const struct dossier_source *from, struct tar_sink into, struct diag *d) {
    struct writing *w = calloc(1, sizeof *w);
    ASSERT(w);
    w->from = from;
    w->opened = w->blobs = w->tails = w->keys = (struct map){.arena = &w->arena};
    w->order[0] = text_compare(from->parties[0].party, from->parties[1].party) > 0;
    w->order[1] = 1 - w->order[0];
    w->tar = tar_writer_new(into);
    for (size_t i = 0; i < from->witnesses.count; i++)
        add_key(w, text_sub(from->witnesses.at[i], 0, text_find(from->witnesses.at[i], ' ')));
    enum error result = list_opened(w, d);
    if (!result) result = write_all(w, d);
    tar_writer_free(w->tar);
    arena_free(&w->arena);
    free(w);
    return result;
}
