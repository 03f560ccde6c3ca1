#include "party/hours.h"

#include "base/instant.h"

static const char day_names[7][3] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

static bool read_day(struct text t, unsigned *out) {
    for (unsigned i = 0; i < COUNT(day_names); i++)
        if (text_is(t, day_names[i])) return *out = i, true;
    return false;
}

/* `Mo` or `Mo-Fr`; a range may run over the end of the week. */
static bool add_days(struct text t, unsigned *set) {
    unsigned first, last;
    struct text from = t;
    if (!text_cut(&t, '-', &from)) t = from;
    if (!read_day(from, &first) || !read_day(t, &last)) return false;
    for (unsigned day = first;; day = (day + 1) % 7) {
        *set |= 1U << day;
        if (day == last) return true;
    }
}

static bool read_days(struct text t, unsigned *set) {
    struct text one;
    *set = 0;
    while (text_cut(&t, ',', &one))
        if (!add_days(one, set)) return false;
    return add_days(t, set);
}

/* `count` digits. */
static bool read_digits(struct text t, size_t at, size_t count, unsigned *out) {
    *out = 0;
    for (size_t i = at; i < at + count; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') return false;
        *out = *out * 10 + (unsigned)(t.at[i] - '0');
    }
    return true;
}

static bool read_clock(struct text t, unsigned *out) {
    unsigned hour, minute;
    if (t.size != 5 || t.at[2] != ':' || !read_digits(t, 0, 2, &hour) || !read_digits(t, 3, 2, &minute)) return false;
    *out = hour * 60 + minute;
    return minute < 60 && *out <= DAY_MINUTES;
}

/* `Area/City`, `UTC`, `+01:00`; whether there is such a zone, its table knows. */
static bool is_zone(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '/' && c != '_' && c != '-' && c != '+' && c != ':') return false;
    }
    return t.size > 0 && t.size <= 64;
}

bool shift_read(struct text t, struct shift *out) {
    struct shift s;
    struct text days, times, from;
    if (!text_cut(&t, ' ', &days) || !text_cut(&t, ' ', &times) || !text_cut(&times, '-', &from)) return false;
    if (!read_days(days, &s.days) || !read_clock(from, &s.from) || !read_clock(times, &s.to) || !is_zone(t))
        return false;
    if (s.from == DAY_MINUTES || s.from == s.to) return false;
    if (s.to < s.from) s.to += DAY_MINUTES;
    s.zone = t;
    *out = s;
    return true;
}

static bool read_date(struct text t, int64_t *days) {
    unsigned year, month, day;
    if (t.size != 10 || t.at[4] != '-' || t.at[7] != '-') return false;
    if (!read_digits(t, 0, 4, &year) || !read_digits(t, 5, 2, &month) || !read_digits(t, 8, 2, &day)) return false;
    return year && instant_days(year, month, day, days);
}

bool holiday_read(struct text t, struct holiday *out) {
    struct holiday h = {0};
    struct text dates = t, first;
    if (text_cut(&t, ' ', &dates)) h.name = t;
    first = dates;
    if (!text_cut(&dates, '/', &first)) dates = first;
    if (!read_date(first, &h.first) || !read_date(dates, &h.last) || h.last < h.first) return false;
    *out = h;
    return true;
}

/* ---- when */

int64_t local_day(int64_t local) {
    int64_t day = local / DAY_SECONDS;
    return local % DAY_SECONDS < 0 ? day - 1 : day;
}

struct closed_days closed_from(const struct card *c, struct text department, int64_t first) {
    struct closed_days closed = {.first = first};
    struct holiday h;
    for (size_t i = 0; i < c->holiday_count; i++) {
        if (!text_equal(c->holidays[i].department, department) || !holiday_read(c->holidays[i].value, &h)) continue;
        for (int64_t day = 0; day < CLOSED_DAYS; day++)
            if (h.first <= first + day && first + day <= h.last) closed.days |= UINT64_C(1) << day;
    }
    return closed;
}

static bool is_closed(struct closed_days closed, int64_t day) {
    return day >= closed.first && day - closed.first < CLOSED_DAYS && closed.days & UINT64_C(1) << (day - closed.first);
}

bool shift_on(const struct shift *s, struct closed_days closed, int64_t day, int64_t *from, int64_t *to) {
    int64_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    if (weekday < 0) weekday += 7;
    if (!(s->days & 1U << weekday) || is_closed(closed, day)) return false;
    *from = day * DAY_SECONDS + (int64_t)s->from * 60;
    *to = day * DAY_SECONDS + (int64_t)s->to * 60;
    return true;
}

bool shift_runs(const struct shift *s, struct closed_days closed, int64_t local) {
    int64_t today = local_day(local), from, to;
    for (int64_t day = today - 1; day <= today; day++)
        if (shift_on(s, closed, day, &from, &to) && from <= local && local < to) return true;
    return false;
}
