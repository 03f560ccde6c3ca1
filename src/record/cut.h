/* Cuts: how much of both records a state looks at, one pair of sizes a generation (a record and its successors).
 *
 * "The default cut is all that this node holds, reduced until each true `seen` lies inside"; one that is given is
 * reduced in the same way.  Source: the design, sections 5 and 5.1. */
#ifndef PARLEY_RECORD_CUT_H
#define PARLEY_RECORD_CUT_H

#include "record/leaf.h"

struct cut {
    uint64_t of[2]; /* entries, in the order of channel_view.parties */
};

/* The larger number of records that one of the two parties has. */
size_t view_generations(const struct channel_view *v);
/* How many entries of that record one holds; 0 where there is no such record. */
uint64_t view_held(const struct channel_view *v, unsigned party, size_t generation);
/* Whether the `seen` of an entry is true, by the raw leaves alone. */
bool view_seen_true(const struct channel_view *v, unsigned party, size_t generation, uint64_t index);

/* All that one holds, not reduced.  One item a generation, as in all arrays of cuts here. */
void cut_held(const struct channel_view *v, struct cut *cuts);
/* What both have recorded: of each record so much as the other party's record has truly seen (all that a successor
 * follows has been seen).  Not reduced. */
void cut_shared(const struct channel_view *v, struct cut *cuts);
/* The largest cut inside `cut` in which each true `seen` lies inside.  Linear in the sizes. */
struct cut cut_reduce(const struct channel_view *v, size_t generation, struct cut cut);
/* The sizes of the old records, `generation - 1`, that both successors `generation` follow at these cuts.  False while
 * the two entries 0 do not both lie in the cut with equal lines that verify and are closed. */
bool cut_follows(const struct channel_view *v, const struct cut *cuts, size_t generation, struct cut *old);
/* The sizes that both entries 0 of successors name with lines that verify, whatever of the old records is held. */
bool cut_followed(const struct channel_view *v, size_t generation, struct cut *old);

#endif
