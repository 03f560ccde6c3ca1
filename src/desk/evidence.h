/* What was asked for and shown of the evidence behind the facts of a case, and whether it is what was committed to.
 *
 * A disclosure counts as a whole or not at all: where one line of it does not follow from the root that the claim
 * carries, or stands behind another fact than that of the sheet, nothing of it is taken, and why is said.  Who sends
 * one has it opened in the same way first.  Source: the design, section 5, "Evidence"; fact/disclosure.h has the form.
 * Limits: EVIDENCE_SHOWN_MAX bytes of disclosures a case.  Ownership: everything lives in the talk's arena. */
#ifndef PARLEY_DESK_EVIDENCE_H
#define PARLEY_DESK_EVIDENCE_H

#include "claim/claim.h"
#include "desk/talk.h"
#include "fact/disclosure.h"

#define EVIDENCE_SHOWN_MAX ((size_t)512 << 20)

struct shown_part { /* one attachment of a `disclose`; one without any stands here, too */
    const struct message_verdict *by;
    const struct sheet_state *sheet; /* NULL: the case has no such sheet */
    const struct attach *attach;     /* NULL: the message attaches none */
    struct text why;                 /* what is wrong with it; empty: each line is proved */
    size_t facts, lines;             /* that it shows */
};

struct shown_line { /* proved to be behind that fact */
    uint64_t row, number;
    struct text line;
};

struct fact_evidence {
    bool asked, shown;   /* shown: it was proved to have been committed to, be it without any line */
    uint64_t line_count; /* how many different lines of it are shown; the fact itself says of how many */
};

struct sheet_evidence {
    bool committed; /* the claim carries the root of an evidence tree */
    struct sha256 root;
    uint64_t size;
    struct fact_evidence *facts; /* one a fact; NULL: nothing was asked for or shown, or the sheet is not open */
    struct shown_line *lines;    /* by row and number, each once */
    size_t line_count;
};

struct case_evidence {
    struct sheet_evidence *sheets; /* one a sheet of the case */
    struct shown_part *parts;      /* in the order of the opener's record */
    size_t part_count;
};

/* The root and size that the message of a sheet carries; `committed` is false where it carries none. */
struct sheet_evidence evidence_commitment(struct talk *t, const struct sheet_state *s);
/* `facts`: those of each sheet of the case, none where a sheet is not open. */
void evidence_gather(struct talk *t, const struct matter *m, const struct sheet *facts, struct case_evidence *out);

/* Opens a disclosure against what a sheet was committed to, and its facts against those of the sheet (unless they are
 * none).  ERR_INPUT for the form, ERR_PROOF for what does not follow. */
enum error evidence_open(struct talk *t, const struct sheet_evidence *s, struct sheet facts, struct bytes file,
                         struct disclosure *out, struct diag *d) MUST_USE;
/* Composes a disclosure of an evidence tree and opens it as its reader will.  ERR_PROOF where the tree is not the one
 * that the claim commits to. */
enum error evidence_disclose(struct talk *t, const struct sheet_state *s, struct sheet facts, const struct evidence *e,
                             const struct chosen *chosen, size_t count, struct buf *out, struct disclosure *shown,
                             struct diag *d) MUST_USE;

#endif
