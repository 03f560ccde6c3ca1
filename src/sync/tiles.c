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
static enum error get_tile(void *state, const struct tile *tile, struct bytes *out, struct diag *d) {
    struct remote_tree *t = state;
    size_t size = (size_t)tile->width * SHA256_SIZE, kept = t->count < REMOTE_TILES_KEPT ? t->count : REMOTE_TILES_KEPT;
    for (size_t i = 0; i < kept; i++) {
        const struct tile *at = &t->kept[i].at;
        if (at->level != tile->level || at->index != tile->index || at->width != tile->width) continue;
        *out = bytes_of(t->kept[i].hashes, size);
        return OK;
    }
    size_t place = t->count % REMOTE_TILES_KEPT;
    enum error result = fetch_tile(t, tile, t->kept[place].hashes, d);
    if (result) return result;
    t->kept[place].at = *tile;
    t->count++;
    *out = bytes_of(t->kept[place].hashes, size);
    return OK;
}

struct tree_reader remote_tree_reader(struct remote_tree *t) {
    t->source = (struct tile_source){.get = get_tile, .state = t, .size = t->size};
    return tile_reader(&t->source);
}

enum error exchange_fetch_bundle(struct exchange *x, enum side side, uint64_t size, uint64_t from, uint64_t to,
                                 struct arena *a, struct bytes *entries, struct diag *d) {
    char path[TILE_PATH_MAX];
    struct tile tile = {.entries = true, .index = from / TILE_WIDTH};
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    tile.width = tile_width(size, 0, tile.index);
    ASSERT(from < to && to <= tile.index * TILE_WIDTH + tile.width);
    tile_path_write(&tile, path);
    struct asked q = {.method = "GET", .side = (int)side, .what = path};
    enum error result = exchange_call(x, &q, &r, d);
    if (!result && r.status != 200) result = exchange_refused(&r, _("fetching entries"), d);
    struct bytes bundle = result ? bytes_of(NULL, 0) : arena_bytes(a, buf_as_bytes(&r.body)), entry;
    for (uint64_t i = tile.index * TILE_WIDTH; i < to && !result; i++) {
        if (!bundle_next(&bundle, &entry))
            result = fail(d, ERR_NETWORK, _("the other side sent a bundle that is cut off"));
        if (!result && i >= from) entries[i - from] = entry;
    }
    response_free(&r);
    return result;
}
