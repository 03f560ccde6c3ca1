/* Entries in rows: bundles of whole blocks, and single ones. */
#include "store/rows.h"

static uint64_t block_of(uint64_t place) { return place - place % TILE_WIDTH; }

/* ---- reading */

enum error entry_rows_start(struct store *s, struct entry_rows *w, int64_t record, uint64_t from, struct diag *d) {
    *w = (struct entry_rows){.from = from};
    return sql_start(s, &w->query, d,
                     "SELECT place, bytes, 1 FROM bundle WHERE record = ?1 AND place >= ?2 UNION ALL"
                     " SELECT place, bytes, 0 FROM leaf WHERE record = ?1 AND place >= ?3 ORDER BY 1",
                     "iuu", record, block_of(from), from);
}

/* The next one of the bundle at hand. */
static bool next_of_bundle(struct entry_rows *w, uint64_t *place, struct bytes *at) {
    while (w->bundled) {
        w->bundled = w->place % TILE_WIDTH != TILE_WIDTH - 1;
        if (!bundle_next(&w->bundle, at)) {
            w->bundled = false;
            w->odd++;
            return false;
        }
        if (!w->bundled && w->bundle.size) w->odd++;
        *place = w->place++;
        if (*place >= w->from) return true;
    }
    return false;
}

enum error entry_rows_next(struct entry_rows *w, bool *more, uint64_t *place, struct bytes *at, struct diag *d) {
    *more = true;
    while (!next_of_bundle(w, place, at)) {
        enum error result = sql_next(&w->query, more, d);
        if (result || !*more) return result;
        *place = sql_u64(&w->query, 0);
        *at = sql_bytes(&w->query, 1);
        if (!sql_i64(&w->query, 2)) return OK;
        w->bundle = *at;
        w->place = *place;
        w->bundled = true;
    }
    return OK;
}

void entry_rows_stop(struct entry_rows *w) { sql_stop(&w->query); }

enum error entry_rows_bundle(struct store *s, int64_t record, uint64_t place, struct buf *out, struct diag *d) {
    struct query q;
    enum error result =
        sql_first(s, &q, d, "SELECT bytes FROM bundle WHERE record = ? AND place = ?", "iu", record, place);
    if (result) return result;
    buf_bytes(out, sql_bytes(&q, 0));
    sql_stop(&q);
    return OK;
}

/* ---- writing */

static enum error add_singly(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves, size_t count,
                             struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < count && !result; i++)
        result =
            sql_run(s, d, "INSERT INTO leaf(record, place, bytes) VALUES(?, ?, ?)", "iub", record, from + i, leaves[i]);
    return result;
}

static enum error add_bundle(struct store *s, int64_t record, uint64_t place, const struct bytes *leaves,
                             struct diag *d) {
    size_t bytes = 2 * TILE_WIDTH;
    for (size_t i = 0; i < TILE_WIDTH; i++) bytes += leaves[i].size;
    struct buf bundle = {.max = bytes};
    (void)buf_extend(&bundle, bytes); /* in one piece */
    buf_clear(&bundle);
    enum error result = OK;
    for (size_t i = 0; i < TILE_WIDTH && !result; i++) result = bundle_add(&bundle, leaves[i], d);
    if (!result) result = buf_check(&bundle, d);
    if (!result)
        result = sql_run(s, d, "INSERT INTO bundle(record, place, bytes) VALUES(?, ?, ?)", "iub", record, place,
                         buf_as_bytes(&bundle));
    buf_free(&bundle);
    return result;
}

static bool fits_a_row(const struct bytes *leaves) {
    size_t bytes = 0;
    for (size_t i = 0; i < TILE_WIDTH; i++) bytes += leaves[i].size;
    return bytes <= STORE_BUNDLE_MAX;
}

/* The block's single rows, in the arena: how many of them stand one after the other from its first on. */
static enum error read_block(struct store *s, int64_t record, uint64_t place, struct arena *a,
                             struct bytes out[TILE_WIDTH], size_t *count, struct diag *d) {
    struct query q;
    bool row = true;
    size_t bytes = 0;
    *count = 0;
    enum error result =
        sql_start(s, &q, d, "SELECT place, bytes FROM leaf WHERE record = ? AND place >= ? ORDER BY place LIMIT ?",
                  "iui", record, place, (int64_t)TILE_WIDTH);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        bytes += sql_bytes(&q, 1).size;
        if (bytes > STORE_BUNDLE_MAX || sql_u64(&q, 0) != place + *count) {
            sql_stop(&q);
            break;
        }
        out[(*count)++] = sql_copy(&q, 1, a);
    }
    return result;
}

