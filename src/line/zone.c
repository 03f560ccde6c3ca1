/* Asking a zone.  A zone is a row of segments of UTC with one offset each; a local time lies in none of them where the
 * clock skipped it, and in two where it came twice. */
#include "line/zone.h"

#include "base/instant.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
/* No offset is as large (RFC 8536, 3.2: more than -25 and less than 26 hours). */
enum { OFFSET_MAX = 26 * HOUR, REACH = OFFSET_MAX + HOUR };
#define FAR ((int64_t)1 << 59)
/* Beyond this no year has a date of ours; within it, seconds fit an instant. */
#define CIVIL ((int64_t)1 << 42)

struct segment { /* of UTC: [from, until); -FAR and FAR are no ends */
    int64_t from, until;
    int32_t offset;
};

/* The day of a rule 'M': the week-th such weekday of the month, 5 being the last. */
static int64_t weekday_of_month(int64_t year, const struct zone_date *d) {
    int64_t first, day;
    ASSERT(instant_days(year, (unsigned)d->month, 1, &first));
    int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int64_t within = 1 + (d->day - weekday + 7) % 7 + (int64_t)(d->week - 1) * 7;
    while (!instant_days(year, (unsigned)d->month, (unsigned)within, &day)) within -= 7;
    return day;
}

/* When a rule begins in a year, in UTC; false where the year is none of ours. */
static bool rule_at(const struct zone_date *d, int64_t year, int32_t offset_before, int64_t *out) {
    int64_t first, leap_day;
    if (!instant_days(year, 1, 1, &first)) return false;
    int64_t day = first + d->day;
    if (d->form == 'M') day = weekday_of_month(year, d);
    if (d->form == 'J') day -= !(d->day >= 60 && instant_days(year, 2, 29, &leap_day)); /* J60 is always 1 March */
    *out = day * DAY + d->second - offset_before;
    return true;
}

/* Narrows the segment around `utc` by a change to `offset` at `at`. */
static void narrow(struct segment *s, int64_t utc, int64_t at, int32_t offset) {
    if (at > utc) {
        if (at < s->until) s->until = at;
    } else if (at >= s->from) {
        s->from = at;
        s->offset = offset;
    }
}

/* Summer that ends when the next begins never ends: "EST5EDT,0/0,J365/25" (RFC 8536, appendix B.2).  So of two changes
 * at one time the beginning counts, and it is looked at last. */
static struct segment rule_segment(const struct zone *z, int64_t utc) {
    struct segment s = {-FAR, FAR, z->standard};
    int64_t year = utc < 0 ? 1 : 9999, at; /* beyond these the first and the last change hold for ever */
    unsigned month, day;
    if (utc > -CIVIL && utc < CIVIL) instant_to_civil(utc * INSTANT_SECOND, &year, &month, &day);
    year = year < 1 ? 1 : year > 9999 ? 9999 : year;
    for (int64_t y = year - 1; y <= year + 1; y++) {
        if (rule_at(&z->end, y, z->summer, &at)) narrow(&s, utc, at, z->standard);
        if (rule_at(&z->begin, y, z->standard, &at)) narrow(&s, utc, at, z->summer);
    }
    return s;
}

static struct segment segment_at(const struct zone *z, int64_t utc) {
    size_t low = 0, high = z->count; /* the first transition after `utc` is in between */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->at[middle].at <= utc)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t from = low ? z->at[low - 1].at : -FAR;
    if (low == z->count && z->has_rule) {
        struct segment s = rule_segment(z, utc);
        if (s.from < from) s.from = from;
        return s;
    }
    return (struct segment){from, low < z->count ? z->at[low].at : FAR, low ? z->at[low - 1].offset : z->before};
}

int32_t zone_offset(const struct zone *z, int64_t utc) { return segment_at(z, utc).offset; }

/* The answer changes at most at `at`, a local time. */
static void bound(struct zone_answer *a, int64_t local, int64_t at) {
    if (at <= local) {
        if (at > a->from) a->from = at;
    } else if (at < a->until) {
        a->until = at;
    }
}

/* Looks at the segments that can hold the local time whatever their offset; those further away can't, and where they
 * begin and end on the local clock is bounded by the largest offset. */
struct zone_answer zone_ask(const struct zone *z, int64_t local) {
    if (local > FAR / 2) local = FAR / 2;
    if (local < -FAR / 2) local = -FAR / 2;
    struct zone_answer a = {ZONE_NEVER, 0, -FAR, FAR};
    struct segment s = segment_at(z, local - REACH);
    if (s.from > -FAR) bound(&a, local, s.from + OFFSET_MAX);
    for (;;) {
        int64_t from = s.from > -FAR ? s.from + s.offset : -FAR, until = s.until < FAR ? s.until + s.offset : FAR;
        if (from <= local && local < until) {
            if (a.fit == ZONE_NEVER) a.offset = s.offset;
            a.fit = a.fit == ZONE_NEVER ? ZONE_ONCE : ZONE_TWICE;
        }
        bound(&a, local, from);
        bound(&a, local, until);
        if (s.until > local + REACH) break;
        s = segment_at(z, s.until);
    }
    if (s.until < FAR) bound(&a, local, s.until - OFFSET_MAX);
    return a;
}
