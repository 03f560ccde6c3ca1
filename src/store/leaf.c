/* Records: reading leaves, the complete subtrees over them, and what their entries name; taking off, and mending. */
#include "store/leaf.h"
#include "record/entry.h"
#include "store/mend.h"
#include "store/rows.h"

enum error store_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) {
    sql_lock(s);
    enum error result = sql_number(s, size, d, "SELECT size FROM record WHERE id = ?", "i", record);
    sql_unlock(s);
    return result;
}

static enum error read_hash(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    const struct store_tree *t = state;
    sql_lock(t->store);
    enum error result = hash_row(t->store, t->record, level, index, out, d);
    sql_unlock(t->store);
    return result;
}

/* Those of them that stand in one tile, where `from` lies in a full one: how many; 0: they are kept singly. */
static enum error read_tile(struct store *s, int64_t record, unsigned level, uint64_t from, uint64_t count,
                            struct buf *out, uint64_t *got, struct diag *d) {
    struct sha256 tile[TILE_WIDTH];
    *got = 0;
    if (level % TILE_HEIGHT) return OK;
    enum error result = hash_tile(s, record, level, from / TILE_WIDTH, tile, d);
    if (result) return result == ERR_MISSING ? OK : result;
    const uint64_t left = TILE_WIDTH - from % TILE_WIDTH;
    *got = left < count ? left : count;
    buf_bytes(out, bytes_of(tile + from % TILE_WIDTH, (size_t)*got * sizeof *tile));
    return OK;
}

static enum error read_hashes(struct store *s, int64_t record, unsigned level, uint64_t from, uint64_t count,
                              struct buf *out, struct diag *d) {
    enum error result = OK;
    while (count && !result) {
        uint64_t got;
        result = read_tile(s, record, level, from, count, out, &got, d);
        for (bool single = !got; single && count && !result; single = from % TILE_WIDTH) {
            struct sha256 hash;
            result = hash_row(s, record, level, from, &hash, d);
            if (!result) buf_bytes(out, sha256_bytes(&hash));
            from++;
            count--;
        }
        from += got;
        count -= got;
    }
    return result ? result : buf_check(out, d);
}

enum error store_hashes(struct store *s, int64_t record, unsigned level, uint64_t from, uint64_t count, struct buf *out,
                        struct diag *d) {
    sql_lock(s);
    enum error result = read_hashes(s, record, level, from, count, out, d);
    sql_unlock(s);
    return result;
}

struct tree_reader store_tree_reader(struct store_tree *t) {
    return (struct tree_reader){read_hash, t};
}

enum error store_root(struct store *s, int64_t record, uint64_t size, struct sha256 *root, struct diag *d) {
    struct store_tree tree = {s, record};
    struct tree_reader reader = store_tree_reader(&tree);
    sql_lock(s);
    enum error result = tree_root(&reader, size, root, d);
    sql_unlock(s);
    return result;
}

/* ---- taking off */

static enum error cut_leaves(struct store *s, int64_t record, uint64_t size, struct diag *d) {
    uint64_t signed_size, held = 0;
    enum error result = store_intended_size(s, record, &signed_size, d);
    if (!result && signed_size > size)
        result = fail(d, ERR_CONFLICT,
                      _n("the first %llu entry is signed", "the first %llu entries are signed", signed_size),
                      (unsigned long long)signed_size);
    if (!result) result = store_size(s, record, &held, d);
    if (result || held <= size) return result;
    static const char *const removals[] = {"DELETE FROM named WHERE record = ? AND place >= ?",
                                           "DELETE FROM erased WHERE record = ? AND place >= ?",
                                           "DELETE FROM card WHERE record = ? AND place >= ?",
                                           "UPDATE receipt SET recorded = NULL WHERE record = ? AND recorded >= ?"};
    result = entry_rows_cut(s, record, size, d);
    if (!result) result = hash_rows_cut(s, record, size, d);
    for (size_t i = 0; i < COUNT(removals) && !result; i++) result = sql_run(s, d, removals[i], "iu", record, size);
    if (!result) result = sql_run(s, d, "UPDATE record SET size = ? WHERE id = ?", "ui", size, record);
    return result;
}

