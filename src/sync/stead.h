/* The exchange with a neutral mirror, where the counterparty itself can't be reached: one's own record goes to the
 * mirror that its card names, whose receipt counts in its stead; and what one missed comes from the mirror that one's
 * own card names.  The mirror has no key that opens anything, and appends nothing.
 * Source: the design, sections 3 and 4; c2sp.org/tlog-mirror. */
#ifndef PARLEY_SYNC_STEAD_H
#define PARLEY_SYNC_STEAD_H

#include "sync/exchange.h"

/* Pushes what the mirror lacks, records its receipt, and again until nothing moves.  `name`: of the mirror's key. */
enum error stead_push(const struct sync_node *n, int64_t channel, struct text name, struct remote *r, instant now,
                      struct sync_report *report, struct diag *d) MUST_USE;
/* Fetches their record as far as the mirror holds it.  Where nothing may be signed yet, because one's own record was
 * not compared with the counterparty since the start, it is held and not cosigned. */
enum error stead_pull(const struct sync_node *n, int64_t channel, struct text name, struct remote *r, instant now,
                      struct sync_report *report, struct diag *d) MUST_USE;

/* Has this store hold a record as a neutral mirror, in the stead of the party of the second card: the records of
 * `origin`, which is one that the first card names.  Where it is held already, later cards take the place of earlier
 * ones.  ERR_CONFLICT where the cards are of other parties than those; ERR_SIGNATURE of other roots. */
struct stead_offer {
    struct text origin;
    struct bytes sender, receiver; /* cards, as signed notes */
};
enum error stead_hold(struct store *s, const struct stead_offer *o, bool *added, struct diag *d) MUST_USE;
/* Whether a TLS key is that of a party whose record is held, or in whose stead one is. */
bool stead_knows(struct store *s, struct text pin);

#endif
