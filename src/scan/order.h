/* Within scan/: events that stand later in a log than they should, by their times.
 *
 * An event is out of order where it is earlier than the event before it in its file, or in the file that this one goes
 * on from; by up to the slack it is so within the bound.  What is said of a part depends on its lines alone, and parts
 * are joined in order, so that neither threads nor cuts show.  A line that tells of a stretch has no part in it: such
 * records are written in other orders. */
#ifndef PARLEY_SCAN_ORDER_H
#define PARLEY_SCAN_ORDER_H

#include "base/arena.h"
#include "base/instant.h"
#include "line/observation.h"

enum { ORDER_TEXT_MAX = 160 };

struct order_line {
    uint64_t part, line; /* within the part, from 0 */
    struct text text;    /* in an arena, at most ORDER_TEXT_MAX bytes */
};
struct order { /* of the lines of a part, or of several; {0} at the start */
    bool any;
    instant first, last;     /* times of its first and last event */
    struct order_line begin; /* the first one: it may turn out to be out of order itself */
    uint64_t within, beyond;
    instant most_within, most_beyond; /* how far */
    struct order_line example;        /* the first beyond the bound */
};
/* Takes the next event of a part; `slack` is the bound. */
void order_add(struct order *o, instant slack, const struct observation *event, uint64_t part, uint64_t line,
               struct text text, struct arena *a);
/* Puts a part behind those before it.  `follows`: its file is theirs, or goes on where theirs ended. */
void order_join(struct order *all, const struct order *part, bool follows, instant slack);

#endif
