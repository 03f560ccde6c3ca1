/* Blobs: in their row where they are small or there is no folder, else as files. */
#include <stdio.h>
#include <string.h>

#include "store/doomed.h"
#include "store/sql.h"

enum { HASH_STEP_BYTES = 1 << 20 };

struct blob_row {
    struct blob_about about;
    enum side from;
};

const char *blob_path(const struct store *s, struct sha256 sha, int64_t channel, char out[static OS_PATH_MAX]) {
    char hex[SHA256_HEX];
    sha256_hex(&sha, hex);
    int size = channel
                   ? snprintf(out, OS_PATH_MAX, "%s/blobs/%.2s/%s.%lld.part", s->folder, hex, hex, (long long)channel)
                   : snprintf(out, OS_PATH_MAX, "%s/blobs/%.2s/%s", s->folder, hex, hex);
    ASSERT(size > 0 && size < OS_PATH_MAX);
    return out;
}

static enum error make_folder(const struct store *s, struct sha256 sha, struct diag *d) {
    char path[OS_PATH_MAX];
    snprintf(path, sizeof path, "%s/blobs/%02x", s->folder, sha.at[0]);
    if (os_is_folder(path)) return OK;
    enum error result = os_make_folders(path, 0700, d);
    if (result) return result;
    return os_sync_folder(os_path(path, s->folder, "blobs"), d);
}

static bool is_inline(const struct store *s, uint64_t size) { return !s->folder || size < STORE_INLINE_MAX; }

/* ---- files to be removed */

enum error store_doom(struct store *s, const char *path, struct diag *d) {
    return sql_run(s, d, "INSERT OR IGNORE INTO doomed(path) VALUES(?)", "z", path);
}

static enum error spare(struct store *s, const char *path, struct diag *d) {
    return sql_run(s, d, "DELETE FROM doomed WHERE path = ?", "z", path);
}

enum error store_remove_doomed(struct store *s, struct diag *d) {
    for (;;) {
        struct query q;
        char path[OS_PATH_MAX];
        enum error result = sql_first(s, &q, d, "SELECT path FROM doomed LIMIT 1", "");
        if (result == ERR_MISSING) return OK;
        if (result) return result;
        struct bytes name = sql_bytes(&q, 0);
        snprintf(path, sizeof path, "%.*s", (int)name.size, (const char *)name.at);
        sql_stop(&q);
        if (os_exists(path)) result = os_remove(path, d);
        if (!result) result = spare(s, path, d);
        if (result) return result;
    }
}

/* ---- rows */

static enum error find(struct store *s, int64_t channel, struct sha256 sha, struct blob_row *out, struct diag *d) {
    struct query q;
    struct blob_row row = {.about = {.state = BLOB_ABSENT}};
    enum error result = sql_first(s, &q, d, "SELECT state, size, have, side FROM blob WHERE channel = ? AND sha = ?",
                                  "ih", channel, &sha);
    if (!result) {
        row = (struct blob_row){{(enum blob_state)sql_i64(&q, 0), sql_u64(&q, 1), sql_u64(&q, 2)},
                                (enum side)sql_i64(&q, 3)};
        sql_stop(&q);
    }
    if (result && result != ERR_MISSING) return result;
    /* A lost power supply may have cut what was not yet synced off a part. */
    if (row.about.state == BLOB_PARTIAL && !is_inline(s, row.about.size)) {
        char path[OS_PATH_MAX];
        uint64_t size = 0;
        if (os_size(blob_path(s, sha, channel, path), &size, NULL)) size = 0;
        if (size < row.about.have) row.about.have = size;
    }
    *out = row;
    return OK;
}

enum error store_blob_about(struct store *s, int64_t channel, struct sha256 sha, struct blob_about *out,
                            struct diag *d) {
    struct blob_row row;
    sql_lock(s);
    enum error result = find(s, channel, sha, &row, d);
    sql_unlock(s);
    if (!result) *out = row.about;
    return result;
}

/* What stands there is deleted, and told to the triggers below (`recursive_triggers`). */
static enum error put_row(struct store *s, int64_t channel, enum side from, struct sha256 sha,
                          const struct blob_about *about, struct bytes content, struct diag *d) {
    return sql_run(
        s, d, "INSERT OR REPLACE INTO blob(channel, sha, side, state, size, have, bytes) VALUES(?, ?, ?, ?, ?, ?, ?)",
        "ihiiuub", channel, &sha, (int64_t)from, (int64_t)about->state, about->size, about->have, content);
}

