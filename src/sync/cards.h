/* Cards as the node reads them: addresses, log and mirror keys of a counterparty; its pins are in pins.h.
 *
 * A card takes effect in an entry of its party's record: alone in it, signed by the root that people accepted, with the
 * serial and the hash that follow the card in force; entry 0 may carry any serial.  Until entry 0 is held, a card that
 * came ahead of it as a blob, and before that the card of the invitation, speaks for the counterparty.
 * Source: the design, sections 5 and 6.  A card lives in the arena. */
#ifndef PARLEY_SYNC_CARDS_H
#define PARLEY_SYNC_CARDS_H

#include "party/card.h"
#include "sync/node.h"

/* The card in force of one side of a channel; ERR_MISSING where there is none. */
enum error cards_current(struct store *s, const struct channel *c, enum side side, struct arena *a, struct card *out,
                         struct diag *d) MUST_USE;
/* The card of a counterparty with the highest serial over all of its channels under the root accepted last: for pins
 * and addresses, so that what one channel dropped another no longer admits. */
enum error cards_newest(struct store *s, struct text party, struct arena *a, struct card *out, struct diag *d) MUST_USE;
/* What that is judged by: the cards of a party under that root, unread, and a hash that is another one where any of
 * them is.  In the arena, as is the party's name. */
struct shown_cards {
    struct store *store;
    struct text party, root;
    struct bytes *notes;
    size_t count;
    struct sha256 hash;
};
enum error cards_shown(struct store *s, struct text party, struct arena *a, struct shown_cards *out,
                       struct diag *d) MUST_USE;
enum error cards_newest_of(const struct shown_cards *shown, struct arena *a, struct card *out, struct diag *d) MUST_USE;
/* Keeps the cards that take effect in the entries [from, to), whose blobs are held. */
enum error cards_apply(struct store *s, const struct channel *c, enum side side, uint64_t from, uint64_t to,
                       struct diag *d) MUST_USE;
/* Whether these bytes begin as every card does. */
bool cards_may_be(struct bytes blob);
/* Whether a card of that side takes effect in entry `index`, after the one in force before it (all zero: none). */
bool cards_takes_effect(struct store *s, const struct channel *c, enum side side, uint64_t index, struct bytes note,
                        const struct kept_card *before, struct arena *a, struct card *out);
/* A blob of the counterparty that came: where no entry of its record is held yet and this is its card and names a log
 * key of the record, that key counts from now on. */
enum error cards_early(struct store *s, const struct channel *c, struct bytes blob, struct diag *d) MUST_USE;

/* The log keys of a record: views into the arena.  None is no error. */
enum error cards_log_keys(struct store *s, const struct channel *c, enum side side, struct arena *a,
                          struct vkey out[static LOG_KEYS_MAX], size_t *count, struct diag *d) MUST_USE;

#endif
