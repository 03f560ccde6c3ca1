#include "desk/index_rows.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/os.h"
#include "base/secret.h"

enum {
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES
};
_Static_assert((int)ROWS_KEY_SIZE == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one size of key");
#define WAIT_MS 30000

enum spelled { SQL_GET, SQL_PUT, SQL_REMOVE, SQL_EACH, SQL_COUNT };
static const char *const spelled[SQL_COUNT] = {
    [SQL_GET] = "SELECT sealed FROM row WHERE number = ?1",
    [SQL_PUT] = "INSERT OR REPLACE INTO row (number, sealed) VALUES (?1, ?2)",
    [SQL_REMOVE] = "DELETE FROM row WHERE number = ?1",
    [SQL_EACH] = "SELECT number, sealed FROM row WHERE number >= ?1 AND number < ?2 ORDER BY number",
};

struct rows {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[SQL_COUNT];
    uint8_t *key;              /* secret_new */
    uint8_t nonce[NONCE_SIZE]; /* random, and a counter at its end: never twice under one key */
    struct buf plain, sealed;
    bool begun;
};

static enum error failed(struct rows *r, struct diag *d) {
    int code = r->db ? sqlite3_extended_errcode(r->db) & 0xff : SQLITE_NOMEM;
    enum error error =
        code == SQLITE_FULL                                                                                ? ERR_FULL
        : code == SQLITE_NOMEM                                                                             ? ERR_MEMORY
        : code == SQLITE_BUSY || code == SQLITE_LOCKED                                                     ? ERR_BUSY
        : code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_FORMAT ? ERR_INPUT
                                                                                                           : ERR_IO;
    return fail(d, error, _("the index: %s"), r->db ? sqlite3_errmsg(r->db) : "");
}

static enum error run(struct rows *r, const char *sql, struct diag *d) {
    return sqlite3_exec(r->db, sql, NULL, NULL, NULL) ? failed(r, d) : OK;
}

/* ---- opening */

static enum error open_file(struct rows *r, const char *path, struct diag *d) {
    /* An empty file is a database; it is made here, so that nobody else may read it. */
    bool memory = !strcmp(path, ROWS_IN_MEMORY);
    enum error made = memory || os_exists(path) ? OK : os_write_new(path, bytes_of("", 0), 0600, d);
    if (made && made != ERR_CONFLICT) return made;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &r->db, flags, NULL)) return failed(r, d);
    sqlite3_busy_timeout(r->db, WAIT_MS);
    return run(r,
               "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
               "PRAGMA cache_size = -16384;"
               "CREATE TABLE IF NOT EXISTS row (number INTEGER PRIMARY KEY, sealed BLOB NOT NULL)",
               d);
}

static enum error prepare(struct rows *r, struct diag *d) {
    for (enum spelled s = 0; s < SQL_COUNT; s++)
        if (sqlite3_prepare_v3(r->db, spelled[s], -1, SQLITE_PREPARE_PERSISTENT, &r->statements[s], NULL))
            return failed(r, d);
    return OK;
}

static void close_file(struct rows *r) {
    for (enum spelled s = 0; s < SQL_COUNT; s++) sqlite3_finalize(r->statements[s]);
    sqlite3_close(r->db);
    memset(r->statements, 0, sizeof r->statements);
    r->db = NULL;
}

enum error rows_forget(const char *path, struct diag *d) {
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct buf name = {.max = OS_PATH_MAX};
        buf_format(&name, "%s%s", path, ends[i]);
        buf_char(&name, '\0');
        enum error result = buf_check(&name, d);
        if (!result && os_exists((const char *)name.at)) result = os_remove((const char *)name.at, d);
        buf_free(&name);
        if (result) return result;
    }
    return OK;
}

static enum error begin_anew(struct rows *r, struct diag *d) {
    close_file(r);
    enum error result = rows_forget(r->path, d);
    if (!result) result = open_file(r, r->path, d);
    return result ? result : prepare(r, d);
}

enum error rows_open(const char *path, const uint8_t key[static ROWS_KEY_SIZE], struct rows **out, struct diag *d) {
    struct rows *r = calloc(1, sizeof *r);
    if (!r) return fail(d, ERR_MEMORY, _("out of memory"));
    r->plain.max = r->sealed.max = ROW_BYTES_MAX + NONCE_SIZE + TAG_SIZE;
    r->key = secret_new(ROWS_KEY_SIZE);
    memcpy(r->key, key, ROWS_KEY_SIZE);
    randombytes_buf(r->nonce, sizeof r->nonce);
    r->path = strdup(path);
    ASSERT(r->path);
    enum error result = open_file(r, path, d);
    if (!result) result = prepare(r, d);
    if (result == ERR_INPUT) result = begin_anew(r, d); /* no database, or another's */
    if (result)
        rows_close(r);
    else
        *out = r;
    return result;
}

void rows_close(struct rows *r) {
    if (!r) return;
    rows_undo(r);
    close_file(r);
    secret_free(r->key);
    free(r->path);
    buf_wipe(&r->plain);
    buf_free(&r->sealed);
    free(r);
}

/* ---- transactions */

enum error rows_begin(struct rows *r, struct diag *d) {
    enum error result = run(r, "BEGIN IMMEDIATE", d);
    r->begun = !result;
    return result;
}

enum error rows_begin_reading(struct rows *r, struct diag *d) {
    enum error result = run(r, "BEGIN", d);
    r->begun = !result;
    return result;
}

enum error rows_commit(struct rows *r, struct diag *d) {
    enum error result = run(r, "COMMIT", d);
    if (!result) r->begun = false;
    return result;
}

