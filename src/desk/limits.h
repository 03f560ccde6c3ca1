/* What the terms in force say of sizes: the desk holds to it, and hands it to its node, for terms are sealed.
 *
 * A blob that is larger than the other side's node takes keeps its entry, and all entries after it, pending: so it is
 * refused before it is sent.  Source: the design, section 6. */
#ifndef PARLEY_DESK_LIMITS_H
#define PARLEY_DESK_LIMITS_H

#include "desk/talk.h"
#include "matter/dialogue.h"

enum { LIMITS_BLOB_MIN = 1 << 20 }; /* bytes: whatever is agreed on, words get through */

/* The node's numbers by these terms, else as the program has them. */
struct channel_limits limits_of_terms(const struct offered_terms *terms);
/* By the terms in force; without terms, the program's own. */
enum error limits_in_force(struct talk *t, struct channel_limits *out, struct diag *d) MUST_USE;
/* Hands them, and the witnesses, to the node of the channel in which one speaks, where there are terms. */
enum error limits_hand_over(struct talk *t, struct diag *d) MUST_USE;

#endif
