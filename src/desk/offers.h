/* All that was ever offered in a channel, either way, and what became of each offer.
 *
 * The fold says how the case of a proposal stands; here each offer in it, the first and those that counter it, stands
 * alone, as a table of offers wants it.  Source: the design, section 5.1, "Replies". */
#ifndef PARLEY_DESK_OFFERS_H
#define PARLEY_DESK_OFFERS_H

#include "desk/talk.h"
#include "matter/dialogue.h"

struct offer {
    const struct said *said; /* a `proposal`, or a `reply` that counters */
    const struct matter *matter;
    struct dialogue says;
    struct text about; /* of a counter: what the proposal that opened the case is about */
    enum proposal_word word;
    bool withdrawn;                /* its side has withdrawn or closed the case, and it was not accepted before */
    const struct said *reply;      /* the one that says what became of it; NULL: none */
    const struct dialogue *answer; /* what that reply says */
    instant no_reply_since;        /* INSTANT_NONE: there was a reply */
    const struct offer *counters; /* of a list: the offer that this one is a reply to; NULL: none, or not in the list */
};

/* By case, in the order in which the cases were opened, then by `time`; in the talk's arena. */
enum error offers_list(struct talk *t, struct offer **out, size_t *count, struct diag *d) MUST_USE;
/* The offer in a case that one's own side can still answer: that of `id` (its first characters will do), or the last
 * one (empty).  ERR_MISSING where there is none. */
enum error offers_standing(struct talk *t, const struct matter *m, struct text id, const struct offer **out,
                           struct diag *d) MUST_USE;
/* The one of a list whose terms hold for what is opened next; NULL: no terms hold. */
const struct offer *offers_in_force(const struct talk *t, const struct offer *offers, size_t count);
/* When an offer was accepted, by the `time` of its acceptance. */
instant offers_since(const struct offer *o);
/* The terms in force of a channel as JSON, `o` from offers_in_force; the caller frees it. */
json_t *offers_terms_json(const struct talk *t, const struct offer *o);
/* One offer as JSON; the caller frees it. */
json_t *offers_json(const struct talk *t, const struct offer *o);

#endif
