/* Origins that both parties compute: documents that were sent, recomputed from one's own copy of the same sheet at the
 * same cut by the same table.
 *
 * A table is joint once both have sent the same bytes.  Source: the design, section 5, "Origins". */
#ifndef PARLEY_DESK_JOINT_H
#define PARLEY_DESK_JOINT_H

#include "desk/talk.h"
#include "scan/table.h"
#include "territory/origins_document.h"

/* ---- counting what a case holds */

struct joint_facts { /* of one sheet of a case, at the cut of the talk that it was taken from; in the arena given */
    struct sheet sheet;
    struct sha256 hash;
    enum tlp tlp;                   /* of the case */
    struct origins_options options; /* the findings at that cut, and the cut; `by` and `unit` are the caller's */
};

/* `sheet`: its first digits; empty: the last that was raised or corrected. */
enum error joint_facts(struct talk *t, const struct matter *m, struct text sheet, struct arena *a,
                       struct joint_facts *out, struct diag *d) MUST_USE;

/* ---- documents that were sent */

struct joint_document {                        /* in the talk's arena */
    struct text document, sheet, table, basis; /* hashes in hex; what the message says */
    const struct said *by[2];                  /* the first message of each party with that document; NULL: none */
};

static inline bool joint_alike(const struct joint_document *j) { return j->by[0] && j->by[1]; }
/* Whether a document is about a sheet of that case. */
bool joint_concerns(const struct joint_document *j, const struct matter *m);
/* All that were sent in the channel and count, each once, in the order in which they were told; `m`: those that concern
 * a case alone; NULL: all. */
enum error joint_documents(struct talk *t, const struct matter *m, struct joint_document **out, size_t *count,
                           struct diag *d) MUST_USE;
/* The one whose SHA-256 begins so.  ERR_MISSING, ERR_USAGE where several do. */
enum error joint_find(struct talk *t, struct text sha, struct joint_document *out, struct diag *d) MUST_USE;
/* Opens and reads a document. */
enum error joint_open(struct talk *t, const struct joint_document *j, struct origins_document *out,
                      struct diag *d) MUST_USE;

/* ---- recomputing one */

/* Counts what a document counts, from what this desk holds: the same case, sheet, cut, unit; by that table.  Appends
 * the document that comes out.  ERR_INPUT where the document names no case. */
enum error joint_recount(struct talk *t, const struct origins_document *of, const struct territory *table,
                         struct buf *out, struct diag *d) MUST_USE;
/* Finds the document's table in the home, recounts, and says whether the same came out: OK; ERR_PROOF where something
 * else did; ERR_MISSING where the document was not sent or the table is not here. */
enum error joint_check(struct talk *t, struct text sha, struct diag *d) MUST_USE;

/* What was sent about a case, in lines of its page and in its JSON. */
void joint_page(struct talk *t, const struct matter *m, struct buf *out);
json_t *joint_json(struct talk *t, const struct matter *m);

#endif
