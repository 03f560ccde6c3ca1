/* What tools added, and what became of it: requests that wait, and their status. */
#include <stdio.h>

#include "web/taxii_rows.h"

static struct place status_place(struct taxii_store *s, char part, struct text id) {
    struct hashed h = taxii_rows_hash(s, "status", id);
    return taxii_rows_place(part, &h);
}

static enum error count_waiting(struct taxii_store *s, struct diag *d) {
    sqlite3_stmt *q = NULL;
    int64_t count = 0;
    if (sqlite3_prepare_v2(s->db, "SELECT count(*) FROM status WHERE body IS NOT NULL", -1, &q, NULL) ||
        sqlite3_step(q) != SQLITE_ROW) {
        sqlite3_finalize(q);
        return taxii_rows_failed(s, d);
    }
    count = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return count < TAXII_WAITING_MAX ? OK : fail(d, ERR_BUSY, _("too many requests wait to be worked off"));
}

static enum error write_status(struct taxii_store *s, const char *sql, struct text id, struct bytes status,
                               const struct bytes *body, struct diag *d) {
    sqlite3_stmt *q = NULL;
    struct place place = status_place(s, 's', id);
    enum error result = taxii_rows_seal(s, &place, status, d);
    if (result) return result;
    if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL)) return taxii_rows_failed(s, d);
    sqlite3_bind_text64(q, 1, id.at, id.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    sqlite3_bind_blob64(q, 2, s->sealed.at, s->sealed.size, SQLITE_TRANSIENT);
    if (body) {
        place = status_place(s, 'b', id);
        result = taxii_rows_seal(s, &place, *body, d);
        if (!result) sqlite3_bind_blob64(q, 3, s->sealed.at, s->sealed.size, SQLITE_STATIC);
    }
    if (!result && sqlite3_step(q) != SQLITE_DONE) result = taxii_rows_failed(s, d);
    sqlite3_finalize(q);
    return result;
}

enum error taxii_store_take(struct taxii_store *s, struct text id, struct bytes status, struct bytes body,
                            struct diag *d) {
    char forget[128];
    enum error result = taxii_rows_run(s, "BEGIN IMMEDIATE", d);
    s->begun = !result;
    if (!result) result = count_waiting(s, d);
    snprintf(forget, sizeof forget,
             "DELETE FROM status WHERE body IS NULL AND number <= (SELECT max(number) FROM status) - %d",
             TAXII_STATUS_MAX);
    if (!result)
        result = write_status(s, "INSERT INTO status (id, sealed, body) VALUES (?1, ?2, ?3)", id, status, &body, d);
    if (!result) result = taxii_rows_run(s, forget, d);
    if (!result) result = taxii_store_commit(s, d);
    if (result) taxii_store_undo(s);
    return result;
}

enum error taxii_store_done(struct taxii_store *s, struct text id, struct bytes status, struct diag *d) {
    return write_status(s, "UPDATE status SET sealed = ?2, body = NULL WHERE id = ?1", id, status, NULL, d);
}

static enum error take_sealed(struct taxii_store *s, char part, struct text id, sqlite3_stmt *q, int at,
                              struct arena *a, struct bytes *out, struct diag *d) {
    struct buf opened = {.max = OBJECT_BYTES_MAX};
    struct place place = status_place(s, part, id);
    enum error result = taxii_rows_open(s, &place, taxii_rows_column(q, at), &opened, d);
    if (!result) *out = arena_bytes(a, buf_as_bytes(&opened));
    buf_wipe(&opened);
    return result;
}

/* The request that waits longest; the statement is to be ended whatever comes. */
static enum error find_waiting(struct taxii_store *s, sqlite3_stmt **q, struct diag *d) {
    static const char sql[] = "SELECT id, sealed, body FROM status WHERE body IS NOT NULL ORDER BY number LIMIT 1";
    if (sqlite3_prepare_v2(s->db, sql, -1, q, NULL)) return taxii_rows_failed(s, d);
    int step = sqlite3_step(*q);
    return step == SQLITE_ROW    ? OK
           : step == SQLITE_DONE ? fail(d, ERR_MISSING, _("nothing waits"))
                                 : taxii_rows_failed(s, d);
}

enum error taxii_store_waiting(struct taxii_store *s, struct arena *a, struct text *id, struct bytes *status,
                               struct bytes *body, struct diag *d) {
    sqlite3_stmt *q = NULL;
    enum error result = find_waiting(s, &q, d);
    if (!result) {
        *id = arena_text(a, text_from_bytes(taxii_rows_column(q, 0)));
        result = take_sealed(s, 's', *id, q, 1, a, status, d);
        if (!result) result = take_sealed(s, 'b', *id, q, 2, a, body, d);
    }
    sqlite3_finalize(q);
    return result;
}

enum error taxii_store_next(struct taxii_store *s, struct arena *a, struct text *id, struct diag *d) {
    sqlite3_stmt *q = NULL;
    enum error result = find_waiting(s, &q, d);
    if (!result) *id = arena_text(a, text_from_bytes(taxii_rows_column(q, 0)));
    sqlite3_finalize(q);
    return result;
}

enum error taxii_store_status(struct taxii_store *s, struct text id, struct buf *out, struct diag *d) {
    sqlite3_stmt *q = NULL;
    struct place place = status_place(s, 's', id);
    if (sqlite3_prepare_v2(s->db, "SELECT sealed FROM status WHERE id = ?1", -1, &q, NULL))
        return taxii_rows_failed(s, d);
    sqlite3_bind_text64(q, 1, id.at, id.size, SQLITE_STATIC, SQLITE_UTF8);
    int step = sqlite3_step(q);
    enum error result = step == SQLITE_ROW    ? taxii_rows_open(s, &place, taxii_rows_column(q, 0), out, d)
                        : step == SQLITE_DONE ? fail(d, ERR_MISSING, _("there is no such status"))
                                              : taxii_rows_failed(s, d);
    sqlite3_finalize(q);
    return result;
}
