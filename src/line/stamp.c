#include "line/stamp.h"

#include <string.h>

#include "base/digits.h"

enum { DAY_S = 86400, CLOCK_SIZE = 8 /* HH:MM:SS */, LEAP_YEAR = 2024, DAYS_MAX = 366 };

static bool two(const char *p, unsigned *out) {
    unsigned tens = (unsigned)(uint8_t)p[0] - '0', ones = (unsigned)(uint8_t)p[1] - '0';
    *out = tens * 10 + ones;
    return tens <= 9 && ones <= 9;
}

/* Seconds since midnight of HH:MM:SS at `p`, -1 where it is none.  A leap second counts as the second after :59. */
static inline int32_t clock_at(const char *p) {
    static const uint64_t form = UINT64_C(0x30303a30303a3030), /* "00:00:00" */
        most = UINT64_C(0x76767f76767f7676);                   /* to which a digit adds up to 0x7f, a colon's byte 0 */
    uint64_t v = word_at(p) ^ form;
    if ((((v & WORD_BYTES(0x7f)) + most) | v) & WORD_BYTES(0x80)) return -1;
    v = v * 10 + (v >> 8);
    unsigned h = v & 0xff, m = v >> 24 & 0xff, s = v >> 48 & 0xff;
    return h > 23 || m > 59 || s > 60 ? -1 : (int32_t)(h * 3600 + m * 60 + s);
}

static unsigned month_at(const char *p) { /* 1 to 12; 0: none */
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (unsigned i = 0; i < 12; i++)
        if (!memcmp(p, names + (size_t)3 * i, 3)) return i + 1;
    return 0;
}

/* What a classic stamp prints: `Jun 21 `, `Jun  7 ` or `Jun 7 `, and the time of day. */
struct classic {
    unsigned month, day;
    uint8_t day_size;
    int32_t clock, position; /* of the day in a leap year, from 1 */
};

static bool classic_read(struct text t, struct classic *c) {
    if (t.size < 6 + CLOCK_SIZE || t.at[3] != ' ' || !(c->month = month_at(t.at))) return false;
    char padded[2] = {'0', t.at[5]};
    const char *day = t.at + 4;
    c->day_size = 7;
    if (t.at[4] == ' ') day = padded;
    if (t.at[5] == ' ') {
        padded[1] = t.at[4];
        day = padded;
        c->day_size = 6;
    }
    if (t.size < (size_t)c->day_size + CLOCK_SIZE || t.at[c->day_size - 1] != ' ' || !two(day, &c->day)) return false;
    int64_t first, at;
    if (!instant_days(LEAP_YEAR, 1, 1, &first) || !instant_days(LEAP_YEAR, c->month, c->day, &at)) return false;
    c->position = (int32_t)(at - first) + 1;
    c->clock = clock_at(t.at + c->day_size);
    return c->clock >= 0;
}

bool stamp_is_classic(struct text t) {
    struct classic c;
    return classic_read(t, &c);
}

/* To the year in which the day is nearest to that of the stamp before. */
static void chain_move(struct chain *c, int32_t position) {
    int32_t ahead = c->position ? position - c->position : 0;
    if (ahead > DAYS_MAX / 2) c->years--;
    if (ahead < -DAYS_MAX / 2) c->years++;
    c->position = position;
}

bool stamp_skip_priority(struct text *t) {
    size_t end = 1;
    if (!t->size || t->at[0] != '<') return false;
    while (end < t->size && end < 5 && t->at[end] >= '0' && t->at[end] <= '9') end++;
    if (end == 1 || end == t->size || t->at[end] != '>') return false;
    *t = text_sub(*t, end + 1, t->size);
    return true;
}

bool stamp_skip_before(struct text *t, struct text *zone) {
    size_t letters = 0;
    stamp_skip_priority(t);
    bool bracket = text_skip(t, TEXT("["));
    while (letters < t->size && letters < 5 && t->at[letters] >= 'A' && t->at[letters] <= 'Z') letters++;
    if (letters < 3 || letters >= t->size || t->at[letters] != ' ') letters = 0;
    if (zone) *zone = text_sub(*t, 0, letters);
    if (letters) *t = text_sub(*t, letters + 1, t->size);
    return bracket;
}

void chain_other_day(struct chain *c, uint64_t *day, struct text line, bool brackets) {
    struct classic now;
    if (brackets)
        stamp_skip_before(&line, NULL);
    else
        stamp_skip_priority(&line);
    if (!classic_read(line, &now)) return;
    *day = word_of(text_sub(line, 0, 6));
    chain_move(c, now.position);
}

