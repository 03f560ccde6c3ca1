/* iCalendar: events, things to do, and reminders, as calendars take them.
 *
 * Source: RFC 5545.  Lines end in CR LF and are folded so that none has more than 75 bytes and no character of UTF-8 is
 * divided (3.1); texts are escaped (3.3.11); times are in UTC (3.3.5), so a calendar shows them in its own zone and no
 * rule of any zone has to be carried along.  No METHOD is stated: what is agreed is agreed over the channel, and a
 * calendar that would answer by mail is not asked to (3.7.2).
 * Same items, same bytes.  What calendars may not hold (control characters) is left out of texts. */
#ifndef PARLEY_BASE_ICAL_H
#define PARLEY_BASE_ICAL_H

#include "base/instant.h"

enum { ICAL_LINE_MAX = 75 }; /* bytes of a line without its CR LF */

enum ical_kind { ICAL_EVENT, ICAL_TODO };
enum ical_status { ICAL_NO_STATUS, ICAL_TENTATIVE, ICAL_CONFIRMED, ICAL_CANCELLED, ICAL_NEEDS_ACTION, ICAL_COMPLETED };

struct ical_item {
    enum ical_kind kind;
    struct text uid;   /* the same for each version of one thing, for ever (3.8.4.7) */
    uint64_t sequence; /* grows with each version (3.8.7.4) */
    instant stamp;     /* when this version was said */
    instant start;     /* of an event; INSTANT_NONE for what is only due */
    instant end;       /* of an event its end, of a thing to do when it is due; INSTANT_NONE: open */
    struct text summary, description, location, url, categories; /* each may be empty */
    enum ical_status status;
    bool is_private;       /* CLASS:CONFIDENTIAL (3.8.1.3) */
    const instant *remind; /* how long before the start, or before it is due, to remind */
    size_t remind_count;
};

/* `name`: of the calendar; empty: none. */
void ical_begin(struct text name, struct buf *out);
void ical_item(const struct ical_item *i, struct buf *out);
void ical_end(struct buf *out);

#endif
