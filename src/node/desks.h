/* Desks on other machines: whose certificate the node takes on its listener for desks, and what it lets them do.
 *
 *     <node>/desks/<pin>       an enrolment (party/enrolment.h), signed by the officer whose desk it is
 *
 * A pin counts for as long as the newest card of one's own records names the key that signed its enrolment: so a card
 * that drops an officer drops the desk with the next request.  What may be asked follows from the officer's roles
 * (party/officers.h), as far as the node can tell: it opens nothing.  Thread-safe. */
#ifndef PARLEY_NODE_DESKS_H
#define PARLEY_NODE_DESKS_H

#include "node/engine.h"
#include "party/enrolment.h"
#include "party/officers.h"

/* ERR_INPUT and ERR_SIGNATURE for what is no enrolment of this party; the same one again is fine. */
enum error desks_admit(struct engine *e, struct bytes note, struct diag *d) MUST_USE;
/* ERR_MISSING where there is no such pin. */
enum error desks_drop(struct engine *e, struct text pin, struct diag *d) MUST_USE;
/* The enrolments, by pin; what can't be read is passed over. */
enum error desks_list(struct engine *e, struct arena *a, struct bytes **notes, size_t *count, struct diag *d) MUST_USE;
/* What the desk with that pin may do now: PART_NONE where it may not even connect. */
enum part desks_part(struct engine *e, struct text pin);
/* The newest card of the party over all of its records: ERR_MISSING where there is none yet. */
enum error desks_own_card(struct engine *e, struct arena *a, struct kept_card *out, struct diag *d) MUST_USE;

/* The desk's requests, from another machine: api.c says which of them are for whom. */
void engine_answer_remote_desk(struct engine *e, const struct request *q, instant now, struct response *r);

#endif
