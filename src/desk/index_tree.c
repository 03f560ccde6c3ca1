#include "desk/index_tree.h"

enum { TILE_BITS = 8, TILE_HASHES = 1 << TILE_BITS };

struct hash_tile {
    uint8_t place[8]; /* its name in the map */
    uint64_t number;
    size_t count;
    bool changed;
    struct sha256 at[TILE_HASHES];
};

static enum error read_tile(struct index_tree *t, struct hash_tile *tile, struct diag *d) {
    struct buf plain = {.max = sizeof tile->at};
    enum error result = rows_get(t->rows, tile->number, &plain, d);
    if (!result && plain.size % SHA256_SIZE) result = fail(d, ERR_INPUT, _("the index is damaged"));
    if (!result) memcpy(tile->at, plain.at, plain.size);
    tile->count = plain.size / SHA256_SIZE;
    buf_free(&plain);
    return result == ERR_MISSING ? OK : result;
}

static enum error tile_at(struct index_tree *t, unsigned level, uint64_t index, struct hash_tile **out,
                          struct diag *d) {
    uint64_t number = row_number(ROW_TILE, (uint64_t)t->slot << 48 | (uint64_t)level << 44 | index);
    uint8_t place[8];
    memcpy(place, &number, sizeof place);
    *out = map_get(&t->tiles, text_from_bytes(bytes_of(place, sizeof place)));
    if (*out) return OK;
    struct hash_tile *tile = ARENA_NEW(t->arena, struct hash_tile);
    memcpy(tile->place, place, sizeof place);
    tile->number = number;
    enum error result = read_tile(t, tile, d);
    if (result) return result;
    *map_put(&t->tiles, text_from_bytes(bytes_of(tile->place, sizeof tile->place))) = tile;
    *out = tile;
    return OK;
}

static enum error stored_hash(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    struct index_tree *t = state;
    struct hash_tile *tile;
    unsigned within = level % TILE_BITS;
    uint64_t first = index << within;
    enum error result = tile_at(t, level / TILE_BITS, first / TILE_HASHES, &tile, d);
    if (result) return result;
    size_t from = (size_t)(first % TILE_HASHES), count = (size_t)1 << within;
    if (from + count > tile->count) return fail(d, ERR_INPUT, _("the index is damaged"));
    *out = tree_fold(tile->at + from, count);
    return OK;
}

struct tree_reader index_tree_reader(struct index_tree *t) {
    return (struct tree_reader){stored_hash, t};
}

enum error index_tree_leaf(struct index_tree *t, uint64_t index, struct sha256 *out, struct diag *d) {
    if (index >= t->size) return fail(d, ERR_MISSING, _("not in the index"));
    return stored_hash(t, 0, index, out, d);
}

enum error index_tree_add(struct index_tree *t, struct sha256 leaf_hash, struct diag *d) {
    struct sha256 hash = leaf_hash;
    uint64_t index = t->size;
    for (unsigned level = 0;; level++) {
        struct hash_tile *tile;
        enum error result = tile_at(t, level, index / TILE_HASHES, &tile, d);
        if (result) return result;
        if (tile->count != index % TILE_HASHES) return fail(d, ERR_INPUT, _("the index is damaged"));
        tile->at[tile->count++] = hash;
        tile->changed = true;
        if (tile->count < TILE_HASHES) break;
        hash = tree_fold(tile->at, TILE_HASHES);
        index /= TILE_HASHES;
    }
    t->size++;
    return OK;
}

enum error index_tree_put(struct index_tree *t, struct diag *d) {
    void **tiles = ARENA_ARRAY(t->arena, void *, t->tiles.count);
    enum error result = OK;
    map_list(&t->tiles, NULL, tiles);
    for (size_t i = 0; i < t->tiles.count && !result; i++) {
        struct hash_tile *tile = tiles[i];
        if (tile->changed) result = rows_put(t->rows, tile->number, bytes_of(tile->at, tile->count * SHA256_SIZE), d);
        tile->changed = false;
    }
    return result;
}
