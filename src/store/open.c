/* Opening the database, its tables, and transactions. */
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "store/doomed.h"
#include "store/rows.h"

/* Since version 2; see rows.h.  `place` is that of a bundle's first entry, and the number of a tile. */
#define ROW_TABLES                                                                                                     \
    "CREATE TABLE bundle(record INTEGER NOT NULL REFERENCES record, place INTEGER NOT NULL, bytes BLOB NOT NULL,"      \
    " PRIMARY KEY(record, place)) WITHOUT ROWID;"                                                                      \
    "CREATE TABLE tile(record INTEGER NOT NULL REFERENCES record, level INTEGER NOT NULL, place INTEGER NOT NULL,"     \
    " hashes BLOB NOT NULL, PRIMARY KEY(record, level, place)) WITHOUT ROWID;"                                         \
    "CREATE INDEX named_attached ON named(record, sha, place) WHERE part > 0;"                                         \
    "PRAGMA user_version = 2;"

/* `place` is the index of an entry, `size` a number of entries, but of a blob its bytes. */
static const char tables[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE channel(id INTEGER PRIMARY KEY, own_party TEXT NOT NULL, party TEXT NOT NULL,"
    " number INTEGER NOT NULL, drill INTEGER NOT NULL, invited_card BLOB NOT NULL, state INTEGER NOT NULL,"
    " why TEXT NOT NULL DEFAULT '', contacted_at INTEGER, tried_at INTEGER, trouble TEXT NOT NULL DEFAULT '',"
    " blob_bytes_max INTEGER NOT NULL, total_bytes_max INTEGER NOT NULL, window_entries INTEGER NOT NULL,"
    " UNIQUE(party, drill, number));"
    "CREATE TABLE record(id INTEGER PRIMARY KEY, channel INTEGER NOT NULL REFERENCES channel, side INTEGER NOT NULL,"
    " name TEXT NOT NULL UNIQUE, origin TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, root TEXT NOT NULL,"
    " secret BLOB NOT NULL, size INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, early_card BLOB, "
    "UNIQUE(channel, side));"
    "CREATE TABLE leaf(record INTEGER NOT NULL REFERENCES record, place INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " UNIQUE(record, place));"
    "CREATE TABLE node(record INTEGER NOT NULL REFERENCES record, level INTEGER NOT NULL, place INTEGER NOT NULL,"
    " hash BLOB NOT NULL, PRIMARY KEY(record, level, place)) WITHOUT ROWID;"
    "CREATE TABLE named(record INTEGER NOT NULL REFERENCES record, place INTEGER NOT NULL, part INTEGER NOT NULL,"
    " sha BLOB NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(record, place, part)) WITHOUT ROWID;"
    "CREATE INDEX named_sha ON named(record, sha);"
    "CREATE TABLE erased(record INTEGER NOT NULL REFERENCES record, place INTEGER NOT NULL, sha BLOB NOT NULL,"
    " PRIMARY KEY(record, place, sha)) WITHOUT ROWID;"
    "CREATE INDEX erased_sha ON erased(record, sha);"
    "CREATE TABLE intent(record INTEGER NOT NULL REFERENCES record, size INTEGER NOT NULL, root BLOB NOT NULL,"
    " PRIMARY KEY(record, size)) WITHOUT ROWID;"
    "CREATE TABLE checkpoint(record INTEGER NOT NULL REFERENCES record, kind INTEGER NOT NULL,"
    " size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL, PRIMARY KEY(record, kind, size)) WITHOUT ROWID;"
    "CREATE TABLE receipt(record INTEGER NOT NULL REFERENCES record, size INTEGER NOT NULL, line TEXT NOT NULL,"
    " root BLOB NOT NULL, stamp INTEGER NOT NULL, recorded INTEGER, PRIMARY KEY(record, size, line)) WITHOUT ROWID;"
    "CREATE TABLE blob(channel INTEGER NOT NULL REFERENCES channel, sha BLOB NOT NULL, side INTEGER NOT NULL,"
    " state INTEGER NOT NULL, size INTEGER NOT NULL, have INTEGER NOT NULL, bytes BLOB, UNIQUE(channel, sha));"
    "CREATE INDEX blob_sha ON blob(sha);"
    "CREATE TABLE card(record INTEGER NOT NULL REFERENCES record, place INTEGER NOT NULL, serial INTEGER NOT NULL,"
    " note BLOB NOT NULL, PRIMARY KEY(record, place)) WITHOUT ROWID;"
    "CREATE TABLE contradiction(id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record,"
    " proves INTEGER NOT NULL, found_at INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE(record, text));"
    "CREATE TABLE draft(name TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE doomed(path TEXT PRIMARY KEY) WITHOUT ROWID;" ROW_TABLES;

static enum error execute(struct store *s, const char *sql, struct diag *d) {
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) ? sql_failed(s, d) : OK;
}

/* Version 1 had a row for each entry and for each hash of each level. */
static enum error settle_rows(struct store *s, struct diag *d) {
    uint64_t record = 0;
    enum error result = execute(s, ROW_TABLES, d);
    while (!result) {
        result = sql_number(s, &record, d, "SELECT min(id) FROM record WHERE id > ?", "u", record);
        if (result || !record) break;
        result = entry_rows_settle(s, (int64_t)record, d);
        if (!result) result = hash_rows_settle(s, (int64_t)record, d);
    }
    return result;
}