void chain_lines(struct chain *c, struct text part, bool brackets) {
    uint64_t day = 0;
    struct text line;
    while (text_line(&part, &line)) chain_line(c, &day, line, brackets);
}

void stamper_start(struct stamper *s, const struct stamp_options *o, struct chain chain) {
    *s = (struct stamper){.options = o, .chain = chain};
}

bool stamper_asked_zone(const struct stamper *s) { return s->local_from < s->local_until; }

/* A local time to an instant, asking the zone only where its last answer does not hold. */
static enum reason resolve(struct stamper *s, int64_t local, int64_t micros, struct stamp *out) {
    if (local < s->local_from || local >= s->local_until) {
        s->answer = zone_ask(&s->options->zone, local);
        s->local_from = s->answer.from;
        s->local_until = s->answer.until;
    }
    if (s->answer.fit == ZONE_NEVER) return REASON_SKIPPED;
    *out = (struct stamp){(local - s->answer.offset) * INSTANT_SECOND + micros, s->answer.fit == ZONE_TWICE};
    return REASON_FACT;
}

/* The latest reading of a stamp that is not after `until`.  29 February may be eight years back.  The day may be kept
 * where every time of it falls into the same year: not near the day of `until`, a year on or not. */
static enum reason read_until(struct stamper *s, const struct classic *c, struct stamp *out, int64_t *midnight,
                              bool *keep) {
    instant until = s->options->until;
    int64_t year, days, later = INT64_MAX;
    unsigned month, day;
    instant_to_civil(until, &year, &month, &day);
    for (int64_t y = year + 1; y > year - 9; y--) {
        if (!instant_days(y, c->month, c->day, &days)) continue;
        *midnight = days * DAY_S;
        enum reason reason = resolve(s, *midnight + c->clock, 0, out);
        if (reason) out->at = (*midnight + c->clock) * INSTANT_SECOND; /* skipped: about then */
        if (out->at <= until) {
            *keep = *midnight * INSTANT_SECOND < until - 3 * INSTANT_DAY &&
                    (later == INT64_MAX || later * INSTANT_SECOND > until + 3 * INSTANT_DAY);
            return reason;
        }
        later = *midnight;
    }
    return REASON_STAMP;
}

static enum reason read_year(struct stamper *s, const struct classic *c, struct stamp *out, int64_t *midnight) {
    int64_t days;
    if (!s->options->year) return REASON_YEAR;
    if (!instant_days(s->options->year + s->chain.years, c->month, c->day, &days)) return REASON_STAMP;
    *midnight = days * DAY_S;
    return resolve(s, *midnight + c->clock, 0, out);
}

/* A stamp of another day than the one before. */
static enum reason classic_new_day(struct stamper *s, struct text *t, struct stamp *out) {
    struct classic c;
    int64_t midnight;
    bool keep = true;
    if (!classic_read(*t, &c)) return REASON_STAMP;
    chain_move(&s->chain, c.position);
    s->day_size = 0;
    enum reason reason =
        s->options->until != INSTANT_NONE ? read_until(s, &c, out, &midnight, &keep) : read_year(s, &c, out, &midnight);
    if (reason) return reason;
    if (keep) {
        s->day_size = c.day_size;
        s->day_mask = UINT64_MAX >> (8 * (WORD_SIZE - c.day_size));
        s->day_word = word_at(t->at) & s->day_mask;
        s->day_seconds = midnight;
    }
    *t = text_sub(*t, (size_t)c.day_size + CLOCK_SIZE, t->size);
    return REASON_FACT;
}

enum reason stamp_classic(struct stamper *s, struct text *t, struct stamp *out) {
    size_t day = s->day_size;
    if (!day || t->size < day + CLOCK_SIZE || (word_at(t->at) & s->day_mask) != s->day_word)
        return classic_new_day(s, t, out);
    int32_t clock = clock_at(t->at + day);
    if (clock < 0) return REASON_STAMP;
    enum reason reason = resolve(s, s->day_seconds + clock, 0, out);
    if (!reason) *t = text_sub(*t, day + CLOCK_SIZE, t->size);
    return reason;
}

