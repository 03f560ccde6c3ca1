/* How a channel begins: an invitation goes out, one comes in, people compare a number, both records open.
 *
 *     <home>/desk/peers/<party>      the invitation that was accepted of a party, as it came
 *
 *     <home>/desk/successors/        what was proposed for a successor: two `follows` lines a file
 *
 * The secret of an invitation without a party is one a home; one to a party is that party's alone.  Both rest in the
 * desk's keyring.  Source: the design, section 5, "Invitation". */
#ifndef PARLEY_DESK_INVITE_H
#define PARLEY_DESK_INVITE_H

#include "desk/own_card.h"
#include "desk/successor.h"
#include "matter/dialogue.h"
#include "note/fingerprint.h"
#include "record/invitation.h"

/* Appends an invitation file.  With `party` and a proposal in words, opens the record with that party alone, with the
 * card in its entry 0 and the proposal, signed by the home's officer and not sealed, in entry 1; asked again, gives the
 * same record's invitation. */
enum error invite(struct desk *k, struct text party, struct text proposal, struct text lang, struct buf *out,
                  struct diag *d) MUST_USE;

struct invite_wish {
    struct text party;          /* empty: for anyone */
    struct text proposal, lang; /* a one-sided start */
    bool successor;             /* the channel after the last one; opens nothing yet */
    bool drill;                 /* opens one's own record of a drill beside the channel there is */
    const struct cut *at;       /* the sizes that a successor follows; NULL: what was proposed before, else the best */
};
/* The same, and the invitations of successors and drills.  ERR_MISSING where there is nothing to go on from. */
enum error invite_as(struct desk *k, const struct invite_wish *w, struct buf *out, struct diag *d) MUST_USE;

/* What the proposal in an invitation says, signed by an officer of the card in it.  ERR_MISSING where there is none. */
enum error invite_proposal(const struct invitation *i, struct arena *a, struct message *m, struct dialogue *out,
                           struct diag *d) MUST_USE;

/* The safety number with the party of an invitation file. */
enum error invite_compare(struct desk *k, const struct invitation *i, char out[static SAFETY_NUMBER_SIZE],
                          struct diag *d) MUST_USE;
/* The root of a party that was accepted: its vkey.  ERR_MISSING. */
enum error invite_peer(struct desk *k, struct text party, struct invitation *out, struct diag *d) MUST_USE;

/* Whether people must have compared the safety number: not for a drill, by the root that was accepted. */
bool invite_needs_number(const struct invitation *i);
/* Opens the channel with the party of an invitation, once `digits` are the safety number: ERR_NO with the way to
 * compare where they are not; ERR_CONFLICT, and nothing is changed, where another root of that party was accepted
 * before: people compare again, and a successor channel follows (it says so).
 * A successor is opened with the lines of the invitation, where they are true here; else ERR_CONFLICT says who lacks
 * what. */
enum error invite_accept(struct desk *k, struct bytes file, struct text digits, struct diag *d) MUST_USE;

#endif
