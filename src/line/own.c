#include "line/own.h"

#include <stdio.h>
#include <string.h>

/* ---- the time */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* `count` digits off the front; spaces may pad the first of them. */
static bool take_number(struct text *t, size_t count, bool padded, unsigned *out) {
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        bool space = padded && !i && t->size && t->at[0] == ' ';
        if (!space && (!t->size || !is_digit(t->at[0]))) return false;
        *out = *out * 10 + (space ? 0 : (unsigned)(t->at[0] - '0'));
        *t = text_sub(*t, 1, t->size);
    }
    return true;
}

static unsigned month_of(struct text t) {
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (unsigned i = 0; t.size >= 3 && i < 12; i++)
        if (!memcmp(t.at, names + (size_t)3 * i, 3)) return i + 1;
    return 0;
}

struct date {
    unsigned year, month, day;
};

/* 2013-01-04, 2012/04/09, 2011.11.21 */
static bool take_plain(struct text *t, struct date *d) {
    char separator = t->size > 4 ? t->at[4] : 0;
    if (!separator || !strchr("-/.", separator) || !take_number(t, 4, false, &d->year)) return false;
    *t = text_sub(*t, 1, t->size);
    return take_number(t, 2, false, &d->month) && text_skip(t, (struct text){&separator, 1}) &&
           take_number(t, 2, false, &d->day);
}

/* 22-Jan-2013 */
static bool take_named(struct text *t, struct date *d) {
    if (t->size < 11 || t->at[2] != '-' || t->at[6] != '-' || !take_number(t, 2, false, &d->day)) return false;
    *t = text_sub(*t, 1, t->size);
    d->month = month_of(*t);
    *t = text_sub(*t, 4, t->size);
    return d->month && take_number(t, 4, false, &d->year);
}

/* 130324 */
static bool take_short(struct text *t, struct date *d) {
    if (t->size < 7 || t->at[6] != ' ' || !take_number(t, 2, false, &d->year) || !take_number(t, 2, false, &d->month) ||
        !take_number(t, 2, false, &d->day))
        return false;
    d->year += d->year < 70 ? 2000 : 1900;
    return true;
}

static bool take_date(struct text *t, struct date *d) {
    bool (*const forms[])(struct text * t, struct date * d) = {take_plain, take_named, take_short};
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct text rest = *t;
        if (!forms[i](&rest, d)) continue;
        *t = rest;
        return true;
    }
    return false;
}

/* What is behind a date, spelled as RFC 3339 has it, is read as that: the fraction and the offset too. */
static enum reason read_dated(struct stamper *s, struct text *t, struct stamp *out) {
    enum { TAIL = 32 };
    char spelled[64 + TAIL];
    struct date d;
    unsigned hour, minute, second;
    struct text rest = *t;
    if (!take_date(&rest, &d) || !rest.size || (rest.at[0] != ' ' && rest.at[0] != 'T')) return REASON_STAMP;
    rest = text_sub(rest, 1, rest.size);
    if (!take_number(&rest, 2, true, &hour) || !text_skip(&rest, TEXT(":")) || !take_number(&rest, 2, false, &minute) ||
        !text_skip(&rest, TEXT(":")) || !take_number(&rest, 2, false, &second))
        return REASON_STAMP;
    size_t tail = 0, gap;
    while (tail < rest.size && tail < TAIL && strchr(".,0123456789", rest.at[tail]) && rest.at[tail]) tail++;
    struct text fraction = text_sub(rest, 0, tail), behind = text_sub(rest, tail, rest.size);
    gap =
        behind.size > 2 && behind.at[0] == ' ' && (behind.at[1] == '+' || behind.at[1] == '-') && is_digit(behind.at[2])
            ? 1
            : 0;
    struct text offset = text_first(text_sub(behind, gap, behind.size), 6);
    int size = snprintf(spelled, sizeof spelled, "%04u-%02u-%02uT%02u:%02u:%02u%.*s%.*s", d.year, d.month, d.day, hour,
                        minute, second, TEXT_ARG(fraction), TEXT_ARG(offset));
    struct text iso = {spelled, (size_t)size};
    enum reason reason = stamp_iso(s, &iso, out);
    if (reason) return reason;
    size_t left = iso.size, of_offset = offset.size - (left < offset.size ? left : offset.size);
    if (left > offset.size) return REASON_STAMP; /* not all of the fraction is one */
    *t = text_sub(behind, of_offset ? gap + of_offset : 0, behind.size);
    return REASON_FACT;
}

/* 1386543323.000 */
static enum reason read_epoch(struct text *t, struct stamp *out) {
    enum { DIGITS = 10 };
    struct text rest = *t, digits;
    uint64_t seconds, millis = 0;
    if (rest.size < DIGITS + 4 || rest.at[DIGITS] != '.') return REASON_STAMP;
    digits = text_sub(rest, DIGITS + 1, DIGITS + 4);
    if (!text_u64(text_sub(rest, 0, DIGITS), &seconds)) return REASON_STAMP;
    for (size_t i = 0; i < digits.size; i++) {
        if (!is_digit(digits.at[i])) return REASON_STAMP;
        millis = millis * 10 + (uint64_t)(digits.at[i] - '0');
    }
    *out = (struct stamp){(instant)seconds * INSTANT_SECOND + (instant)millis * (INSTANT_SECOND / 1000), false};
    *t = text_sub(rest, DIGITS + 4, rest.size);
    return REASON_FACT;
}

