/* Within one's own card: what needs more signatures than its author's. */
#ifndef PARLEY_DESK_CLEARANCE_RULES_H
#define PARLEY_DESK_CLEARANCE_RULES_H

#include "desk/own_card.h"

/* Adds a rule, or puts it in the place of the one with the same kinds and level.  ERR_INPUT for what is no kind, no
 * role or no number from 1 to 16; ERR_NO where too few officers have those roles: nothing could be said any more. */
enum error clearance_add(struct desk *k, struct card *c, const struct clearance *rule, struct diag *d) MUST_USE;
/* ERR_MISSING where there is no rule with these kinds and that level. */
enum error clearance_remove(struct card *c, struct names kinds, enum tlp level, struct diag *d) MUST_USE;
/* Different keys of officers with one of the roles. */
uint64_t clearance_keys(const struct card *c, struct names roles);

#endif
