#include "sync/folder_part.h"

#include <string.h>

#include "sync/folder.h"
#include "tlog/equivocation.h"
#include "tlog/tile.h"

struct half {
    struct folder folder;
    struct buf tile; /* read last */
    struct tile_source source;
    struct tree_reader reader;
    bool open;
};

static enum error get_tile(void *state, const struct tile *t, struct bytes *content, struct diag *d) {
    struct half *h = state;
    char name[TILE_PATH_MAX];
    tile_path_write(t, name);
    buf_clear(&h->tile);
    enum error result = folder_file(&h->folder, name, TILE_WIDTH * SHA256_SIZE, &h->tile, d);
    if (!result) *content = buf_as_bytes(&h->tile);
    return result;
}

static enum error open_half(const char *path, const struct vkey *logs, size_t count, struct arena *a, struct half *h,
                            struct signed_checkpoint *out, struct diag *d) {
    *h = (struct half){.tile = {.max = TILE_WIDTH * SHA256_SIZE}};
    enum error result = folder_open(path, &h->folder, d);
    if (result) return result;
    h->open = true;
    h->source = (struct tile_source){.get = get_tile, .state = h, .size = h->folder.at.size};
    h->reader = tile_reader(&h->source);
    if (!h->folder.note.size) return fail(d, ERR_MISSING, _("the folder holds no %s"), "checkpoint");
    return checkpoint_open(arena_bytes(a, h->folder.note), logs[0].name, logs, count, a, out, d);
}

static void close_half(struct half *h) {
    if (h->open) folder_close(&h->folder);
    buf_free(&h->tile);
}

/* The entry whose hash the tree has; a bundle that is not there, or is of another tree, tells nothing. */
static struct bytes entry_at(struct half *h, uint64_t index, struct sha256 leaf, struct arena *a) {
    char name[TILE_PATH_MAX];
    struct tile t = {.entries = true, .index = index / TILE_WIDTH};
    struct buf file = {.max = BUNDLE_MAX_BYTES};
    struct bytes entry = {NULL, 0}, found = {NULL, 0};
    t.width = tile_width(h->folder.at.size, 0, t.index);
    tile_path_write(&t, name);
    bool there = folder_file(&h->folder, name, BUNDLE_MAX_BYTES, &file, NULL) == OK;
    struct bytes rest = buf_as_bytes(&file);
    for (uint64_t i = 0; there && i <= index % TILE_WIDTH; i++) there = bundle_next(&rest, &entry);
    if (there && sha256_equal(tree_leaf_hash(entry), leaf)) found = arena_bytes(a, entry);
    buf_free(&file);
    return found;
}

static void prove(struct half halves[2], const struct vkey *logs, size_t count, struct arena *a,
                  struct folder_parting *out) {
    size_t small = out->of[1].at.size < out->of[0].at.size;
    struct equivocation e;
    struct equivocated proved;
    struct buf text = {.max = EQUIVOCATION_MAX_BYTES};
    if (equivocation_make(&halves[!small].reader, &out->of[small], &out->of[!small], &e, NULL) == OK &&
        equivocation_verify(&e, logs[0].name, logs, count, a, &proved, NULL) == OK) {
        equivocation_write(&e, &text);
        out->proof = arena_text(a, buf_as_text(&text));
    }
    buf_free(&text);
}

static enum error part(struct half halves[2], const struct vkey *logs, size_t count, struct arena *a,
                       struct folder_parting *out, struct diag *d) {
    uint64_t sizes[2] = {out->of[0].at.size, out->of[1].at.size};
    uint64_t front = sizes[0] < sizes[1] ? sizes[0] : sizes[1];
    enum error result = OK;
    for (size_t i = 0; i < 2 && !result; i++) {
        result = tree_stands(&halves[i].reader, front, sizes[i], out->of[i].at.root, d);
        if (result) diag_where(d, halves[i].folder.path);
    }
    if (!result) result = tree_parting(&halves[0].reader, sizes[0], &halves[1].reader, sizes[1], &out->at, d);
    if (result || !out->at.parts) return result;
    for (size_t i = 0; i < 2; i++) out->entries[i] = entry_at(&halves[i], out->at.index, out->at.leaves[i], a);
    prove(halves, logs, count, a, out);
    return OK;
}

enum error folder_part(const char *const paths[static 2], const struct vkey *logs, size_t count, struct arena *a,
                       struct folder_parting *out, struct diag *d) {
    struct half halves[2] = {{.open = false}, {.open = false}};
    struct folder_parting found = {.proof = {NULL, 0}};
    enum error result = OK;
    ASSERT(count > 0);
    for (size_t i = 0; i < 2 && !result; i++) {
        result = open_half(paths[i], logs, count, a, &halves[i], &found.of[i], d);
        if (result) diag_where(d, paths[i]);
    }
    if (!result) result = part(halves, logs, count, a, &found, d);
    for (size_t i = 0; i < 2; i++) close_half(&halves[i]);
    if (!result) *out = found;
    return result;
}
