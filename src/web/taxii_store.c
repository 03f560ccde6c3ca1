#include "web/taxii_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/os.h"
#include "base/secret.h"
#include "desk/index_rows.h"

enum { TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES, WAIT_MS = 30000, SQL_MAX = 4096 };
_Static_assert((int)TAXII_KEY_SIZE == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one size of key");

static const char *const spelled[SQL_COUNT] = {
    [SQL_NEXT] = "SELECT number, added FROM object ORDER BY number DESC LIMIT 1",
    [SQL_KNOWN] = "SELECT max(version = ?3), count(*) FROM object WHERE collection = ?1 AND id = ?2",
    [SQL_OLD] = "UPDATE object SET newest = 0 WHERE collection = ?1 AND id = ?2 AND newest = 1",
    [SQL_ADD] = ("INSERT INTO object (number, collection, id, type, version, newest, oldest, added, sealed)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8)"),
    [SQL_ADDED] = "SELECT number, added FROM object WHERE number >= ?1 ORDER BY number LIMIT 1",
    [SQL_KEEP] = "INSERT OR REPLACE INTO kept (name, sealed) VALUES (?1, ?2)",
    [SQL_KEPT] = "SELECT sealed FROM kept WHERE name = ?1",
};

enum error taxii_rows_failed(struct taxii_store *s, struct diag *d) {
    int code = s->db ? sqlite3_extended_errcode(s->db) & 0xff : SQLITE_NOMEM;
    enum error error = code == SQLITE_FULL                                                       ? ERR_FULL
                       : code == SQLITE_NOMEM                                                    ? ERR_MEMORY
                       : code == SQLITE_BUSY || code == SQLITE_LOCKED                            ? ERR_BUSY
                       : code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR ? ERR_INPUT
                                                                                                 : ERR_IO;
    return fail(d, error, _("what is there for TAXII: %s"), s->db ? sqlite3_errmsg(s->db) : "");
}

enum error taxii_rows_run(struct taxii_store *s, const char *sql, struct diag *d) {
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) ? taxii_rows_failed(s, d) : OK;
}

/* ---- opening */

static const char schema[] =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
    "CREATE TABLE IF NOT EXISTS object (number INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id BLOB NOT NULL,"
    " type BLOB NOT NULL, version BLOB NOT NULL, newest INTEGER NOT NULL, oldest INTEGER NOT NULL,"
    " added INTEGER NOT NULL, sealed BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS by_page ON object (collection, newest, number);"
    "CREATE INDEX IF NOT EXISTS by_type ON object (collection, type, number);"
    "CREATE INDEX IF NOT EXISTS by_id ON object (collection, id, number);"
    "CREATE TABLE IF NOT EXISTS kept (name BLOB PRIMARY KEY, sealed BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS status (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, sealed BLOB NOT NULL,"
    " body BLOB);";

static enum error open_file(struct taxii_store *s, struct diag *d) {
    enum error made = os_exists(s->path) ? OK : os_write_new(s->path, bytes_of("", 0), 0600, d);
    if (made && made != ERR_CONFLICT) return made;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL)) return taxii_rows_failed(s, d);
    sqlite3_busy_timeout(s->db, WAIT_MS);
    enum error result = taxii_rows_run(s, schema, d);
    for (enum spelled i = 0; i < SQL_COUNT && !result; i++)
        if (sqlite3_prepare_v3(s->db, spelled[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statements[i], NULL))
            result = taxii_rows_failed(s, d);
    return result;
}

static void close_file(struct taxii_store *s) {
    for (enum spelled i = 0; i < SQL_COUNT; i++) sqlite3_finalize(s->statements[i]);
    memset(s->statements, 0, sizeof s->statements);
    sqlite3_close(s->db);
    s->db = NULL;
}

static enum error begin_anew(struct taxii_store *s, struct diag *d) {
    close_file(s);
    enum error result = rows_forget(s->path, d);
    return result ? result : open_file(s, d);
}

static enum error check_key(struct taxii_store *s, struct diag *d);