enum error store_cut_leaves(struct store *s, int64_t record, uint64_t size, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    return store_end(s, cut_leaves(s, record, size, d), d);
}

/* ---- mending */

enum error store_mend_leaf(struct store *s, int64_t record, uint64_t index, struct bytes leaf, struct diag *d) {
    if (leaf.size > ENTRY_MAX_BYTES) return fail(d, ERR_LIMIT, _("an entry of %zu bytes"), leaf.size);
    enum error result = store_begin(s, d);
    if (result) return result;
    result = entry_rows_open(s, record, index, d);
    if (!result)
        result = sql_run(s, d, "INSERT OR REPLACE INTO leaf(record, place, bytes) VALUES(?, ?, ?)", "iub", record,
                         index, leaf);
    return store_end(s, result, d);
}

static enum error drop_beside(struct store *s, int64_t record, struct diag *d) {
    static const char *const removals[] = {
        "DELETE FROM node WHERE record = ?", "DELETE FROM tile WHERE record = ?", "DELETE FROM named WHERE record = ?",
        "DELETE FROM erased WHERE record = ?",
        "UPDATE receipt SET recorded = NULL WHERE record = ? AND recorded IS NOT NULL"};
    enum error result = OK;
    for (size_t i = 0; i < COUNT(removals) && !result; i++) result = sql_run(s, d, removals[i], "i", record);
    return result;
}

/* In steps: nothing is written while a query reads. */
static enum error note_all(const struct leaf_run *r, uint64_t *size, uint64_t *bytes, struct diag *d) {
    enum { STEP_COUNT = 4096, STEP_BYTES = 8 << 20 };
    enum error result = OK;
    size_t got = 1;
    while (got && !result) {
        struct arena a = {0};
        struct bytes *leaves;
        result = store_leaves(r->store, r->record, *size, STEP_COUNT, STEP_BYTES, &a, &leaves, &got, d);
        if (!result) result = leaf_note(r, *size, leaves, NULL, got, d);
        for (size_t i = 0; i < (result ? 0 : got); i++) *bytes += leaves[i].size;
        if (!result) *size += got;
        arena_free(&a);
    }
    return result;
}

static enum error mend_beside(const struct leaf_run *r, struct diag *d) {
    struct store *s = r->store;
    uint64_t size = 0, bytes = 0, there, last;
    static const char count_all[] = "SELECT (SELECT count(*) FROM leaf WHERE record = ?1) +"
                                    " 256 * (SELECT count(*) FROM bundle WHERE record = ?1)";
    static const char find_last[] = "SELECT max((SELECT coalesce(max(place) + 1, 0) FROM leaf WHERE record = ?1),"
                                    " (SELECT coalesce(max(place) + 256, 0) FROM bundle WHERE record = ?1))";
    enum error result = entry_rows_settle(s, r->record, d);
    if (!result) result = sql_number(s, &there, d, count_all, "i", r->record);
    if (!result) result = sql_number(s, &last, d, find_last, "i", r->record);
    if (!result && there != last) result = fail(d, ERR_MISSING, _("entries of the record are missing"));
    if (!result) result = drop_beside(s, r->record, d);
    if (!result) result = note_all(r, &size, &bytes, d);
    return result ? result
                  : sql_run(s, d, "UPDATE record SET size = ?, bytes = ? WHERE id = ?", "uui", size, bytes, r->record);
}

enum error store_mend_beside(struct store *s, int64_t record, struct diag *d) {
    struct arena a = {0};
    struct leaf_run r;
    enum error result = store_begin(s, d);
    if (result) return result;
    result = leaf_look(s, record, &a, &r, d);
    if (!result) result = mend_beside(&r, d);
    arena_free(&a);
    return store_end(s, result, d);
}

/* ---- reading */

