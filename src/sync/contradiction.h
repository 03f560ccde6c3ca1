/* Within sync/: what is kept of a signed checkpoint that can't stand beside what is held. */
#ifndef PARLEY_SYNC_CONTRADICTION_H
#define PARLEY_SYNC_CONTRADICTION_H

#include "sync/node.h"
#include "tlog/checkpoint.h"
#include "tlog/proof.h"

/* A signed checkpoint that was shown, and what came with it of the tree under it. */
struct contradicting {
    const struct signed_checkpoint *shown;
    const struct tree_reader *tree; /* of the other side; NULL: it can't be asked */
    const struct proof *proof;      /* NULL: none, or a consistency proof from the size `old`, as it came */
    uint64_t old;
};
/* The first entry in which the tree shown differs from what is held; false where that can't be told. */
bool contradiction_parting(const struct sync_node *n, const struct channel *c, enum side side,
                           const struct contradicting *x, uint64_t *index);
/* Appends an equivocation proof (tlog/equivocation.h) where one log key signed both and what is held shows it: at equal
 * sizes always, else where the entries up to a checkpoint that covers the one shown are held, or where what came
 * with a larger one rebuilds its root and another one below.  Else the newest
 * checkpoint that is held, an empty line, and the one shown; then `proves` is false. */
enum error contradiction_text(const struct sync_node *n, const struct channel *c, enum side side,
                              const struct contradicting *x, const struct vkey *logs, size_t log_count, struct arena *a,
                              struct buf *text, bool *proves, struct diag *d) MUST_USE;

#endif