enum error taxii_store_open(const char *path, const uint8_t key[static TAXII_KEY_SIZE], struct taxii_store **out,
                            struct diag *d) {
    static const char rows[] = "parley taxii rows v1", names[] = "parley taxii names v1";
    struct taxii_store *s = calloc(1, sizeof *s);
    if (!s) return fail(d, ERR_MEMORY, _("out of memory"));
    s->plain.max = s->sealed.max = OBJECT_BYTES_MAX + 4096;
    s->key = secret_new(TAXII_KEY_SIZE);
    s->names = secret_new(TAXII_KEY_SIZE);
    hkdf_sha256(bytes_of(key, TAXII_KEY_SIZE), bytes_of("", 0), bytes_of(rows, sizeof rows - 1), s->key,
                TAXII_KEY_SIZE);
    hkdf_sha256(bytes_of(key, TAXII_KEY_SIZE), bytes_of("", 0), bytes_of(names, sizeof names - 1), s->names,
                TAXII_KEY_SIZE);
    randombytes_buf(s->nonce, sizeof s->nonce);
    s->path = strdup(path);
    ASSERT(s->path);
    enum error result = open_file(s, d);
    if (!result) result = check_key(s, d);
    if (result == ERR_INPUT) { /* no database, another's, or of another key */
        result = begin_anew(s, d);
        if (!result) result = check_key(s, d);
    }
    if (result)
        taxii_store_close(s);
    else
        *out = s;
    return result;
}

void taxii_store_close(struct taxii_store *s) {
    if (!s) return;
    taxii_store_undo(s);
    close_file(s);
    secret_free(s->key);
    secret_free(s->names);
    free(s->path);
    buf_wipe(&s->plain);
    buf_free(&s->sealed);
    free(s);
}

/* ---- sealing */

static void put_be64(uint64_t number, uint8_t out[static 8]) {
    for (unsigned i = 0; i < 8; i++) out[i] = (uint8_t)(number >> (56 - 8 * i));
}

struct hashed taxii_rows_hash(const struct taxii_store *s, const char *what, struct text name) {
    const struct bytes parts[] = {bytes_of(what, strlen(what) + 1), bytes_from_text(name)};
    struct sha256 h = hmac_sha256_of_parts(bytes_of(s->names, TAXII_KEY_SIZE), parts, COUNT(parts));
    struct hashed out;
    memcpy(out.at, h.at, sizeof out.at);
    return out;
}

static struct place place_of(char table, uint64_t a, uint64_t b) {
    struct place p = {{(uint8_t)table}};
    put_be64(a, p.at + 1);
    put_be64(b, p.at + 9);
    return p;
}
struct place taxii_rows_place(char table, const struct hashed *name) {
    struct place p = {{(uint8_t)table}};
    memcpy(p.at + 1, name->at, sizeof name->at);
    return p;
}

enum error taxii_rows_seal(struct taxii_store *s, const struct place *place, struct bytes plain, struct diag *d) {
    uint8_t *counter = s->nonce + NONCE_SIZE - 8;
    unsigned long long size = 0;
    for (unsigned i = 8; i-- > 0 && !++counter[i];) continue;
    buf_clear(&s->sealed);
    buf_bytes(&s->sealed, bytes_of(s->nonce, NONCE_SIZE));
    uint8_t *into = buf_extend(&s->sealed, plain.size + TAG_SIZE);
    if (into)
        crypto_aead_xchacha20poly1305_ietf_encrypt(into, &size, plain.at, plain.size, place->at, sizeof place->at, NULL,
                                                   s->nonce, s->key);
    return buf_check(&s->sealed, d);
}

enum error taxii_rows_open(struct taxii_store *s, const struct place *place, struct bytes sealed, struct buf *out,
                           struct diag *d) {
    unsigned long long size = 0;
    if (sealed.size < NONCE_SIZE + TAG_SIZE) return fail(d, ERR_INPUT, _("what is there for TAXII is damaged"));
    size_t from = out->size;
    uint8_t *into = buf_extend(out, sealed.size - NONCE_SIZE - TAG_SIZE);
    if (!into) return buf_check(out, d);
    if (!crypto_aead_xchacha20poly1305_ietf_decrypt(into, &size, NULL, sealed.at + NONCE_SIZE, sealed.size - NONCE_SIZE,
                                                    place->at, sizeof place->at, sealed.at, s->key))
        return OK;
    out->size = from;
    return fail(d, ERR_INPUT, _("what is there for TAXII is damaged"));
}