void rows_undo(struct rows *r) {
    if (r->begun && sqlite3_exec(r->db, "ROLLBACK", NULL, NULL, NULL)) return; /* closing undoes it */
    r->begun = false;
}

/* Pages of the file may be damaged so that SQLite finds no way through them. */
enum error rows_clear(struct rows *r, struct diag *d) {
    enum error result = run(r, "DELETE FROM row", d);
    return result == ERR_INPUT ? begin_anew(r, d) : result;
}

/* ---- rows */

static void number_bytes(uint64_t number, uint8_t out[static 8]) {
    for (unsigned i = 0; i < 8; i++) out[i] = (uint8_t)(number >> (56 - 8 * i));
}

static enum error open_row(struct rows *r, uint64_t number, struct bytes sealed, struct buf *out, struct diag *d) {
    uint8_t place[8];
    unsigned long long size = 0;
    number_bytes(number, place);
    if (sealed.size < NONCE_SIZE + TAG_SIZE) return fail(d, ERR_INPUT, _("the index is damaged"));
    size_t from = out->size, room = sealed.size - NONCE_SIZE - TAG_SIZE;
    uint8_t *into = buf_extend(out, room);
    if (!into) return buf_check(out, d);
    if (!crypto_aead_xchacha20poly1305_ietf_decrypt(into, &size, NULL, sealed.at + NONCE_SIZE, sealed.size - NONCE_SIZE,
                                                    place, sizeof place, sealed.at, r->key))
        return OK;
    out->size = from;
    return fail(d, ERR_INPUT, _("the index is damaged"));
}

static void seal_row(struct rows *r, uint64_t number, struct bytes plain) {
    uint8_t place[8], *counter = r->nonce + NONCE_SIZE - 8;
    unsigned long long size = 0;
    number_bytes(number, place);
    for (unsigned i = 8; i-- > 0 && !++counter[i];) continue;
    buf_clear(&r->sealed);
    buf_bytes(&r->sealed, bytes_of(r->nonce, NONCE_SIZE));
    uint8_t *into = buf_extend(&r->sealed, plain.size + TAG_SIZE);
    if (into)
        crypto_aead_xchacha20poly1305_ietf_encrypt(into, &size, plain.at, plain.size, place, sizeof place, NULL,
                                                   r->nonce, r->key);
}

static struct bytes column(sqlite3_stmt *s, int at) {
    const void *bytes = sqlite3_column_blob(s, at);
    return bytes_of(bytes, (size_t)sqlite3_column_bytes(s, at));
}

enum error rows_get(struct rows *r, uint64_t number, struct buf *out, struct diag *d) {
    sqlite3_stmt *s = r->statements[SQL_GET];
    sqlite3_bind_int64(s, 1, (sqlite3_int64)number);
    int step = sqlite3_step(s);
    enum error result = step == SQLITE_ROW    ? open_row(r, number, column(s, 0), out, d)
                        : step == SQLITE_DONE ? fail(d, ERR_MISSING, _("not in the index"))
                                              : failed(r, d);
    sqlite3_reset(s);
    return result;
}

enum error rows_put(struct rows *r, uint64_t number, struct bytes plain, struct diag *d) {
    sqlite3_stmt *s = r->statements[SQL_PUT];
    seal_row(r, number, plain);
    enum error result = buf_check(&r->sealed, d);
    if (result) return result;
    sqlite3_bind_int64(s, 1, (sqlite3_int64)number);
    sqlite3_bind_blob64(s, 2, r->sealed.at, r->sealed.size, SQLITE_STATIC);
    if (sqlite3_step(s) != SQLITE_DONE) result = failed(r, d);
    sqlite3_reset(s);
    return result;
}

enum error rows_remove(struct rows *r, uint64_t number, struct diag *d) {
    sqlite3_stmt *s = r->statements[SQL_REMOVE];
    sqlite3_bind_int64(s, 1, (sqlite3_int64)number);
    enum error result = sqlite3_step(s) == SQLITE_DONE ? OK : failed(r, d);
    sqlite3_reset(s);
    return result;
}

enum error rows_each(struct rows *r, enum row_kind kind, uint64_t low,
                     enum error (*with)(void *state, uint64_t low, struct bytes plain, struct diag *d), void *state,
                     struct diag *d) {
    sqlite3_stmt *s = r->statements[SQL_EACH];
    uint64_t first = row_number(kind, low);
    enum error result = OK;
    sqlite3_bind_int64(s, 1, (sqlite3_int64)first);
    sqlite3_bind_int64(s, 2, (sqlite3_int64)((uint64_t)(kind + 1) << ROW_BITS));
    int step = SQLITE_DONE;
    while (!result && (step = sqlite3_step(s)) == SQLITE_ROW) {
        uint64_t number = (uint64_t)sqlite3_column_int64(s, 0);
        buf_clear(&r->plain);
        result = open_row(r, number, column(s, 1), &r->plain, d);
        if (!result) result = with(state, number - row_number(kind, 0), buf_as_bytes(&r->plain), d);
    }
    if (!result && step != SQLITE_DONE) result = failed(r, d);
    sqlite3_reset(s);
    return result;
}

uint64_t rows_hash(const struct rows *r, struct text name) {
    struct sha256 h = hmac_sha256(bytes_of(r->key, ROWS_KEY_SIZE), bytes_from_text(name));
    uint64_t low = 0;
    for (unsigned i = 0; i < ROW_BITS / 8; i++) low = low << 8 | h.at[i];
    return low;
}
