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
    return os_is_folder(path) ? OK : os_make_folders(path, 0700, d);
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

/* Without the lock: what is read may be large.  Where the file is gone, it was erased meanwhile. */
static enum error read_file(struct store *s, int64_t channel, struct sha256 sha, uint64_t offset, uint64_t max,
                            struct buf *out, struct diag *d) {
    char path[OS_PATH_MAX];
    size_t before = out->size;
    struct blob_about now;
    enum error result = os_read_part(blob_path(s, sha, 0, path), offset, (size_t)max, out, d);
    if (!result && out->size - before != max)
        result = fail(d, ERR_IO, _("the file of a blob is shorter than it was: %s"), path);
    if (result && store_blob_about(s, channel, sha, &now, NULL) == OK && now.state != BLOB_HELD)
        return fail(d, ERR_MISSING, _("the blob was erased"));
    return result;
}

enum error store_get_blob(struct store *s, int64_t channel, struct sha256 sha, uint64_t offset, uint64_t max,
                          struct buf *out, struct diag *d) {
    struct blob_row row;
    sql_lock(s);
    enum error result = find(s, channel, sha, &row, d);
    if (!result && row.about.state != BLOB_HELD)
        result = fail(d, ERR_MISSING, row.about.state == BLOB_ERASED ? _("the blob was erased") : _("no such blob"));
    bool more = !result && offset < row.about.size, in_row = more && is_inline(s, row.about.size);
    if (in_row) result = read_inline(s, channel, sha, offset, max, out, d);
    sql_unlock(s);
    if (!more || in_row) return result;
    return read_file(s, channel, sha, offset, max < row.about.size - offset ? max : row.about.size - offset, out, d);
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
    uint64_t size, offset;
    struct bytes part;
    uint64_t room;       /* for all that this side has put */
    struct blob_row row; /* as it was found */
    bool wrong;          /* the whole does not hash to its name */
    bool beyond;         /* there is no room for it */
};

/* Whether this part is the next one; `*done` where all is held already. */
static enum error look_at_part(struct incoming *in, bool *done, struct diag *d) {
    const struct blob_about *about = &in->row.about;
    enum error result = find(in->store, in->channel, in->sha, &in->row, d);
    *done = about->state == BLOB_HELD;
    if (result || *done) return result;
    if (about->state == BLOB_ERASED) return fail(d, ERR_CONFLICT, _("the blob was erased"));
    if (in->part.size > in->size || in->offset > in->size - in->part.size)
        return fail(d, ERR_LIMIT, _("a part beyond the end"));
    bool goes_on = about->state == BLOB_PARTIAL && about->size == in->size && about->have == in->offset;
    if (in->offset && !goes_on)
        return fail(d, ERR_CONFLICT, _("%llu bytes are held, and the part begins at %llu"),
                    (unsigned long long)about->have, (unsigned long long)in->offset);
    return OK;
}

static struct blob_about with_part(const struct incoming *in) {
    uint64_t have = in->offset + in->part.size;
    return (struct blob_about){have == in->size ? BLOB_HELD : BLOB_PARTIAL, in->size, have};
}

/* In the transaction that counts it: of two that come at once the later one sees what the first has put.  What was
 * begun counts as a whole already. */
static enum error look_for_room(struct incoming *in, struct diag *d) {
    const struct blob_about *before = &in->row.about;
    uint64_t used, counted = before->state == BLOB_PARTIAL ? before->size : 0;
    if (in->size <= counted || in->room == UINT64_MAX) return OK;
    enum error result = store_bytes_from(in->store, in->channel, in->from, &used, d);
    in->beyond = !result && (used > in->room || in->size - counted > in->room - used);
    return result;
}

/* ---- in the row */

/* What was begun as a larger one stands in a file, that nothing would count any more. */
static enum error doom_begun_file(struct incoming *in, struct diag *d) {
    char path[OS_PATH_MAX];
    const struct blob_about *before = &in->row.about;
    if (before->state != BLOB_PARTIAL || is_inline(in->store, before->size)) return OK;
    return store_doom(in->store, blob_path(in->store, in->sha, in->channel, path), d);
}

