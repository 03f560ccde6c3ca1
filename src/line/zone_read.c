/* Reading zones: a fixed offset, or a TZif file with its footer. */
#include "base/buf.h"
#include "line/zone.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, HEADER_SIZE = 44 };
#define TIME_MAX ((int64_t)1 << 57) /* well within what zone_ask answers */

static bool number(struct text *t, int most, int *out) {
    size_t size = 0;
    int sum = 0;
    while (size < t->size && size < 4 && t->at[size] >= '0' && t->at[size] <= '9')
        sum = sum * 10 + (t->at[size++] - '0');
    if (!size || sum > most) return false;
    *t = text_sub(*t, size, t->size);
    *out = sum;
    return true;
}

/* [+-]hh[:mm[:ss]] */
static bool clock_time(struct text *t, int hours_max, int32_t *out) {
    int hours, minutes = 0, seconds = 0;
    bool minus = text_skip(t, TEXT("-"));
    if (!minus) text_skip(t, TEXT("+"));
    if (!number(t, hours_max, &hours)) return false;
    if (text_skip(t, TEXT(":")) && !number(t, 59, &minutes)) return false;
    if (text_skip(t, TEXT(":")) && !number(t, 59, &seconds)) return false;
    *out = (hours * HOUR + minutes * MINUTE + seconds) * (minus ? -1 : 1);
    return true;
}

/* `CET`, or `<+03>`. */
static bool zone_name(struct text *t) {
    struct text name;
    if (text_skip(t, TEXT("<"))) return text_cut(t, '>', &name) && name.size >= 3;
    size_t size = 0;
    while (size < t->size && ((t->at[size] | 32) >= 'a' && (t->at[size] | 32) <= 'z')) size++;
    *t = text_sub(*t, size, t->size);
    return size >= 3;
}

/* ,Mm.w.d or ,Jn or ,n; then perhaps /time, 02:00 without it */
static bool rule_date(struct text *t, struct zone_date *d) {
    *d = (struct zone_date){.form = 'n', .second = 2 * HOUR};
    if (!text_skip(t, TEXT(","))) return false;
    if (text_skip(t, TEXT("M"))) {
        d->form = 'M';
        if (!number(t, 12, &d->month) || !d->month || !text_skip(t, TEXT(".")) || !number(t, 5, &d->week) || !d->week ||
            !text_skip(t, TEXT(".")) || !number(t, 6, &d->day))
            return false;
    } else {
        if (text_skip(t, TEXT("J"))) d->form = 'J';
        if (!number(t, 365, &d->day) || (d->form == 'J' && !d->day)) return false;
    }
    return !text_skip(t, TEXT("/")) || clock_time(t, 167, &d->second); /* 167: version 3 and up */
}

/* A POSIX TZ string counts offsets west of UTC. */
static bool read_rule(struct text t, struct zone *z) {
    int32_t west;
    if (!zone_name(&t) || !clock_time(&t, 24, &west)) return false;
    z->standard = z->summer = -west;
    if (!t.size) return true;
    z->has_rule = true;
    z->summer = z->standard + HOUR;
    if (!zone_name(&t)) return false;
    if (t.size && t.at[0] != ',') {
        if (!clock_time(&t, 24, &west)) return false;
        z->summer = -west;
    }
    return rule_date(&t, &z->begin) && rule_date(&t, &z->end) && !t.size;
}

struct counts {
    uint8_t version;
    uint32_t utc, standard, leap, times, types, chars;
};

static uint32_t be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static enum error read_header(struct bytes *b, struct counts *c, struct diag *d) {
    struct bytes h;
    if (!bytes_take(b, HEADER_SIZE, &h) || !text_starts(text_from_bytes(h), TEXT("TZif")))
        return fail(d, ERR_INPUT, _("expected a TZif header, found something else"));
    *c = (struct counts){h.at[4],         be32(h.at + 20), be32(h.at + 24), be32(h.at + 28),
                         be32(h.at + 32), be32(h.at + 36), be32(h.at + 40)};
    if (c->times > ZONE_TRANSITIONS_MAX)
        return fail(d, ERR_LIMIT, _("expected at most %d transitions, found %u"), (int)ZONE_TRANSITIONS_MAX, c->times);
    if (!c->types || c->types > 256)
        return fail(d, ERR_INPUT, _("expected 1 to 256 types of local time, found %u"), c->types);
    return OK;
}

static uint64_t block_size(const struct counts *c, uint64_t time_size) {
    return c->times * time_size + c->times + c->types * (uint64_t)6 + c->chars + c->leap * (time_size + 4) +
           (uint64_t)c->standard + c->utc;
}

