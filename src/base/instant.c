#include "base/instant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Civil date from and to days: the era arithmetic of Howard Hinnant's "chrono-compatible low-level date algorithms". */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

bool instant_days(int64_t year, unsigned month, unsigned day, int64_t *days) {
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > lengths[month - 1] + (unsigned)(month == 2 && leap)) return false;
    *days = days_from_civil(year, month, day);
    return true;
}

bool instant_from_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second,
                        instant *out) {
    int64_t days;
    if (hour > 23 || minute > 59 || second > 60 || !instant_days(year, month, day, &days)) return false;
    *out = days * INSTANT_DAY + ((int64_t)hour * 3600 + (int64_t)minute * 60 + (int64_t)second) * INSTANT_SECOND;
    return true;
}

static void split(instant i, int64_t *days, int64_t *within) {
    *days = i / INSTANT_DAY;
    *within = i % INSTANT_DAY;
    if (*within < 0) {
        *within += INSTANT_DAY;
        --*days;
    }
}

void instant_to_civil(instant i, int64_t *year, unsigned *month, unsigned *day) {
    int64_t days, within;
    split(i, &days, &within);
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static bool digits(struct text t, size_t from, size_t count, unsigned *value) {
    *value = 0;
    for (size_t i = from; i < from + count; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') return false;
        *value = *value * 10 + (unsigned)(t.at[i] - '0');
    }
    return true;
}

bool instant_read(struct text t, instant *out) {
    unsigned year, month, day, hour, minute, second, fraction = 0;
    if (t.size < 20 || t.size > 27 || t.at[t.size - 1] != 'Z') return false;
    if (t.at[4] != '-' || t.at[7] != '-' || t.at[10] != 'T' || t.at[13] != ':' || t.at[16] != ':') return false;
    if (!digits(t, 0, 4, &year) || !digits(t, 5, 2, &month) || !digits(t, 8, 2, &day) || !digits(t, 11, 2, &hour) ||
        !digits(t, 14, 2, &minute) || !digits(t, 17, 2, &second))
        return false;
    if (t.size > 20) {
        size_t count = t.size - 21;
        if (t.at[19] != '.' || !count || !digits(t, 20, count, &fraction)) return false;
        while (count++ < 6) fraction *= 10;
    }
    instant whole;
    if (second > 59 || !instant_from_civil(year, month, day, hour, minute, second, &whole)) return false;
    *out = whole + fraction;
    return true;
}

/* `count` decimal digits. */
static char *put_digits(char *at, unsigned value, size_t count) {
    for (size_t i = count; i-- > 0; value /= 10) at[i] = (char)('0' + value % 10);
    return at + count;
}

struct text instant_write(instant i, char out[static INSTANT_TEXT_MAX]) {
    if (i == INSTANT_NONE) return (struct text){out, 0};
    int64_t days, within, year;
    unsigned month, day;
    split(i, &days, &within);
    instant_to_civil(i, &year, &month, &day);
    unsigned second = (unsigned)(within / INSTANT_SECOND), fraction = (unsigned)(within % INSTANT_SECOND);
    char *at = out;
    if (year >= 0 && year <= 9999)
        at = put_digits(at, (unsigned)year, 4);
    else
        at += snprintf(at, 8, "%04" PRId64, year); /* within 64 bits no year has more than six digits and a sign */
    const struct {
        char before;
        unsigned value;
    } parts[] = {{'-', month}, {'-', day}, {'T', second / 3600}, {':', second / 60 % 60}, {':', second % 60}};
    for (size_t n = 0; n < COUNT(parts); n++) {
        *at++ = parts[n].before;
        at = put_digits(at, parts[n].value, 2);
    }
    if (fraction) {
        *at++ = '.';
        at = put_digits(at, fraction, 6);
        while (at[-1] == '0') at--;
    }
    *at++ = 'Z';
    *at = 0;
    return (struct text){out, (size_t)(at - out)};
}

static struct text write_other_day(instant i, int64_t days, struct instant_day *day, char *out) {
    struct text written = instant_write(i, out);
    day->known = written.at[sizeof day->date - 1] == 'T'; /* of a year of four digits */
    day->days = days;
    memcpy(day->date, out, sizeof day->date);
    return written;
}

struct text instant_write_near(instant i, struct instant_day *day, char out[static INSTANT_TEXT_MAX]) {
    int64_t days, within;
    if (i == INSTANT_NONE) return instant_write(i, out);
    split(i, &days, &within);
    if (!day->known || day->days != days || within % INSTANT_SECOND) return write_other_day(i, days, day, out);
    unsigned second = (unsigned)(within / INSTANT_SECOND);
    char *at = out + sizeof day->date;
    memcpy(out, day->date, sizeof day->date);
    at = put_digits(at, second / 3600, 2);
    *at++ = ':';
    at = put_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, second % 60, 2);
    *at++ = 'Z';
    *at = 0;
    return (struct text){out, (size_t)(at - out)};
}

bool instant_length_read(struct text t, instant *out) {
    static const struct {
        char letter;
        instant unit;
    } units[] = {{'s', INSTANT_SECOND}, {'m', 60 * INSTANT_SECOND}, {'h', INSTANT_HOUR}, {'d', INSTANT_DAY}};
    const instant longest = 3652425 * INSTANT_DAY;
    uint64_t number;
    if (text_is(t, "0")) return *out = 0, true;
    if (t.size < 2 || !text_u64(text_sub(t, 0, t.size - 1), &number)) return false;
    for (size_t i = 0; i < COUNT(units); i++) {
        if (t.at[t.size - 1] != units[i].letter || number > (uint64_t)(longest / units[i].unit)) continue;
        *out = (instant)number * units[i].unit;
        return true;
    }
    return false;
}

void buf_instant(struct buf *out, instant i) {
    char written[INSTANT_TEXT_MAX];
    buf_text(out, instant_write(i, written));
}

void buf_instant_or_dash(struct buf *out, instant i) {
    if (i == INSTANT_NONE)
        buf_char(out, '-');
    else
        buf_instant(out, i);
}

void buf_length(struct buf *out, int64_t microseconds) {
    static const struct {
        char letter;
        int64_t unit;
    } units[] = {{'d', INSTANT_DAY}, {'h', INSTANT_HOUR}, {'m', 60 * INSTANT_SECOND}, {'s', INSTANT_SECOND}};
    size_t first = 0;
    while (first + 1 < COUNT(units) && microseconds < units[first].unit) first++;
    buf_format(out, "%lld%c", (long long)(microseconds / units[first].unit), units[first].letter);
    if (first + 1 == COUNT(units)) return;
    int64_t rest = microseconds % units[first].unit / units[first + 1].unit;
    if (rest) buf_format(out, " %lld%c", (long long)rest, units[first + 1].letter);
}
