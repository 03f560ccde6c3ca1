/* Log files to facts: each thread of a scan gathers for itself, and what they gathered is joined.
 *
 * Memory is bounded, whatever the logs have: what does not fit is put aside in files without names (fact/spill.h), and
 * lines that are kept are never held. */
#ifndef PARLEY_SCAN_FACTS_H
#define PARLEY_SCAN_FACTS_H

#include "base/os.h"
#include "fact/evidence.h"
#include "fact/from_line.h"
#include "fact/hide.h"
#include "fact/spill.h"
#include "scan/scan.h"

#define FACTS_MEMORY ((size_t)192 << 20)
#define FACTS_MEMORY_MIN ((size_t)8 << 20)

struct facts_options {
    struct scan_options scan; /* `line` and `state` are not looked at */
    instant window;
    bool keep_lines;
    struct hide hide;
    uint64_t seed;      /* of hash tables */
    size_t max_bytes;   /* of memory, in all; 0: FACTS_MEMORY */
    const char *folder; /* where what does not fit is put aside; NULL: /var/tmp */
    const char *sheet;  /* the file that the sheet is to become, by facts_keep_sheet; NULL: none */
};

struct facts_scanned {
    struct scan_report report;
    struct gathered sums;        /* no facts */
    struct scratch rows;         /* the sheet */
    struct sha256 sheet;         /* its hash */
    uint64_t sheet_bytes, whole; /* whole: lines that were hidden as a whole */
    bool keep_lines;
    unsigned threads;
    size_t max_bytes;
    const char *folder, *sheet_path;
    struct gather *gathers[SCAN_THREADS_MAX];
    struct scratch runs[SCAN_THREADS_MAX], lines[SCAN_THREADS_MAX]; /* of the gathers */
    struct sheet_merge merge;                                       /* with keep_lines */
    const struct hide *hide;                                        /* NULL: nothing is hidden */
    struct hidden *hidden[SCAN_THREADS_MAX];
};
/* Writes the evidence behind them, of lines that were kept; once.  *root is that of its tree. */
enum error facts_write_evidence(struct facts_scanned *f, const uint8_t key[static EVIDENCE_KEY_SIZE],
                                enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to,
                                struct sha256 *root, struct diag *d) MUST_USE;
/* Makes the sheet the file that the options name, durably; *kept false: it has to be written there. */
enum error facts_keep_sheet(const struct facts_scanned *f, bool *kept, struct diag *d) MUST_USE;
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
