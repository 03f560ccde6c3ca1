#include "desk/offers.h"

#include "desk/terms.h"

#include <stdlib.h>
#include <string.h>

/* ---- gathering */

static bool offers(const struct message_verdict *m) {
    return m->kind == KIND_PROPOSAL || (m->kind == KIND_REPLY && m->statement->meaning.reply == REPLY_COUNTER);
}

struct gathering {
    struct talk *talk;
    struct offer *offers;
    size_t count, room;
};

static enum error add_offer(struct gathering *g, const struct matter *m, const struct message_verdict *v,
                            struct text about, struct diag *d) {
    struct talk *t = g->talk;
    struct offer o = {.said = talk_said(t, v), .matter = m, .about = about};
    enum error result = dialogue_from_message(&o.said->message, &t->arena, &o.says, d);
    if (result) return result;
    if (o.says.about.size) o.about = o.says.about;
    o.no_reply_since = v->entry->leaf->time;
    o.word = o.says.until != INSTANT_NONE && t->state.as_of > o.says.until ? PROPOSAL_LAPSED : PROPOSAL_OFFERED;
    unsigned side = v->entry->party;
    enum state_word own = side == m->opener ? m->state.opener : m->state.answerer;
    o.withdrawn = own == STATE_WITHDRAWN || own == STATE_CLOSED;
    g->offers = arena_grow(&t->arena, g->offers, g->count, &g->room, sizeof o);
    g->offers[g->count++] = o;
    return OK;
}

/* A reply after `until` answers nothing; an offer once accepted stays accepted; else the last reply decides.  All
 * replies to one offer stand in one record, in their order. */
static enum error hear(struct gathering *g, size_t from, const struct message_verdict *v, struct diag *d) {
    static const enum proposal_word becomes[] = {[REPLY_OTHER] = PROPOSAL_OFFERED,
                                                 [REPLY_ACCEPT] = PROPOSAL_ACCEPTED,
                                                 [REPLY_DECLINE] = PROPOSAL_DECLINED,
                                                 [REPLY_COUNTER] = PROPOSAL_COUNTERED};
    struct talk *t = g->talk;
    const struct said *reply = talk_said(t, v);
    struct dialogue *answer = ARENA_NEW(&t->arena, struct dialogue);
    enum error result = dialogue_from_message(&reply->message, &t->arena, answer, d);
    for (size_t i = from; i < g->count && !result; i++) {
        struct offer *o = &g->offers[i];
        if (!text_equal(o->said->message.head.id, answer->offer) || o->said->entry->party == v->entry->party) continue;
        o->no_reply_since = INSTANT_NONE;
        if (o->says.until != INSTANT_NONE && v->entry->leaf->time > o->says.until) continue;
        if (o->word == PROPOSAL_ACCEPTED) continue;
        o->word = becomes[v->statement->meaning.reply];
        o->reply = reply;
        o->answer = answer;
    }
    return result;
}

static int compare_entries(const struct entry_verdict *x, const struct entry_verdict *y) {
    if (x->leaf->time != y->leaf->time) return x->leaf->time < y->leaf->time ? -1 : 1;
    if (x->party != y->party) return x->party < y->party ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

static enum error gather_case(struct gathering *g, const struct matter *m, struct diag *d) {
    size_t from = g->count;
    enum error result = OK;
    struct text about = m->opening->statement->meaning.about;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count && !result; i++)
            if (offers(m->said[p].at[i])) result = add_offer(g, m, m->said[p].at[i], about, d);
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count && !result; i++)
            if (m->said[p].at[i]->kind == KIND_REPLY) result = hear(g, from, m->said[p].at[i], d);
    for (size_t i = from; i < g->count; i++) g->offers[i].withdrawn &= g->offers[i].word != PROPOSAL_ACCEPTED;
    return result;
}

/* Cases by their openings, and in each the offers in their order. */
static int compare_offers(const void *a, const void *b) {
    const struct offer *x = a, *y = b;
    int order = compare_entries(x->matter->opening->entry, y->matter->opening->entry);
    return order ? order : compare_entries(x->said->entry, y->said->entry);
}

static const struct offer *find_offer(const struct gathering *g, struct text id) {
    for (size_t i = 0; id.size && i < g->count; i++)
        if (text_equal(g->offers[i].said->message.head.id, id)) return &g->offers[i];
    return NULL;
}

enum error offers_list(struct talk *t, struct offer **out, size_t *count, struct diag *d) {
    struct gathering g = {.talk = t};
    enum error result = OK;
    for (size_t i = 0; i < t->state.matter_count && !result; i++) result = gather_case(&g, &t->state.matters[i], d);
    if (result) return result;
    if (g.count) qsort(g.offers, g.count, sizeof *g.offers, compare_offers);
    for (size_t i = 0; i < g.count; i++) g.offers[i].counters = find_offer(&g, g.offers[i].says.offer);
    *out = g.offers;
    *count = g.count;
    return OK;
}

