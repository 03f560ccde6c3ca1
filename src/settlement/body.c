/* Meetings, minutes and agreement to the bodies of messages. */
#include "settlement/body.h"

enum { TIMES_MAX = 100, PEOPLE_MAX = 100, AGENDA_MAX = 200, MATTERS_MAX = 1000 };

static const struct member of_time[] = {
    {.name = "from", .type = MEMBER_TIME, .offset = offsetof(struct meeting_time, from)},
    {.name = "until", .type = MEMBER_TIME, .offset = offsetof(struct meeting_time, until)},
};
static const struct member_table time_members = MEMBER_TABLE(of_time, struct meeting_time);

static const struct member of_delegate[] = {
    {.name = "name", .type = MEMBER_LINE, .offset = offsetof(struct delegate, name)},
    {.name = "role", .type = MEMBER_LINE, .offset = offsetof(struct delegate, role)},
};
static const struct member_table delegate_members = MEMBER_TABLE(of_delegate, struct delegate);

static const struct member of_consult[] = {
    {.name = "times",
     .type = MEMBER_LIST,
     .max = TIMES_MAX,
     .items = &time_members,
     .offset = offsetof(struct consult, times)},
    {.name = "place", .type = MEMBER_LINE, .offset = offsetof(struct consult, place)},
    {.name = "link", .type = MEMBER_LINE, .offset = offsetof(struct consult, link)},
    {.name = "agenda", .type = MEMBER_LINES, .max = AGENDA_MAX, .offset = offsetof(struct consult, agenda)},
    {.name = "delegation",
     .type = MEMBER_LIST,
     .max = PEOPLE_MAX,
     .items = &delegate_members,
     .offset = offsetof(struct consult, delegation)},
    {.name = "other_cases", .type = MEMBER_LINES, .max = MATTERS_MAX, .offset = offsetof(struct consult, matters)},
    {.name = "languages", .type = MEMBER_LINE, .offset = offsetof(struct consult, languages)},
    {.name = "cancelled", .type = MEMBER_TRUTH, .offset = offsetof(struct consult, cancelled)},
};

static const struct member of_minutes[] = {
    {.name = "settlement",
     .type = MEMBER_SHA256,
     .needed = true,
     .offset = offsetof(struct offered_minutes, settlement)},
    {.name = "supersedes", .type = MEMBER_SHA256, .offset = offsetof(struct offered_minutes, supersedes)},
    {.name = "agreed", .type = MEMBER_NUMBER, .offset = offsetof(struct offered_minutes, outcomes[OUTCOME_AGREED])},
    {.name = "disputed", .type = MEMBER_NUMBER, .offset = offsetof(struct offered_minutes, outcomes[OUTCOME_DISPUTED])},
    {.name = "unverifiable",
     .type = MEMBER_NUMBER,
     .offset = offsetof(struct offered_minutes, outcomes[OUTCOME_UNVERIFIABLE])},
    {.name = "undertakings", .type = MEMBER_NUMBER, .offset = offsetof(struct offered_minutes, undertakings)},
};

static const struct member of_agree[] = {
    {.name = "settlement", .type = MEMBER_SHA256, .needed = true, .offset = offsetof(struct agree, settlement)},
};

const struct member_table consult_members = MEMBER_TABLE(of_consult, struct consult);
const struct member_table minutes_members = MEMBER_TABLE(of_minutes, struct offered_minutes);
const struct member_table agree_members = MEMBER_TABLE(of_agree, struct agree);

enum error consult_write(const struct consult *c, const struct head *h, instant created, struct buf *out,
                         struct diag *d) {
    struct wording w = {.title = c->title, .text = c->text, .members = &consult_members, .from = c};
    const struct delegate *people = c->delegation.at;
    for (size_t i = 0; i < c->delegation.count; i++)
        if (!people[i].role.size) return fail(d, ERR_INPUT, _("a delegate is named by a role"));
    if (c->cancelled && c->times.count) return fail(d, ERR_INPUT, _("who comes at no time can't name one"));
    return frame_write(h, created, &w, out, d);
}

enum error minutes_offer_write(const struct offered_minutes *o, const struct head *h, instant created, struct buf *out,
                               struct diag *d) {
    struct wording w = {.title = o->title, .text = o->text, .members = &minutes_members, .from = o};
    if (!o->settlement.size || !head_attachment(h, ROLE_TEXT, o->settlement))
        return fail(d, ERR_INPUT, _("minutes offer a text: the message attaches none of that name"));
    return frame_write(h, created, &w, out, d);
}

enum error agree_write(const struct agree *g, const struct head *h, instant created, struct buf *out, struct diag *d) {
    struct wording w = {.text = g->text, .members = &agree_members, .from = g};
    return frame_write(h, created, &w, out, d);
}

struct offered_minutes offered_minutes_of(const struct minutes *m, struct bytes text, struct arena *a) {
    char hex[SHA256_HEX];
    struct sha256 sha = sha256_of(text);
    struct offered_minutes o = {.settlement = arena_text(a, sha256_hex(&sha, hex)),
                                .supersedes = m->supersedes,
                                .undertakings = m->undertaking_count};
    for (size_t i = 0; i < m->outcome_count; i++) o.outcomes[m->outcomes[i].word] += row_set_count(m->outcomes[i].rows);
    return o;
}