static enum error read_inline(struct store *s, int64_t channel, struct sha256 sha, uint64_t offset, uint64_t max,
                              struct buf *out, struct diag *d) {
    struct query q;
    enum error result =
        sql_first(s, &q, d, "SELECT bytes FROM blob WHERE channel = ? AND sha = ?", "ih", channel, &sha);
    if (result) return result;
    struct bytes all = sql_bytes(&q, 0);
    uint64_t left = offset < all.size ? all.size - offset : 0;
    if (left) buf_bytes(out, bytes_of(all.at + offset, (size_t)(left < max ? left : max)));
    sql_stop(&q);
    return buf_check(out, d);
}

static enum error read_held(struct store *s, int64_t channel, struct sha256 sha, uint64_t size, uint64_t offset,
                            uint64_t max, struct buf *out, struct diag *d) {
    char path[OS_PATH_MAX];
    if (offset >= size) return OK;
    if (max > size - offset) max = size - offset;
    if (is_inline(s, size)) return read_inline(s, channel, sha, offset, max, out, d);
    size_t before = out->size;
    enum error result = os_read_part(blob_path(s, sha, 0, path), offset, (size_t)max, out, d);
    if (!result && out->size - before != max)
        result = fail(d, ERR_IO, _("the file of a blob is shorter than it was: %s"), path);
    return result;
}

enum error store_get_blob(struct store *s, int64_t channel, struct sha256 sha, uint64_t offset, uint64_t max,
                          struct buf *out, struct diag *d) {
    struct blob_row row;
    sql_lock(s);
    enum error result = find(s, channel, sha, &row, d);
    if (!result && row.about.state != BLOB_HELD)
        result = fail(d, ERR_MISSING, row.about.state == BLOB_ERASED ? _("the blob was erased") : _("no such blob"));
    if (!result) result = read_held(s, channel, sha, row.about.size, offset, max, out, d);
    sql_unlock(s);
    return result;
}

/* ---- whole blobs */

static enum error put_blob(struct store *s, int64_t channel, enum side from, struct bytes blob, struct sha256 sha,
                           struct diag *d) {
    struct blob_row row;
    char path[OS_PATH_MAX];
    enum error result = find(s, channel, sha, &row, d);
    if (result || row.about.state == BLOB_HELD) return result;
    if (row.about.state == BLOB_ERASED) return fail(d, ERR_CONFLICT, _("the blob was erased"));
    struct blob_about held = {BLOB_HELD, blob.size, blob.size};
    if (is_inline(s, blob.size)) return put_row(s, channel, from, sha, &held, blob, d);
    result = make_folder(s, sha, d);
    blob_path(s, sha, 0, path);
    if (!result) result = spare(s, path, d);
    if (!result) result = os_write(path, blob, 0600, d);
    return result ? result : put_row(s, channel, from, sha, &held, bytes_of("", 0), d);
}

enum error store_put_blob(struct store *s, int64_t channel, enum side from, struct bytes blob, struct sha256 *sha,
                          struct diag *d) {
    struct sha256 name = sha256_of(blob);
    enum error result = store_begin(s, d);
    if (result) return result;
    result = store_end(s, put_blob(s, channel, from, blob, name, d), d);
    if (!result) *sha = name;
    return result;
}

/* ---- blobs in parts */

static enum error drop(struct store *s, int64_t channel, struct sha256 sha, uint64_t size, struct diag *d) {
    char path[OS_PATH_MAX];
    enum error result = sql_run(s, d, "DELETE FROM blob WHERE channel = ? AND sha = ?", "ih", channel, &sha);
    if (!result && !is_inline(s, size)) result = store_doom(s, blob_path(s, sha, channel, path), d);
    return result;
}

static enum error hash_file(const char *path, uint64_t size, struct sha256 *out, struct diag *d) {
    struct buf part = {.max = HASH_STEP_BYTES};
    struct hasher *h = hasher_new();
    enum error result = OK;
    for (uint64_t at = 0; at < size && !result; at += part.size) {
        buf_clear(&part);
        result = os_read_part(path, at, HASH_STEP_BYTES, &part, d);
        if (!result && !part.size) result = fail(d, ERR_IO, _("a file ended too early: %s"), path);
        hasher_add(h, buf_as_bytes(&part));
    }
    *out = hasher_end(h);
    buf_free(&part);
    return result;
}

struct incoming {
    struct store *store;
    int64_t channel;
    enum side from;
    struct sha256 sha;
    uint64_t size;
    bool wrong; /* the whole does not hash to its name */
};

/* The last part of a file is written: sees that it is what its name says and makes it durable under that name. */
static enum error finish_file(struct incoming *in, struct diag *d) {
    char part[OS_PATH_MAX], whole[OS_PATH_MAX];
    struct sha256 hash;
    blob_path(in->store, in->sha, in->channel, part);
    blob_path(in->store, in->sha, 0, whole);
    enum error result = hash_file(part, in->size, &hash, d);
    if (result) return result;
    in->wrong = !sha256_equal(hash, in->sha);
    if (in->wrong) return drop(in->store, in->channel, in->sha, in->size, d);
    result = spare(in->store, whole, d);
    return result ? result : os_publish(part, whole, d);
}