enum error offers_standing(struct talk *t, const struct matter *m, struct text id, const struct offer **out,
                           struct diag *d) {
    struct gathering g = {.talk = t};
    const struct offer *found = NULL;
    enum error result = gather_case(&g, m, d);
    if (result) return result;
    for (size_t i = 0; i < g.count; i++) {
        const struct offer *o = &g.offers[i];
        if (o->said->entry->party == t->own || !text_starts(o->said->message.head.id, id)) continue;
        if (id.size && found) return fail(d, ERR_USAGE, _("several offers begin with %.*s"), TEXT_ARG(id));
        if (id.size || (o->word == PROPOSAL_OFFERED && !o->withdrawn)) found = o;
    }
    if (!found && id.size)
        return fail(d, ERR_MISSING, _("there is no offer %.*s of %.*s in this case"), TEXT_ARG(id),
                    TEXT_ARG(t->parties[1 - t->own]));
    if (!found)
        return fail(d, ERR_MISSING, _("no offer of %.*s waits for a reply in this case; `parley proposals` lists all"),
                    TEXT_ARG(t->parties[1 - t->own]));
    *out = found;
    return OK;
}

const struct offer *offers_in_force(const struct talk *t, const struct offer *offers, size_t count) {
    const struct said *said = t->state.terms ? talk_said(t, t->state.terms) : NULL;
    for (size_t i = 0; i < count; i++)
        if (offers[i].said == said) return &offers[i];
    return NULL;
}

instant offers_since(const struct offer *o) { return o->reply ? o->reply->entry->leaf->time : INSTANT_NONE; }

/* ---- printing */

static void put_time(json_t *object, const char *key, instant at) {
    char written[INSTANT_TEXT_MAX];
    if (at != INSTANT_NONE) json_put_text(object, key, instant_write(at, written));
}

static json_t *reply_json(const struct offer *o) {
    const struct head *h = &o->reply->message.head;
    json_t *reply = json_object();
    json_put_text(reply, "id", h->id);
    json_put_text(reply, "reply", o->answer->reply);
    json_put_text_if(reply, "reason", o->answer->reason);
    json_put_text_if(reply, "text", o->answer->text);
    json_put_text(reply, "from", h->from);
    json_put_text(reply, "by", h->by);
    put_time(reply, "time", o->reply->entry->leaf->time);
    return reply;
}

json_t *offers_terms_json(const struct talk *t, const struct offer *o) {
    json_t *one = json_object();
    json_put_text(one, "with", t->parties[1 - t->own]);
    json_put_bool(one, "drill", t->state.channel.drill);
    if (!o) return one;
    json_put_text(one, "offer", o->said->message.head.id);
    json_put_text(one, "case", o->matter->name);
    json_put_text(one, "from", o->said->message.head.from);
    put_time(one, "since", offers_since(o));
    json_put(one, "terms", terms_json(&o->says.terms));
    json_put(one, "held_by", terms_held_json(&o->says.terms));
    return one;
}

json_t *offers_json(const struct talk *t, const struct offer *o) {
    const struct head *h = &o->said->message.head;
    json_t *one = json_object();
    json_put_text(one, "id", h->id);
    json_put_text(one, "case", o->matter->name);
    json_put_text(one, "with", t->parties[1 - t->own]);
    json_put_text(one, "from", h->from);
    json_put_text(one, "by", h->by);
    json_put_text(one, "to", h->to);
    json_put_text(one, "about", o->about);
    json_put_text_if(one, "title", o->says.title);
    json_put_text_if(one, "text", o->says.text);
    json_put_text_if(one, "statement", o->says.statement);
    json_put_text(one, "state", text_of(proposal_word_text(o->word)));
    json_put_bool(one, "withdrawn", o->withdrawn);
    json_put_bool(one, "sealed", o->said->sealed);
    json_put_bool(one, "drill", t->state.channel.drill);
    put_time(one, "time", o->said->entry->leaf->time);
    put_time(one, "until", o->says.until);
    put_time(one, "no_reply_since", o->no_reply_since);
    if (!offered_terms_empty(&o->says.terms)) json_put(one, "terms", terms_json(&o->says.terms));
    if (o->counters) {
        json_put_text(one, "counters", o->counters->said->message.head.id);
        json_put(one, "changes", terms_changes_json(&o->counters->says.terms, &o->says.terms));
    }
    if (o->reply) json_put(one, "reply", reply_json(o));
    return one;
}
