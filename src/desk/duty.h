/* Duties: all that is owed in a channel, by either side, and the meetings to come, in one list.
 *
 * What an offer, a claim, an inquiry or a text waits for (inbox.h), undertakings of settled texts (undertakings.h), and
 * meetings that are confirmed (meeting.h).  Calendar, watch and handover read this list. */
#ifndef PARLEY_DESK_DUTY_H
#define PARLEY_DESK_DUTY_H

#include "desk/inbox.h"
#include "desk/meeting.h"

enum duty_what { DUTY_WAIT, DUTY_UNDERTAKING, DUTY_MEETING };

struct duty {
    enum duty_what what;
    const struct matter *matter;
    struct waiting wait;           /* DUTY_WAIT */
    const struct meeting *meeting; /* DUTY_MEETING */
    unsigned party;                /* whose it is; 2: of both */
    instant since, due;            /* INSTANT_NONE: not known, no deadline; a meeting is due when it begins */
    bool lapsed;
    struct text words; /* of an undertaking: its line; of a meeting: its title; empty: none */
    struct text id;    /* of this duty within its case: the same for as long as it is owed */
};

/* The word of its kind, untranslated: "answer", "undertaking", "meeting". */
const char *duty_word(const struct duty *u);
/* The same in the reader's language. */
const char *duty_shown(const struct duty *u);
/* By date, those without one last; meetings that are over are left out.  In the talk's arena. */
enum error duty_list(struct talk *t, struct duty **out, size_t *count, struct diag *d) MUST_USE;
/* "answer, 5b2c4c0e “Attempts on …”, ours to do, due 2026-…" */
void duty_line(struct talk *t, const struct duty *u, struct buf *out);
json_t *duty_json(struct talk *t, const struct duty *u); /* the caller frees it */
/* An item of a calendar: without `details` it says that something is due, when, and with which party's channel. */
void duty_item(struct talk *t, const struct duty *u, bool details, struct buf *out);

#endif
