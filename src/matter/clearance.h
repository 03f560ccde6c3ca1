/* Clearance: the signatures that a party's own card asks for besides the author's.
 *
 * "Clearance asks for <number> keys besides the author's, each of an officer with one of the roles, at this level and
 * at more restricted ones."  Source: the design, section 5.1, "Heads".  The rules and the desk's drafts ask here. */
#ifndef PARLEY_MATTER_CLEARANCE_H
#define PARLEY_MATTER_CLEARANCE_H

#include "message/head.h"
#include "party/card.h"

/* The officer that `by` names, in the department that `from` names; NULL: the card has none. */
const struct officer *clearance_author(const struct card *card, const struct head *head);
/* The first rule of the card that these signatures (vkeys) of a message at that level do not meet, and how many are
 * missing; NULL where all are met.  The card names the author. */
const struct clearance *clearance_unmet(const struct card *card, const struct head *head, enum tlp level,
                                        struct names signatures, uint64_t *missing);
/* Whether that key is one of an officer with one of the roles. */
bool clearance_key_has_role(const struct card *card, struct text key, struct names roles);

#endif
