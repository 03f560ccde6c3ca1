/* Writing a record into a folder. */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "sync/cards.h"
#include "sync/folder.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/wire.h"
#include "tlog/tile.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644 };

struct writing {
    const struct sync_node *node;
    const struct channel *channel;
    enum side side;
    const char *path;
    struct kept_checkpoint at; /* of size 0: none */
    uint64_t before;           /* the size of an earlier export */
    struct folder_report *report;
    struct arena arena;
};

static int64_t record_of(const struct writing *w) { return w->channel->of[w->side].id; }

/* ---- what is to be written */

static enum error choose_checkpoint(struct writing *w, struct diag *d) {
    uint64_t held;
    enum error result = w->side == SIDE_OWN ? own_served(w->node, w->channel, &w->arena, &w->at, NULL)
                                            : store_checkpoint(w->node->store, record_of(w), CHECKPOINT_MIRROR,
                                                               PICK_NEWEST, 0, &w->arena, &w->at, NULL);
    if (result == ERR_MISSING && w->side == SIDE_THEIRS)
        return fail(d, ERR_MISSING, _("nothing of the record of %.*s is held"), TEXT_ARG(w->channel->party));
    if (result && result != ERR_MISSING) return fail(d, result, _("could not read a checkpoint"));
    result = store_size(w->node->store, record_of(w), &held, d);
    w->report->size = w->at.size;
    w->report->waiting = held - w->at.size;
    return result;
}

/* ---- the folder */

static enum error put(struct writing *w, const char *name, struct bytes content, struct diag *d) {
    char path[OS_PATH_MAX];
    return os_write(os_path(path, w->path, name), content, FILE_MODE, d);
}

/* A file whose folders may be missing; durable once all is. */
static enum error put_deep(struct writing *w, const char *name, struct bytes content, struct diag *d) {
    char path[OS_PATH_MAX], folder[OS_PATH_MAX];
    os_path(path, w->path, name);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    enum error result = os_make_folders(folder, FOLDER_MODE, d);
    return result ? result : os_write_part(path, 0, content, FILE_MODE, d);
}

static enum error take_over(struct writing *w, struct diag *d) {
    struct folder earlier;
    struct buf names = {.max = 1 << 26};
    enum error result = os_list(w->path, &names, d);
    bool empty = !names.size;
    buf_free(&names);
    if (result || empty) return result;
    if (folder_open(w->path, &earlier, NULL))
        return fail(d, ERR_CONFLICT, _("%s holds something else already"), w->path);
    if (!text_equal(earlier.origin, w->channel->of[w->side].origin))
        result = fail(d, ERR_CONFLICT, _("%s holds another record already"), w->path);
    w->before = earlier.at.size;
    folder_close(&earlier);
    return result;
}

static enum error prepare(struct writing *w, struct diag *d) {
    if (os_is_folder(w->path)) return take_over(w, d);
    if (os_exists(w->path)) return fail(d, ERR_CONFLICT, _("%s is no folder"), w->path);
    return os_make_folders(w->path, FOLDER_MODE, d);
}

/* ---- tiles */

static enum error fill_bundle(struct writing *w, const struct tile *t, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct bytes *leaves;
    size_t got = 0;
    enum error result =
        store_leaves(w->node->store, record_of(w), t->index * TILE_WIDTH, t->width, UINT64_MAX, &a, &leaves, &got, d);
    if (!result && got != t->width)
        result = fail(d, ERR_INTERNAL, _("entries are missing below a checkpoint: `parley fsck` says which"));
    for (size_t i = 0; i < got && !result; i++) result = bundle_add(out, leaves[i], d);
    arena_free(&a);
    return result;
}

static enum error write_tile(void *state, const struct tile *t, struct diag *d) {
    struct writing *w = state;
    char name[TILE_PATH_MAX];
    struct buf content = {.max = BUNDLE_MAX_BYTES};
    struct store_tree tree = {w->node->store, record_of(w)};
    struct tree_reader reader = store_tree_reader(&tree);
    tile_path_write(t, name);
    enum error result = t->entries ? fill_bundle(w, t, &content, d) : tile_write(&reader, t, &content, d);
    if (!result) result = put_deep(w, name, buf_as_bytes(&content), d);
    buf_free(&content);
    return result;
}

/* A partial tile of an earlier size is none of this tree. */
static enum error remove_tile(void *state, const struct tile *t, struct diag *d) {
    struct writing *w = state;
    char name[TILE_PATH_MAX], path[OS_PATH_MAX];
    if (tile_width(w->at.size, t->level, t->index) == t->width) return OK;
    tile_path_write(t, name);
    os_path(path, w->path, name);
    if (!os_exists(path)) return OK;
    enum error result = os_remove(path, d);
    *strrchr(path, '/') = 0;
    if (!result && os_remove_folder(path, NULL)) result = OK; /* another width is there */
    return result;
}

/* ---- blobs */

static bool is_there(const char *path, struct sha256 sha) {
    struct bytes content;
    if (!os_is_file(path) || os_map(path, &content, NULL)) return false;
    bool same = sha256_equal(sha256_of(content), sha);
    os_unmap(content);
    return same;
}

