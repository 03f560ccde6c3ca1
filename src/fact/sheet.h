/* Fact sheets: a canonical table of facts, named by its hash.
 *
 *     # parley facts v1
 *     first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence
 *     2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2
 *
 * CSV (RFC 4180) with LF; rows sorted bytewise; no two rows are equal in all columns before `count`.  Times are whole
 * seconds, addresses as RFC 5952 writes them; an empty column means unknown, and an empty `evidence` that no tree was
 * made.  A row has a source, a destination or an object.  Each sheet has one spelling: sheet_read refuses every other.
 * Limits: SHEET_BYTES_MAX bytes, SHEET_ROWS_MAX rows. */
#ifndef PARLEY_FACT_SHEET_H
#define PARLEY_FACT_SHEET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "line/observation.h"

#define SHEET_NO_COUNT UINT64_MAX /* of `count`: unknown; of `evidence`: no tree was made */
#define SHEET_COUNT_MAX ((uint64_t)1 << 53)
enum {
    SHEET_BYTES_MAX = 1 << 30,
    SHEET_ROWS_MAX = 1 << 24,
    SHEET_ROW_MAX = 4608 /* bytes: room for the longest object, all quotes */
};

struct fact {
    instant first, last; /* INSTANT_NONE: unknown */
    unsigned known;      /* a set of enum known */
    struct ip src, dst;
    uint16_t src_port, dst_port;
    struct text object, protocol, event; /* empty: unknown */
    uint64_t count, evidence;            /* of events, at least 1; of lines that are kept */
};

struct sheet {
    const struct fact *at;
    size_t count;
};

/* Why a fact can't stand in a sheet, as a sentence to translate; NULL where it can. */
const char *fact_fault(const struct fact *f);
/* One row, without its LF. */
void fact_write(const struct fact *f, struct buf *out);
/* One row, in its own spelling; texts are views of `row` or copies in `a`. */
enum error fact_read(struct text row, struct arena *a, struct fact *out, struct diag *d) MUST_USE;
/* Sorts facts as a sheet has them; `order` takes the old place of each.  Rows that are equal before `count` stay side
 * by side: joining them is for the caller. */
enum error sheet_order(const struct fact *facts, size_t count, struct arena *a, size_t **order,
                       struct diag *d) MUST_USE;
/* Whether two facts are equal in all columns before `count`. */
bool fact_same(const struct fact *a, const struct fact *b);

/* The facts must be in order; ERR_INPUT names the row that can't be written. */
enum error sheet_write(struct sheet s, struct buf *out, struct diag *d) MUST_USE;
/* Views into `b` or copies in `a`.  ERR_INPUT with the line. */
enum error sheet_read(struct bytes b, struct arena *a, struct sheet *out, struct diag *d) MUST_USE;
/* A sheet from front to back, in constant memory.  `read` gives up to `room` bytes and how many, 0 at the end, as
 * os_reader_read does; `each` gets every fact in turn, whose texts live until it returns.  What is refused is what
 * sheet_read refuses, but facts before it have been seen by then: they count when all is OK.  `hash`: the sheet's name.
 */
struct sheet_stream {
    enum error (*read)(void *from, uint8_t *out, size_t room, size_t *got, struct diag *d);
    void *from;
    enum error (*each)(void *of, const struct fact *f, struct diag *d);
    void *of;
};
enum error sheet_stream(const struct sheet_stream *s, struct sha256 *hash, struct diag *d) MUST_USE;
/* A sheet's name. */
static inline struct sha256 sheet_hash(struct bytes file) { return sha256_of(file); }

#endif
