/* Records: reading leaves, the complete subtrees over them, and what their entries name; taking off, and mending. */
#include "store/leaf.h"
#include "record/entry.h"
#include "store/mend.h"
#include "store/sql.h"

enum error store_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) {
    sql_lock(s);
    enum error result = sql_number(s, size, d, "SELECT size FROM record WHERE id = ?", "i", record);
    sql_unlock(s);
    return result;
}

static enum error read_hash(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    const struct store_tree *t = state;
    struct query q;
    sql_lock(t->store);
    enum error result = sql_first(t->store, &q, d, "SELECT hash FROM node WHERE record = ? AND level = ? AND place = ?",
                                  "iiu", t->record, (int64_t)level, index);
    if (!result) {
        result = sql_sha(&q, 0, out, d);
        sql_stop(&q);
    }
    sql_unlock(t->store);
    return result;
}

static enum error read_hashes(struct query *q, uint64_t from, uint64_t count, struct buf *out, struct diag *d) {
    bool row = true;
    for (uint64_t i = from; i < from + count; i++) {
        struct sha256 hash;
        enum error result = sql_next(q, &row, d);
        if (result) return result;
        if (!row) return fail(d, ERR_MISSING, _("not in the store"));
        result = sql_u64(q, 0) == i ? sql_sha(q, 1, &hash, d) : fail(d, ERR_MISSING, _("not in the store"));
        if (!result) buf_bytes(out, sha256_bytes(&hash));
        if (result) {
            sql_stop(q);
            return result;
        }
    }
    sql_stop(q);
    return buf_check(out, d);
}

enum error store_hashes(struct store *s, int64_t record, unsigned level, uint64_t from, uint64_t count, struct buf *out,
                        struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_start(
        s, &q, d, "SELECT place, hash FROM node WHERE record = ? AND level = ? AND place >= ? ORDER BY place LIMIT ?",
        "iiuu", record, (int64_t)level, from, count);
    if (!result) result = read_hashes(&q, from, count, out, d);
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
    static const char count_bytes[] = "UPDATE record SET bytes = bytes - (SELECT sum(length(bytes)) FROM leaf"
                                      " WHERE record = ?1 AND place >= ?2) WHERE id = ?1";
    static const char *const removals[] = {count_bytes,
                                           "DELETE FROM leaf WHERE record = ? AND place >= ?",
                                           "DELETE FROM named WHERE record = ? AND place >= ?",
                                           "DELETE FROM erased WHERE record = ? AND place >= ?",
                                           "DELETE FROM card WHERE record = ? AND place >= ?",
                                           "UPDATE receipt SET recorded = NULL WHERE record = ? AND recorded >= ?",
                                           "DELETE FROM node WHERE record = ? AND (place + 1) << level > ?"};
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
    sql_lock(s);
    enum error result =
        sql_run(s, d, "INSERT OR REPLACE INTO leaf(record, place, bytes) VALUES(?, ?, ?)", "iub", record, index, leaf);
    sql_unlock(s);
    return result;
}

static enum error drop_beside(struct store *s, int64_t record, struct diag *d) {
    static const char *const removals[] = {
        "DELETE FROM node WHERE record = ?", "DELETE FROM named WHERE record = ?",
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
        if (!result) result = leaf_note(r, *size, leaves, got, d);
        for (size_t i = 0; i < (result ? 0 : got); i++) *bytes += leaves[i].size;
        if (!result) *size += got;
        arena_free(&a);
    }
    return result;
}

static enum error mend_beside(const struct leaf_run *r, struct diag *d) {
    struct store *s = r->store;
    uint64_t size = 0, bytes = 0, there, last;
    enum error result = sql_number(s, &there, d, "SELECT count(*) FROM leaf WHERE record = ?", "i", r->record);
    if (!result) result = sql_number(s, &last, d, "SELECT max(place) + 1 FROM leaf WHERE record = ?", "i", r->record);
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

static enum error read_leaves(struct query *q, uint64_t max_bytes, struct arena *a, struct bytes **leaves, size_t *got,
                              struct diag *d) {
    struct bytes *list = NULL;
    size_t room = 0, count = 0;
    uint64_t sum = 0;
    bool row = true;
    enum error result = OK;
    while (!(result = sql_next(q, &row, d)) && row) {
        size_t size = sql_bytes(q, 0).size;
        if (count && sum + size > max_bytes) {
            sql_stop(q);
            break;
        }
        list = arena_grow(a, list, count, &room, sizeof *list);
        list[count++] = sql_copy(q, 0, a);
        sum += size;
    }
    if (result) return result;
    *leaves = list;
    *got = count;
    return OK;
}

enum error store_leaves(struct store *s, int64_t record, uint64_t from, uint64_t count, uint64_t max_bytes,
                        struct arena *a, struct bytes **leaves, size_t *got, struct diag *d) {
    struct query q;
    if (count > INT64_MAX) count = INT64_MAX;
    sql_lock(s);
    enum error result =
        sql_start(s, &q, d, "SELECT bytes FROM leaf WHERE record = ? AND place >= ? ORDER BY place LIMIT ?", "iuu",
                  record, from, count);
    if (!result) result = read_leaves(&q, max_bytes, a, leaves, got, d);
    sql_unlock(s);
    return result;
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

/* An erasure is true where an earlier entry names the blob as an attachment, that is after its message. */
#define TRULY_ERASED                                                                                                   \
    "EXISTS(SELECT 1 FROM erased e JOIN named m ON m.record = e.record AND m.sha = e.sha AND m.part > 0"               \
    " AND m.place < e.place WHERE e.record = n.record AND e.sha = n.sha AND e.place > n.place AND e.place < ?3)"

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
