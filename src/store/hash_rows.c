/* Hashes in rows: tiles, and single ones where no tile is full yet. */
#include <string.h>

#include "store/rows.h"

/* ---- reading */

enum error hash_tile(struct store *s, int64_t record, unsigned level, uint64_t place, struct sha256 out[TILE_WIDTH],
                     struct diag *d) {
    struct query q;
    enum error result = sql_first(s, &q, d, "SELECT hashes FROM tile WHERE record = ? AND level = ? AND place = ?",
                                  "iiu", record, (int64_t)level, place);
    if (result) return result;
    const struct bytes hashes = sql_bytes(&q, 0);
    if (hashes.size == TILE_WIDTH * sizeof *out)
        memcpy(out, hashes.at, hashes.size);
    else
        result = fail(d, ERR_INPUT, _("the store is damaged: a tile of %zu bytes"), hashes.size);
    sql_stop(&q);
    return result;
}

static enum error single(struct store *s, int64_t record, unsigned level, uint64_t place, struct sha256 *out,
                         struct diag *d) {
    struct query q;
    enum error result = sql_first(s, &q, d, "SELECT hash FROM node WHERE record = ? AND level = ? AND place = ?", "iiu",
                                  record, (int64_t)level, place);
    if (result) return result;
    result = sql_sha(&q, 0, out, d);
    sql_stop(&q);
    return result;
}

/* Single ones first: appending and roots ask for these. */
enum error hash_row(struct store *s, int64_t record, unsigned level, uint64_t place, struct sha256 *out,
                    struct diag *d) {
    const unsigned above = level % TILE_HEIGHT;
    struct sha256 tile[TILE_WIDTH];
    enum error result = single(s, record, level, place, out, d);
    if (result != ERR_MISSING) return result;
    result = hash_tile(s, record, level - above, place >> (TILE_HEIGHT - above), tile, d);
    if (!result) *out = tree_fold(tile + (place << above) % TILE_WIDTH, (size_t)1 << above);
    return result;
}

/* ---- writing */

static enum error add_singly(struct store *s, int64_t record, unsigned level, uint64_t from,
                             const struct sha256 *hashes, size_t count, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < count && !result; i++)
        result = sql_run(s, d, "INSERT INTO node(record, level, place, hash) VALUES(?, ?, ?, ?)", "iiuh", record,
                         (int64_t)level, from + i, &hashes[i]);
    return result;
}

/* Hashes that fill no tile, and the subtrees that they complete, level by level: what is read is one sibling to the
 * left at each. */
static enum error add_subtrees(struct store *s, int64_t record, unsigned level, uint64_t from,
                               const struct sha256 *hashes, size_t count, struct diag *d) {
    struct sha256 row[1 + TILE_WIDTH]; /* the first is the sibling's */
    memcpy(row + 1, hashes, count * sizeof *row);
    enum error result = OK;
    for (; count && !result; level++) {
        result = add_singly(s, record, level, from, row + 1, count, d);
        const bool joins = from % 2;
        if (!result && joins) result = single(s, record, level, from - 1, row, d);
        const size_t pairs = (count + joins) / 2;
        if (!result) tree_node_hashes(row + !joins, pairs, row + 1);
        count = pairs;
        from /= 2;
    }
    return result;
}

/* All that a full tile says. */
static enum error drop_singles(struct store *s, int64_t record, unsigned level, uint64_t tile, struct diag *d) {
    enum error result = OK;
    for (unsigned above = 0; above < TILE_HEIGHT && !result; above++)
        result = sql_run(s, d, "DELETE FROM node WHERE record = ? AND level = ? AND place >= ? AND place < ?", "iiuu",
                         record, (int64_t)(level + above), tile << (TILE_HEIGHT - above),
                         (tile + 1) << (TILE_HEIGHT - above));
    return result;
}

static enum error add_tile(struct store *s, int64_t record, unsigned level, uint64_t tile,
                           const struct sha256 hashes[TILE_WIDTH], struct diag *d) {
    return sql_run(s, d, "INSERT INTO tile(record, level, place, hashes) VALUES(?, ?, ?, ?)", "iiub", record,
                   (int64_t)level, tile, bytes_of(hashes, TILE_WIDTH * sizeof *hashes));
}

