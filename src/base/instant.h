/* One type of time: microseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted (POSIX).
 *
 * Printed as RFC 3339 with a `Z`; the fraction only where it is not zero.  `now` is an argument everywhere but in os.h.
 */
#ifndef PARLEY_BASE_INSTANT_H
#define PARLEY_BASE_INSTANT_H

#include "base/buf.h"

typedef int64_t instant; /* microseconds UTC */

#define INSTANT_NONE INT64_MIN /* unknown */
#define INSTANT_SECOND ((instant)1000000)
#define INSTANT_HOUR (3600 * INSTANT_SECOND)
#define INSTANT_DAY (24 * INSTANT_HOUR)
enum { INSTANT_TEXT_MAX = 32 }; /* bytes of the longest printed form, with its NUL */

/* Years 1 to 9999.  `2026-03-01T12:00:00Z`, with up to 6 digits of fraction.  Nothing else: no offset, no lower case.
 */
bool instant_read(struct text t, instant *out);
/* Writes the canonical form; returns it as a view of `out`.  INSTANT_NONE gives the empty text. */
struct text instant_write(instant i, char out[static INSTANT_TEXT_MAX]);
/* The same for instants of which many are of one day, whose date is kept from one to the next: {0} at the start. */
struct instant_day {
    int64_t days;
    char date[sizeof "2026-03-01T" - 1];
    bool known;
};
struct text instant_write_near(instant i, struct instant_day *day, char out[static INSTANT_TEXT_MAX]);
/* A length of time: a number and `s`, `m`, `h` or `d`, or 0; at most ten thousand years. */
bool instant_length_read(struct text t, instant *out);
/* Appends a length of time in its two largest units, as "2d 4h", "35m" or "0s"; less than a second is 0s. */
void buf_length(struct buf *out, int64_t microseconds);
/* Appends an instant in its canonical form. */
void buf_instant(struct buf *out, instant i);
/* The same, or a dash for INSTANT_NONE. */
void buf_instant_or_dash(struct buf *out, instant i);
/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar; false where there is no such date. */
bool instant_days(int64_t year, unsigned month, unsigned day, int64_t *days);
/* From civil time in UTC; false where any part is out of range (a leap second :60 counts as :59 of its minute + 1 s).
 */
bool instant_from_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second,
                        instant *out);
/* The year, month and day of an instant. */
void instant_to_civil(instant i, int64_t *year, unsigned *month, unsigned *day);

#endif
