/* Consultations: which times are on the table, which one both have named, and what is to be talked about.
 *
 * A pure reading of the `consult` messages of a case, in the order of their times.  What a party last said of each
 * thing (times, place, link, agenda, delegation, languages) stands; `cancelled` takes its times back.  A meeting is
 * confirmed at the one time that both name; while they share several, it is at none of them yet.  Once a confirmed
 * meeting is over, the next `consult` begins another.  Source: the design, section 2, "consultation". */
#ifndef PARLEY_DESK_MEETING_H
#define PARLEY_DESK_MEETING_H

#include "base/ical.h"
#include "desk/talk.h"
#include "line/zone.h"
#include "settlement/settlement.h"

struct meeting_offer { /* a time that somebody named */
    struct meeting_time time;
    bool by[2]; /* by party */
};

struct meeting {
    struct text title, place, link, languages; /* the last that anybody said; empty: nobody did */
    struct consult said[2];                    /* what stands of each party's words; nothing: it has not spoken */
    bool spoke[2];
    struct meeting_offer *offers; /* by time */
    size_t offer_count;
    struct meeting_time at; /* confirmed, or confirmed until it was cancelled; from INSTANT_NONE: never */
    bool confirmed, cancelled;
    uint64_t number;   /* of the case, from 1 */
    uint64_t sequence; /* messages since the first of this meeting */
    instant stamp;     /* of the last of them */
};

/* The last one is that which is being talked about; none where nobody said `consult`.  In the talk's arena. */
enum error case_meetings(struct talk *t, const struct matter *m, struct meeting **out, size_t *count,
                         struct diag *d) MUST_USE;

/* ---- zones */

struct meeting_zone {
    struct text name; /* Europe/Paris; empty: not known, times are shown in UTC alone */
    struct zone zone;
};

/* The zones of both parties, by number: that of the hours of the department that speaks in the case, by its card; for
 * oneself, where the card names none, the zone of this machine. */
void meeting_zones(struct talk *t, const struct matter *m, struct meeting_zone out[static 2]);
/* Appends "2026-03-05 11:00–13:00 +01:00", with the second date where it is another one. */
void meeting_local(struct meeting_time at, const struct zone *z, struct buf *out);

/* ---- what is shown and exported: meeting_page.c */

/* An agenda line as it is sent: cases by their whole names.  ERR_MISSING, ERR_USAGE where it names no such case or
 * fact. */
enum error agenda_resolve(struct talk *t, struct text line, struct text *out, struct diag *d) MUST_USE;
/* All of the meetings of a case; nothing where there are none. */
void meetings_page(struct talk *t, const struct matter *m, const struct meeting_zone zones[static 2], struct buf *out);
json_t *meetings_json(struct talk *t, const struct matter *m, const struct meeting_zone zones[static 2]);
/* One meeting that has a time, as an item of a calendar (base/ical.h); `details` as below. */
void meeting_item(struct talk *t, const struct matter *m, const struct meeting *meeting, bool details, struct buf *out);
/* The confirmed and cancelled meetings of a case as a calendar.  Without `details` it says that there is a consultation
 * and when, and nothing of the case.  ERR_MISSING where no time is confirmed. */
enum error meetings_ical(struct talk *t, const struct matter *m, bool details, struct buf *out,
                         struct diag *d) MUST_USE;

#endif