static enum error make_tables(struct store *s, struct diag *d) {
    uint64_t version = 0;
    enum error result = sql_number(s, &version, d, "PRAGMA user_version", "");
    if (result) return result;
    if (version > STORE_VERSION)
        return fail(d, ERR_INPUT, _("the store is of version %llu, and this program knows %d"),
                    (unsigned long long)version, STORE_VERSION);
    if (version == STORE_VERSION) return OK;
    result = store_begin(s, d);
    if (result) return result;
    return store_end(s, version ? settle_rows(s, d) : execute(s, tables, d), d);
}

/* Called only where something was written. */
static int count_commit(void *state) {
    struct store *s = state;
    atomic_fetch_add(&s->generation, 1);
    return 0;
}

uint64_t store_generation(struct store *s) { return atomic_load(&s->generation); }

/* A commit whose sync failed, and whose process died then, is read here all the same, from what the system has in
 * memory: before anything is promised of it, it is to be on the disk.  Where that fails, some of it may be lost: then
 * nothing of it is to be carried over when the database is closed. */
static enum error sync_what_was_left(struct store *s, struct diag *d) {
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    enum error result = execute(s, "PRAGMA wal_checkpoint(PASSIVE);", d);
    if (!result) sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return result;
}

static enum error open_database(struct store *s, const struct store_options *o, struct diag *d) {
    char path[OS_PATH_MAX] = ":memory:", blobs[OS_PATH_MAX];
    enum error result = OK;
    if (o->folder) {
        result = os_make_folders(os_path(blobs, o->folder, "blobs"), 0700, d);
        /* Who made a folder in it and was killed before it was durable leaves that to the next one. */
        if (!result) result = os_sync_folder(blobs, d);
        if (result) return result;
        os_path(path, o->folder, "parley.db");
        /* SQLite would make it for all to read; its other files get the mode of this one. */
        if (!os_exists(path)) result = os_write_new(path, bytes_of(NULL, 0), 0600, d);
        if (result) return result;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path, &s->db, flags, o->vfs)) return sql_failed(s, d);
    sqlite3_busy_timeout(s->db, 5000);
    sqlite3_commit_hook(s->db, count_commit, s);
    result = execute(s,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                     "PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY;",
                     d);
    if (!result) result = sync_what_was_left(s, d);
    if (!result) result = make_tables(s, d);
    return result ? result : store_remove_doomed(s, d);
}

enum error store_open(const struct store_options *o, struct store **out, struct diag *d) {
    struct store *s = calloc(1, sizeof *s);
    if (!s) return fail(d, ERR_MEMORY, _("out of memory"));
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&s->lock, &kind);
    pthread_mutexattr_destroy(&kind);
    pthread_cond_init(&s->written, NULL);
    enum error result = OK;
    if (o->folder && !(s->folder = strdup(o->folder))) result = fail(d, ERR_MEMORY, _("out of memory"));
    if (!result) result = open_database(s, o, d);
    if (result)
        store_close(s);
    else
        *out = s;
    return result;
}

void store_close(struct store *s) {
    if (!s) return;
    ASSERT(s->depth == 0);
    for (size_t i = 0; i < STORE_STATEMENT_PLACES; i++) sqlite3_finalize(s->statements[i].prepared);
    sqlite3_close(s->db);
    pthread_cond_destroy(&s->written);
    pthread_mutex_destroy(&s->lock);
    free(s->compared);
    free(s->folder);
    free(s);
}

enum error store_begin(struct store *s, struct diag *d) {
    sql_lock(s);
    enum error result = s->depth ? OK : sql_run(s, d, "BEGIN IMMEDIATE", "");
    if (result)
        sql_unlock(s);
    else
        s->depth++;
    return result;
}

enum error store_end(struct store *s, enum error result, struct diag *d) {
    ASSERT(s->depth);
    bool outermost = --s->depth == 0;
    if (outermost && !result) result = sql_run(s, d, "COMMIT", "");
    if (outermost && result && !sqlite3_get_autocommit(s->db)) {
        enum error undone = sql_run(s, NULL, "ROLLBACK", "");
        (void)undone; /* where even that fails, SQLite takes the rest back when the file is next opened */
    }
    /* What the transaction deleted may go from the disk now; where that fails, the next start does it. */
    if (outermost && !result) {
        enum error removed = store_remove_doomed(s, NULL);
        (void)removed;
    }
    sql_unlock(s);
    return result;
}

bool store_compared(struct store *s, int64_t channel) {
    bool found = false;
    sql_lock(s);
    for (size_t i = 0; i < s->compared_count && !found; i++) found = s->compared[i] == channel;
    sql_unlock(s);
    return found;
}

void store_set_compared(struct store *s, int64_t channel, bool compared) {
    sql_lock(s);
    size_t at = 0;
    while (at < s->compared_count && s->compared[at] != channel) at++;
    if (compared && at == s->compared_count) {
        int64_t *more = realloc(s->compared, (at + 1) * sizeof *more);
        ASSERT(more);
        s->compared = more;
        s->compared[s->compared_count++] = channel;
    } else if (!compared && at < s->compared_count) {
        s->compared[at] = s->compared[--s->compared_count];
    }
    sql_unlock(s);
}