static enum error put_file_part(struct incoming *in, uint64_t offset, struct bytes part, struct diag *d) {
    char path[OS_PATH_MAX];
    uint64_t have = offset + part.size;
    enum error result = make_folder(in->store, in->sha, d);
    blob_path(in->store, in->sha, in->channel, path);
    if (!result) result = spare(in->store, path, d);
    if (!result) result = os_write_part(path, offset, part, 0600, d);
    if (!result && have == in->size) result = finish_file(in, d);
    if (result || in->wrong) return result;
    struct blob_about about = {have == in->size ? BLOB_HELD : BLOB_PARTIAL, in->size, have};
    return put_row(in->store, in->channel, in->from, in->sha, &about, bytes_of("", 0), d);
}

static enum error put_inline_part(struct incoming *in, uint64_t offset, struct bytes part, struct diag *d) {
    struct buf whole = {.max = (size_t)in->size};
    enum error result = offset ? read_inline(in->store, in->channel, in->sha, 0, offset, &whole, d) : OK;
    buf_bytes(&whole, part);
    if (!result) result = buf_check(&whole, d);
    uint64_t have = offset + part.size;
    in->wrong = !result && have == in->size && !sha256_equal(sha256_of(buf_as_bytes(&whole)), in->sha);
    struct blob_about about = {have == in->size ? BLOB_HELD : BLOB_PARTIAL, in->size, have};
    if (!result)
        result = in->wrong ? drop(in->store, in->channel, in->sha, in->size, d)
                           : put_row(in->store, in->channel, in->from, in->sha, &about, buf_as_bytes(&whole), d);
    buf_free(&whole);
    return result;
}

static enum error put_part(struct incoming *in, uint64_t offset, struct bytes part, struct diag *d) {
    struct blob_row row;
    enum error result = find(in->store, in->channel, in->sha, &row, d);
    if (result || row.about.state == BLOB_HELD) return result;
    if (row.about.state == BLOB_ERASED) return fail(d, ERR_CONFLICT, _("the blob was erased"));
    if (part.size > in->size || offset > in->size - part.size) return fail(d, ERR_LIMIT, _("a part beyond the end"));
    bool goes_on = row.about.state == BLOB_PARTIAL && row.about.size == in->size && row.about.have == offset;
    if (offset && !goes_on)
        return fail(d, ERR_CONFLICT, _("%llu bytes are held, and the part begins at %llu"),
                    (unsigned long long)row.about.have, (unsigned long long)offset);
    return is_inline(in->store, in->size) ? put_inline_part(in, offset, part, d) : put_file_part(in, offset, part, d);
}

enum error store_put_blob_part(struct store *s, int64_t channel, enum side from, struct sha256 sha, uint64_t offset,
                               uint64_t size, struct bytes part, struct diag *d) {
    struct incoming in = {s, channel, from, sha, size, false};
    enum error result = store_begin(s, d);
    if (result) return result;
    result = store_end(s, put_part(&in, offset, part, d), d);
    if (!result && in.wrong) result = fail(d, ERR_PROOF, _("the bytes of the blob do not hash to its name"));
    return result;
}

/* ---- erasing, counting */

/* The file of a whole blob goes where no other channel holds it. */
static enum error doom_unshared(struct store *s, struct sha256 sha, struct diag *d) {
    char path[OS_PATH_MAX];
    uint64_t others = 0;
    enum error result = sql_number(s, &others, d, "SELECT count(*) FROM blob WHERE sha = ? AND state = ?", "hi", &sha,
                                   (int64_t)BLOB_HELD);
    return result || others ? result : store_doom(s, blob_path(s, sha, 0, path), d);
}

static enum error erase_blob(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) {
    struct blob_row row;
    char path[OS_PATH_MAX];
    struct blob_about erased = {.state = BLOB_ERASED};
    enum error result = find(s, channel, sha, &row, d);
    if (result || row.about.state == BLOB_ERASED) return result;
    erased.size = row.about.size;
    result = put_row(s, channel, row.from, sha, &erased, bytes_of("", 0), d);
    if (result || row.about.state == BLOB_ABSENT || is_inline(s, row.about.size)) return result;
    if (row.about.state == BLOB_PARTIAL) return store_doom(s, blob_path(s, sha, channel, path), d);
    return doom_unshared(s, sha, d);
}

enum error store_erase_blob(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    return store_end(s, erase_blob(s, channel, sha, d), d);
}

