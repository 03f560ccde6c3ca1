#include "desk/contacts.h"

#include <stdlib.h>

#define FIELD(member, type, title)                                                                                     \
    { #member, title, CONTACT_##type, offsetof(struct contact, member) }
const struct contact_field contact_fields[CONTACT_FIELDS] = {
    FIELD(name, TEXT, N_("NAME")),
    FIELD(role, TEXT, N_("ROLE")),
    FIELD(department, TEXT, N_("DEPARTMENT")),
    FIELD(phone, TEXT, N_("PHONE")),
    FIELD(mail, TEXT, N_("MAIL")),
    FIELD(hours, TEXT, N_("HOURS")),
    FIELD(languages, TEXT, N_("LANGUAGES")),
    FIELD(note, TEXT, N_("NOTE")),
    FIELD(point, TEXT, N_("POINT")),
    FIELD(from, TIME, N_("FROM")),
    FIELD(until, TIME, N_("UNTIL")),
    FIELD(step, NUMBER, N_("STEP")),
    FIELD(after_hours, HOURS, N_("AFTER HOURS")),
};

static const void *place(const struct contact *one, size_t field) {
    return (const char *)one + contact_fields[field].offset;
}

/* ---- reading */

static bool read_hours(struct text t, uint64_t *out) {
    instant length;
    if (text_u64(t, out)) return true;
    if (!instant_length_read(t, &length) || length % INSTANT_HOUR) return false;
    *out = (uint64_t)(length / INSTANT_HOUR);
    return true;
}

enum error contact_set(struct contact *one, size_t field, struct text value, struct diag *d) {
    static const char *const expected[] = {"", N_("a time as 2026-03-01T12:00:00Z"), N_("a number"),
                                           N_("a span as 24h or 7d")};
    const struct contact_field *f = &contact_fields[field];
    void *at = (char *)one + f->offset;
    bool good = true;
    if (!value.size) return OK;
    if (f->type == CONTACT_TEXT) *(struct text *)at = value;
    if (f->type == CONTACT_TIME) good = instant_read(value, at);
    if (f->type == CONTACT_NUMBER) good = text_u64(value, at) && *(uint64_t *)at <= 1000;
    if (f->type == CONTACT_HOURS) good = read_hours(value, at) && *(uint64_t *)at <= 100000000;
    if (!good)
        return fail(d, ERR_INPUT, _("%s: expected %s, found “%.*s”"), f->name, gettext(expected[f->type]),
                    TEXT_ARG(value));
    if (at == (void *)&one->point && !word_find(&words_contact, value))
        return fail(d, ERR_INPUT, _("point: expected technical, duty, authority, diplomatic or legal; found “%.*s”"),
                    TEXT_ARG(value));
    return OK;
}

/* ---- looking */

const struct said *contacts_said(const struct talk *t, unsigned party) {
    const struct said *last = NULL;
    for (size_t i = 0; i < t->state.message_count; i++) {
        const struct message_verdict *m = &t->state.messages[i];
        if (m->kind == KIND_CONTACTS && !m->why && m->entry->party == party) last = talk_said(t, m);
    }
    return last;
}

bool contact_on_duty(const struct contact *one, instant now) {
    if (one->from == INSTANT_NONE && one->until == INSTANT_NONE) return false;
    return (one->from == INSTANT_NONE || one->from <= now) && (one->until == INSTANT_NONE || now < one->until);
}

/* By the list of words; those that say nothing, or what a later version says, come last. */
static size_t point_of(const struct contact *one) {
    const struct word *found = word_find(&words_contact, one->point);
    return found ? (size_t)(found - words_contact.at) : words_contact.count;
}

static size_t least(const struct contact *all, size_t count, size_t (*of)(const struct contact *)) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (of(&all[i]) < of(&all[best])) best = i;
    return best;
}

/* At most 1,000 of them, and equals stay in their order. */
void contacts_sort(struct contact *all, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t at = i + least(all + i, count - i, point_of);
        struct contact first = all[at];
        memmove(all + i + 1, all + i, (at - i) * sizeof *all);
        all[i] = first;
    }
}

/* ---- for people */

static void put_value(const struct contact *one, size_t field, struct buf *out) {
    const void *at = place(one, field);
    switch (contact_fields[field].type) {
    case CONTACT_TEXT: buf_line(out, *(const struct text *)at); break;
    case CONTACT_TIME: buf_instant(out, *(const instant *)at); break;
    case CONTACT_NUMBER:
    case CONTACT_HOURS: buf_u64(out, *(const uint64_t *)at); break;
    }
}