static int64_t time_of(const uint8_t *p, uint64_t size) {
    if (size == 4) return (int32_t)be32(p);
    int64_t at = (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
    return at < -TIME_MAX ? -TIME_MAX : at; /* zic writes "the Big Bang", 2^59 seconds ago */
}

static enum error offset_of(const uint8_t *types, uint32_t count, uint32_t index, int32_t *out, struct diag *d) {
    if (index >= count) return fail(d, ERR_INPUT, _("expected a type below %u, found %u"), count, index);
    int32_t offset = (int32_t)be32(types + (size_t)6 * index);
    if (offset <= -25 * HOUR || offset >= 26 * HOUR)
        return fail(d, ERR_INPUT, _("expected an offset within 26 hours, found %d seconds"), offset);
    *out = offset;
    return OK;
}

static enum error read_block(struct bytes *b, const struct counts *c, uint64_t time_size, struct arena *a,
                             struct zone *z, struct diag *d) {
    struct bytes block;
    if (!bytes_take(b, block_size(c, time_size), &block))
        return fail(d, ERR_INPUT, _("expected %ju bytes of zone data, found fewer"),
                    (uintmax_t)block_size(c, time_size));
    if (c->leap) return fail(d, ERR_INPUT, _("expected a zone without leap seconds, found one that counts them"));
    const uint8_t *index = block.at + c->times * time_size, *types = index + c->times;
    z->at = ARENA_ARRAY(a, struct zone_transition, c->times + 1);
    z->count = c->times;
    enum error result = offset_of(types, c->types, 0, &z->before, d);
    for (size_t i = 0; i < z->count && !result; i++) {
        z->at[i].at = time_of(block.at + i * time_size, time_size);
        result = offset_of(types, c->types, index[i], &z->at[i].offset, d);
        if (!result && ((i && z->at[i].at <= z->at[i - 1].at) || z->at[i].at > TIME_MAX))
            result = fail(d, ERR_INPUT, _("expected ascending transitions, found number %zu out of order"), i);
    }
    return result;
}

/* The footer rules after the last transition, and must agree with it (RFC 8536, 3.3). */
static enum error read_footer(struct bytes b, struct zone *z, struct diag *d) {
    struct text t = text_from_bytes(b), rule;
    if (!text_skip(&t, TEXT("\n")) || !text_cut(&t, '\n', &rule))
        return fail(d, ERR_INPUT, _("expected a footer between two line ends, found none"));
    if (!rule.size) return OK;
    if (!read_rule(rule, z))
        return fail(d, ERR_INPUT, _("expected a POSIX rule, found \"%.*s\""), rule.size > 80 ? 80 : (int)rule.size,
                    rule.at);
    int32_t last = z->count ? z->at[z->count - 1].offset : z->before;
    if (!z->has_rule && last != z->standard)
        return fail(d, ERR_INPUT, _("expected a footer that agrees with the last transition, found %d and %d seconds"),
                    z->standard, last);
    return OK;
}

enum error zone_read(struct bytes b, struct arena *a, struct zone *out, struct diag *d) {
    struct zone z = {0};
    struct counts c;
    struct bytes first;
    if (b.size > ZONE_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("expected a zone of at most %d bytes, found %zu"), (int)ZONE_BYTES_MAX, b.size);
    enum error result = read_header(&b, &c, d);
    if (result) return result;
    bool old = c.version < '2';
    if (old) {
        result = read_block(&b, &c, 4, a, &z, d);
    } else {
        if (!bytes_take(&b, block_size(&c, 4), &first))
            return fail(d, ERR_INPUT, _("expected %ju bytes of zone data, found fewer"), (uintmax_t)block_size(&c, 4));
        result = read_header(&b, &c, d);
        if (!result) result = read_block(&b, &c, 8, a, &z, d);
        if (!result) result = read_footer(b, &z, d);
    }
    if (!result) *out = z;
    return result;
}

bool zone_fixed(struct text t, struct zone *out) {
    int hours, minutes;
    if (text_is(t, "Z") || text_is(t, "UTC")) {
        *out = (struct zone){0};
        return true;
    }
    bool colon = t.size == 6 && t.at[3] == ':';
    if ((t.size != 5 && !colon) || (t.at[0] != '+' && t.at[0] != '-')) return false;
    struct text h = text_sub(t, 1, 3), m = text_sub(t, t.size - 2, t.size);
    if (!number(&h, 23, &hours) || h.size || !number(&m, 59, &minutes) || m.size) return false;
    *out = (struct zone){.before = (hours * HOUR + minutes * MINUTE) * (t.at[0] == '-' ? -1 : 1)};
    return true;
}
