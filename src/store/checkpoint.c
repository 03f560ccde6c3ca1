/* Checkpoints, and receipts. */
#include "store/sql.h"

static enum error intend(struct store *s, int64_t record, uint64_t size, const struct sha256 *root, struct diag *d) {
    struct query q;
    enum error result =
        sql_first(s, &q, d, "SELECT root FROM intent WHERE record = ? AND size = ?", "iu", record, size);
    if (result == ERR_MISSING)
        return sql_run(s, d, "INSERT INTO intent(record, size, root) VALUES(?, ?, ?)", "iuh", record, size, root);
    if (result) return result;
    struct sha256 kept;
    result = sql_sha(&q, 0, &kept, d);
    sql_stop(&q);
    if (!result && !sha256_equal(kept, *root))
        result = fail(d, ERR_CONFLICT, _("another root was signed at size %llu"), (unsigned long long)size);
    return result;
}

enum error store_intend(struct store *s, int64_t record, uint64_t size, struct sha256 root, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    return store_end(s, intend(s, record, size, &root, d), d);
}

enum error store_intended_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) {
    sql_lock(s);
    enum error result = sql_number(s, size, d, "SELECT max(size) FROM intent WHERE record = ?", "i", record);
    sql_unlock(s);
    return result;
}

static enum error put_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind,
                                 const struct kept_checkpoint *c, struct diag *d) {
    enum error result = sql_run(s, d,
                                "INSERT INTO checkpoint(record, kind, size, root, note) VALUES(?, ?, ?, ?, ?)"
                                " ON CONFLICT DO UPDATE SET note = excluded.note",
                                "iiuhb", record, (int64_t)kind, c->size, &c->root, c->note);
    if (!result && kind == CHECKPOINT_MIRROR)
        result = sql_run(s, d, "DELETE FROM checkpoint WHERE record = ? AND kind = ? AND size <= ?", "iiu", record,
                         (int64_t)CHECKPOINT_PENDING, c->size);
    return result;
}

enum error store_put_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind,
                                const struct kept_checkpoint *c, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    return store_end(s, put_checkpoint(s, record, kind, c, d), d);
}

static enum error pick(struct store *s, struct query *q, int64_t record, enum checkpoint_kind kind,
                       enum checkpoint_pick pick, uint64_t size, struct diag *d) {
#define PICK "SELECT size, root, note FROM checkpoint WHERE record = ? AND kind = ? AND size "
    if (pick == PICK_NEWEST || size > INT64_MAX) size = INT64_MAX;
    switch (pick) {
    case PICK_AT: return sql_first(s, q, d, PICK "= ?", "iiu", record, (int64_t)kind, size);
    case PICK_AT_LEAST:
        return sql_first(s, q, d, PICK ">= ? ORDER BY size LIMIT 1", "iiu", record, (int64_t)kind, size);
    case PICK_NEWEST:
    case PICK_AT_MOST: break;
    }
    return sql_first(s, q, d, PICK "<= ? ORDER BY size DESC LIMIT 1", "iiu", record, (int64_t)kind, size);
#undef PICK
}

enum error store_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind, enum checkpoint_pick which,
                            uint64_t size, struct arena *a, struct kept_checkpoint *out, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = pick(s, &q, record, kind, which, size, d);
    if (!result) {
        struct kept_checkpoint c = {.size = sql_u64(&q, 0), .note = sql_copy(&q, 2, a)};
        result = sql_sha(&q, 1, &c.root, d);
        sql_stop(&q);
        if (!result) *out = c;
    }
    sql_unlock(s);
    return result;
}

enum error store_checkpoint_size(struct store *s, int64_t record, enum checkpoint_kind kind, uint64_t *size,
                                 struct diag *d) {
    sql_lock(s);
    enum error result = sql_number(s, size, d, "SELECT max(size) FROM checkpoint WHERE record = ? AND kind = ?", "ii",
                                   record, (int64_t)kind);
    sql_unlock(s);
    return result;
}

/* ---- receipts */

enum error store_put_receipt(struct store *s, int64_t record, const struct kept_receipt *r, struct diag *d) {
    sql_lock(s);
    enum error result =
        sql_run(s, d, "INSERT OR IGNORE INTO receipt(record, size, line, root, stamp) VALUES(?, ?, ?, ?, ?)", "iuthi",
                record, r->size, r->line, &r->root, r->stamp);
    sql_unlock(s);
    return result;
}

static enum error read_receipt(struct query *q, struct arena *a, struct kept_receipt *out, struct diag *d) {
    struct kept_receipt r = {
        .size = sql_u64(q, 0), .line = sql_text(q, 2, a), .stamp = sql_i64(q, 3), .recorded = !sql_null(q, 4)};
    enum error result = sql_sha(q, 1, &r.root, d);
    if (!result) *out = r;
    return result;
}

#define RECEIPT "SELECT size, root, line, stamp, recorded FROM receipt WHERE record = ? "

enum error store_newest_receipt(struct store *s, int64_t record, struct arena *a, struct kept_receipt *out,
                                struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_first(s, &q, d, RECEIPT "ORDER BY size DESC, stamp LIMIT 1", "i", record);
    if (!result) {
        result = read_receipt(&q, a, out, d);
        sql_stop(&q);
    }
    sql_unlock(s);
    return result;
}

/* A line begins with an em dash, a space, the key's name and a space; no name holds a space. */
enum error store_newest_receipt_by(struct store *s, int64_t record, struct text name, struct arena *a,
                                   struct kept_receipt *out, struct diag *d) {
    struct query q;
    struct text by = arena_format(a, "— %.*s ", TEXT_ARG(name));
    sql_lock(s);
    enum error result =
        sql_first(s, &q, d, RECEIPT "AND instr(line, ?) = 1 ORDER BY size DESC, stamp LIMIT 1", "it", record, by);
    if (!result) {
        result = read_receipt(&q, a, out, d);
        sql_stop(&q);
    }
    sql_unlock(s);
    return result;
}

enum error store_receipt_covering(struct store *s, int64_t record, uint64_t size, struct arena *a,
                                  struct kept_receipt *out, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_first(s, &q, d, RECEIPT "AND size >= ? ORDER BY size, stamp LIMIT 1", "iu", record, size);
    if (!result) {
        result = read_receipt(&q, a, out, d);
        sql_stop(&q);
    }
    sql_unlock(s);
    return result;
}

enum error store_recorded_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) {
    sql_lock(s);
    enum error result =
        sql_number(s, size, d, "SELECT max(size) FROM receipt WHERE record = ? AND recorded IS NOT NULL", "i", record);
    sql_unlock(s);
    return result;
}

enum error store_receipts_at(struct store *s, int64_t record, uint64_t size, struct arena *a, struct names *lines,
                             struct diag *d) {
    struct query q;
    struct text *list = NULL;
    size_t room = 0, count = 0;
    bool row = true;
    sql_lock(s);
    enum error result = sql_start(s, &q, d, RECEIPT "AND size = ? ORDER BY stamp, line", "iu", record, size);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        list = arena_grow(a, list, count, &room, sizeof *list);
        list[count++] = sql_text(&q, 2, a);
    }
    sql_unlock(s);
    if (!result) *lines = (struct names){list, count};
    return result;
}
