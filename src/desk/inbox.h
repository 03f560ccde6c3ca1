/* What waits for whom: a list of cases that want something of one of the two sides, by their deadlines. */
#ifndef PARLEY_DESK_INBOX_H
#define PARLEY_DESK_INBOX_H

#include "desk/talk.h"

enum wait { WAIT_REPLY, WAIT_ACKNOWLEDGE, WAIT_ANSWER, WAIT_AGREE, WAIT_DISCLOSE, WAIT_COUNT };

enum { WAITS_MAX = 4 }; /* of one case */

struct wait_for {
    enum wait what;
    unsigned party;   /* whom it waits for */
    instant since;    /* the time of the message that wants it */
    instant due;      /* INSTANT_NONE: no deadline */
    instant met;      /* late, and it waits all the same: for another reason; INSTANT_NONE: not met */
    struct text text; /* agree: the settlement text, hex */
};
static inline bool wait_lapsed(const struct wait_for *w, instant as_of) {
    return w->what != WAIT_REPLY && deadline_lapsed(&(struct deadline){.due = w->due, .met = w->met}, as_of);
}

struct waiting {
    const struct matter *matter;
    enum wait what;
    unsigned party;
    instant since, due;
    bool lapsed;
    struct text text;
};

/* What a case waits for; of an offer, as long as it stands. */
size_t matter_waits(const struct matter *m, struct wait_for out[static WAITS_MAX]);

/* By deadline, those without one last, then by age.  In the talk's arena. */
void inbox_waiting(struct talk *t, struct waiting **out, size_t *count);
/* "acknowledge", … untranslated: what is waited for. */
const char *wait_word(enum wait w);
/* The command that does it, as typed. */
struct text wait_command(struct talk *t, const struct waiting *w);
struct text wait_command_of(struct text matter, enum wait what, struct arena *a);

#endif
