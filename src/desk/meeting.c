#include "desk/meeting.h"

#include <stdlib.h>

#include "desk/told.h"
#include "party/hours.h"
#include "scan/timezone.h"

/* ---- reading the messages */

struct meeting_list {
    struct talk *talk;
    struct meeting *at;
    size_t count, room;
};

static bool is_over(const struct meeting *m, instant now) {
    instant end = m->at.until == INSTANT_NONE ? m->at.from : m->at.until;
    return m->confirmed && end < now;
}

/* The meeting that a message of that time is about. */
static struct meeting *meeting_at(struct meeting_list *l, instant now) {
    struct meeting *last = l->count ? &l->at[l->count - 1] : NULL;
    if (last && !is_over(last, now)) return last;
    l->at = arena_grow(&l->talk->arena, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count] = (struct meeting){.number = l->count + 1, .at = {INSTANT_NONE, INSTANT_NONE}};
    return &l->at[l->count++];
}

static void replace(struct text *old, struct text said) {
    if (said.size) *old = said;
}

static void replace_list(struct member_list *old, struct member_list said) {
    if (said.count) *old = said;
}

static void hear(struct meeting *m, unsigned party, const struct consult *c) {
    struct consult *mine = &m->said[party];
    replace(&m->title, c->title);
    replace(&m->place, c->place);
    replace(&m->link, c->link);
    replace(&m->languages, c->languages);
    replace_list(&mine->agenda, c->agenda);
    replace_list(&mine->delegation, c->delegation);
    replace_list(&mine->matters, c->matters);
    replace_list(&mine->times, c->times);
    if (c->cancelled) mine->times = (struct member_list){0};
    if (c->cancelled || c->times.count) mine->cancelled = c->cancelled;
    m->spoke[party] = true;
}

static bool same_time(struct meeting_time a, struct meeting_time b) { return a.from == b.from && a.until == b.until; }

static int by_from(const void *left, const void *right) {
    const struct meeting_time *a = &((const struct meeting_offer *)left)->time,
                              *b = &((const struct meeting_offer *)right)->time;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return a->until < b->until ? -1 : a->until > b->until;
}

static void add_offer(struct meeting *m, unsigned party, struct meeting_time time) {
    for (size_t i = 0; i < m->offer_count; i++)
        if (same_time(m->offers[i].time, time)) {
            m->offers[i].by[party] = true;
            return;
        }
    m->offers[m->offer_count] = (struct meeting_offer){.time = time};
    m->offers[m->offer_count++].by[party] = true;
}

/* The times of both, and the one that both name. */
static void compare(struct meeting *m, struct arena *a) {
    size_t both = 0, shared = 0;
    m->offers = ARENA_ARRAY(a, struct meeting_offer, m->said[0].times.count + m->said[1].times.count + 1);
    m->offer_count = 0;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].times.count; i++)
            add_offer(m, p, ((const struct meeting_time *)m->said[p].times.at)[i]);
    for (size_t i = 0; i < m->offer_count; i++)
        if (m->offers[i].by[0] && m->offers[i].by[1]) {
            both++;
            shared = i;
        }
    m->confirmed = both == 1;
    if (m->confirmed) m->at = m->offers[shared].time;
    m->cancelled = m->said[0].cancelled || m->said[1].cancelled;
    if (m->offer_count) qsort(m->offers, m->offer_count, sizeof *m->offers, by_from);
}

static enum error hear_message(struct meeting_list *l, const struct message_verdict *v, struct diag *d) {
    struct consult c;
    const struct said *s = talk_said(l->talk, v);
    instant now = v->entry->leaf->time;
    enum error result = s ? consult_from_message(&s->message, &l->talk->arena, &c, d) : OK;
    if (result || !s) return result;
    struct meeting *m = meeting_at(l, now);
    if (m->spoke[0] || m->spoke[1]) m->sequence++;
    m->stamp = now;
    hear(m, v->entry->party, &c);
    compare(m, &l->talk->arena);
    return OK;
}