/* As in UTC, by a stamper of its own; the chain of days is the same. */
enum reason stamp_classic_in(struct stamper *s, int32_t offset, struct text *t, struct stamp *out) {
    struct stamp_options options = {.year = s->options->year, .until = s->options->until};
    struct stamper utc;
    if (options.until != INSTANT_NONE) options.until += offset * INSTANT_SECOND;
    stamper_start(&utc, &options, s->chain);
    enum reason reason = stamp_classic(&utc, t, out);
    s->chain = utc.chain;
    s->day_size = 0;
    if (!reason) out->at -= offset * INSTANT_SECOND;
    return reason;
}

/* .321974: up to nine digits, of which six count.  A comma may as well be the end of the stamp. */
static bool fraction(struct text *t, int64_t *micros) {
    size_t size = 1;
    int64_t unit = 100000;
    *micros = 0;
    bool comma = t->size > 1 && t->at[0] == ',' && t->at[1] >= '0' && t->at[1] <= '9';
    if (!t->size || (t->at[0] != '.' && !comma)) return true;
    for (; size < t->size && size <= 9 && t->at[size] >= '0' && t->at[size] <= '9'; size++, unit /= 10)
        *micros += (t->at[size] - '0') * unit;
    *t = text_sub(*t, size, t->size);
    return size > 1;
}

/* Z, +01:00 or +0100; false where a sign begins something else.  `*given` says whether there is one. */
static bool offset_part(struct text *t, int32_t *offset, bool *given) {
    unsigned h, m;
    *given = true;
    *offset = 0;
    if (text_skip(t, TEXT("Z"))) return true;
    if (!t->size || (t->at[0] != '+' && t->at[0] != '-')) {
        *given = false;
        return true;
    }
    if (t->size < 5) return false;
    size_t size = t->at[3] == ':' ? 6 : 5;
    if (t->size < size || !two(t->at + 1, &h) || !two(t->at + size - 2, &m) || h > 23 || m > 59) return false;
    *offset = (int32_t)(h * 3600 + m * 60) * (t->at[0] == '-' ? -1 : 1);
    *t = text_sub(*t, size, t->size);
    return true;
}

/* With an offset in the stamp, the zone has no say. */
static enum reason finish(struct stamper *s, struct text rest, int64_t local, int64_t micros, struct text *t,
                          struct stamp *out) {
    int32_t offset;
    bool given;
    if (!offset_part(&rest, &offset, &given)) return REASON_STAMP;
    if (given)
        *out = (struct stamp){(local - offset) * INSTANT_SECOND + micros, false};
    else if (resolve(s, local, micros, out))
        return REASON_SKIPPED;
    *t = rest;
    return REASON_FACT;
}

/* 2015-04-16, or with another separator. */
static bool date_at(const char *p, char separator, int64_t *days) {
    unsigned century, year, month, day;
    return p[4] == separator && p[7] == separator && two(p, &century) && two(p + 2, &year) && two(p + 5, &month) &&
           two(p + 8, &day) && instant_days(century * 100 + year, month, day, days);
}

enum reason stamp_iso(struct stamper *s, struct text *t, struct stamp *out) {
    int64_t days, micros;
    if (t->size < 19 || (t->at[10] != 'T' && t->at[10] != ' ') || !date_at(t->at, '-', &days)) return REASON_STAMP;
    int32_t clock = clock_at(t->at + 11);
    struct text rest = text_sub(*t, 19, t->size);
    if (clock < 0 || !fraction(&rest, &micros)) return REASON_STAMP;
    return finish(s, rest, days * DAY_S + clock, micros, t, out);
}

enum reason stamp_nginx(struct stamper *s, struct text *t, struct stamp *out) {
    int64_t days;
    if (t->size < 19 || t->at[10] != ' ' || !date_at(t->at, '/', &days)) return REASON_STAMP;
    int32_t clock = clock_at(t->at + 11);
    if (clock < 0) return REASON_STAMP;
    if (resolve(s, days * DAY_S + clock, 0, out)) return REASON_SKIPPED;
    *t = text_sub(*t, 19, t->size);
    return REASON_FACT;
}

/* 08/23/2026- */
static bool american_date(const char *p, int64_t *days) {
    unsigned month, day, century, year;
    return p[2] == '/' && p[5] == '/' && p[10] == '-' && two(p, &month) && two(p + 3, &day) && two(p + 6, &century) &&
           two(p + 8, &year) && instant_days(century * 100 + year, month, day, days);
}

