/* What waits for whom: a list of cases that want something of one of the two sides, by their deadlines. */
#ifndef PARLEY_DESK_INBOX_H
#define PARLEY_DESK_INBOX_H

#include "desk/talk.h"

enum wait { WAIT_REPLY, WAIT_ACKNOWLEDGE, WAIT_ANSWER, WAIT_AGREE, WAIT_COUNT };

struct waiting {
    const struct matter *matter;
    enum wait what;
    unsigned party; /* whom it waits for */
    instant since;  /* the time of the message that wants it */
    instant due;    /* INSTANT_NONE: no deadline */
    bool lapsed;
    struct text text; /* agree: the settlement text, hex */
};

/* By deadline, those without one last, then by age.  In the talk's arena. */
void inbox_waiting(struct talk *t, struct waiting **out, size_t *count);
/* "acknowledge", … untranslated: what is waited for. */
const char *wait_word(enum wait w);
/* The command that does it, as typed. */
struct text wait_command(struct talk *t, const struct waiting *w);

#endif
