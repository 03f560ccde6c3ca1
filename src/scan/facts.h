/* Log files to facts: each thread of a scan gathers for itself, and what they gathered is joined. */
#ifndef PARLEY_SCAN_FACTS_H
#define PARLEY_SCAN_FACTS_H

#include "fact/evidence.h"
#include "fact/from_line.h"
#include "fact/hide.h"
#include "scan/scan.h"

struct facts_options {
    struct scan_options scan; /* `line` and `state` are not looked at */
    instant window;
    bool keep_lines;
    struct hide hide;
    uint64_t seed;    /* of hash tables */
    size_t max_bytes; /* of memory, in all; 0: three quarters of the machine's */
};

struct facts_scanned {
    struct scan_report report;
    struct gathered
        facts; /* in the arena, its texts in the gathers; facts and lines themselves with keep_lines alone */
    struct gather_rows rows; /* their ranges, one after the other, are the rows of the sheet */
    struct sha256 sheet;     /* its hash */
    uint64_t sheet_bytes;
    bool keep_lines;
    struct gather *gathers[SCAN_THREADS_MAX];
    const struct hide *hide; /* NULL: nothing is hidden */
    struct hidden *hidden[SCAN_THREADS_MAX];
    uint64_t whole; /* lines that were hidden as a whole */
};
/* The evidence behind them, of lines that were kept: the same as evidence_build makes, on `threads`.  In the arena, its
 * texts in `f`. */
enum error facts_evidence(const struct facts_scanned *f, const uint8_t key[static EVIDENCE_KEY_SIZE], unsigned threads,
                          struct arena *a, struct evidence *out, struct diag *d) MUST_USE;
/* Gives out the sheet in pieces. */
enum error facts_write_sheet(const struct facts_scanned *f,
                             enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to,
                             struct diag *d) MUST_USE;

/* Whatever it returns, the caller calls facts_scanned_free. */
enum error facts_from_files(const char *const *names, size_t count, const struct facts_options *o, struct arena *a,
                            struct facts_scanned *out, struct diag *d) MUST_USE;
void facts_scanned_free(struct facts_scanned *f);
/* Whether lines were there and none of them could be read. */
bool facts_nothing_read(const struct scan_report *r);

#endif
