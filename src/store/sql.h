/* Within store/: SQLite behind three calls.
 *
 * Statements are prepared once for each spelling and kept.  Values are bound by a word of types, one letter each:
 *   i  int64_t        u  uint64_t (kept as the signed number of the same bits)
 *   t  struct text    b  struct bytes      h  const struct sha256 *      z  const char *
 * A verb locks the store around all that it does (sql_lock); the lock is recursive. */
#ifndef PARLEY_STORE_SQL_H
#define PARLEY_STORE_SQL_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/store.h"

enum {
    STORE_STATEMENTS_MAX = 200,
    STORE_STATEMENT_PLACES = 512,
    STORE_CARDS_KNOWN = 512,
};

struct writing;
struct store {
    sqlite3 *db;
    char *folder; /* NULL: in memory */
    pthread_mutex_t lock;
    unsigned depth; /* of store_begin */
    atomic_uint_fast64_t generation;
    struct {
        const char *sql;
        sqlite3_stmt *prepared;
    } statements[STORE_STATEMENT_PLACES]; /* each at the first free place from that of its address on */
    size_t statement_count;
    int64_t *compared; /* channels */
    size_t compared_count;
    struct sha256 known_cards[STORE_CARDS_KNOWN]; /* each at the place of its first bytes */
    uint64_t blob_cap, total_cap;                 /* of every channel's limits */
    struct writing *writing;                      /* files of blobs that are being written without the lock */
    pthread_cond_t written;
};

void sql_lock(struct store *s);
void sql_unlock(struct store *s);

enum error sql_failed(struct store *s, struct diag *d);
/* Runs a statement that returns no rows. */
enum error sql_run(struct store *s, struct diag *d, const char *sql, const char *types, ...) MUST_USE;

/* A query under way.  `sql` must be a literal: its address is the name of the prepared statement. */
struct query {
    struct store *store;
    sqlite3_stmt *statement;
};
enum error sql_start(struct store *s, struct query *q, struct diag *d, const char *sql, const char *types,
                     ...) MUST_USE;
/* The next row; at the end, and on failure, the query is over. */
enum error sql_next(struct query *q, bool *row, struct diag *d) MUST_USE;
void sql_stop(struct query *q); /* where not all rows were asked for */
/* Starts and takes the first row: ERR_MISSING where there is none. */
enum error sql_first(struct store *s, struct query *q, struct diag *d, const char *sql, const char *types,
                     ...) MUST_USE;

int64_t sql_i64(const struct query *q, int column);
uint64_t sql_u64(const struct query *q, int column);
bool sql_null(const struct query *q, int column);
/* Valid until the next row. */
struct bytes sql_bytes(const struct query *q, int column);
struct text sql_text(const struct query *q, int column, struct arena *a); /* a copy */
struct bytes sql_copy(const struct query *q, int column, struct arena *a);
enum error sql_sha(const struct query *q, int column, struct sha256 *out, struct diag *d) MUST_USE;

/* One number from one row: ERR_MISSING without a row; NULL gives 0. */
enum error sql_number(struct store *s, uint64_t *out, struct diag *d, const char *sql, const char *types, ...) MUST_USE;

#endif
