/* What a case comes to: meetings, texts offered and agreed to, undertakings. */
#include "desk/case_view.h"
#include "desk/joint.h"
#include "desk/meeting.h"
#include "desk/undertakings.h"

static bool is_settled(const struct offered_text *t) { return t->agreed[0] && t->agreed[1]; }

static bool is_replaced(const struct matter *m, const struct offered_text *t) {
    for (size_t i = 0; i < m->superseded_count; i++)
        if (text_equal(m->superseded[i], t->offer.settlement)) return true;
    return false;
}

static void put_text_line(const struct case_view *v, const struct offered_text *t, struct buf *out) {
    const struct text *parties = v->talk->parties;
    if (is_settled(t)) {
        buf_format(out, "\n%s %.*s\n", _("Settled: both have agreed to the text"), TEXT_ARG(t->offer.settlement));
    } else {
        buf_format(out, _("\nText %.*s, offered by %.*s: "), TEXT_ARG(t->offer.settlement),
                   TEXT_ARG(parties[t->said->entry->party]));
        if (t->agreed[0] || t->agreed[1])
            buf_format(out, _("agreed to by %.*s alone\n"), TEXT_ARG(parties[t->agreed[1]]));
        else
            buf_format(out, "%s\n", _("agreed to by nobody yet"));
    }
    if (t->offer.supersedes.size) buf_format(out, _("  it supersedes the text %.12s\n"), t->offer.supersedes.at);
    if (is_replaced(v->matter, t))
        buf_format(out, "  %s\n", _("another text that both have agreed to takes its place"));
    else if (t->superseded)
        buf_format(out, "  %s\n", _("another text that was offered supersedes it"));
}

static void put_texts(const struct case_view *v, struct buf *out) {
    struct offered_text *all;
    size_t count = 0;
    if (settle_texts(v->talk, v->matter, &all, &count, NULL)) return;
    for (size_t i = 0; i < count; i++) put_text_line(v, &all[i], out);
}

static void put_undertakings(const struct case_view *v, struct text lang, struct buf *out) {
    struct undertaken *all;
    size_t count = 0;
    if (case_undertakings(v->talk, v->matter, &all, &count, NULL) || !count) return;
    buf_format(out, "\n%s\n", _("Undertaken"));
    for (size_t i = 0; i < count; i++) {
        buf_string(out, "  ");
        undertaken_line(&all[i], lang, out);
        buf_char(out, '\n');
    }
}

static void put_all(const struct case_view *v, const struct meeting_zone zones[static 2], struct text lang,
                    struct buf *out) {
    meetings_page(v->talk, v->matter, zones, out);
    put_texts(v, out);
    put_undertakings(v, lang, out);
    joint_page(v->talk, v->matter, out);
}

void settlement_page(const struct case_view *v, struct buf *out) {
    struct meeting_zone zones[2];
    meeting_zones(v->talk, v->matter, zones);
    put_all(v, zones, v->talk->desk->home.lang, out);
}

void settlement_words(const struct case_view *v, struct text lang, struct buf *out) {
    const struct meeting_zone none[2] = {0};
    put_all(v, none, lang, out);
}

/* ---- JSON */

static json_t *text_json(const struct case_view *v, const struct offered_text *t) {
    json_t *one = json_object(), *agreed = json_array();
    json_put_text(one, "text", t->offer.settlement);
    json_put_text(one, "offered_by", v->talk->parties[t->said->entry->party]);
    json_put_text(one, "message", t->said->message.head.id);
    json_put_text_if(one, "supersedes", t->offer.supersedes);
    json_put_bool(one, "superseded", t->superseded);
    for (unsigned p = 0; p < 2; p++)
        if (t->agreed[p]) json_add_text(agreed, v->talk->parties[p]);
    json_put(one, "agreed_by", agreed);
    return one;
}

static json_t *texts_json(const struct case_view *v) {
    struct offered_text *all;
    json_t *list = json_array();
    size_t count = 0;
    if (settle_texts(v->talk, v->matter, &all, &count, NULL)) return list;
    for (size_t i = 0; i < count; i++) json_add(list, text_json(v, &all[i]));
    return list;
}

static json_t *undertakings_json(const struct case_view *v) {
    struct undertaken *all;
    json_t *list = json_array();
    size_t count = 0;
    if (case_undertakings(v->talk, v->matter, &all, &count, NULL)) return list;
    for (size_t i = 0; i < count; i++) json_add(list, undertaken_json(v->talk, &all[i]));
    return list;
}

void settlement_json(const struct case_view *v, json_t *into) {
    struct meeting_zone zones[2];
    meeting_zones(v->talk, v->matter, zones);
    json_put(into, "consultations", meetings_json(v->talk, v->matter, zones));
    json_put(into, "texts", texts_json(v));
    json_put(into, "undertakings", undertakings_json(v));
    json_put(into, "origins", joint_json(v->talk, v->matter));
}