static enum error read_leaves(struct entry_rows *rows, uint64_t from, uint64_t max, uint64_t max_bytes, struct arena *a,
                              struct bytes **leaves, size_t *got, struct diag *d) {
    struct bytes *list = NULL, leaf;
    size_t room = 0, count = 0;
    uint64_t sum = 0, place;
    bool more = true;
    enum error result = OK;
    while (count < max && !(result = entry_rows_next(rows, &more, &place, &leaf, d)) && more) {
        if (place != from + count || (count && sum + leaf.size > max_bytes)) break;
        list = arena_grow(a, list, count, &room, sizeof *list);
        list[count++] = arena_bytes(a, leaf);
        sum += leaf.size;
    }
    if (result) return result;
    if (more) entry_rows_stop(rows);
    *leaves = list;
    *got = count;
    return OK;
}

enum error store_leaves(struct store *s, int64_t record, uint64_t from, uint64_t count, uint64_t max_bytes,
                        struct arena *a, struct bytes **leaves, size_t *got, struct diag *d) {
    struct entry_rows rows;
    sql_lock(s);
    enum error result = entry_rows_start(s, &rows, record, from, d);
    if (!result) result = read_leaves(&rows, from, count, max_bytes, a, leaves, got, d);
    sql_unlock(s);
    return result;
}

static enum error make_bundle(struct store *s, int64_t record, uint64_t from, unsigned width, struct buf *out,
                              struct diag *d) {
    struct entry_rows rows;
    struct bytes leaf;
    uint64_t place;
    bool more;
    enum error result = entry_rows_start(s, &rows, record, from, d);
    if (result) return result;
    for (unsigned i = 0; i < width && !result; i++) {
        result = entry_rows_next(&rows, &more, &place, &leaf, d);
        if (result) return result;
        if (!more) return fail(d, ERR_MISSING, _("not in the store"));
        result = place == from + i ? bundle_add(out, leaf, d) : fail(d, ERR_MISSING, _("not in the store"));
    }
    entry_rows_stop(&rows);
    return result;
}

enum error store_bundle(struct store *s, int64_t record, uint64_t block, unsigned width, struct buf *out,
                        struct diag *d) {
    sql_lock(s);
    enum error result = width == TILE_WIDTH ? entry_rows_bundle(s, record, block * TILE_WIDTH, out, d) : ERR_MISSING;
    if (result == ERR_MISSING) result = make_bundle(s, record, block * TILE_WIDTH, width, out, d);
    sql_unlock(s);
    return result ? result : buf_check(out, d);
}

static enum error number(struct store *s, uint64_t *out, struct diag *d, const char *sql, int64_t record,
                         uint64_t size) {
    sql_lock(s);
    enum error result = sql_number(s, out, d, sql, "iu", record, size);
    sql_unlock(s);
    return result;
}

enum error store_size_with_blob(struct store *s, int64_t record, uint64_t size, uint64_t *out, struct diag *d) {
    return number(s, out, d, "SELECT max(place) + 1 FROM named WHERE record = ? AND place < ?", record, size);
}

enum error store_next_with_blob(struct store *s, int64_t record, uint64_t from, uint64_t *out, struct diag *d) {
    return number(s, out, d, "SELECT coalesce(min(place), -1) FROM named WHERE record = ? AND place >= ?", record,
                  from);
}

enum error store_size_with_erase(struct store *s, int64_t record, uint64_t size, uint64_t *out, struct diag *d) {
    return number(s, out, d, "SELECT max(place) + 1 FROM erased WHERE record = ? AND place < ?", record, size);
}

/* ---- blobs that entries name */

/* An erasure is true where an earlier entry names the blob as an attachment, that is after its message: the last one
 * of the blob is, or none.  Two look-ups by index, however often a hostile record names and erases one blob. */
#define TRULY_ERASED                                                                                                   \
    "coalesce((SELECT max(e.place) FROM erased e WHERE e.record = n.record AND e.sha = n.sha AND e.place < ?3)"        \
    " > max(n.place, (SELECT min(m.place) FROM named m WHERE m.record = n.record AND m.sha = n.sha AND m.part > 0)),"  \
    " 0)"

/* By an entry of either record of the channel that none of its record truly erases after it: a blob is one for both
 * sides, and whoever names and erases what the other side attached takes nothing away from it. */