static enum error put_inline_part(struct incoming *in, struct diag *d) {
    struct buf whole = {.max = (size_t)in->size};
    struct blob_about about = with_part(in);
    bool done;
    enum error result = look_at_part(in, &done, d);
    if (!result && !done) result = look_for_room(in, d);
    if (result || done || in->beyond) return result;
    result = doom_begun_file(in, d);
    if (!result && in->offset) result = read_inline(in->store, in->channel, in->sha, 0, in->offset, &whole, d);
    buf_bytes(&whole, in->part);
    if (!result) result = buf_check(&whole, d);
    in->wrong = !result && about.state == BLOB_HELD && !sha256_equal(sha256_of(buf_as_bytes(&whole)), in->sha);
    if (!result)
        result = in->wrong ? drop(in->store, in->channel, in->sha, in->size, d)
                           : put_row(in->store, in->channel, in->from, in->sha, &about, buf_as_bytes(&whole), d);
    buf_free(&whole);
    return result;
}

static enum error put_inline(struct incoming *in, struct diag *d) {
    enum error result = store_begin(in->store, d);
    return result ? result : store_end(in->store, put_inline_part(in, d), d);
}

/* ---- in a file
 *
 * Writing, hashing and syncing what may be large would keep all others from the store, so it goes on without the lock:
 * the part is looked at, its file claimed, the lock given back; then, under the lock again, the row says what the file
 * holds by now.  Who wants to write the same file meanwhile waits.  What the file holds beyond its row counts for
 * nothing, so it is no matter where a process dies in between. */

struct writing {
    struct writing *next;
    int64_t channel;
    struct sha256 sha;
};

static bool is_being_written(const struct incoming *in) {
    for (const struct writing *w = in->store->writing; w; w = w->next)
        if (w->channel == in->channel && sha256_equal(w->sha, in->sha)) return true;
    return false;
}

static enum error spare_doomed(struct store *s, const char *path, struct diag *d) {
    uint64_t doomed = 0;
    enum error result = sql_number(s, &doomed, d, "SELECT count(*) FROM doomed WHERE path = ?", "z", path);
    return result || !doomed ? result : spare(s, path, d);
}

static enum error claim(struct incoming *in, struct writing *w, bool *done, struct diag *d) {
    struct store *s = in->store;
    char path[OS_PATH_MAX];
    sql_lock(s);
    ASSERT(!s->depth); /* else the lock would not be given back */
    while (is_being_written(in)) pthread_cond_wait(&s->written, &s->lock);
    enum error result = look_at_part(in, done, d);
    if (!result && !*done) result = make_folder(s, in->sha, d);
    if (!result && !*done) result = spare_doomed(s, blob_path(s, in->sha, in->channel, path), d);
    if (!result && !*done) {
        *w = (struct writing){s->writing, in->channel, in->sha};
        s->writing = w;
    }
    sql_unlock(s);
    return result;
}

static void give_back(struct store *s, struct writing *w) {
    sql_lock(s);
    struct writing **at = &s->writing;
    while (*at != w) at = &(*at)->next;
    *at = w->next;
    pthread_cond_broadcast(&s->written);
    sql_unlock(s);
}

/* Without the lock. */
static enum error write_part(struct incoming *in, const char *path, struct diag *d) {
    struct sha256 hash;
    enum error result = os_write_part(path, in->offset, in->part, 0600, d);
    if (result || with_part(in).state != BLOB_HELD) return result;
    result = hash_file(path, in->size, &hash, d);
    in->wrong = !result && !sha256_equal(hash, in->sha);
    return result || in->wrong ? result : os_sync(path, d);
}

