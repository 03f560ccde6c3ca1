/* Within desk/: what an index keeps on disk, row by row, each sealed by itself.
 *
 * One SQLite file a channel; a row is a number and what XChaCha20-Poly1305 made of its bytes, under a key of that
 * channel and version, with the number as associated data.  So a row that was damaged, moved, or made for another
 * channel or by another version does not open (ERR_INPUT), and the index is then made anew.  Whoever has the file but
 * no key sees how many rows there are and how long they are. */
#ifndef PARLEY_DESK_INDEX_ROWS_H
#define PARLEY_DESK_INDEX_ROWS_H

#include "base/buf.h"

enum { ROWS_KEY_SIZE = 32, ROW_BYTES_MAX = 512 << 20 };

/* A row's number: a kind, then up to 56 bits. */
enum row_kind {
    ROW_META = 1,
    ROW_TILE,    /* hashes of a record's tree */
    ROW_ENTRIES, /* what is known of entries, a page of them */
    ROW_CASE,    /* what a case rests on */
    ROW_STATE,   /* a case as JSON */
    ROW_BRIEFS,  /* what lists show of cases, a page of them */
    ROW_WORDS,   /* by what a case is found */
    ROW_NAME,    /* by a hash of the name: which case it is */
    ROW_BLOB,    /* by a hash of the name: who attached it, and whether it was erased */
    ROW_RECEIPT, /* receipts that count, by the entry that records them */
    ROW_CLOSED,  /* a message that does not open here */
    ROW_SAID,    /* by a hash of its identity: a check-in that counts */
};
#define ROW_BITS 56
static inline uint64_t row_number(enum row_kind kind, uint64_t low) {
    return (uint64_t)kind << ROW_BITS | (low & (((uint64_t)1 << ROW_BITS) - 1));
}

struct rows;
#define ROWS_IN_MEMORY ":memory:" /* a path for rows that are not kept */
/* Opens the file, or makes it; what is no such file is removed first.  `key` is copied into locked memory. */
enum error rows_open(const char *path, const uint8_t key[static ROWS_KEY_SIZE], struct rows **out,
                     struct diag *d) MUST_USE;
/* Removes a file of rows and what SQLite keeps beside it. */
enum error rows_forget(const char *path, struct diag *d) MUST_USE;
void rows_close(struct rows *r); /* NULL is fine; what was begun and not committed is undone */

/* One writer at a time, over all processes: waits for it, then ERR_BUSY. */
enum error rows_begin(struct rows *r, struct diag *d) MUST_USE;
/* Until rows_undo everything is read as it is now, whatever another process writes. */
enum error rows_begin_reading(struct rows *r, struct diag *d) MUST_USE;
enum error rows_commit(struct rows *r, struct diag *d) MUST_USE;
void rows_undo(struct rows *r);
/* All rows; the file stays. */
enum error rows_clear(struct rows *r, struct diag *d) MUST_USE;

/* Appends the bytes to `out`, whose max must allow it.  ERR_MISSING, ERR_INPUT. */
enum error rows_get(struct rows *r, uint64_t number, struct buf *out, struct diag *d) MUST_USE;
enum error rows_put(struct rows *r, uint64_t number, struct bytes plain, struct diag *d) MUST_USE;
enum error rows_remove(struct rows *r, uint64_t number, struct diag *d) MUST_USE;
/* All rows of a kind from `low` on, in order; `plain` lives until `with` returns.  `with` must not ask for rows. */
enum error rows_each(struct rows *r, enum row_kind kind, uint64_t low,
                     enum error (*with)(void *state, uint64_t low, struct bytes plain, struct diag *d), void *state,
                     struct diag *d) MUST_USE;
/* A number for a name that only the key's holder can tell: of row_number's 56 bits. */
uint64_t rows_hash(const struct rows *r, struct text name);

#endif