static bool says(const struct contact *one, size_t field) {
    const void *at = place(one, field);
    switch (contact_fields[field].type) {
    case CONTACT_TEXT: return ((const struct text *)at)->size > 0;
    case CONTACT_TIME: return *(const instant *)at != INSTANT_NONE;
    case CONTACT_NUMBER:
    case CONTACT_HOURS: return *(const uint64_t *)at != MEMBER_NO_NUMBER;
    }
    return false;
}

static void put_contact(const struct contact *one, instant now, struct buf *page) {
    buf_string(page, "  ");
    buf_line(page, one->name);
    if (contact_on_duty(one, now)) buf_format(page, "  (%s)", _("on duty now"));
    buf_char(page, '\n');
    for (size_t f = 1; f < CONTACT_FIELDS; f++) {
        if (!says(one, f) || contact_fields[f].offset == offsetof(struct contact, point)) continue;
        buf_string(page, "    ");
        buf_pad(page, text_of(gettext(contact_fields[f].title)), 12);
        put_value(one, f, page);
        buf_char(page, '\n');
    }
}

static bool off_duty(const struct contact *one, instant now) {
    return (one->from != INSTANT_NONE || one->until != INSTANT_NONE) && !contact_on_duty(one, now);
}

static void put_short(const struct contact *one, instant now, struct buf *page) {
    const struct text parts[] = {one->name, one->phone, one->mail};
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!parts[i].size) continue;
        if (i) buf_string(page, ", ");
        buf_line(page, parts[i]);
    }
    buf_format(page, "%s\n", off_duty(one, now) ? _(" (not on duty now)") : "");
}

/* In the order of the steps; two of one step stand side by side. */
static void put_ladder(const struct contact *all, size_t count, instant now, struct buf *page) {
    bool any = false;
    for (uint64_t step = 0, next; step != MEMBER_NO_NUMBER; step = next) {
        next = MEMBER_NO_NUMBER;
        for (size_t i = 0; i < count; i++) {
            if (all[i].step > step && all[i].step < next) next = all[i].step;
            if (all[i].step != step || !step) continue;
            if (!any) buf_format(page, "%s\n", _("Escalation"));
            any = true;
            buf_format(page, "  %llu. ", (unsigned long long)step);
            if (all[i].after_hours != MEMBER_NO_NUMBER)
                buf_format(page, _("after %llu h without an answer: "), (unsigned long long)all[i].after_hours);
            put_short(&all[i], now, page);
        }
    }
}

static void put_duty(const struct contact *all, size_t count, instant now, struct buf *page) {
    for (size_t i = 0; i < count; i++) {
        if (!contact_on_duty(&all[i], now)) continue;
        buf_format(page, "%s: ", _("On duty now"));
        put_short(&all[i], now, page);
    }
}

void contacts_page(const struct said *said, const struct contact *all, size_t count, instant now, struct buf *page) {
    const struct head *h = &said->message.head;
    buf_format(page, "%.*s, ", TEXT_ARG(h->from));
    buf_instant(page, said->entry->leaf->time);
    buf_format(page, ", TLP:%.*s\n", TEXT_ARG(h->tlp));
    put_duty(all, count, now, page);
    for (size_t i = 0; i < count; i++) {
        if (!i || !text_equal(all[i].point, all[i - 1].point)) {
            buf_line(page, all[i].point.size ? word_text("contact", all[i].point) : text_of(_("contacts")));
            buf_char(page, '\n');
        }
        put_contact(&all[i], now, page);
    }
    put_ladder(all, count, now, page);
}

/* ---- for programs */

static json_t *contact_json(const struct contact *one, instant now) {
    json_t *o = json_object();
    for (size_t f = 0; f < CONTACT_FIELDS; f++) {
        const void *at = place(one, f);
        if (!says(one, f)) continue;
        if (contact_fields[f].type == CONTACT_TEXT)
            json_put_text(o, contact_fields[f].name, *(const struct text *)at);
        else if (contact_fields[f].type == CONTACT_TIME)
            json_put(o, contact_fields[f].name, json_from_instant(*(const instant *)at));
        else
            json_put_u64(o, contact_fields[f].name, *(const uint64_t *)at);
    }
    if (one->from != INSTANT_NONE || one->until != INSTANT_NONE) json_put_bool(o, "on_duty", contact_on_duty(one, now));
    return o;
}

json_t *contacts_json(const struct said *said, const struct contact *all, size_t count, instant now) {
    const struct head *h = &said->message.head;
    json_t *object = json_object(), *list = json_array();
    json_put_text(object, "from", h->from);
    json_put_text(object, "by", h->by);
    json_put_text(object, "tlp", h->tlp);
    json_put(object, "time", json_from_instant(said->entry->leaf->time));
    for (size_t i = 0; i < count; i++) json_add(list, contact_json(&all[i], now));
    json_put(object, "contacts", list);
    return object;
}
