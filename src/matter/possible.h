/* What could be said next in a case: the rules themselves are asked about a message of each kind.
 *
 * The message asked about is the most favourable of its kind: one that answers the other side's last sheet, replies to
 * its last offer, agrees to the last text.  What a message says and who signs it is not judged.  Source: the table of
 * kinds (message/kind.h), and the rules of judge.c and thread.c. */
#ifndef PARLEY_MATTER_POSSIBLE_H
#define PARLEY_MATTER_POSSIBLE_H

#include "matter/matter.h"

#define KIND_BIT(kind) (UINT64_C(1) << (kind))

/* Why a message of each kind, said now by `party` in the case, would not count; VOID_NONE: it would.  O(n) in the
 * messages of the case. */
void matter_ask(const struct matter_state *s, const struct matter *m, unsigned party, struct arena *a,
                enum void_reason why[static KIND_COUNT]);
/* The same as the set of kinds that would count, by KIND_BIT. */
uint64_t matter_possible(const struct matter_state *s, const struct matter *m, unsigned party, struct arena *a);

#endif
