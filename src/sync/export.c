/* What is written of a record where there is no wire. */
#include "sync/export.h"

#include <stdio.h>

#include "sync/cards.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/wire.h"
#include "tlog/tile.h"

enum { BLOBS_AT_ONCE = 4096 /* entries whose blobs are listed at a time */ };

struct writing {
    struct export *x;
    const struct export_sink *to;
};

static int64_t record_of(const struct export *x) { return x->channel->of[x->side].id; }

static enum error put(const struct writing *w, const char *name, const struct buf *content, struct diag *d) {
    enum error result = buf_check(content, d);
    return result ? result : w->to->file(w->to->state, name, buf_as_bytes(content), d);
}

enum error export_begin(struct export *x, struct diag *d) {
    uint64_t held;
    *x->report = (struct folder_report){0};
    enum error result = x->side == SIDE_OWN ? own_served(x->node, x->channel, &x->arena, &x->at, NULL)
                                            : store_checkpoint(x->node->store, record_of(x), CHECKPOINT_MIRROR,
                                                               PICK_NEWEST, 0, &x->arena, &x->at, NULL);
    if (result == ERR_MISSING && x->side == SIDE_THEIRS)
        return fail(d, ERR_MISSING, _("nothing of the record of %.*s is held"), TEXT_ARG(x->channel->party));
    if (result && result != ERR_MISSING) return fail(d, result, _("could not read a checkpoint"));
    result = store_size(x->node->store, record_of(x), &held, d);
    x->report->size = x->at.size;
    x->report->waiting = held - x->at.size;
    return result;
}

/* ---- tiles */

static enum error fill_bundle(struct export *x, const struct tile *t, struct buf *out, struct diag *d) {
    enum error result = store_bundle(x->node->store, record_of(x), t->index, t->width, out, d);
    if (result != ERR_MISSING) return result;
    return fail(d, ERR_INTERNAL, _("entries are missing below a checkpoint: `parley fsck` says which"));
}

static enum error write_tile(void *state, const struct tile *t, struct diag *d) {
    const struct writing *w = state;
    char name[TILE_PATH_MAX];
    struct buf content = {.max = BUNDLE_MAX_BYTES};
    if (tile_is_before(t, w->x->from)) return OK;
    tile_path_write(t, name);
    enum error result = t->entries ? fill_bundle(w->x, t, &content, d)
                                   : store_hashes(w->x->node->store, record_of(w->x), TILE_HEIGHT * t->level,
                                                  t->index * TILE_WIDTH, t->width, &content, d);
    if (!result) result = put(w, name, &content, d);
    buf_free(&content);
    return result;
}

/* ---- blobs */

static enum error copy_blob(const struct writing *w, struct sha256 sha, uint64_t size, const char *name,
                            struct diag *d) {
    struct buf content = {.max = (size_t)size + 1};
    enum error result = OK;
    for (uint64_t at = 0; !result && at < size; at += WIRE_PART_BYTES)
        result = store_get_blob(w->x->node->store, w->x->channel->id, sha, at, WIRE_PART_BYTES, &content, d);
    if (!result) result = put(w, name, &content, d);
    buf_free(&content);
    return result;
}

static enum error write_blob(const struct writing *w, struct sha256 sha, struct diag *d) {
    char name[16 + SHA256_HEX] = "blobs/";
    struct blob_about about;
    enum error result = store_blob_about(w->x->node->store, w->x->channel->id, sha, &about, d);
    if (result) return result;
    if (about.state != BLOB_HELD) {
        w->x->report->blobs_absent += about.state != BLOB_ERASED;
        return OK;
    }
    w->x->report->blobs++;
    sha256_hex(&sha, name + 6);
    return w->to->has && w->to->has(w->to->state, name, sha) ? OK : copy_blob(w, sha, about.size, name, d);
}

static enum error write_blobs(const struct writing *w, struct diag *d) {
    enum error result = OK;
    for (uint64_t from = w->x->from, to; from < w->x->at.size && !result; from = to) {
        struct arena a = {0};
        struct wanted_blob *list;
        size_t count = 0;
        to = w->x->at.size - from > BLOBS_AT_ONCE ? from + BLOBS_AT_ONCE : w->x->at.size;
        result = store_named_blobs(w->x->node->store, record_of(w->x), from, to, &a, &list, &count, d);
        for (size_t i = 0; i < count && !result; i++) result = write_blob(w, list[i].sha, d);
        arena_free(&a);
    }
    return result;
}

/* ---- keys, and what goes back */

static enum error write_vkeys(const struct writing *w, struct diag *d) {
    struct export *x = w->x;
    struct vkey logs[LOG_KEYS_MAX];
    struct card card;
    size_t count;
    struct buf out = {.max = 1 << 16};
    enum side mirror = x->side == SIDE_OWN ? SIDE_THEIRS : SIDE_OWN;
    enum error result = cards_log_keys(x->node->store, x->channel, x->side, &x->arena, logs, &count, d);
    if (!result && !count) result = fail(d, ERR_NO_KEY, _("no card that is held names the log key of this record"));
    for (size_t i = 0; i < count && !result; i++) {
        vkey_write(&logs[i], &out);
        buf_char(&out, '\n');
    }
    if (!result && cards_current(x->node->store, x->channel, mirror, &x->arena, &card, NULL) == OK)
        for (size_t i = 0; i < card.mirrors.count; i++) buf_format(&out, "%.*s\n", TEXT_ARG(card.mirrors.at[i]));
    if (!result) result = put(w, "vkeys", &out, d);
    buf_free(&out);
    return result;
}

/* A checkpoint with the cosignatures held for just its size. */
static enum error with_receipts(struct export *x, enum side side, const struct kept_checkpoint *at, struct buf *out,
                                struct diag *d) {
    struct names lines;
    enum error result = store_receipts_at(x->node->store, x->channel->of[side].id, at->size, &x->arena, &lines, d);
    if (result) return result;
    buf_bytes(out, at->note);
    for (size_t i = 0; i < lines.count; i++) buf_format(out, "%.*s\n", TEXT_ARG(lines.at[i]));
    return buf_check(out, d);
}

static enum error write_back(const struct writing *w, struct diag *d) {
    struct export *x = w->x;
    struct kept_checkpoint known = {0}, mirrored;
    int64_t theirs = x->channel->of[SIDE_THEIRS].id;
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    enum error result = theirs ? mirror_known(x->node, x->channel, &x->arena, &known, d) : OK;
    if (!result) result = w->to->file(w->to->state, "shown", known.note, d);
    if (result || !theirs) return result;
    result = store_checkpoint(x->node->store, theirs, CHECKPOINT_MIRROR, PICK_NEWEST, 0, &x->arena, &mirrored, NULL);
    if (result == ERR_MISSING) return OK;
    if (!result) result = with_receipts(x, SIDE_THEIRS, &mirrored, &note, d);
    if (!result) result = put(w, "receipt", &note, d);
    buf_free(&note);
    return result;
}

/* ---- all of it */

enum error export_files(struct export *x, const struct export_sink *to, struct diag *d) {
    struct writing w = {x, to};
    enum error result = write_vkeys(&w, d);
    if (!result) result = tile_each(x->at.size, write_tile, &w, d);
    if (!result) result = write_blobs(&w, d);
    if (!result && x->side == SIDE_OWN) result = write_back(&w, d);
    return result;
}

enum error export_checkpoint(struct export *x, struct buf *out, struct diag *d) {
    return x->at.size ? with_receipts(x, x->side, &x->at, out, d) : OK;
}