enum error case_meetings(struct talk *t, const struct matter *m, struct meeting **out, size_t *count, struct diag *d) {
    struct meeting_list l = {.talk = t};
    struct told all = told_of(t, m, FRAME_KIND(KIND_CONSULT));
    enum error result = OK;
    for (size_t i = 0; i < all.count && !result; i++) result = hear_message(&l, all.at[i], d);
    if (result) return result;
    *out = l.at;
    *count = l.count;
    return OK;
}

/* ---- zones */

static bool load(struct talk *t, struct text name, struct meeting_zone *out) {
    struct meeting_zone z = {.name = name};
    if (!name.size || timezone_load(name, &t->arena, &z.zone, NULL)) return false;
    *out = z;
    return true;
}

/* The department that a party speaks for in a case: of its last message there. */
static struct text department_of(struct talk *t, const struct matter *m, unsigned party) {
    const struct said_by *said = &m->said[party];
    struct text who = m->opener == party ? (struct text){0} : m->opening->statement->head->to, name;
    const struct said *last = said->count ? talk_said(t, said->at[said->count - 1]) : NULL;
    if (last) who = last->message.head.from;
    return text_cut(&who, '/', &name) ? who : (struct text){0};
}

/* The zone of hours that a program can compute with (party/hours.h); nothing is guessed from hours written for people.
 */
static bool zone_of_card(struct talk *t, const struct card *c, struct text department, struct meeting_zone *out) {
    for (size_t i = 0; c && i < c->hours_count; i++) {
        struct shift shift;
        if (department.size && !text_equal(c->hours[i].department, department)) continue;
        if (shift_read(c->hours[i].value, &shift) && load(t, shift.zone, out)) return true;
    }
    return false;
}

/* $TZ where it names a zone, else what the system's administrator chose. */
static void zone_of_system(struct talk *t, struct meeting_zone *out) {
    struct buf file = {.max = 256};
    const char *named = getenv("TZ");
    struct text name = text_of(named && *named == ':' ? named + 1 : named), line;
    if (name.size || os_read("/etc/timezone", 255, &file, NULL)) {
        load(t, name, out);
    } else {
        struct text rest = buf_as_text(&file);
        if (text_line(&rest, &line)) load(t, arena_text(&t->arena, text_trim(line)), out);
    }
    buf_free(&file);
}

void meeting_zones(struct talk *t, const struct matter *m, struct meeting_zone out[static 2]) {
    for (unsigned p = 0; p < 2; p++) {
        const struct card *card = talk_card(t, p);
        out[p] = (struct meeting_zone){0};
        if (zone_of_card(t, card, department_of(t, m, p), &out[p])) continue;
        if (!zone_of_card(t, card, (struct text){0}, &out[p]) && p == t->own) zone_of_system(t, &out[p]);
    }
}

static void put_date(instant local, struct buf *out) {
    int64_t year;
    unsigned month, day;
    instant_to_civil(local, &year, &month, &day);
    buf_format(out, "%04lld-%02u-%02u", (long long)year, month, day);
}

static void put_clock(instant local, struct buf *out) {
    int64_t minute = local / (60 * INSTANT_SECOND) % (24 * 60);
    if (minute < 0) minute += 24 * 60;
    buf_format(out, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

static instant local_of(instant at, const struct zone *z, int32_t *offset) {
    *offset = zone_offset(z, at / INSTANT_SECOND);
    return at + *offset * INSTANT_SECOND;
}

static int64_t day_of(instant local) { return local / INSTANT_DAY - (local % INSTANT_DAY < 0); }

void meeting_local(struct meeting_time at, const struct zone *z, struct buf *out) {
    int32_t offset, end_offset;
    if (at.from == INSTANT_NONE) return;
    instant from = local_of(at.from, z, &offset);
    put_date(from, out);
    buf_char(out, ' ');
    put_clock(from, out);
    if (at.until != INSTANT_NONE) {
        instant until = local_of(at.until, z, &end_offset);
        buf_string(out, "–");
        if (day_of(until) != day_of(from)) {
            put_date(until, out);
            buf_char(out, ' ');
        }
        put_clock(until, out);
    }
    int minutes = abs(offset) / 60;
    buf_format(out, " %c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