/* The hashes that fill a tile, those of it that are kept singly before them: gives the one above all. */
static enum error fill_tile(struct store *s, int64_t record, unsigned level, uint64_t from, const struct sha256 *hashes,
                            size_t count, struct sha256 *above, struct diag *d) {
    struct sha256 all[TILE_WIDTH];
    const size_t had = (size_t)(from % TILE_WIDTH);
    enum error result = OK;
    for (size_t i = 0; i < had && !result; i++) result = single(s, record, level, from - had + i, &all[i], d);
    memcpy(all + had, hashes, count * sizeof *all);
    if (!result && had) result = drop_singles(s, record, level, from / TILE_WIDTH, d);
    if (!result) result = add_tile(s, record, level, from / TILE_WIDTH, all, d);
    if (!result) *above = tree_fold(all, TILE_WIDTH);
    return result;
}

enum error hash_rows_add(struct store *s, int64_t record, uint64_t from, const struct sha256 *hashes, size_t count,
                         struct diag *d) {
    struct sha256 filled, above;
    enum error result = OK;
    unsigned level = 0;
    for (; !result && (from + count) % TILE_WIDTH == 0; level += TILE_HEIGHT) {
        result = fill_tile(s, record, level, from, hashes, count, &filled, d);
        above = filled;
        hashes = &above;
        count = 1;
        from /= TILE_WIDTH;
    }
    return result ? result : add_subtrees(s, record, level, from, hashes, count, d);
}

/* ---- taking off, and settling */

/* What is left of a tile that is full no more. */
static enum error open_tile(struct store *s, int64_t record, unsigned level, uint64_t tile, size_t left,
                            struct diag *d) {
    struct sha256 hashes[TILE_WIDTH];
    enum error result = hash_tile(s, record, level, tile, hashes, d);
    if (result) return result == ERR_MISSING ? OK : result;
    return add_subtrees(s, record, level, tile * TILE_WIDTH, hashes, left, d);
}

enum error hash_rows_cut(struct store *s, int64_t record, uint64_t size, struct diag *d) {
    enum error result =
        sql_run(s, d, "DELETE FROM node WHERE record = ? AND (place + 1) << level > ?", "iu", record, size);
    for (unsigned level = 0; level < TREE_LEVELS_MAX && size >> level && !result; level += TILE_HEIGHT) {
        const uint64_t hashes = size >> level;
        result = open_tile(s, record, level, hashes / TILE_WIDTH, (size_t)(hashes % TILE_WIDTH), d);
    }
    return result ? result
                  : sql_run(s, d, "DELETE FROM tile WHERE record = ? AND (place + 1) << (level + 8) > ?", "iu", record,
                            size);
}

static enum error settle_level(struct store *s, int64_t record, unsigned level, uint64_t tiles, struct diag *d) {
    enum error result = OK;
    for (uint64_t tile = 0; tile < tiles && !result; tile++) {
        struct sha256 hashes[TILE_WIDTH];
        for (size_t i = 0; i < TILE_WIDTH && !result; i++)
            result = single(s, record, level, tile * TILE_WIDTH + i, &hashes[i], d);
        if (!result) result = drop_singles(s, record, level, tile, d);
        if (!result) result = add_tile(s, record, level, tile, hashes, d);
        if (result == ERR_MISSING) result = OK; /* fsck tells it, and makes all of them anew */
    }
    return result;
}

enum error hash_rows_settle(struct store *s, int64_t record, struct diag *d) {
    uint64_t size;
    enum error result = sql_number(s, &size, d, "SELECT size FROM record WHERE id = ?", "i", record);
    for (unsigned level = 0; level < TREE_LEVELS_MAX - TILE_HEIGHT && !result && size >> level >> TILE_HEIGHT;
         level += TILE_HEIGHT)
        result = settle_level(s, record, level, size >> level >> TILE_HEIGHT, d);
    return result;
}
