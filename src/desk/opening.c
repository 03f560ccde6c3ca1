#include "desk/opening.h"

#include "party/hours.h"
#include "scan/timezone.h"

struct times { /* of one department */
    struct closed_days closed;
    struct shift shifts[OPENING_SHIFTS_MAX];
    struct zone zones[OPENING_SHIFTS_MAX];
    size_t count;
};

static int64_t seconds(instant at) {
    int64_t s = at / INSTANT_SECOND;
    return at % INSTANT_SECOND < 0 ? s - 1 : s;
}

static int64_t local_of(const struct zone *z, int64_t utc) { return utc + zone_offset(z, utc); }

static bool runs(const struct times *t, int64_t utc) {
    for (size_t i = 0; i < t->count; i++)
        if (shift_runs(&t->shifts[i], t->closed, local_of(&t->zones[i], utc))) return true;
    return false;
}

/* The second after `utc`, and before `best`, at which a shift ends or begins so that the answer changes. */
static int64_t nearer(const struct times *t, size_t i, int64_t local, int64_t utc, int64_t best) {
    struct zone_answer answer = zone_ask(&t->zones[i], local);
    int64_t at = local - answer.offset;
    if (answer.fit == ZONE_NEVER) at = local - zone_offset(&t->zones[i], utc);
    return at > utc && at < best && runs(t, at) != runs(t, utc) ? at : best;
}

static instant next_change(const struct times *t, int64_t utc) {
    int64_t best = INT64_MAX, from, to;
    for (size_t i = 0; i < t->count; i++) {
        int64_t today = local_day(local_of(&t->zones[i], utc));
        for (int64_t day = today - 1; day <= today + OPENING_DAYS; day++) {
            if (!shift_on(&t->shifts[i], t->closed, day, &from, &to)) continue;
            best = nearer(t, i, from, utc, best);
            best = nearer(t, i, to, utc, best);
        }
    }
    return best == INT64_MAX ? INSTANT_NONE : best * INSTANT_SECOND;
}

struct opening opening_of(const struct card *c, struct text department, instant now, struct arena *a) {
    struct opening o = {.changes = INSTANT_NONE};
    struct times *t = ARENA_NEW(a, struct times);
    t->closed = closed_from(c, department, local_day(seconds(now)) - 3);
    for (size_t i = 0; i < c->hours_count && t->count < OPENING_SHIFTS_MAX; i++) {
        struct shift *s = &t->shifts[t->count];
        if (!text_equal(c->hours[i].department, department) || !shift_read(c->hours[i].value, s)) continue;
        if (timezone_load(s->zone, a, &t->zones[t->count], NULL)) {
            o.not_known = s->zone;
            continue;
        }
        if (!t->count) o.clock = (struct wall_clock){s->zone, t->zones[0]};
        t->count++;
    }
    if (!t->count) return o;
    o.known = true;
    o.open = runs(t, seconds(now));
    o.changes = next_change(t, seconds(now));
    return o;
}

struct wall_clock clock_of(const struct card *c, struct text department, struct arena *a) {
    struct wall_clock clock = {.name = TEXT("UTC")};
    struct shift s;
    for (size_t i = 0; i < c->hours_count; i++)
        if (text_equal(c->hours[i].department, department) && shift_read(c->hours[i].value, &s) &&
            timezone_load(s.zone, a, &clock.zone, NULL) == OK) {
            clock.name = s.zone;
            break;
        }
    return clock;
}

/* ---- words */

void clock_write(const struct wall_clock *clock, instant at, struct buf *out) {
    char written[INSTANT_TEXT_MAX];
    struct text t = instant_write(local_of(&clock->zone, seconds(at)) * INSTANT_SECOND, written);
    buf_format(out, "%.10s %.5s %.*s", t.at, t.at + 11, TEXT_ARG(clock->name));
}

void opening_line(const struct opening *o, const struct wall_clock *own, struct buf *out) {
    if (!o->known) return;
    buf_string(out, o->open ? _("open") : _("closed"));
    if (o->changes == INSTANT_NONE) return;
    buf_string(out, o->open ? _(", closes at ") : _(", opens at "));
    clock_write(&o->clock, o->changes, out);
    if (text_equal(o->clock.name, own->name)) return;
    buf_string(out, " (");
    clock_write(own, o->changes, out);
    buf_char(out, ')');
}

json_t *opening_json(const struct opening *o) {
    if (!o->known) return NULL;
    json_t *object = json_object();
    json_put_bool(object, "open", o->open);
    json_put(object, "changes_at", json_from_instant(o->changes));
    json_put_text(object, "zone", o->clock.name);
    return object;
}
