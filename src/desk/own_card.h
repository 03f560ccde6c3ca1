/* One's own card: what the party says of itself, as it stands on the desk, and its way into the records.
 *
 *     <home>/desk/card               the working copy, unsigned: what `department`, `officer` and `card` change
 *     <home>/desk/cards/<serial>     every card that was signed, as a signed note
 *
 * The serial of the working copy is that of the last signed one; signing makes it one more.  A record takes cards in
 * the order of their serials and only the next one, so publishing appends to each channel all that it lacks.
 * A new record's log key is announced by a card of its own: see own_card_with_log. */
#ifndef PARLEY_DESK_OWN_CARD_H
#define PARLEY_DESK_OWN_CARD_H

#include "desk/desk.h"
#include "party/card.h"

/* The working copy; in the desk's arena. */
enum error own_card_load(struct desk *k, struct card *out, struct diag *d) MUST_USE;
enum error own_card_save(struct desk *k, const struct card *c, struct diag *d) MUST_USE;
/* The last card that was signed: ERR_MISSING where there is none. */
enum error own_card_signed(struct desk *k, struct bytes *note, struct card *out, struct diag *d) MUST_USE;
/* Signs the working copy with the root as the next serial where it differs from the last signed card; then, and where
 * it does not differ, gives the last one. */
enum error own_card_sign(struct desk *k, struct bytes *note, struct card *out, struct diag *d) MUST_USE;
/* As own_card_sign, with the log key of a record added where the card lacks it. */
enum error own_card_with_log(struct desk *k, struct text origin, struct bytes *note, struct card *out,
                             struct diag *d) MUST_USE;
/* Appends to each open channel the signed cards that its record lacks; `count` takes how many entries were made. */
enum error own_card_publish(struct desk *k, uint64_t *count, struct diag *d) MUST_USE;

#endif
