/* Whose TLS keys are whose, kept in memory: handshakes and requests ask far more often than cards change.
 *
 * The answers are those of cards_pin_fits and cards_pin_known.  What is kept of a party is the hash of the cards that
 * say so, and the keys of the one that counts; where the store has changed since, the cards are read again, and where
 * their hash is another one, judged again.  So a stranger costs one look over all cards for each change of the store,
 * and no signature is verified twice.  Thread-safe. */
#ifndef PARLEY_SYNC_PINS_H
#define PARLEY_SYNC_PINS_H

#include "store/store.h"

struct pins;
struct pins *pins_new(struct store *s); /* which must outlive it; NULL: no memory */
void pins_free(struct pins *p);         /* NULL is fine */
/* Whether a TLS peer with that pin is the party by the newest of its cards. */
enum error pins_fit(struct pins *p, struct text party, struct text pin, bool *fits, struct diag *d) MUST_USE;
/* Whether any counterparty has that pin. */
enum error pins_known(struct pins *p, struct text pin, bool *known, struct diag *d) MUST_USE;

#endif