struct bytes taxii_rows_column(sqlite3_stmt *q, int at) {
    const void *bytes = sqlite3_column_blob(q, at);
    return bytes_of(bytes, (size_t)sqlite3_column_bytes(q, at));
}

static void bind(sqlite3_stmt *q, int at, struct bytes b) { sqlite3_bind_blob64(q, at, b.at, b.size, SQLITE_STATIC); }
static void bind_hash(sqlite3_stmt *q, int at, const struct hashed *h) { bind(q, at, bytes_of(h->at, sizeof h->at)); }

static enum error done(struct taxii_store *s, sqlite3_stmt *q, struct diag *d) {
    enum error result = sqlite3_step(q) == SQLITE_DONE ? OK : taxii_rows_failed(s, d);
    sqlite3_reset(q);
    return result;
}

/* ---- small things */

enum error taxii_store_keep(struct taxii_store *s, struct text name, struct bytes value, struct diag *d) {
    sqlite3_stmt *q = s->statements[SQL_KEEP];
    struct hashed h = taxii_rows_hash(s, "kept", name);
    struct place place = taxii_rows_place('k', &h);
    enum error result = taxii_rows_seal(s, &place, value, d);
    if (result) return result;
    bind_hash(q, 1, &h);
    bind(q, 2, buf_as_bytes(&s->sealed));
    return done(s, q, d);
}

enum error taxii_store_kept(struct taxii_store *s, struct text name, struct buf *out, struct diag *d) {
    sqlite3_stmt *q = s->statements[SQL_KEPT];
    struct hashed h = taxii_rows_hash(s, "kept", name);
    struct place place = taxii_rows_place('k', &h);
    bind_hash(q, 1, &h);
    int step = sqlite3_step(q);
    enum error result = step == SQLITE_ROW    ? taxii_rows_open(s, &place, taxii_rows_column(q, 0), out, d)
                        : step == SQLITE_DONE ? fail(d, ERR_MISSING, _("not found"))
                                              : taxii_rows_failed(s, d);
    sqlite3_reset(q);
    return result;
}

/* What another key made is not read: a name is found by the key, so its rows are there and this is not. */
static enum error check_key(struct taxii_store *s, struct diag *d) {
    struct buf known = {.max = 64};
    enum error result = taxii_store_kept(s, TEXT("version"), &known, d);
    bool fits = text_is(buf_as_text(&known), "1");
    buf_free(&known);
    if (!result && !fits) return fail(d, ERR_INPUT, _("what is there for TAXII is of another version"));
    if (result != ERR_MISSING) return result;
    if (taxii_store_count(s)) return fail(d, ERR_INPUT, _("what is there for TAXII is of another key"));
    return taxii_store_keep(s, TEXT("version"), bytes_of("1", 1), d);
}

/* ---- writing objects */

static const struct text cleared_name = {"cleared", 7};

/* Where there are no objects, those that were cleared away count. */
static enum error find_cleared(struct taxii_store *s, struct diag *d) {
    struct buf kept = {.max = 64};
    uint64_t was[2] = {0, 0};
    enum error result = taxii_store_kept(s, cleared_name, &kept, d);
    if (!result && kept.size == sizeof was) memcpy(was, kept.at, sizeof was);
    s->last = was[0];
    s->last_added = (instant)was[1];
    buf_free(&kept);
    return result == ERR_MISSING ? OK : result;
}

