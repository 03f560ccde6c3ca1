/* Whether a department is open: the hours and holidays of its card on the clocks of their zones.
 *
 * The zones are those of this machine's table; hours that are a text, or of a zone that it does not know, say nothing
 * here.  Ownership: everything lives in the arena. */
#ifndef PARLEY_DESK_OPENING_H
#define PARLEY_DESK_OPENING_H

#include "line/zone.h"
#include "party/card.h"
#include "json/json.h"

enum {
    OPENING_DAYS = 21,
    OPENING_SHIFTS_MAX = 64
}; /* how far it is looked ahead; hours beyond these are passed over */

struct wall_clock {
    struct text name; /* "Europe/Paris" */
    struct zone zone;
};

struct opening {
    bool known; /* the card states hours that can be computed with */
    bool open;
    instant changes;         /* when it closes, or opens; INSTANT_NONE: not in OPENING_DAYS */
    struct wall_clock clock; /* of its first hours */
    struct text not_known;   /* a zone that is not in the table; empty: none */
};

struct opening opening_of(const struct card *c, struct text department, instant now, struct arena *a);
/* The clock of a department: that of its first hours; UTC where it states none. */
struct wall_clock clock_of(const struct card *c, struct text department, struct arena *a);
/* "2026-03-02 18:00 Europe/Paris". */
void clock_write(const struct wall_clock *clock, instant at, struct buf *out);
/* "open until 2026-03-02 18:00 Europe/Paris (17:00 UTC)", "closed", …; nothing where it is not known.  `own`: the clock
 * of whoever reads it; left out where it is the same. */
void opening_line(const struct opening *o, const struct wall_clock *own, struct buf *out);
/* `open`, `changes_at`, `zone`; NULL where it is not known. */
json_t *opening_json(const struct opening *o);

#endif
