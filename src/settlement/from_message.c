/* Opened messages to meetings, minutes and agreement. */
#include "settlement/body.h"

enum error consult_from_message(const struct message *m, struct arena *a, struct consult *out, struct diag *d) {
    struct consult c = {0};
    enum error result = frame_read(m, FRAME_KIND(KIND_CONSULT), &consult_members, a, &c, &c.title, &c.text, d);
    if (!result) *out = c;
    return result;
}

enum error minutes_from_message(const struct message *m, struct arena *a, struct offered_minutes *out, struct diag *d) {
    struct offered_minutes o = {0};
    enum error result = frame_read(m, FRAME_KIND(KIND_MINUTES), &minutes_members, a, &o, &o.title, &o.text, d);
    if (result) return result;
    /* A text that nobody can read can't be agreed to, and replaces nothing. */
    if (!head_attachment(&m->head, ROLE_TEXT, o.settlement)) o.settlement = o.supersedes = (struct text){0};
    *out = o;
    return OK;
}

enum error minutes_fit(const struct offered_minutes *o, struct text matter, struct bytes text, struct arena *a,
                       struct diag *d) {
    struct minutes m;
    enum error result = minutes_read(text, a, &m, d);
    if (result) return result;
    struct offered_minutes of = offered_minutes_of(&m, text, a);
    if (!text_equal(of.settlement, o->settlement))
        return fail(d, ERR_INPUT, _("the attached text is not the one that the minutes name"));
    if (!text_equal(m.matter, matter)) return fail(d, ERR_INPUT, _("the attached text is of another case"));
    if (!text_equal(of.supersedes, o->supersedes))
        return fail(d, ERR_INPUT, _("minutes and their text differ in what they supersede"));
    for (int w = 0; w < OUTCOME_COUNT; w++)
        if (o->outcomes[w] != MEMBER_NO_NUMBER && o->outcomes[w] != of.outcomes[w])
            return fail(d, ERR_INPUT, _("minutes and their text differ in how many facts are %s"),
                        outcome_name((enum outcome_word)w));
    if (o->undertakings != MEMBER_NO_NUMBER && o->undertakings != of.undertakings)
        return fail(d, ERR_INPUT, _("minutes and their text differ in how much is undertaken"));
    return OK;
}

enum error agree_from_message(const struct message *m, struct arena *a, struct agree *out, struct diag *d) {
    struct agree g = {0};
    enum error result = frame_read(m, FRAME_KIND(KIND_AGREE), &agree_members, a, &g, NULL, &g.text, d);
    if (!result) *out = g;
    return result;
}