static enum error drop_unnamed(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) {
    struct blob_row row;
    uint64_t named = 0;
    enum error result = find(s, channel, sha, &row, d);
    bool there = row.about.state == BLOB_PARTIAL || row.about.state == BLOB_HELD;
    if (result || !there || row.from != SIDE_OWN) return result;
    result = sql_number(
        s, &named, d, "SELECT count(*) FROM named n JOIN record r ON r.id = n.record WHERE r.channel = ? AND n.sha = ?",
        "ih", channel, &sha);
    if (result || named) return result;
    result = drop(s, channel, sha, row.about.size, d);
    if (result || row.about.state != BLOB_HELD || is_inline(s, row.about.size)) return result;
    return doom_unshared(s, sha, d);
}

enum error store_drop_unnamed(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    return store_end(s, drop_unnamed(s, channel, sha, d), d);
}

struct unnamed {
    int64_t channel;
    struct sha256 sha;
};

static enum error list_unnamed(struct store *s, struct arena *a, struct unnamed **out, size_t *count, struct diag *d) {
    struct query q;
    size_t room = 0;
    bool row = false;
    enum error result = sql_start(
        s, &q, d,
        "SELECT b.channel, b.sha FROM blob b WHERE b.side = ?1 AND b.state IN (?2, ?3) AND NOT EXISTS("
        "SELECT 1 FROM record r JOIN named n ON n.record = r.id AND n.sha = b.sha WHERE r.channel = b.channel)",
        "iii", (int64_t)SIDE_OWN, (int64_t)BLOB_PARTIAL, (int64_t)BLOB_HELD);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        *out = arena_grow(a, *out, *count, &room, sizeof **out);
        (*out)[*count].channel = sql_i64(&q, 0);
        result = sql_sha(&q, 1, &(*out)[*count].sha, d);
        if (result) sql_stop(&q);
        ++*count;
    }
    return result;
}

enum error store_drop_all_unnamed(struct store *s, struct diag *d) {
    struct arena a = {0};
    struct unnamed *list = NULL;
    size_t count = 0;
    enum error result = store_begin(s, d);
    if (result) return result;
    result = list_unnamed(s, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) result = drop_unnamed(s, list[i].channel, list[i].sha, d);
    result = store_end(s, result, d);
    arena_free(&a);
    return result;
}

/* What blobs take, by channel and side, kept by triggers of this connection: a sum over all of them for each that comes
 * would let whoever sends many small ones keep the node busy.  The node's lock leaves no other connection to write. */
#define COUNTED "1, 2"
_Static_assert(BLOB_PARTIAL == 1 && BLOB_HELD == 2, "as COUNTED spells them");
static const char counting[] =
    "CREATE TEMP TABLE held(channel INTEGER, side INTEGER, bytes INTEGER NOT NULL, PRIMARY KEY(channel, side));"
    "INSERT INTO held SELECT c.id, s.column1, coalesce((SELECT sum(size) FROM main.blob b WHERE b.channel = c.id AND"
    " b.side = s.column1 AND b.state IN (" COUNTED ")), 0) FROM main.channel c, (VALUES (0), (1)) s;"
    "CREATE TEMP TRIGGER held_channel AFTER INSERT ON main.channel BEGIN"
    " INSERT INTO held VALUES(new.id, 0, 0), (new.id, 1, 0); END;"
    "CREATE TEMP TRIGGER held_more AFTER INSERT ON main.blob WHEN new.state IN (" COUNTED ") BEGIN"
    " UPDATE held SET bytes = bytes + new.size WHERE channel = new.channel AND side = new.side; END;"
    "CREATE TEMP TRIGGER held_less AFTER DELETE ON main.blob WHEN old.state IN (" COUNTED ") BEGIN"
    " UPDATE held SET bytes = bytes - old.size WHERE channel = old.channel AND side = old.side; END;";

static enum error count_held(struct store *s, struct diag *d) {
    uint64_t there;
    enum error result = sql_number(s, &there, d, "SELECT count(*) FROM temp.sqlite_master WHERE name = 'held'", "");
    if (result || there) return result;
    return sqlite3_exec(s->db, counting, NULL, NULL, NULL) ? sql_failed(s, d) : OK;
}

enum error store_bytes_from(struct store *s, int64_t channel, enum side from, uint64_t *bytes, struct diag *d) {
    sql_lock(s);
    enum error result = count_held(s, d);
    if (!result)
        result = sql_number(s, bytes, d,
                            "SELECT coalesce((SELECT bytes FROM held WHERE channel = ?1 AND side = ?2), 0)"
                            " + coalesce((SELECT bytes FROM record WHERE channel = ?1 AND side = ?2), 0)",
                            "ii", channel, (int64_t)from);
    sql_unlock(s);
    return result;
}
