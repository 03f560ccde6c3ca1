/* Which channels a node has open, in a file beside its keys: what is needed to get records back from the other sides
 * where the store itself is gone.
 *
 *     <home>/node/channels    blocks of fields (node/fields.h), one a channel: both names, secrets and roots, the card
 *                             of the other party, and whether a successor took the channel's place
 *
 * It follows the store by itself.  Whoever backs up the keys backs it up with them; unlike a copy of the store an older
 * copy of it does no harm: a channel that is put back from it signs nothing. */
#ifndef PARLEY_NODE_OPENED_H
#define PARLEY_NODE_OPENED_H

#include "node/engine.h"
#include "store/fsck.h"

/* Writes the file where it is not as the store has it; where that fails, the next call tries again.  What it says of
 * channels that the store does not know stays. */
void opened_keep(struct engine *e);
/* Whether the store knows no channel, and the file does. */
bool opened_are_lost(struct engine *e);
/* The parties in it, in the arena. */
enum error opened_parties(struct engine *e, struct arena *a, struct names *out, struct diag *d) MUST_USE;
/* Puts those into the store that it does not know: each counts as restored, and what the counterparty holds comes back
 * with the next exchange.  A one-sided start, which nobody has accepted, is left out, and so is what is damaged. */
enum error opened_put_back(struct engine *e, uint64_t *count, struct diag *d) MUST_USE;
/* Tells of those that the store does not know, and of what is damaged of them: a backup was too old for them. */
enum error opened_tell_missing(struct engine *e, struct fsck *f, struct diag *d) MUST_USE;

#endif
