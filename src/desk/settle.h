/* On the way to a settlement: which outcome the findings suggest for each fact, and which texts are offered.
 *
 * A suggestion is made where it follows from a finding: what supports is agreed, what goes against is disputed and
 * needs the wording of both, what is silent is unverifiable for the reason that the finding gives.  A fact without a
 * finding has no outcome of itself: people say it.  Source: the design, section 5, "Settlement". */
#ifndef PARLEY_DESK_SETTLE_H
#define PARLEY_DESK_SETTLE_H

#include "desk/talk.h"
#include "settlement/amend.h"
#include "settlement/settlement.h"

enum { SETTLE_ROWS_MAX = 1 << 24 };

/* ---- outcomes */

struct outcome_wish {                   /* what people say of the facts; it goes before what findings suggest */
    struct row_set rows[OUTCOME_COUNT]; /* empty: none of that outcome is named */
    struct text says[2];                /* disputed: the wording of each party, by number; empty: not given */
    struct text why;                    /* unverifiable; empty: not given */
};

/* One outcome for each fact of a sheet, in the talk's arena.  ERR_USAGE names the facts for which something is missing,
 * or which have two outcomes. */
enum error settle_outcomes(struct talk *t, const struct matter *m, const struct sheet_state *sheet,
                           const struct outcome_wish *wish, struct outcome **out, size_t *count,
                           struct diag *d) MUST_USE;

/* ---- texts */

struct offered_text {
    const struct said *said; /* the minutes */
    const struct attach *attach;
    struct offered_minutes offer;
    bool superseded; /* by another text that was offered */
    bool agreed[2];  /* by party */
};

/* The settlement texts that were offered in a case, each once, in the order in which they were told; in the talk's
 * arena. */
enum error settle_texts(struct talk *t, const struct matter *m, struct offered_text **out, size_t *count,
                        struct diag *d) MUST_USE;
/* The text whose SHA-256 begins so; or (empty) the only one that no other supersedes.  ERR_MISSING, ERR_USAGE where it
 * could be several. */
enum error settle_find_text(struct talk *t, const struct matter *m, struct text sha, struct offered_text *out,
                            struct diag *d) MUST_USE;
/* Opens a text and holds it against what its minutes say; in the talk's arena. */
enum error settle_open_text(struct talk *t, const struct matter *m, const struct offered_text *of, struct text *out,
                            struct diag *d) MUST_USE;
/* What an offered text changes in the text that it supersedes, section by section; `before` is the SHA-256 of that one.
 * ERR_MISSING where it supersedes none. */
struct settle_change {
    struct text before;
    struct amendment *at;
    size_t count;
};
enum error settle_amended(struct talk *t, const struct matter *m, const struct offered_text *of,
                          struct settle_change *out, struct diag *d) MUST_USE;
/* As lines that begin with `-` and `+`, with what stands around them in the texts. */
void settle_change_page(const struct settle_change *change, struct buf *out);
json_t *settle_change_json(const struct settle_change *change);

#endif
