/* A desk on another machine: its request, the answer to it, and who was let in (party/enrolment.h).
 *
 * What people compare on each side: the request's fingerprint before it is admitted, for whoever is admitted reads the
 * department's messages; the fingerprint of the party's root before the answer is taken, for it says whose node to
 * believe. */
#ifndef PARLEY_DESK_ENROL_H
#define PARLEY_DESK_ENROL_H

#include "desk/own_card.h"
#include "party/enrolment.h"

struct enrol_wanted {
    struct home home;       /* party, department, officer, language */
    struct text passphrase; /* of all keys; empty: none */
    struct random *random;
    instant now;
};
/* Makes a home that has a desk alone, its officer's key and TLS key; appends the request.  The home is whole once the
 * caller has kept that and called home_finish.  ERR_CONFLICT where there is a home; ERR_INPUT, with nothing made, for
 * names that no card could have. */
enum error enrol_request(const struct enrol_wanted *w, struct buf *request, struct diag *d) MUST_USE;

/* Puts the officer on the working copy of the card, in the department asked for, with these roles (none: those that it
 * has); admits the desk to the node; appends the answer.  Once more for the same desk gives the answer anew, as after a
 * new identity of the department.  `node`: where the node listens for desks.  ERR_NO_KEY where this desk has no
 * identity of that department. */
enum error enrol_admit(struct desk *k, struct bytes request, struct names roles, struct text node, struct buf *answer,
                       struct diag *d) MUST_USE;
/* Takes the answer: the identities, the card, the node's address.  ERR_NO where the card's root is another than the one
 * whose fingerprint was typed. */
enum error enrol_open(struct desk *k, struct bytes answer, struct text fingerprint, struct diag *d) MUST_USE;
/* As 30 digits in groups of five. */
struct text enrol_fingerprint(struct bytes request, char out[static 36]);

#endif