/* Where it was erased or dropped meanwhile, or came whole from elsewhere, the part goes (`*late`). */
static enum error note_part(struct incoming *in, const char *path, bool *late, struct diag *d) {
    char whole[OS_PATH_MAX];
    struct blob_row now;
    struct blob_about about = with_part(in);
    enum blob_state before = in->row.about.state;
    enum error result = find(in->store, in->channel, in->sha, &now, d);
    if (result) return result;
    in->row = now;
    *late = now.about.state != before;
    if (!*late && !in->wrong) result = look_for_room(in, d);
    if (result) return result;
    if (*late || in->beyond) return store_doom(in->store, path, d);
    if (in->wrong) return drop(in->store, in->channel, in->sha, in->size, d);
    blob_path(in->store, in->sha, 0, whole);
    if (about.state == BLOB_HELD) result = spare(in->store, whole, d);
    if (!result && about.state == BLOB_HELD) result = os_publish(path, whole, d);
    return result ? result : put_row(in->store, in->channel, in->from, in->sha, &about, bytes_of("", 0), d);
}

static enum error put_file(struct incoming *in, struct diag *d) {
    struct writing w;
    char path[OS_PATH_MAX];
    bool done, late = false;
    enum error result = claim(in, &w, &done, d);
    if (result || done) return result;
    result = write_part(in, blob_path(in->store, in->sha, in->channel, path), d);
    if (!result) result = store_begin(in->store, d);
    if (!result) result = store_end(in->store, note_part(in, path, &late, d), d);
    give_back(in->store, &w);
    if (result || !late || in->row.about.state == BLOB_HELD) return result;
    in->wrong = false;
    return fail(d, ERR_CONFLICT, _("the blob was erased"));
}

static enum error put_incoming(struct incoming *in, struct diag *d) {
    enum error result = is_inline(in->store, in->size) ? put_inline(in, d) : put_file(in, d);
    if (!result && in->beyond)
        return fail(d, ERR_LIMIT, _("the quota of the channel is used up: the blob of %llu bytes goes beyond it"),
                    (unsigned long long)in->size);
    if (!result && in->wrong) result = fail(d, ERR_PROOF, _("the bytes of the blob do not hash to its name"));
    return result;
}

enum error store_put_blob_part(struct store *s, int64_t channel, enum side from, struct sha256 sha, uint64_t offset,
                               uint64_t size, struct bytes part, struct diag *d) {
    return store_put_blob_part_within(s, channel, from, UINT64_MAX, sha, offset, size, part, d);
}

enum error store_put_blob_part_within(struct store *s, int64_t channel, enum side from, uint64_t room,
                                      struct sha256 sha, uint64_t offset, uint64_t size, struct bytes part,
                                      struct diag *d) {
    struct incoming in = {.store = s,
                          .channel = channel,
                          .from = from,
                          .sha = sha,
                          .size = size,
                          .offset = offset,
                          .part = part,
                          .room = room};
    return put_incoming(&in, d);
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

/* Whether an entry names it after all: then the list beside the entries is damaged, and says of no blob what it is. */
static enum error is_in_an_entry(struct store *s, const struct unnamed *u, bool *out, struct diag *d) {
    char hex[SHA256_HEX];
    uint64_t found = 0;
    struct text name = sha256_hex(&u->sha, hex);
    enum error result = sql_number(s, &found, d,
                                   "SELECT EXISTS(SELECT 1 FROM record r JOIN leaf l ON l.record = r.id"
                                   " WHERE r.channel = ? AND instr(l.bytes, ?) > 0)",
                                   "ib", u->channel, bytes_from_text(name));
    if (!result) *out = found != 0;
    return result;
}

enum error store_drop_all_unnamed(struct store *s, struct diag *d) {
    struct arena a = {0};
    struct unnamed *list = NULL;
    size_t count = 0;
    bool damaged = false;
    enum error result = store_begin(s, d);
    if (result) return result;
    result = list_unnamed(s, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result && !damaged; i++) {
        result = is_in_an_entry(s, &list[i], &damaged, d);
        if (!result && !damaged) result = drop_unnamed(s, list[i].channel, list[i].sha, d);
    }
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