static enum error find_last(struct taxii_store *s, struct diag *d) {
    sqlite3_stmt *q = s->statements[SQL_NEXT];
    int step = sqlite3_step(q);
    s->last = step == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
    s->last_added = step == SQLITE_ROW ? sqlite3_column_int64(q, 1) : 0;
    sqlite3_reset(q);
    return step == SQLITE_ROW ? OK : step == SQLITE_DONE ? find_cleared(s, d) : taxii_rows_failed(s, d);
}

enum error taxii_store_begin(struct taxii_store *s, struct diag *d) {
    enum error result = taxii_rows_run(s, "BEGIN IMMEDIATE", d);
    s->begun = !result;
    return result ? result : find_last(s, d);
}

enum error taxii_store_commit(struct taxii_store *s, struct diag *d) {
    enum error result = taxii_rows_run(s, "COMMIT", d);
    if (!result) s->begun = false;
    return result;
}

void taxii_store_undo(struct taxii_store *s) {
    if (s->begun && sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL)) return; /* closing undoes it */
    s->begun = false;
}

/* Numbers and times go on from where they were, so that clients who go on by either get all of it anew. */
enum error taxii_store_clear(struct taxii_store *s, struct diag *d) {
    enum error result = taxii_store_begin(s, d);
    uint64_t was[2] = {s->last, (uint64_t)s->last_added};
    if (!result) result = taxii_rows_run(s, "DELETE FROM object; DELETE FROM kept", d);
    if (!result) result = taxii_store_keep(s, TEXT("version"), bytes_of("1", 1), d);
    if (!result) result = taxii_store_keep(s, cleared_name, bytes_of(was, sizeof was), d);
    if (!result) result = taxii_store_commit(s, d);
    if (result) taxii_store_undo(s);
    return result;
}

static enum error known(struct taxii_store *s, enum taxii_collection c, const struct hashed *id,
                        const struct hashed *version, bool *same, bool *any, struct diag *d) {
    sqlite3_stmt *q = s->statements[SQL_KNOWN];
    sqlite3_bind_int(q, 1, (int)c);
    bind_hash(q, 2, id);
    bind_hash(q, 3, version);
    if (sqlite3_step(q) != SQLITE_ROW) return taxii_rows_failed(s, d);
    *same = sqlite3_column_int(q, 0);
    *any = sqlite3_column_int(q, 1) > 0;
    sqlite3_reset(q);
    return OK;
}

static enum error set_old(struct taxii_store *s, enum taxii_collection c, const struct hashed *id, struct diag *d) {
    sqlite3_stmt *q = s->statements[SQL_OLD];
    sqlite3_bind_int(q, 1, (int)c);
    bind_hash(q, 2, id);
    return done(s, q, d);
}

/* Letters, digits and what ids and times have beside them: an answer spells them without escapes. */
static bool is_plain(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';
        if (!letter && !digit && (!c || !strchr("-.:", c))) return false;
    }
    return t.size <= 256;
}

/* "id LF version LF object"; what has no version of its own has the time at which it was added. */
static void spell(struct taxii_store *s, const json_t *object, struct text id, struct text version) {
    buf_clear(&s->plain);
    buf_text(&s->plain, id);
    buf_char(&s->plain, '\n');
    buf_text(&s->plain, version);
    buf_char(&s->plain, '\n');
    json_canonical(object, &s->plain);
}

