/* The exchange with one counterparty, as the one who calls: only one of the two needs to be reachable.
 *
 * Show each other the highest checkpoints; pull theirs (checkpoint, entries, blobs; cosign; post the receipt); append
 * what is to be recorded; push one's own (blobs, checkpoint, entries; take the receipt); again until nothing moves.
 * Every step is durable by itself, so an exchange that was interrupted resumes where it was.
 * Source: the design, section 6; c2sp.org/tlog-mirror. */
#ifndef PARLEY_SYNC_EXCHANGE_H
#define PARLEY_SYNC_EXCHANGE_H

#include "sync/node.h"
#include "sync/request.h"

struct sync_report {
    uint64_t sent_entries, sent_blobs, got_entries, got_blobs;
};

/* Exchanges over one channel.  What went through counts in `report` on failure, too.  ERR_NETWORK the other side could
 * not be reached or answered against the protocol; ERR_PENDING something is still missing; ERR_FROZEN nothing may be
 * signed here, with why. */
enum error sync_channel(const struct sync_node *n, int64_t channel, struct remote *r, instant now,
                        struct sync_report *report, struct diag *d) MUST_USE;
/* Whether a contradiction of theirs froze this channel, and no proof of it is kept: then an exchange asks them for the
 * hashes of which one follows, and ends with ERR_FROZEN as before. */
bool sync_lacks_proof(const struct sync_node *n, const struct channel *c);

#endif
