/* Within fact/: what the writer and the reader of sheets share. */
#ifndef PARLEY_FACT_FORM_H
#define PARLEY_FACT_FORM_H

#include "fact/sheet.h"

#define SHEET_HEADER                                                                                                   \
    TEXT("# parley facts v1\n"                                                                                         \
         "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n")
/* Why times, or counts, can't stand in a sheet; NULL where they can. */
const char *fact_times_fault(instant first, instant last);
const char *fact_counts_fault(uint64_t count, uint64_t evidence);
/* A row from src_ip on. */
void fact_write_rest(const struct fact *f, struct buf *out);

/* One row, as fact_read; `again` is memory that is used from row to row. */
enum error sheet_read_row(struct text row, struct arena *a, struct buf *again, struct fact *out,
                          struct diag *d) MUST_USE;
/* Whether a row, each of which was read, may follow another; `before` is empty for the first. */
enum error sheet_check_order(struct text before, struct text row, struct diag *d) MUST_USE;

/* Facts are put in order by their first time as numbers, which sort as the texts do, an empty one first; only those
 * that agree in it are compared further. */
struct timed {
    int64_t second; /* of the first time, or INSTANT_NONE */
    size_t at;
};
/* By second; what is equal in it keeps its order.  `*timed` is the caller's to free, and may be another then. */
enum error timed_sort(struct timed **timed, size_t count, struct diag *d) MUST_USE;
/* The number of facts from the first of `timed` on that have its first time. */
size_t timed_run(const struct timed *timed, size_t count);

struct written { /* a fact among others with the same first time */
    instant last;
    struct text rest; /* of its row */
    size_t from, at;  /* where that stands in a buffer; the fact's place */
};
void written_sort(struct written *at, size_t count);

enum { SHEET_COLUMNS = 11, SHEET_HEADER_LINES = 2 };

#endif