enum reason stamp_american(struct stamper *s, struct text *t, struct stamp *out) {
    int64_t days, micros;
    if (t->size < 19 || !american_date(t->at, &days)) return REASON_STAMP;
    int32_t clock = clock_at(t->at + 11);
    struct text rest = text_sub(*t, 19, t->size);
    if (clock < 0 || !fraction(&rest, &micros)) return REASON_STAMP;
    if (resolve(s, days * DAY_S + clock, micros, out)) return REASON_SKIPPED;
    *t = rest;
    return REASON_FACT;
}

/* `@`, 16 digits of the second and 8 of its nanoseconds. */
enum reason stamp_tai64n(struct text *t, struct stamp *out) {
    enum { SIZE = 25 };
    static const uint64_t epoch = ((uint64_t)1 << 62) + 10;
    uint64_t seconds = 0, nanoseconds = 0;
    if (t->size < SIZE || t->at[0] != '@') return REASON_STAMP;
    for (size_t i = 1; i < SIZE; i++) {
        char c = t->at[i];
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return REASON_STAMP;
        uint64_t *part = i > 16 ? &nanoseconds : &seconds;
        *part = *part << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    if (seconds < epoch || seconds - epoch > (uint64_t)1 << 36 || nanoseconds > 999999999) return REASON_STAMP;
    *out = (struct stamp){(instant)(seconds - epoch) * INSTANT_SECOND + (instant)(nanoseconds / 1000), false};
    *t = text_sub(*t, SIZE, t->size);
    return REASON_FACT;
}

enum reason stamp_apache(struct stamper *s, struct text *t, struct stamp *out) {
    struct classic c;
    unsigned century, year;
    int64_t days, micros;
    struct text rest = *t;
    if (rest.size < 4 || rest.at[3] != ' ') return REASON_STAMP;
    rest = text_sub(rest, 4, rest.size); /* the day of the week is not checked */
    if (!classic_read(rest, &c)) return REASON_STAMP;
    rest = text_sub(rest, (size_t)c.day_size + CLOCK_SIZE, rest.size);
    if (!fraction(&rest, &micros) || rest.size < 5 || rest.at[0] != ' ' || !two(rest.at + 1, &century) ||
        !two(rest.at + 3, &year) || !instant_days(century * 100 + year, c.month, c.day, &days))
        return REASON_STAMP;
    if (resolve(s, days * DAY_S + c.clock, micros, out)) return REASON_SKIPPED;
    *t = text_sub(rest, 5, rest.size);
    return REASON_FACT;
}

/* `17/May/2015:` */
static bool clf_date(struct stamper *s, const char *p) {
    unsigned day, century, year, month = month_at(p + 3);
    int64_t days;
    if (p[2] != '/' || p[6] != '/' || p[11] != ':' || !two(p, &day) || !two(p + 7, &century) || !two(p + 9, &year))
        return false;
    if (!instant_days(century * 100 + year, month, day, &days)) return false;
    memcpy(s->clf_text, p, sizeof s->clf_text);
    s->clf_seconds = days * DAY_S;
    return true;
}

enum reason stamp_clf(struct stamper *s, struct text *t, struct stamp *out) {
    enum { DATE = sizeof s->clf_text, CLF_ZONE = sizeof " +0000" - 1 };
    if (t->size < DATE + CLOCK_SIZE) return REASON_STAMP;
    if (memcmp(t->at, s->clf_text, DATE) && !clf_date(s, t->at)) return REASON_STAMP;
    int32_t clock = clock_at(t->at + DATE);
    if (clock < 0) return REASON_STAMP;
    struct text rest = text_sub(*t, DATE + CLOCK_SIZE, t->size);
    const uint64_t zone = rest.size == CLF_ZONE ? word_of(rest) : 0;
    if (zone && zone == s->clf_zone) {
        *out = (struct stamp){(s->clf_seconds + clock - s->clf_offset) * INSTANT_SECOND, false};
        *t = text_sub(rest, CLF_ZONE, rest.size);
        return REASON_FACT;
    }
    if (rest.size > 1 && rest.at[0] == ' ' && (rest.at[1] == '+' || rest.at[1] == '-'))
        rest = text_sub(rest, 1, rest.size);
    enum reason reason = finish(s, rest, s->clf_seconds + clock, 0, t, out);
    if (!reason && zone && !t->size) { /* it was all an offset */
        s->clf_zone = zone;
        s->clf_offset = (int32_t)(s->clf_seconds + clock - out->at / INSTANT_SECOND);
    }
    return reason;
}
