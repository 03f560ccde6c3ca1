/* Writing a record into a folder. */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "sync/export.h"
#include "tlog/tile.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644 };

struct writing {
    struct export x;
    const char *path;
    uint64_t before; /* the size of an earlier export */
};

/* ---- the folder */

/* `NAME.new-PROCESS`: what an export that was killed had not given its name yet. */
static bool is_begun(struct text name) {
    static const char *const known[] = {"checkpoint", "vkeys", "shown", "receipt"};
    uint64_t process;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct text rest = name;
        if (text_skip(&rest, text_of(known[i])) && text_skip(&rest, TEXT(".new-")) && text_u64(rest, &process))
            return true;
    }
    return false;
}

/* Whether there is anything in the folder but that and an empty `blobs`, which go. */
static enum error look_into(const struct writing *w, bool *empty, struct diag *d) {
    struct buf names = {.max = 1 << 26};
    enum error result = os_list(w->path, &names, d);
    *empty = true;
    for (size_t at = 0; at < names.size && !result; at += strlen((const char *)names.at + at) + 1) {
        const char *name = (const char *)names.at + at;
        char path[OS_PATH_MAX];
        os_path(path, w->path, name);
        if (is_begun(text_of(name)))
            result = os_remove(path, d);
        else if (strcmp(name, "blobs") != 0 || os_remove_folder(path, NULL))
            *empty = false;
    }
    buf_free(&names);
    return result;
}

static enum error take_over(struct writing *w, struct diag *d) {
    struct folder earlier;
    bool empty;
    enum error result = look_into(w, &empty, d);
    if (result || empty) return result;
    if (folder_open(w->path, &earlier, NULL))
        return fail(d, ERR_CONFLICT, _("%s holds something else already"), w->path);
    if (!text_equal(earlier.origin, w->x.channel->of[w->x.side].origin))
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

/* ---- files: durable once all are */

static enum error put(void *state, const char *name, struct bytes content, struct diag *d) {
    const struct writing *w = state;
    char path[OS_PATH_MAX];
    os_path(path, w->path, name);
    if (!strchr(name, '/')) return os_write(path, content, FILE_MODE, d);
    enum error result = os_make_folder_of(path, FOLDER_MODE, d);
    return result ? result : os_write_part(path, 0, content, FILE_MODE, d);
}

static bool has(void *state, const char *name, struct sha256 sha) {
    const struct writing *w = state;
    char path[OS_PATH_MAX];
    struct bytes content;
    os_path(path, w->path, name);
    if (!os_is_file(path) || os_map(path, &content, NULL)) return false;
    bool same = sha256_equal(sha256_of(content), sha);
    os_unmap(content);
    return same;
}

/* A partial tile of an earlier size is none of this tree. */
static enum error remove_tile(void *state, const struct tile *t, struct diag *d) {
    struct writing *w = state;
    char name[TILE_PATH_MAX], path[OS_PATH_MAX];
    if (tile_width(w->x.at.size, t->level, t->index) == t->width) return OK;
    tile_path_write(t, name);
    os_path(path, w->path, name);
    if (!os_exists(path)) return OK;
    enum error result = os_remove(path, d);
    *strrchr(path, '/') = 0;
    if (!result && os_remove_folder(path, NULL)) result = OK; /* another width is there */
    return result;
}

static enum error write_checkpoint(struct writing *w, struct diag *d) {
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    enum error result = export_checkpoint(&w->x, &note, d);
    if (!result && note.size) result = put(w, "checkpoint", buf_as_bytes(&note), d);
    buf_free(&note);
    return result;
}

enum error folder_write(const struct sync_node *n, const struct channel *c, enum side side, const char *path,
                        struct folder_report *out, struct diag *d) {
    struct writing w = {.x = {.node = n, .channel = c, .side = side, .report = out}, .path = path};
    struct export_sink to = {put, has, &w};
    char blobs[OS_PATH_MAX];
    enum error result = export_begin(&w.x, d);
    if (!result) result = prepare(&w, d);
    if (!result) result = os_make_folders(os_path(blobs, path, "blobs"), FOLDER_MODE, d);
    if (!result) result = export_files(&w.x, &to, d);
    if (!result) result = os_sync_all(path, d);
    if (!result) result = write_checkpoint(&w, d);
    if (!result) result = tile_each(w.before, remove_tile, &w, d);
    arena_free(&w.x.arena);
    return result;
}
