/* Blobs: what is held against its name, and whether all that entries name is held. */
#include "store/doomed.h"
#include "store/fsck.h"
#include "store/sql.h"

enum { STEP_BYTES = 1 << 20 };

struct examined_blob {
    struct sha256 sha;
    enum side from;
    enum blob_state state;
    uint64_t size;
};

/* The record and the entry that names a blob, for people. */
static enum error find_namer(struct store *s, const struct channel *c, const struct examined_blob *b, struct text *name,
                             uint64_t *place, struct diag *d) {
    struct query q;
    *name = c->of[b->from].name;
    *place = UINT64_MAX;
    enum error result = sql_first(s, &q, d,
                                  "SELECT place, side FROM named JOIN record ON record.id = named.record"
                                  " WHERE channel = ? AND sha = ? ORDER BY side <> ?, place LIMIT 1",
                                  "ihi", c->id, &b->sha, (int64_t)b->from);
    if (result) return result == ERR_MISSING ? OK : result;
    *place = sql_u64(&q, 0);
    *name = c->of[sql_i64(&q, 1) ? SIDE_THEIRS : SIDE_OWN].name;
    sql_stop(&q);
    return OK;
}

static enum error tell_blob(struct store *s, const struct channel *c, const struct examined_blob *b, struct fsck *f,
                            const char *what, struct diag *d) {
    char hex[SHA256_HEX];
    struct text name;
    uint64_t place;
    enum error result = find_namer(s, c, b, &name, &place, d);
    if (result) return result;
    sha256_hex(&b->sha, hex);
    f->place.sha = b->sha;
    if (place == UINT64_MAX)
        fsck_tell(f, FAULT_BLOB, b->from, name, _("blob %s, which no entry names: %s"), hex, what);
    else
        fsck_tell(f, FAULT_BLOB, b->from, name, _("blob %s of entry %llu: %s"), hex, (unsigned long long)place, what);
    return OK;
}

/* Hashes the bytes of a blob that is said to be held; `what` is the fault, NULL for none. */
static enum error hash_held(struct store *s, const struct channel *c, const struct examined_blob *b, const char **what,
                            struct diag *d) {
    struct hasher *h = hasher_new();
    struct buf part = {.max = STEP_BYTES};
    uint64_t done = 0;
    enum error result = OK;
    do {
        buf_clear(&part);
        result = store_get_blob(s, c->id, b->sha, done, STEP_BYTES, &part, d);
        hasher_add(h, buf_as_bytes(&part));
        done += part.size;
    } while (!result && part.size && done < b->size);
    struct sha256 hash = hasher_end(h);
    buf_free(&part);
    *what = NULL;
    if (result == ERR_MISSING) *what = _("its file is missing");
    if (result == ERR_IO) *what = _("its file is cut off, or can't be read");
    if (!result && done != b->size) *what = _("it is cut off");
    if (!result && done == b->size && !sha256_equal(hash, b->sha)) *what = _("its bytes do not hash to its name");
    return *what ? OK : result;
}

static enum error check_held(struct store *s, const struct channel *c, const struct examined_blob *b, struct fsck *f,
                             struct diag *d) {
    const char *what;
    enum error result = hash_held(s, c, b, &what, d);
    f->blobs++;
    f->blob_bytes += b->size;
    return result || !what ? result : tell_blob(s, c, b, f, what, d);
}

static enum error check_rows(struct store *s, const struct channel *c, struct fsck *f, struct diag *d) {
    struct query q;
    bool row = true;
    enum error result =
        sql_start(s, &q, d, "SELECT sha, side, state, size FROM blob WHERE channel = ? ORDER BY rowid", "i", c->id);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        struct examined_blob b = {.from = sql_i64(&q, 1) ? SIDE_THEIRS : SIDE_OWN,
                                  .state = (enum blob_state)sql_i64(&q, 2),
                                  .size = sql_u64(&q, 3)};
        if (sql_sha(&q, 0, &b.sha, NULL))
            fsck_tell(f, FAULT_INDEX, b.from, c->of[b.from].name, _("a blob without a name"));
        else if (b.state == BLOB_HELD)
            result = check_held(s, c, &b, f, d);
        if (result) sql_stop(&q);
    }
    return result;
}

static enum error check_missing(struct store *s, const struct channel *c, enum side side, struct fsck *f,
                                struct diag *d) {
    struct arena a = {0};
    struct wanted_blob *list;
    size_t count = 0;
    uint64_t to;
    int64_t record = c->of[side].id;
    if (!record) return OK;
    enum error result =
        side == SIDE_OWN ? store_size(s, record, &to, d) : store_checkpoint_size(s, record, CHECKPOINT_MIRROR, &to, d);
    if (!result) result = store_missing_blobs(s, record, 0, to, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        struct examined_blob b = {.sha = list[i].sha, .from = side};
        result = tell_blob(s, c, &b, f, _("it is not held, and no entry erases it"), d);
    }
    arena_free(&a);
    return result;
}

enum error fsck_blobs(struct store *s, const struct channel *c, struct fsck *f, struct diag *d) {
    enum error result = check_rows(s, c, f, d);
    if (!result) result = check_missing(s, c, SIDE_OWN, f, d);
    return result ? result : check_missing(s, c, SIDE_THEIRS, f, d);
}