static enum error bundle_block(struct store *s, int64_t record, uint64_t place, struct diag *d) {
    struct arena a = {0};
    struct bytes leaves[TILE_WIDTH];
    size_t count = 0;
    enum error result = read_block(s, record, place, &a, leaves, &count, d);
    if (!result && count == TILE_WIDTH) {
        result = sql_run(s, d, "DELETE FROM leaf WHERE record = ? AND place >= ? AND place < ?", "iuu", record, place,
                         place + TILE_WIDTH);
        if (!result) result = add_bundle(s, record, place, leaves, d);
    }
    arena_free(&a);
    return result;
}

enum error entry_rows_add(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves, size_t count,
                          struct diag *d) {
    if (count == TILE_WIDTH && fits_a_row(leaves)) return add_bundle(s, record, from, leaves, d);
    enum error result = add_singly(s, record, from, leaves, count, d);
    if (result || (from + count) % TILE_WIDTH) return result;
    return bundle_block(s, record, from + count - TILE_WIDTH, d);
}

static enum error take_apart(struct store *s, int64_t record, uint64_t place, struct bytes bundle, struct diag *d) {
    struct bytes leaves[TILE_WIDTH];
    size_t count = 0;
    while (count < TILE_WIDTH && bundle_next(&bundle, &leaves[count])) count++;
    enum error result = sql_run(s, d, "DELETE FROM bundle WHERE record = ? AND place = ?", "iu", record, place);
    return result ? result : add_singly(s, record, place, leaves, count, d);
}

enum error entry_rows_open(struct store *s, int64_t record, uint64_t place, struct diag *d) {
    struct buf bundle = {.max = SIZE_MAX / 2}; /* it may be damaged */
    enum error result = entry_rows_bundle(s, record, block_of(place), &bundle, d);
    if (!result) result = buf_check(&bundle, d);
    if (!result) result = take_apart(s, record, block_of(place), buf_as_bytes(&bundle), d);
    buf_free(&bundle);
    return result == ERR_MISSING ? OK : result;
}

enum error entry_rows_cut(struct store *s, int64_t record, uint64_t size, struct diag *d) {
    static const char count_bytes[] =
        "UPDATE record SET bytes = bytes"
        " - (SELECT coalesce(sum(length(bytes)), 0) FROM leaf WHERE record = ?1 AND place >= ?2)"
        " - (SELECT coalesce(sum(length(bytes) - 512), 0) FROM bundle WHERE record = ?1 AND place >= ?2) WHERE id = ?1";
    static const char *const steps[] = {count_bytes, "DELETE FROM leaf WHERE record = ? AND place >= ?",
                                        "DELETE FROM bundle WHERE record = ? AND place >= ?"};
    enum error result = size % TILE_WIDTH ? entry_rows_open(s, record, size, d) : OK;
    for (size_t i = 0; i < COUNT(steps) && !result; i++) result = sql_run(s, d, steps[i], "iu", record, size);
    return result;
}

/* ---- settling */

static bool is_whole(struct bytes bundle) {
    struct bytes entry;
    size_t count = 0;
    while (count < TILE_WIDTH && bundle_next(&bundle, &entry)) count++;
    return count == TILE_WIDTH && !bundle.size;
}

/* The place of the first bundle from `from` on that does not hold what it should. */
static enum error find_odd(struct store *s, int64_t record, uint64_t *from, bool *found, struct diag *d) {
    struct query q;
    enum error result =
        sql_start(s, &q, d, "SELECT place, bytes FROM bundle WHERE record = ? AND place >= ? ORDER BY place", "iu",
                  record, *from);
    *found = false;
    for (bool row = true; !result && !(result = sql_next(&q, &row, d)) && row;) {
        *from = sql_u64(&q, 0);
        *found = !is_whole(sql_bytes(&q, 1));
        if (!*found) continue;
        sql_stop(&q);
        break;
    }
    return result;
}

enum error entry_rows_settle(struct store *s, int64_t record, struct diag *d) {
    uint64_t place = 0;
    bool found = true;
    /* One that begins elsewhere than a block is no bundle of any: nobody could take it apart. */
    enum error result =
        sql_run(s, d, "DELETE FROM bundle WHERE record = ? AND (place < 0 OR place % 256 <> 0)", "i", record);
    if (!result) result = find_odd(s, record, &place, &found, d);
    while (!result && found) {
        result = entry_rows_open(s, record, place, d);
        if (!result) result = find_odd(s, record, &place, &found, d);
    }
    for (place = 0; !result;) {
        result = sql_number(s, &place, d, "SELECT coalesce(min(place), -1) FROM leaf WHERE record = ? AND place >= ?",
                            "iu", record, place);
        if (result || place == UINT64_MAX) break;
        result = bundle_block(s, record, block_of(place), d);
        place = block_of(place) + TILE_WIDTH;
    }
    return result;
}