#define STILL_NAMED                                                                                                    \
    "EXISTS(SELECT 1 FROM record q WHERE q.channel = r.channel AND ("                                                  \
    "(SELECT max(o.place) FROM named o WHERE o.record = q.id AND o.sha = n.sha)"                                       \
    " >= coalesce((SELECT max(e.place) FROM erased e WHERE e.record = q.id AND e.sha = n.sha), -1)"                    \
    " OR EXISTS(SELECT 1 FROM named o WHERE o.record = q.id AND o.sha = n.sha)"                                        \
    " AND NOT EXISTS(SELECT 1 FROM named m WHERE m.record = q.id AND m.sha = n.sha AND m.part > 0)))"

static enum error read_wanted(struct query *q, struct arena *a, struct wanted_blob **out, size_t *count,
                              struct diag *d) {
    struct wanted_blob *list = NULL;
    size_t room = 0, got = 0;
    bool row = true;
    enum error result = OK;
    while (!(result = sql_next(q, &row, d)) && row) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got].index = sql_u64(q, 0);
        list[got].size = sql_u64(q, 2);
        result = sql_sha(q, 1, &list[got++].sha, d);
        if (result) {
            sql_stop(q);
            return result;
        }
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

enum error store_missing_blobs(struct store *s, int64_t record, uint64_t from, uint64_t to, struct arena *a,
                               struct wanted_blob **out, size_t *count, struct diag *d) {
    return store_missing_some_blobs(s, record, from, to, to, a, out, count, d);
}

enum error store_missing_some_blobs(struct store *s, int64_t record, uint64_t from, uint64_t end, uint64_t to,
                                    struct arena *a, struct wanted_blob **out, size_t *count, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result =
        sql_start(s, &q, d,
                  "SELECT n.place, n.sha, n.size FROM named n JOIN record r ON r.id = n.record"
                  " WHERE n.record = ?1 AND n.place >= ?2 AND n.place < ?5"
                  " AND NOT EXISTS(SELECT 1 FROM blob b WHERE b.channel = r.channel AND b.sha = n.sha AND b.state = ?4)"
                  " AND NOT " TRULY_ERASED " ORDER BY n.place, n.part",
                  "iuuiu", record, from, to, (int64_t)BLOB_HELD, end);
    if (!result) result = read_wanted(&q, a, out, count, d);
    sql_unlock(s);
    return result;
}

enum error store_named_blobs(struct store *s, int64_t record, uint64_t from, uint64_t to, struct arena *a,
                             struct wanted_blob **out, size_t *count, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_start(s, &q, d,
                                  "SELECT n.place, n.sha, n.size FROM named n WHERE n.record = ?1 AND n.place >= ?2"
                                  " AND n.place < ?3 AND NOT " TRULY_ERASED " ORDER BY n.place, n.part",
                                  "iuu", record, from, to);
    if (!result) result = read_wanted(&q, a, out, count, d);
    sql_unlock(s);
    return result;
}

enum error store_erased_blobs(struct store *s, int64_t record, struct arena *a, struct wanted_blob **out, size_t *count,
                              struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result =
        sql_start(s, &q, d,
                  "SELECT n.place, n.sha, n.size FROM (SELECT record, min(place) AS place, sha, size FROM named"
                  " WHERE record = ?1 AND part > 0 GROUP BY sha) n JOIN record r ON r.id = n.record"
                  " JOIN blob b ON b.channel = r.channel AND b.sha = n.sha WHERE b.state = ?2"
                  " AND " TRULY_ERASED " AND NOT " STILL_NAMED " ORDER BY n.place",
                  "iiu", record, (int64_t)BLOB_HELD, (uint64_t)INT64_MAX);
    if (!result) result = read_wanted(&q, a, out, count, d);
    sql_unlock(s);
    return result;
}

enum error store_is_attachment(struct store *s, int64_t record, struct sha256 sha, uint64_t to, bool *out,
                               struct diag *d) {
    uint64_t found = 0;
    sql_lock(s);
    enum error result = sql_number(
        s, &found, d, "SELECT EXISTS(SELECT 1 FROM named WHERE record = ? AND sha = ? AND part > 0 AND place < ?)",
        "ihu", record, &sha, to);
    sql_unlock(s);
    if (!result) *out = found != 0;
    return result;
}
