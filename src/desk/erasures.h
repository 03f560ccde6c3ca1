/* What a party has erased of what it had attached, when, and why: the entry says what, a message beside it says why.
 *
 * An entry stays, and names what was erased by its hash; only the bytes are gone.  The other side may keep its copy.
 * Source: the design, section 5, "Entry".  Ownership: everything lives in the arena. */
#ifndef PARLEY_DESK_ERASURES_H
#define PARLEY_DESK_ERASURES_H

#include "base/map.h"
#include "desk/talk.h"

struct erasure {
    const struct entry_verdict *entry; /* that erases it, by its sender's clock at entry->leaf->time */
    struct text reason;                /* empty: no message that opens here says why */
};

struct erasures { /* by party: the sealed SHA-256 (hex) of an attachment to its struct erasure */
    struct map of[2];
};

/* Of all that is held, whatever cut is looked at: what is gone is gone. */
void erasures_gather(struct talk *t, struct arena *a, struct erasures *out);
/* NULL: not erased. */
const struct erasure *erasure_of(const struct erasures *e, unsigned party, struct sha256 sealed);
/* "erased by its sender on 2026-03-01T12:00:00Z: why"; what others wrote is cleaned. */
void erasure_words(const struct erasure *e, struct buf *out);

#endif