enum error taxii_store_put(struct taxii_store *s, enum taxii_collection c, const json_t *object, bool once, instant now,
                           struct diag *d) {
    char time[TAXII_TIME_SIZE + 1];
    struct text id = json_text(object, "id"), version = json_text(object, "modified");
    if (!version.size) version = json_text(object, "created");
    if (!id.size || !is_plain(id) || !is_plain(version)) return OK; /* no STIX: others may have said anything */
    struct hashed id_hash = taxii_rows_hash(s, "id", id), version_hash = taxii_rows_hash(s, "version", version);
    struct hashed type_hash = taxii_rows_hash(s, "type", json_text(object, "type"));
    bool same = false, any = false;
    enum error result = known(s, c, &id_hash, &version_hash, &same, &any, d);
    /* An observable has no version, and its id follows from what it says: it is not added anew each time. */
    if (result || same || ((once || !version.size) && any)) return result;
    instant added = now > s->last_added ? now : s->last_added + 1;
    if (!version.size) {
        version = taxii_time(added, time);
        version_hash = taxii_rows_hash(s, "version", version);
    }
    if (any) result = set_old(s, c, &id_hash, d);
    spell(s, object, id, version);
    struct place place = place_of('o', s->last + 1, c);
    if (!result) result = buf_check(&s->plain, d);
    if (!result) result = taxii_rows_seal(s, &place, buf_as_bytes(&s->plain), d);
    if (result) return result;
    sqlite3_stmt *q = s->statements[SQL_ADD];
    sqlite3_bind_int64(q, 1, (sqlite3_int64)(s->last + 1));
    sqlite3_bind_int(q, 2, (int)c);
    bind_hash(q, 3, &id_hash);
    bind_hash(q, 4, &type_hash);
    bind_hash(q, 5, &version_hash);
    sqlite3_bind_int(q, 6, !any);
    sqlite3_bind_int64(q, 7, added);
    bind(q, 8, buf_as_bytes(&s->sealed));
    result = done(s, q, d);
    if (result) return result;
    s->last++;
    s->last_added = added;
    return OK;
}

/* ---- reading objects */

/* The number of the last object that was added at that time or before: both rise together. */
static enum error number_at(struct taxii_store *s, instant added, uint64_t *out, struct diag *d) {
    sqlite3_stmt *q = s->statements[SQL_ADDED];
    enum error result = find_last(s, d);
    uint64_t low = 0, high = s->last + 1; /* the first that is later is in (low, high] */
    while (!result && high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        sqlite3_bind_int64(q, 1, (sqlite3_int64)middle);
        int step = sqlite3_step(q);
        if (step != SQLITE_ROW && step != SQLITE_DONE) result = taxii_rows_failed(s, d);
        if (step == SQLITE_ROW && sqlite3_column_int64(q, 1) <= added)
            low = (uint64_t)sqlite3_column_int64(q, 0) < high ? (uint64_t)sqlite3_column_int64(q, 0) : high - 1;
        else
            high = middle;
        sqlite3_reset(q);
    }
    if (!result) *out = low;
    return result;
}

static void put_list(struct buf *sql, const char *name, size_t count, int *next) {
    if (!count) return;
    buf_format(sql, " AND %s IN (", name);
    for (size_t i = 0; i < count; i++) buf_format(sql, "%s?%d", i ? "," : "", (*next)++);
    buf_char(sql, ')');
}

static int bind_list(struct taxii_store *s, sqlite3_stmt *q, const char *what, const struct text *list, size_t count,
                     int next) {
    for (size_t i = 0; i < count; i++) {
        struct hashed h = taxii_rows_hash(s, what, list[i]);
        sqlite3_bind_blob(q, next++, h.at, sizeof h.at, SQLITE_TRANSIENT);
    }
    return next;
}

/* Parts of a page are asked for by as many conditions as SQLite has an index for. */
static void write_query(const struct taxii_filter *f, struct buf *sql) {
    int next = 3;
    buf_string(sql, "SELECT number, added, sealed FROM object WHERE collection = ?1 AND number > ?2");
    put_list(sql, "id", f->id_count, &next);
    put_list(sql, f->id_count ? "+type" : "type", f->type_count, &next);
    if (!(f->versions & TAXII_ALL)) {
        buf_string(sql, " AND (0");
        if (f->versions & TAXII_FIRST) buf_string(sql, " OR oldest = 1");
        if (f->versions & TAXII_LAST) buf_string(sql, " OR newest = 1");
        for (size_t i = 0; i < f->at_count; i++) buf_format(sql, " OR version = ?%d", next++);
        buf_char(sql, ')');
    }
    if (f->versions == TAXII_LAST && !f->at_count && !f->id_count) buf_string(sql, " AND newest = 1");
    buf_string(sql, " ORDER BY number");
    buf_char(sql, 0);
}

