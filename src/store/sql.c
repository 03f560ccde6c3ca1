#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

void sql_lock(struct store *s) { pthread_mutex_lock(&s->lock); }
void sql_unlock(struct store *s) { pthread_mutex_unlock(&s->lock); }

enum error sql_failed(struct store *s, struct diag *d) {
    int code = sqlite3_extended_errcode(s->db) & 0xff;
    enum error error = code == SQLITE_FULL                               ? ERR_FULL
                       : code == SQLITE_NOMEM                            ? ERR_MEMORY
                       : code == SQLITE_BUSY || code == SQLITE_LOCKED    ? ERR_BUSY
                       : code == SQLITE_CONSTRAINT                       ? ERR_CONFLICT
                       : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? ERR_INPUT
                                                                         : ERR_IO;
    return fail(d, error, _("the store: %s"), sqlite3_errmsg(s->db));
}

/* Statements are few and live as long as the store. */
static sqlite3_stmt *prepare(struct store *s, const char *sql) {
    size_t at = (size_t)((uintptr_t)sql * 0x9e3779b97f4a7c15 >> 40) % STORE_STATEMENT_PLACES;
    for (; s->statements[at].sql; at = (at + 1) % STORE_STATEMENT_PLACES)
        if (s->statements[at].sql == sql) return s->statements[at].prepared;
    ASSERT(s->statement_count < STORE_STATEMENTS_MAX);
    sqlite3_stmt *prepared = NULL;
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL)) return NULL;
    s->statements[at].sql = sql;
    s->statements[at].prepared = prepared;
    s->statement_count++;
    return prepared;
}

typedef void (*lasts)(void *);

static void bind_blob(sqlite3_stmt *statement, int at, const void *bytes, size_t size, lasts how) {
    sqlite3_bind_blob64(statement, at, size ? bytes : "", size, how);
}

static void bind(sqlite3_stmt *statement, lasts how, const char *types, va_list values) {
    for (int at = 1; *types; types++, at++) {
        if (*types == 'i') {
            sqlite3_bind_int64(statement, at, va_arg(values, int64_t));
        } else if (*types == 'u') {
            sqlite3_bind_int64(statement, at, (int64_t)va_arg(values, uint64_t));
        } else if (*types == 't') {
            struct text t = va_arg(values, struct text);
            sqlite3_bind_text64(statement, at, t.size ? t.at : "", t.size, how, SQLITE_UTF8);
        } else if (*types == 'b') {
            struct bytes b = va_arg(values, struct bytes);
            bind_blob(statement, at, b.at, b.size, how);
        } else if (*types == 'h') {
            bind_blob(statement, at, va_arg(values, const struct sha256 *)->at, SHA256_SIZE, how);
        } else {
            ASSERT(*types == 'z');
            sqlite3_bind_text(statement, at, va_arg(values, const char *), -1, how);
        }
    }
}

static enum error start_with(struct store *s, struct query *q, struct diag *d, const char *sql, lasts how,
                             const char *types, va_list values) {
    sqlite3_stmt *statement = prepare(s, sql);
    if (!statement) return sql_failed(s, d);
    ASSERT(!sqlite3_stmt_busy(statement));
    ASSERT((size_t)sqlite3_bind_parameter_count(statement) == strlen(types));
    bind(statement, how, types, values);
    *q = (struct query){s, statement};
    return OK;
}

static enum error start(struct store *s, struct query *q, struct diag *d, const char *sql, const char *types,
                        va_list values) {
    return start_with(s, q, d, sql, SQLITE_TRANSIENT, types, values);
}

void sql_stop(struct query *q) {
    sqlite3_reset(q->statement);
    sqlite3_clear_bindings(q->statement);
}

enum error sql_start(struct store *s, struct query *q, struct diag *d, const char *sql, const char *types, ...) {
    va_list values;
    va_start(values, types);
    enum error result = start(s, q, d, sql, types, values);
    va_end(values);
    return result;
}

enum error sql_next(struct query *q, bool *row, struct diag *d) {
    int step = sqlite3_step(q->statement);
    *row = step == SQLITE_ROW;
    if (*row) return OK;
    enum error result = step == SQLITE_DONE ? OK : sql_failed(q->store, d);
    sql_stop(q);
    return result;
}

static enum error first(struct query *q, struct diag *d) {
    bool row;
    enum error result = sql_next(q, &row, d);
    return result ? result : row ? OK : fail(d, ERR_MISSING, _("not in the store"));
}

enum error sql_first(struct store *s, struct query *q, struct diag *d, const char *sql, const char *types, ...) {
    va_list values;
    va_start(values, types);
    enum error result = start(s, q, d, sql, types, values);
    va_end(values);
    return result ? result : first(q, d);
}

enum error sql_run(struct store *s, struct diag *d, const char *sql, const char *types, ...) {
    struct query q;
    bool row;
    va_list values;
    va_start(values, types);
    /* It is over when this returns, so what is bound need not be copied. */
    enum error result = start_with(s, &q, d, sql, SQLITE_STATIC, types, values);
    va_end(values);
    if (!result) result = sql_next(&q, &row, d);
    if (!result && row) sql_stop(&q);
    return result;
}

enum error sql_number(struct store *s, uint64_t *out, struct diag *d, const char *sql, const char *types, ...) {
    struct query q;
    va_list values;
    va_start(values, types);
    enum error result = start(s, &q, d, sql, types, values);
    va_end(values);
    if (!result) result = first(&q, d);
    if (result) return result;
    *out = sql_u64(&q, 0);
    sql_stop(&q);
    return OK;
}

int64_t sql_i64(const struct query *q, int column) { return sqlite3_column_int64(q->statement, column); }
uint64_t sql_u64(const struct query *q, int column) { return (uint64_t)sql_i64(q, column); }
bool sql_null(const struct query *q, int column) { return sqlite3_column_type(q->statement, column) == SQLITE_NULL; }

struct bytes sql_bytes(const struct query *q, int column) {
    const void *at = sqlite3_column_blob(q->statement, column);
    return bytes_of(at, (size_t)sqlite3_column_bytes(q->statement, column));
}

struct bytes sql_copy(const struct query *q, int column, struct arena *a) {
    return arena_bytes(a, sql_bytes(q, column));
}

struct text sql_text(const struct query *q, int column, struct arena *a) {
    return arena_text(a, text_from_bytes(sql_bytes(q, column)));
}

enum error sql_sha(const struct query *q, int column, struct sha256 *out, struct diag *d) {
    struct bytes b = sql_bytes(q, column);
    if (b.size != SHA256_SIZE) return fail(d, ERR_INPUT, _("the store is damaged: a hash of %zu bytes"), b.size);
    memcpy(out->at, b.at, SHA256_SIZE);
    return OK;
}
