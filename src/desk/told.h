/* The order in which a case is told: by time, but nothing before what its entry had seen, for clocks are the parties'
 * own and seconds are shared. */
#ifndef PARLEY_DESK_TOLD_H
#define PARLEY_DESK_TOLD_H

#include "desk/talk.h"
#include "message/frame.h"

struct told { /* messages in the order of one record, or of both together */
    const struct message_verdict **at;
    size_t count;
};

/* Both records' messages as one story; in the arena. */
struct told told_together(struct told first, struct told second, struct arena *a);
/* What counts in a case and is of one of `kinds` (a set of FRAME_KIND), in that order; in the talk's arena. */
struct told told_of(struct talk *t, const struct matter *m, uint64_t kinds);

#endif
