/* Entries: the leaves of a record.
 *
 *     parley entry v1
 *     time 2026-03-01T12:00:00Z
 *     channel <name>                              (entry 0 only)
 *     follows <channel> <size> <root base64>      (entry 0 of a successor only, twice)
 *     seen <size of their record held> <root base64>
 *     receipt <size> <root base64> <cosignature line>
 *     erase <sha256>
 *     blob <sha256 hex> <bytes>
 *
 * Lines stand in this order; `time` and `seen` once, `channel` at most once, the others any number of times.  An entry
 * whose blob line does not parse is malformed: nothing in it counts, but it is held and hashed like any other. Source:
 * the design, section 5.  Views into the text that was read. */
#ifndef PARLEY_RECORD_ENTRY_H
#define PARLEY_RECORD_ENTRY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/instant.h"

enum { ENTRY_MAX_BYTES = 65535, ENTRY_LINES_MAX = 1024 };

struct entry_size { /* `seen`, and the middle of `follows` */
    uint64_t size;
    struct sha256 root;
};

struct entry_follows {
    struct text channel;
    struct entry_size at;
};

struct entry_receipt {
    struct entry_size at;
    struct text line; /* the cosignature line, from its em dash, without LF */
};

struct entry_blob {
    struct sha256 sha;
    uint64_t size;
};

struct entry {
    instant time;
    struct text channel; /* empty: none */
    struct entry_follows *follows;
    size_t follows_count;
    struct entry_size seen;
    struct entry_receipt *receipts;
    size_t receipt_count;
    struct sha256 *erase;
    size_t erase_count;
    struct entry_blob *blobs;
    size_t blob_count;
};

/* The value of a `follows` line, without the word and without LF; reading leaves *out alone where it refuses. */
void follows_write(const struct entry_follows *f, struct buf *out);
bool follows_read(struct text value, struct entry_follows *out);

/* Total and strict: write(read(b)) == b.  ERR_INPUT with the line and what was expected; the caller then treats the
 * leaf as malformed (a counterparty's entry can't be refused: it is in its tree). */
enum error entry_read(struct bytes b, struct arena *a, struct entry *out, struct diag *d) MUST_USE;
/* ERR_LIMIT past ENTRY_MAX_BYTES (the buffer's own maximum may be larger). */
enum error entry_write(const struct entry *e, struct buf *out, struct diag *d) MUST_USE;

#endif
