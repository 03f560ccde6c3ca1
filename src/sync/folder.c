/* Reading a record from a folder: opening it, and answering from it. */
#include "sync/folder.h"

#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "sync/wire.h"
#include "tlog/tile.h"

enum { VKEYS_MAX_BYTES = 1 << 16 };

enum error folder_file(const struct folder *f, const char *name, size_t max, struct buf *out, struct diag *d) {
    char path[OS_PATH_MAX];
    os_path(path, f->path, name);
    if (!os_exists(path)) return fail(d, ERR_MISSING, _("the folder holds no %s"), name);
    if (!os_is_file(path)) return fail(d, ERR_INPUT, _("%s is no regular file"), name);
    return os_read(path, max, out, d);
}

/* ---- opening */

/* The name of the first key is the origin. */
static enum error read_origin(struct folder *f, struct diag *d) {
    struct buf file = {.max = VKEYS_MAX_BYTES};
    struct vkey key;
    enum error result = folder_file(f, "vkeys", VKEYS_MAX_BYTES, &file, d);
    struct text t = buf_as_text(&file), line = t;
    if (!result) (void)text_line(&t, &line);
    if (!result) result = vkey_read(line, &key, d);
    if (!result) f->origin = arena_text(&f->arena, key.name);
    buf_free(&file);
    return result;
}

static enum error read_checkpoint(struct folder *f, struct diag *d) {
    struct buf file = {.max = CHECKPOINT_MAX_BYTES};
    struct note note;
    enum error result = folder_file(f, "checkpoint", CHECKPOINT_MAX_BYTES, &file, d);
    if (!result) f->note = arena_bytes(&f->arena, buf_as_bytes(&file));
    if (!result) result = note_read(f->note, &f->arena, &note, d);
    if (!result) result = checkpoint_read(note.text, &f->at, d);
    buf_free(&file);
    return result;
}

enum error folder_open(const char *path, struct folder *out, struct diag *d) {
    struct folder f = {.path = path};
    char checkpoint[OS_PATH_MAX];
    if (!os_is_folder(path)) return fail(d, ERR_MISSING, _("there is no folder %s"), path);
    enum error result = OK;
    if (os_exists(os_path(checkpoint, path, "checkpoint"))) {
        result = read_checkpoint(&f, d);
        f.origin = f.at.origin;
    } else {
        result = read_origin(&f, d);
    }
    if (result)
        arena_free(&f.arena);
    else
        *out = f;
    return result;
}

void folder_close(struct folder *f) { arena_free(&f->arena); }

/* ---- answering */

/* What a node would be shown of its record: the highest checkpoint that the writer of the folder holds of it. */
static enum error answer_shown(const struct folder *f, struct response *r, struct diag *d) {
    response_start(r, 200, TYPE_TEXT);
    if (f->of_reader) {
        buf_bytes(&r->body, f->note);
        return OK;
    }
    return folder_file(f, "shown", CHECKPOINT_MAX_BYTES, &r->body, d);
}

static enum error answer_blob(const struct folder *f, struct text sha, struct text asked, struct response *r,
                              struct diag *d) {
    char name[16 + SHA256_HEX], path[OS_PATH_MAX];
    struct content_range range = {0};
    snprintf(name, sizeof name, "blobs/%.*s", TEXT_ARG(sha));
    os_path(path, f->path, name);
    if (!os_is_file(path)) return fail(d, ERR_MISSING, _("the folder holds no %s"), name);
    enum error result = os_size(path, &range.size, d);
    if (result) return result;
    response_start(r, range.size ? 206 : 200, TYPE_BYTES);
    if (!range.size) return OK;
    if (!range_read(asked, range.size, &range.first, &range.last))
        return fail(d, ERR_CONFLICT, _("%s is shorter than what was held of it already"), name);
    if (range.last - range.first >= WIRE_PART_BYTES) range.last = range.first + WIRE_PART_BYTES - 1;
    content_range_write(&range, r->content_range, sizeof r->content_range);
    return os_read_part(path, range.first, (size_t)(range.last - range.first + 1), &r->body, d);
}

static enum error answer_file(const struct folder *f, struct text name, const char *type, struct response *r,
                              struct diag *d) {
    char path[TILE_PATH_MAX + 16];
    snprintf(path, sizeof path, "%.*s", TEXT_ARG(name));
    response_start(r, 200, type);
    return folder_file(f, path, r->body.max, &r->body, d);
}

static enum error answer(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    const struct folder *f = self->state;
    struct text rest = text_sub(q->path, SHA256_HEX + 1, q->path.size); /* after "/<hash>/" */
    bool get = text_is(q->method, "GET");
    if (text_is(q->method, "POST") && text_is(rest, "shown")) return answer_shown(f, r, d);
    if (get && text_is(rest, "checkpoint") && !f->note.size) {
        response_start(r, 404, TYPE_TEXT);
        return OK;
    }
    if (get && text_is(rest, "checkpoint")) return answer_file(f, rest, TYPE_TEXT, r, d);
    if (get && text_starts(rest, TEXT("tile/"))) return answer_file(f, rest, TYPE_BYTES, r, d);
    if (get && text_skip(&rest, TEXT("blob/"))) return answer_blob(f, rest, q->range, r, d);
    return fail(d, ERR_INTERNAL, _("a folder can't be asked that"));
}

struct remote folder_remote(struct folder *f) {
    return (struct remote){answer, f};
}
