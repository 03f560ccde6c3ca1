/* Reading a record from a folder: opening it, checking it whole, and answering from it. */
#include "sync/folder.h"

#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "sync/wire.h"
#include "tlog/tile.h"

enum { VKEYS_MAX_BYTES = 1 << 16 };

/* A whole file of the folder, appended to `out`.  Only regular files: a folder may come from anywhere. */
static enum error read_file(const struct folder *f, const char *name, size_t max, struct buf *out, struct diag *d) {
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
    enum error result = read_file(f, "vkeys", VKEYS_MAX_BYTES, &file, d);
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
    enum error result = read_file(f, "checkpoint", CHECKPOINT_MAX_BYTES, &file, d);
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

/* ---- checking */

struct checking {
    const struct folder *folder;
    struct tree tree; /* by the entries */
};

static enum error check_bundle(struct checking *c, const struct tile *t, const char *name, struct diag *d) {
    struct buf file = {.max = BUNDLE_MAX_BYTES};
    struct bytes rest, entry;
    enum error result = read_file(c->folder, name, BUNDLE_MAX_BYTES, &file, d);
    rest = buf_as_bytes(&file);
    for (unsigned i = 0; i < t->width && !result; i++) {
        if (bundle_next(&rest, &entry))
            tree_add(&c->tree, tree_leaf_hash(entry));
        else
            result = fail(d, ERR_PROOF, _("%s is cut off in entry %llu"), name, (unsigned long long)c->tree.size);
    }
    if (!result && rest.size) result = fail(d, ERR_PROOF, _("%s goes on after its last entry"), name);
    buf_free(&file);
    return result;
}

/* The first hash that differs names an entry, at level 0, or a file. */
static enum error another(const struct tile *t, const char *name, const struct buf *found, const struct buf *due,
                          struct diag *d) {
    size_t at = 0;
    while (at < found->size && at < due->size && found->at[at] == due->at[at]) at++;
    if (t->level || found->size != due->size)
        return fail(d, ERR_PROOF, _("%s does not hold the hashes of the entries"), name);
    return fail(d, ERR_PROOF, _("entry %llu is not the one whose hash %s gives"),
                (unsigned long long)(t->index * TILE_WIDTH + at / SHA256_SIZE), name);
}

static enum error check_hashes(struct checking *c, const struct tile *t, const char *name, struct diag *d) {
    struct buf found = {.max = TILE_WIDTH * SHA256_SIZE}, due = {.max = TILE_WIDTH * SHA256_SIZE};
    struct tree_reader reader = tree_reader(&c->tree);
    enum error result = read_file(c->folder, name, TILE_WIDTH * SHA256_SIZE, &found, d);
    if (!result) result = tile_write(&reader, t, &due, d);
    if (!result && !text_equal(buf_as_text(&found), buf_as_text(&due))) result = another(t, name, &found, &due, d);
    buf_free(&found);
    buf_free(&due);
    return result;
}

static enum error check_tile(void *state, const struct tile *t, struct diag *d) {
    char name[TILE_PATH_MAX];
    tile_path_write(t, name);
    return t->entries ? check_bundle(state, t, name, d) : check_hashes(state, t, name, d);
}

enum error folder_check(const struct folder *f, struct diag *d) {
    struct checking c = {.folder = f};
    if (!f->note.size) return OK;
    enum error result = tile_each(f->at.size, check_tile, &c, d);
    if (!result && !sha256_equal(tree_root_at(&c.tree, f->at.size), f->at.root))
        result = fail(d, ERR_PROOF, _("the root that the checkpoint states is not that of the entries"));
    tree_free(&c.tree);
    return result;
}

/* ---- answering */

/* What a node would be shown of its record: the highest checkpoint that the writer of the folder holds of it. */
static enum error answer_shown(const struct folder *f, struct response *r, struct diag *d) {
    response_start(r, 200, TYPE_TEXT);
    if (f->of_reader) {
        buf_bytes(&r->body, f->note);
        return OK;
    }
    return read_file(f, "shown", CHECKPOINT_MAX_BYTES, &r->body, d);
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
    return read_file(f, path, r->body.max, &r->body, d);
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