static bool find_zone(struct text name, int32_t *offset) {
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"UTC", 0},  {"GMT", 0},  {"WET", 0},  {"WEST", 1}, {"CET", 1},  {"CEST", 2},
                 {"EET", 2},  {"EEST", 3}, {"EDT", -4}, {"EST", -5}, {"CDT", -5}, {"CST", -6},
                 {"MDT", -6}, {"MST", -7}, {"PDT", -7}, {"PST", -8}};
    for (size_t i = 0; i < COUNT(zones); i++)
        if (text_is(name, zones[i].name)) return *offset = zones[i].hours * 3600, true;
    return false;
}

static enum reason read_time(struct stamper *s, struct text *t, struct text zone, struct stamp *out) {
    int32_t offset;
    if (!t->size) return REASON_STAMP;
    if (!is_digit(t->at[0])) {
        if (!stamp_is_classic(*t)) return stamp_apache(s, t, out);
        return find_zone(zone, &offset) ? stamp_classic_in(s, offset, t, out) : stamp_classic(s, t, out);
    }
    enum reason reason = read_epoch(t, out);
    return reason == REASON_STAMP ? read_dated(s, t, out) : reason;
}

/* ---- the line */

/* `[10099] ` */
static void skip_process(struct text *t) {
    size_t i = 1;
    if (t->size < 4 || t->at[0] != '[') return;
    while (i < t->size && is_digit(t->at[i])) i++;
    struct text rest = text_sub(*t, i, t->size);
    if (i > 1 && text_skip(&rest, TEXT("] "))) *t = rest;
}

enum reason own_read(struct stamper *s, struct text line, struct stamp *out, bool *stamped, struct text *message) {
    struct text t = line;
    struct text zone;
    bool brackets = stamp_skip_before(&t, &zone);
    *stamped = false;
    enum reason reason = read_time(s, &t, zone, out);
    if (reason) return reason;
    *stamped = true;
    if (brackets && !text_skip(&t, TEXT("]"))) return REASON_FORM;
    text_skip(&t, TEXT(":"));
    if (!t.size || t.at[0] != ' ') return REASON_FORM;
    while (t.size && t.at[0] == ' ') t = text_sub(t, 1, t.size);
    skip_process(&t);
    *message = t;
    return REASON_FACT;
}

/* ---- whose it is */

static const struct {
    const char *service;
    const char *starts[6]; /* the message begins with one of these, */
    const char *holds[8];  /* or holds one of these */
} looks[] = {
    {"asterisk", {"NOTICE[", "NOTICE [", "WARNING[", "SECURITY[", "ERROR[", "VERBOSE["}, {NULL}},
    {"bitwarden", {"[WRN] ", "[INF] ", "[ERR] ", "[FTL] "}, {" login attempt"}},
    {"exim",
     {"H=", "SMTP ", "no MAIL in SMTP ", "no host name found for IP", "no IP address found for host", "exim "},
     {" authenticator failed for ", " <= ", " => ", " Completed", " SMTP connection from ", "queue run: "}},
    {"gitlab", {"Failed Login: ", "User ", "Project "}, {NULL}},
    {"lighttpd", {"(http_auth.c.", "(mod_", "(server.c.", "(connections.c.", "(log.c.", "mod_auth.c."}, {NULL}},
    {"monit", {"error    : ", "info     : ", "warning  : ", "notice   : ", "debug    : "}, {NULL}},
    {"mysqld",
     {"[Warning] ", "[Note] ", "[ERROR] ", "[System] "},
     {" [Warning] ", " [Note] ", " [ERROR] ", " [System] "}},
    {"named",
     {"client ", "error: client ", "info: client ", "security: info: client ", "update-security: error: client ",
      "queries: info: client "},
     {"zone transfer '", "security: error: client "}},
    {"openwebmail", {"- ["}, {NULL}},
    {"roundcube",
     {"IMAP Error: ", "FAILED login for ", "Failed login for "},
     {"> IMAP Error: ", "> Failed login for "}},
    {"squid", {NULL}, {" TCP_", " NONE/", " UDP_", " NONE_NONE/"}},
    {"stunnel", {"LOG3[", "LOG4[", "LOG5[", "LOG6[", "LOG7["}, {NULL}},
};

bool own_has_log(const char *service) {
    for (size_t i = 0; i < COUNT(looks); i++)
        if (!strcmp(looks[i].service, service)) return true;
    return !strcmp(service, "log");
}

bool own_looks_like(const char *service, struct text message) {
    for (size_t i = 0; i < COUNT(looks); i++) {
        if (strcmp(looks[i].service, service)) continue;
        for (size_t n = 0; n < COUNT(looks[i].starts) && looks[i].starts[n]; n++)
            if (text_starts(message, text_of(looks[i].starts[n]))) return true;
        for (size_t n = 0; n < COUNT(looks[i].holds) && looks[i].holds[n]; n++)
            if (text_search(message, text_of(looks[i].holds[n])) != SIZE_MAX) return true;
    }
    return false;
}
