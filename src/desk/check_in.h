/* Check-ins: whether the channel and the people at its other end still answer.
 *
 * A check-in asks; the other side's node answers it with a receipt, and a person with a check-in that names it
 * (`answers`), which itself asks nothing.  How often both sides check in, the terms say; where they say nothing,
 * nothing is ever due or stale.  Times of the other side are its word, never later than when its message came.
 * Ownership: everything lives in the talk's arena. */
#ifndef PARLEY_DESK_CHECK_IN_H
#define PARLEY_DESK_CHECK_IN_H

#include "desk/talk.h"
#include "matter/dialogue.h"

struct check_in {                /* how a channel stands, as of the talk's time */
    uint64_t every_hours;        /* by the terms in force; HOURS_NONE: they say nothing */
    const struct said *asked;    /* our last that asks; NULL: none */
    instant delivered;           /* when their node had it; INSTANT_NONE: not yet */
    instant node_latency;        /* of their node: delivery after our time */
    const struct said *answered; /* by which their person answered that one; NULL: not yet */
    instant person_latency;      /* of their person: their time after ours */
    const struct said *theirs;   /* their last check-in, asking or answering; NULL: none */
    instant age;                 /* since that one, or since the terms were agreed; INSTANT_NONE: neither */
    bool stale;                  /* the age is beyond what the terms say */
    const struct said *waiting;  /* their last that asks and that we did not answer; NULL: none */
    instant due;                 /* when our next one is due; INSTANT_NONE: never */
};

enum error check_in_state(struct talk *t, struct check_in *out, struct diag *d) MUST_USE;
/* The message of theirs that an answer may name, by the first characters of its id, or `last`. */
enum error check_in_find(struct talk *t, struct text id, const struct said **out, struct diag *d) MUST_USE;

/* Lines of a page, each with two spaces before it; nothing where there is nothing to say. */
void check_in_lines(const struct talk *t, const struct check_in *s, struct buf *out);
/* One line about a check-in of theirs that waits for a person, with the command that answers it; else nothing. */
void check_in_waiting_line(struct talk *t, struct buf *out);
/* That line, of the check-in with that id. */
void check_in_waiting_words(struct text id, struct text party, struct buf *out);
json_t *check_in_json(const struct talk *t, const struct check_in *s);
/* "2 d 3 h", "12 min", "5 s". */
void span_write(instant length, struct buf *out);

/* ---- random ones: a moment in each period, drawn and told to nobody; <home>/desk/check-in/PARTY keeps it */

/* Draws the first moment where none was drawn; says whether the moment has come, and then draws the next. */
enum error check_in_lot(struct desk *k, struct text party, instant period, bool *now, struct diag *d) MUST_USE;

#endif