static enum error copy_blob(struct writing *w, struct sha256 sha, uint64_t size, const char *path, struct diag *d) {
    enum error result = OK;
    for (uint64_t at = 0; !result && (at < size || !at); at += WIRE_PART_BYTES) {
        struct buf part = {.max = WIRE_PART_BYTES};
        if (size) result = store_get_blob(w->node->store, w->channel->id, sha, at, WIRE_PART_BYTES, &part, d);
        if (!result) result = os_write_part(path, at, buf_as_bytes(&part), FILE_MODE, d);
        buf_free(&part);
    }
    return result;
}

static enum error write_blob(struct writing *w, struct sha256 sha, struct diag *d) {
    char name[16 + SHA256_HEX] = "blobs/", path[OS_PATH_MAX];
    struct blob_about about;
    enum error result = store_blob_about(w->node->store, w->channel->id, sha, &about, d);
    if (result) return result;
    if (about.state != BLOB_HELD) {
        w->report->blobs_absent += about.state != BLOB_ERASED;
        return OK;
    }
    w->report->blobs++;
    sha256_hex(&sha, name + 6);
    os_path(path, w->path, name);
    return is_there(path, sha) ? OK : copy_blob(w, sha, about.size, path, d);
}

static enum error write_blobs(struct writing *w, struct diag *d) {
    char path[OS_PATH_MAX];
    struct wanted_blob *list;
    size_t count = 0;
    enum error result = os_make_folders(os_path(path, w->path, "blobs"), FOLDER_MODE, d);
    if (!result) result = store_named_blobs(w->node->store, record_of(w), 0, w->at.size, &w->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) result = write_blob(w, list[i].sha, d);
    return result;
}

/* ---- keys, and what goes back */

static enum error write_vkeys(struct writing *w, struct diag *d) {
    struct vkey logs[LOG_KEYS_MAX];
    struct card card;
    size_t count;
    struct buf out = {.max = 1 << 16};
    enum side mirror = w->side == SIDE_OWN ? SIDE_THEIRS : SIDE_OWN;
    enum error result = cards_log_keys(w->node->store, w->channel, w->side, &w->arena, logs, &count, d);
    if (!result && !count) result = fail(d, ERR_NO_KEY, _("no card that is held names the log key of this record"));
    for (size_t i = 0; i < count && !result; i++) {
        vkey_write(&logs[i], &out);
        buf_char(&out, '\n');
    }
    if (!result && cards_current(w->node->store, w->channel, mirror, &w->arena, &card, NULL) == OK)
        for (size_t i = 0; i < card.mirrors.count; i++) buf_format(&out, "%.*s\n", TEXT_ARG(card.mirrors.at[i]));
    if (!result) result = buf_check(&out, d);
    if (!result) result = put(w, "vkeys", buf_as_bytes(&out), d);
    buf_free(&out);
    return result;
}

/* A checkpoint with the cosignatures held for just its size. */
static enum error with_receipts(struct writing *w, enum side side, const struct kept_checkpoint *at, struct buf *out,
                                struct diag *d) {
    struct names lines;
    enum error result = store_receipts_at(w->node->store, w->channel->of[side].id, at->size, &w->arena, &lines, d);
    if (result) return result;
    buf_bytes(out, at->note);
    for (size_t i = 0; i < lines.count; i++) buf_format(out, "%.*s\n", TEXT_ARG(lines.at[i]));
    return buf_check(out, d);
}

static enum error write_back(struct writing *w, struct diag *d) {
    struct kept_checkpoint known = {0}, mirrored;
    int64_t theirs = w->channel->of[SIDE_THEIRS].id;
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    enum error result = theirs ? mirror_known(w->node, w->channel, &w->arena, &known, d) : OK;
    if (!result) result = put(w, "shown", known.note, d);
    if (result || !theirs) return result;
    result = store_checkpoint(w->node->store, theirs, CHECKPOINT_MIRROR, PICK_NEWEST, 0, &w->arena, &mirrored, NULL);
    if (result == ERR_MISSING) return OK;
    if (!result) result = with_receipts(w, SIDE_THEIRS, &mirrored, &note, d);
    if (!result) result = put(w, "receipt", buf_as_bytes(&note), d);
    buf_free(&note);
    return result;
}

static enum error write_checkpoint(struct writing *w, struct diag *d) {
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    if (!w->at.size) return OK;
    enum error result = with_receipts(w, w->side, &w->at, &note, d);
    if (!result) result = put(w, "checkpoint", buf_as_bytes(&note), d);
    buf_free(&note);
    return result;
}

enum error folder_write(const struct sync_node *n, const struct channel *c, enum side side, const char *path,
                        struct folder_report *out, struct diag *d) {
    struct writing w = {.node = n, .channel = c, .side = side, .path = path, .report = out};
    *out = (struct folder_report){0};
    enum error result = choose_checkpoint(&w, d);
    if (!result) result = prepare(&w, d);
    if (!result) result = write_vkeys(&w, d);
    if (!result) result = tile_each(w.at.size, write_tile, &w, d);
    if (!result) result = write_blobs(&w, d);
    if (!result && side == SIDE_OWN) result = write_back(&w, d);
    if (!result) result = os_sync_all(path, d);
    if (!result) result = write_checkpoint(&w, d);
    if (!result) result = tile_each(w.before, remove_tile, &w, d);
    arena_free(&w.arena);
    return result;
}
