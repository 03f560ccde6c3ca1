/* Reading a tree, and entries, from the tiles that the other side serves. */
#include <stdio.h>
#include <string.h>

#include "sync/step.h"

static enum error fetch_tile(struct remote_tree *t, const struct tile *tile, uint8_t *out, struct diag *d) {
    char path[TILE_PATH_MAX];
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    tile_path_write(tile, path);
    struct asked q = {.method = "GET", .side = (int)t->side, .what = path};
    enum error result = exchange_call(t->exchange, &q, &r, d);
    if (!result && (r.status != 200 || r.body.size != (size_t)tile->width * SHA256_SIZE))
        result = exchange_refused(&r, _("fetching a tile"), d);
    if (!result) memcpy(out, r.body.at, r.body.size);
    response_free(&r);
    return result;
}

/* The hashes of a tile, kept until REMOTE_TILES_KEPT others were fetched. */
static enum error tile_hashes(struct remote_tree *t, const struct tile *tile, const uint8_t **out, struct diag *d) {
    size_t kept = t->count < REMOTE_TILES_KEPT ? t->count : REMOTE_TILES_KEPT;
    for (size_t i = 0; i < kept; i++) {
        const struct tile *at = &t->kept[i].at;
        if (at->level != tile->level || at->index != tile->index || at->width != tile->width) continue;
        *out = t->kept[i].hashes;
        return OK;
    }
    size_t place = t->count % REMOTE_TILES_KEPT;
    enum error result = fetch_tile(t, tile, t->kept[place].hashes, d);
    if (result) return result;
    t->kept[place].at = *tile;
    t->count++;
    *out = t->kept[place].hashes;
    return OK;
}

static enum error remote_hash(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    struct remote_tree *t = state;
    unsigned inner = level % TILE_HEIGHT;
    uint64_t first = index << inner, count = (uint64_t)1 << inner;
    struct tile tile = {.level = level / TILE_HEIGHT, .index = first / TILE_WIDTH};
    const uint8_t *hashes;
    tile.width = tile_width(t->size, tile.level, tile.index);
    if (first % TILE_WIDTH + count > tile.width) return fail(d, ERR_INPUT, _("a hash beyond the end of the tree"));
    enum error result = tile_hashes(t, &tile, &hashes, d);
    if (result) return result;
    struct tree subtree = {0};
    for (uint64_t i = 0; i < count; i++) {
        struct sha256 hash;
        memcpy(hash.at, hashes + (first % TILE_WIDTH + i) * SHA256_SIZE, SHA256_SIZE);
        tree_add(&subtree, hash);
    }
    *out = tree_root_at(&subtree, count);
    tree_free(&subtree);
    return OK;
}

struct tree_reader remote_tree_reader(struct remote_tree *t) {
    return (struct tree_reader){remote_hash, t};
}

enum error exchange_fetch_bundle(struct exchange *x, enum side side, uint64_t size, uint64_t from, uint64_t to,
                                 struct bytes *entries, struct diag *d) {
    char path[TILE_PATH_MAX];
    struct tile tile = {.entries = true, .index = from / TILE_WIDTH};
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    tile.width = tile_width(size, 0, tile.index);
    ASSERT(from < to && to <= tile.index * TILE_WIDTH + tile.width);
    tile_path_write(&tile, path);
    struct asked q = {.method = "GET", .side = (int)side, .what = path};
    enum error result = exchange_call(x, &q, &r, d);
    if (!result && r.status != 200) result = exchange_refused(&r, _("fetching entries"), d);
    struct bytes bundle = result ? bytes_of(NULL, 0) : arena_bytes(&x->arena, buf_as_bytes(&r.body)), entry;
    for (uint64_t i = tile.index * TILE_WIDTH; i < to && !result; i++) {
        if (!bundle_next(&bundle, &entry))
            result = fail(d, ERR_NETWORK, _("the other side sent a bundle that is cut off"));
        if (!result && i >= from) entries[i - from] = entry;
    }
    response_free(&r);
    return result;
}
