/* A card as people look at it: departments, hours, remits, officers; and which card was in force when.
 *
 * A card counts by position in the record (record/judge.h), so "on a given date" is answered by entries: from the entry
 * that carries the card to the one that carries the next.  The date of an entry is its owner's word; what the other
 * side's receipts and own entries say of it stands beside that.  Ownership: all lives in the talk's arena. */
#ifndef PARLEY_DESK_CARD_PAGE_H
#define PARLEY_DESK_CARD_PAGE_H

#include "desk/opening.h"
#include "desk/talk.h"

/* For people.  `own`: the reader's clock.  `now` INSTANT_NONE: whether a department is open is left out. */
void card_page(const struct card *c, const struct wall_clock *own, instant now, struct buf *out);

struct card_span { /* how long one card was in force in the record of a party */
    const struct card *card;
    const struct entry_verdict *carried, *next; /* the entries of this card and of the one after it; NULL: none yet */
    instant receipted;                          /* the earliest counted receipt that covers it; INSTANT_NONE: none */
    instant seen; /* `time` of the counterparty's first entry that has seen it; INSTANT_NONE: none */
};

/* All of a party's cards, in the order of its record. */
void card_spans(struct talk *t, unsigned party, struct card_span **out, size_t *count);
/* Whether it was in force at some time in [from, until), by the times of its owner. */
bool card_span_meets(const struct card_span *s, instant from, instant until);
/* "card 2, from entry 7 …" in lines. */
void card_span_lines(const struct talk *t, const struct card_span *s, struct buf *out);
/* The same for programs, without the card. */
json_t *card_span_json(const struct talk *t, const struct card_span *s);

#endif
