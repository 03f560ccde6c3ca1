/* Within sync/: what is kept of a signed checkpoint that can't stand beside what is held. */
#ifndef PARLEY_SYNC_CONTRADICTION_H
#define PARLEY_SYNC_CONTRADICTION_H

#include "sync/node.h"
#include "tlog/checkpoint.h"

/* Appends an equivocation proof (tlog/equivocation.h) where one log key signed both and what is held shows it: at equal
 * sizes always, else where the entries up to a checkpoint that covers the one shown are held.  Else the newest
 * checkpoint that is held, an empty line, and the one shown; then `proves` is false. */
enum error contradiction_text(const struct sync_node *n, const struct channel *c, enum side side,
                              const struct signed_checkpoint *shown, const struct vkey *logs, size_t log_count,
                              struct arena *a, struct buf *text, bool *proves, struct diag *d) MUST_USE;

#endif
