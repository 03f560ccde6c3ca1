/* What a node keeps of a channel, checked whole: what follows from the bytes (store/fsck.h), and what follows from
 * keys: cards by the accepted roots, checkpoints by the log keys that cards name, cosignatures by their mirror keys.
 *
 * Cards count by position: those that take effect are found anew, by the bytes of entries and blobs.  A log key counts
 * for sizes above the entry of the card that names it; one that a later card dropped counts on, for what it signed
 * while it was in force is kept for good. */
#ifndef PARLEY_SYNC_FSCK_H
#define PARLEY_SYNC_FSCK_H

#include "store/fsck.h"

/* `mirror`: the vkey by which this node cosigns.  A damaged database is told as a fault, and what can be read beside it
 * is checked all the same; another failure to read is an error. */
enum error fsck_channel(struct store *s, const struct channel *c, struct text mirror, struct fsck *f,
                        struct diag *d) MUST_USE;

#endif
