/* Hours that a program can compute with, in the lines `hours` and `holiday` of a card:
 *
 *     hours abuse Mo-Fr 08:00-18:00 Europe/Paris
 *     hours abuse Sa,Su 22:00-06:00 Europe/Paris
 *     holiday abuse 2026-12-24/2027-01-02 Year's end
 *
 * Days are Mo Tu We Th Fr Sa Su, in lists and ranges; times HH:MM up to 24:00, and one that ends no later than it
 * begins ends on the next day; the zone is a name of the IANA table or a fixed offset as +01:00.  A holiday is a date,
 * or the first and the last, and a name.  What is written otherwise is a text for people, from which nothing is
 * computed.  Shapes: local time is seconds since 1970-01-01T00:00:00 on the clock of the zone; days are days since
 * then. Which offset a zone has is asked of a table that is no concern of this room.  Views into what was read. */
#ifndef PARLEY_PARTY_HOURS_H
#define PARLEY_PARTY_HOURS_H

#include "party/card.h"

enum { DAY_SECONDS = 86400, DAY_MINUTES = 1440, CLOSED_DAYS = 64 };

struct shift {
    unsigned days;     /* a set: 1 << 0 is Monday */
    unsigned from, to; /* minutes of the day; from < to, and beyond DAY_MINUTES on the next day */
    struct text zone;
};

struct holiday {
    int64_t first, last; /* days, both included */
    struct text name;    /* empty: none */
};

/* False where it is a text for people. */
bool shift_read(struct text t, struct shift *out);
bool holiday_read(struct text t, struct holiday *out);

/* The holidays of a department in CLOSED_DAYS days from `first` on; on days outside of them it is not closed.  A card
 * may state thousands of them: they are gone through once, and not for each day that is asked about. */
struct closed_days {
    int64_t first;
    uint64_t days; /* a set: 1 << i is the day first + i */
};
struct closed_days closed_from(const struct card *c, struct text department, int64_t first);

/* The local second at which the shift that begins on `day` begins and ends; false where none begins on that day: it is
 * another day of the week, or a holiday. */
bool shift_on(const struct shift *s, struct closed_days closed, int64_t day, int64_t *from, int64_t *to);
/* Whether the shift runs at a local time. */
bool shift_runs(const struct shift *s, struct closed_days closed, int64_t local);
/* Floor division: the day of a local time. */
int64_t local_day(int64_t local);

#endif