static enum error start(struct taxii_store *s, enum taxii_collection c, const struct taxii_filter *f, uint64_t after,
                        sqlite3_stmt **out, struct diag *d) {
    struct buf sql = {.max = SQL_MAX};
    write_query(f, &sql);
    enum error result = buf_check(&sql, d);
    if (!result && sqlite3_prepare_v2(s->db, (const char *)sql.at, -1, out, NULL)) result = taxii_rows_failed(s, d);
    buf_free(&sql);
    if (result) return result;
    sqlite3_bind_int(*out, 1, (int)c);
    sqlite3_bind_int64(*out, 2, after > INT64_MAX ? INT64_MAX : (sqlite3_int64)after);
    int next = bind_list(s, *out, "id", f->ids, f->id_count, 3);
    next = bind_list(s, *out, "type", f->types, f->type_count, next);
    if (!(f->versions & TAXII_ALL)) bind_list(s, *out, "version", f->at, f->at_count, next);
    return OK;
}

static enum error read_row(struct taxii_store *s, enum taxii_collection c, sqlite3_stmt *q, struct taxii_row *row,
                           struct diag *d) {
    *row = (struct taxii_row){.number = (uint64_t)sqlite3_column_int64(q, 0), .added = sqlite3_column_int64(q, 1)};
    struct place place = place_of('o', row->number, c);
    buf_clear(&s->plain);
    enum error result = taxii_rows_open(s, &place, taxii_rows_column(q, 2), &s->plain, d);
    struct text rest = buf_as_text(&s->plain);
    if (result || !text_line(&rest, &row->id) || !text_line(&rest, &row->version))
        return result ? result : fail(d, ERR_INPUT, _("what is there for TAXII is damaged"));
    row->object = bytes_from_text(rest);
    return OK;
}

enum error taxii_store_page(struct taxii_store *s, enum taxii_collection c, const struct taxii_filter *f,
                            bool (*with)(void *state, const struct taxii_row *row), void *state, struct taxii_page *out,
                            struct diag *d) {
    struct taxii_page page = {0};
    struct taxii_row row;
    sqlite3_stmt *q = NULL;
    uint64_t after = 0;
    enum error result = OK;
    int step = SQLITE_DONE;
    if (f->added_after != INSTANT_NONE) result = number_at(s, f->added_after, &after, d);
    if (after < f->after) after = f->after;
    if (!result && !f->nothing) result = start(s, c, f, after, &q, d);
    while (!result && q && (step = sqlite3_step(q)) == SQLITE_ROW) {
        if (page.count == f->limit && (page.more = true)) break;
        result = read_row(s, c, q, &row, d);
        if (result || !with(state, &row)) {
            page.more = !result;
            break;
        }
        if (!page.count++) page.first_added = row.added;
        page.last_added = row.added;
        page.last = row.number;
    }
    if (!result && step != SQLITE_DONE && step != SQLITE_ROW) result = taxii_rows_failed(s, d);
    sqlite3_finalize(q);
    if (!result) *out = page;
    return result;
}

enum error taxii_store_has(struct taxii_store *s, enum taxii_collection c, struct text id, bool *out, struct diag *d) {
    bool same;
    struct hashed id_hash = taxii_rows_hash(s, "id", id), none = {{0}};
    return known(s, c, &id_hash, &none, &same, out, d);
}

uint64_t taxii_store_count(struct taxii_store *s) {
    sqlite3_stmt *q = NULL;
    uint64_t count = 0;
    if (!sqlite3_prepare_v2(s->db, "SELECT count(*) FROM object", -1, &q, NULL) && sqlite3_step(q) == SQLITE_ROW)
        count = (uint64_t)sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return count;
}

struct text taxii_time(instant i, char out[static TAXII_TIME_SIZE + 1]) {
    char whole[INSTANT_TEXT_MAX];
    instant within = i % INSTANT_SECOND;
    struct text seconds = instant_write(i - within, whole);
    snprintf(out, TAXII_TIME_SIZE + 1, "%.*s.%06" PRId64 "Z", (int)(seconds.size ? seconds.size - 1 : 0), whole,
             within);
    return text_of(out);
}
