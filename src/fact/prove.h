/* The evidence behind a sheet, of lines that were put aside (spill.h): its file in pieces, and its root.
 *
 * Buckets are proved in any order, by any number of threads, and written one after the other.  What one holds in memory
 * is a few times what its lines have; one that is larger than it should be has one row, whose lines are read twice, one
 * by one. */
#ifndef PARLEY_FACT_PROVE_H
#define PARLEY_FACT_PROVE_H

#include "fact/evidence.h"
#include "fact/spill.h"

struct proving {
    const struct sheet_merge *merge;
    const struct lines_sorted *lines; /* one a gather; the pieces ordered by prove_begin */
    size_t gather_count;
    const struct scratch *sheet;
    const struct hmac_key *key;
};

struct proved {            /* a bucket */
    struct buf text;       /* its piece of the file; but where `streams` */
    struct sha256 *leaves; /* of the evidence tree, one a row */
    size_t rows;
    bool streams;
};
void proved_free(struct proved *p);

/* Orders the pieces of a gather by bucket. */
void prove_begin(struct lines_sorted *lines);
/* Whatever it returns, the caller calls proved_free. */
enum error prove_bucket(const struct proving *p, size_t number, struct proved *out, struct diag *d) MUST_USE;
enum error prove_write(const struct proving *p, size_t number, const struct proved *b,
                       enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to,
                       struct diag *d) MUST_USE;

#endif
