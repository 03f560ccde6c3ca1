/* Checking a record in a folder against the root of its checkpoint, a tile at a time: the entries of a bundle against
 * the hashes of their tile, each full tile against its hash in the tile above, and the root against what is left. */
#include <string.h>

#include "sync/folder.h"
#include "tlog/tile.h"

struct checking {
    const struct folder *folder;
    struct buf kept; /* the tile that was read last */
    char name[TILE_PATH_MAX];
};

/* The hashes of a tile; they last until the next call. */
static enum error hashes_of(struct checking *c, const struct tile *t, const uint8_t **out, struct diag *d) {
    char name[TILE_PATH_MAX];
    tile_path_write(t, name);
    if (strcmp(name, c->name) != 0) {
        c->name[0] = 0;
        buf_clear(&c->kept);
        enum error result = folder_file(c->folder, name, TILE_WIDTH * SHA256_SIZE, &c->kept, d);
        if (result) return result;
        if (c->kept.size != (size_t)t->width * SHA256_SIZE)
            return fail(d, ERR_PROOF, _("%s does not hold the hashes of the entries"), name);
        strcpy(c->name, name);
    }
    *out = c->kept.at;
    return OK;
}

/* ---- bundles */

static enum error hash_entries(const struct tile *t, const char *name, struct bytes rest, struct sha256 *hashes,
                               struct diag *d) {
    for (unsigned i = 0; i < t->width; i++) {
        struct bytes entry;
        if (!bundle_next(&rest, &entry))
            return fail(d, ERR_PROOF, _("%s is cut off in entry %llu"), name,
                        (unsigned long long)(t->index * TILE_WIDTH + i));
        hashes[i] = tree_leaf_hash(entry);
    }
    return rest.size ? fail(d, ERR_PROOF, _("%s goes on after its last entry"), name) : OK;
}

static enum error check_bundle(struct checking *c, const struct tile *t, const char *name, struct diag *d) {
    struct buf file = {.max = BUNDLE_MAX_BYTES};
    struct sha256 due[TILE_WIDTH];
    struct tile of_hashes = {.index = t->index, .width = t->width};
    const uint8_t *found = NULL;
    char at[TILE_PATH_MAX];
    enum error result = folder_file(c->folder, name, BUNDLE_MAX_BYTES, &file, d);
    if (!result) result = hash_entries(t, name, buf_as_bytes(&file), due, d);
    if (!result) result = hashes_of(c, &of_hashes, &found, d);
    tile_path_write(&of_hashes, at);
    for (unsigned i = 0; i < t->width && !result; i++)
        if (memcmp(found + (size_t)i * SHA256_SIZE, due[i].at, SHA256_SIZE) != 0)
            result = fail(d, ERR_PROOF, _("entry %llu is not the one whose hash %s gives"),
                          (unsigned long long)(t->index * TILE_WIDTH + i), at);
    buf_free(&file);
    return result;
}

/* ---- hashes */

static enum error check_hashes(struct checking *c, const struct tile *t, struct diag *d) {
    struct sha256 hashes[TILE_WIDTH];
    const uint8_t *found;
    char name[TILE_PATH_MAX];
    struct tile above = {.level = t->level + 1, .index = t->index / TILE_WIDTH};
    enum error result = hashes_of(c, t, &found, d);
    if (result || t->width < TILE_WIDTH) return result; /* the root is made of what is not full */
    memcpy(hashes, found, sizeof hashes);
    struct sha256 due = tree_fold(hashes, TILE_WIDTH);
    above.width = tile_width(c->folder->at.size, above.level, above.index);
    result = hashes_of(c, &above, &found, d);
    if (result || !memcmp(found + t->index % TILE_WIDTH * SHA256_SIZE, due.at, SHA256_SIZE)) return result;
    tile_path_write(&above, name);
    return fail(d, ERR_PROOF, _("%s does not hold the hashes of the entries"), name);
}

static enum error check_tile(void *state, const struct tile *t, struct diag *d) {
    struct checking *c = state;
    char name[TILE_PATH_MAX];
    if (tile_is_before(t, c->folder->from)) return OK;
    tile_path_write(t, name);
    return t->entries ? check_bundle(c, t, name, d) : check_hashes(c, t, d);
}

/* ---- the root */

static enum error get_tile(void *state, const struct tile *t, struct bytes *content, struct diag *d) {
    struct checking *c = state;
    const uint8_t *hashes;
    enum error result = hashes_of(c, t, &hashes, d);
    if (!result) *content = buf_as_bytes(&c->kept);
    return result;
}

static enum error check_root(struct checking *c, struct diag *d) {
    struct tile_source source = {.get = get_tile, .state = c, .size = c->folder->at.size};
    struct tree_reader reader = tile_reader(&source);
    struct sha256 root;
    enum error result = tree_root(&reader, c->folder->at.size, &root, d);
    return result || sha256_equal(root, c->folder->at.root)
               ? result
               : fail(d, ERR_PROOF, _("the root that the checkpoint states is not that of the entries"));
}

enum error folder_check(const struct folder *f, struct diag *d) {
    struct checking c = {.folder = f, .kept = {.max = TILE_WIDTH * SHA256_SIZE}};
    if (!f->note.size) return OK;
    enum error result = tile_each(f->at.size, check_tile, &c, d);
    if (!result) result = check_root(&c, d);
    buf_free(&c.kept);
    return result;
}
