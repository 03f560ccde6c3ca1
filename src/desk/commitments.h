/* Findings that were committed to before they are shown, and what became of it.
 *
 * A commit binds its side to a findings sheet that nobody else can read yet; a reveal shows the sheet.  Whether the
 * commit came first is told by the records alone: a disclosure that had seen the commit came after it.  A reveal
 * answers nothing: an `answer` does.  Source: the design, section 5; finding/answer.h has the form.
 *
 *     <home>/desk/commit-<commitment>.salt     the salt of one's own commit, sealed as the keys beside it are
 *
 * Ownership: everything lives in the talk's arena. */
#ifndef PARLEY_DESK_COMMITMENTS_H
#define PARLEY_DESK_COMMITMENTS_H

#include "desk/talk.h"
#include "finding/answer.h"

/* How a commit stands to what was disclosed of its sheet. */
enum commit_order {
    COMMIT_NOTHING_SHOWN, /* nothing is disclosed yet */
    COMMIT_FIRST,         /* each disclosure had seen it */
    COMMIT_CROSSED,       /* one of them had not seen it, nor had it seen that one */
    COMMIT_AFTER,         /* it had seen one */
};

struct commitment {
    const struct message_verdict *commit; /* NULL: a reveal of what was never committed to */
    const struct message_verdict *reveal; /* the first that names it; NULL: none */
    const struct sheet_state *sheet;      /* NULL: the case has no such sheet */
    struct commit says;                   /* the commit, or the reveal where there is none */
    enum commit_order order;
    struct findings findings; /* as revealed, where that is what was committed to */
    struct text why;          /* what is wrong with what was revealed; empty: nothing */
};

struct case_commitments {
    struct commitment *at; /* in the order of the answerer's record */
    size_t count;
};

/* `left`: how many bytes of findings sheets may be read; what they take goes off it. */
void commitments_gather(struct talk *t, const struct matter *m, size_t *left, struct case_commitments *out);
/* Whether that is the sheet that a reveal may show: findings of that salt and commitment, of no more facts than there
 * are.  ERR_PROOF, ERR_INPUT. */
enum error commitment_open(const struct commit *reveal, struct bytes file, uint64_t rows, struct arena *a,
                           struct findings *out, struct diag *d) MUST_USE;

/* Makes a salt, keeps it on the desk, and tells the commitment (hex). */
enum error commitment_make(struct talk *t, struct bytes file, struct text *out, struct diag *d) MUST_USE;
/* The salt (hex) of one's own commitment.  ERR_MISSING where it was made on another desk. */
enum error commitment_salt(struct talk *t, struct text commitment, struct text *out, struct diag *d) MUST_USE;

#endif
