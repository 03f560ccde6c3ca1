#include "desk/undertakings.h"

#include <stdlib.h>

#include "desk/told.h"
#include "matter/dialogue.h"

static const char *const words[] = {
    [UNDERTAKING_OPEN] = NC_("undertaking", "open"),
    [UNDERTAKING_DONE] = NC_("undertaking", "done"),
    [UNDERTAKING_ACCEPTED] = NC_("undertaking", "accepted"),
    [UNDERTAKING_DISPUTED] = NC_("undertaking", "disputed"),
};

const char *undertaking_word_text(enum undertaking_word w) { return words[w]; }

unsigned undertaken_waits_for(const struct undertaken *u) {
    if (u->word == UNDERTAKING_ACCEPTED) return 2;
    return u->word == UNDERTAKING_DONE ? 1 - u->party : u->party;
}

struct undertaken_list {
    struct talk *talk;
    struct undertaken *at;
    size_t count, room;
};

/* ---- what is owed */

static bool is_among(const struct text *list, size_t count, struct text t) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i], t)) return true;
    return false;
}

static void add_text(struct undertaken_list *l, const struct matter *m, struct text settlement,
                     const struct minutes *text) {
    for (size_t i = 0; i < text->undertaking_count; i++) {
        l->at = arena_grow(&l->talk->arena, l->at, l->count, &l->room, sizeof *l->at);
        l->at[l->count++] = (struct undertaken){.matter = m,
                                                .settlement = settlement,
                                                .number = i + 1,
                                                .what = text->undertakings[i],
                                                .party = undertaking_party(text, &text->undertakings[i]),
                                                .since = INSTANT_NONE,
                                                .done = INSTANT_NONE};
    }
}

static enum error add_settled(struct undertaken_list *l, const struct matter *m, struct text settlement,
                              struct diag *d) {
    struct offered_text of;
    struct text plain;
    struct minutes text;
    enum error result = settle_find_text(l->talk, m, settlement, &of, d);
    if (result || !of.offer.undertakings) return result;
    if (settle_open_text(l->talk, m, &of, &plain, NULL) ||
        minutes_read(bytes_from_text(plain), &l->talk->arena, &text, NULL))
        return OK;
    add_text(l, m, settlement, &text);
    return OK;
}

/* ---- what became of it */

static void hear(struct undertaken *u, unsigned party, struct text word, instant at) {
    bool owner = party == u->party;
    if (owner && text_is(word, "done") && u->word != UNDERTAKING_ACCEPTED) {
        if (u->word == UNDERTAKING_DONE) return;
        u->word = UNDERTAKING_DONE;
        u->since = u->done = at;
    } else if (!owner && u->word != UNDERTAKING_OPEN && (text_is(word, "accepted") || text_is(word, "disputed"))) {
        u->word = text_is(word, "accepted") ? UNDERTAKING_ACCEPTED : UNDERTAKING_DISPUTED;
        u->since = at;
    }
}

static void hear_remark(struct undertaken_list *l, size_t from, const struct message_verdict *v) {
    struct dialogue said;
    const struct said *s = talk_said(l->talk, v);
    if (!s || dialogue_from_message(&s->message, &l->talk->arena, &said, NULL) || !said.progress.size) return;
    for (size_t i = from; i < l->count; i++)
        if (l->at[i].number == said.undertaking && text_equal(l->at[i].settlement, said.settlement))
            hear(&l->at[i], v->entry->party, said.progress, v->entry->leaf->time);
}

static void hear_all(struct undertaken_list *l, size_t from, const struct matter *m) {
    struct told all = told_of(l->talk, m, FRAME_KIND(KIND_REMARK));
    for (size_t i = 0; i < all.count; i++) hear_remark(l, from, all.at[i]);
}

static void judge(struct undertaken_list *l, size_t from) {
    for (size_t i = from; i < l->count; i++) {
        struct undertaken *u = &l->at[i];
        bool is_done = u->word == UNDERTAKING_DONE || u->word == UNDERTAKING_ACCEPTED;
        u->lapsed = (is_done ? u->done : l->talk->state.as_of) > u->what.due;
    }
}

static enum error add_case(struct undertaken_list *l, const struct matter *m, struct diag *d) {
    size_t from = l->count;
    enum error result = OK;
    for (size_t i = 0; i < m->settled_count && !result; i++)
        if (!is_among(m->superseded, m->superseded_count, m->settled[i])) result = add_settled(l, m, m->settled[i], d);
    if (result || from == l->count) return result;
    hear_all(l, from, m);
    judge(l, from);
    return OK;
}

enum error case_undertakings(struct talk *t, const struct matter *m, struct undertaken **out, size_t *count,
                             struct diag *d) {
    struct undertaken_list l = {.talk = t};
    enum error result = add_case(&l, m, d);
    if (result) return result;
    *out = l.at;
    *count = l.count;
    return OK;
}

static int by_due(const void *left, const void *right) {
    const struct undertaken *a = left, *b = right;
    if (a->what.due != b->what.due) return a->what.due < b->what.due ? -1 : 1;
    int order = text_compare(a->matter->name, b->matter->name);
    if (!order) order = text_compare(a->settlement, b->settlement);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

enum error talk_undertakings(struct talk *t, struct undertaken **out, size_t *count, struct diag *d) {
    struct undertaken_list l = {.talk = t};
    enum error result = OK;
    size_t kept = 0;
    for (size_t i = 0; i < t->state.matter_count && !result; i++) result = add_case(&l, &t->state.matters[i], d);
    if (result) return result;
    for (size_t i = 0; i < l.count; i++)
        if (undertaken_waits_for(&l.at[i]) < 2) l.at[kept++] = l.at[i];
    if (kept) qsort(l.at, kept, sizeof *l.at, by_due);
    *out = l.at;
    *count = kept;
    return OK;
}

/* ---- how it is shown */

void undertaken_line(const struct undertaken *u, struct text lang, struct buf *out) {
    buf_format(out, "%llu ", (unsigned long long)u->number);
    buf_line(out, u->what.owner);
    buf_format(out, ", %s ", _("due"));
    buf_instant(out, u->what.due);
    buf_string(out, ": ");
    buf_line(out, undertaking_what(&u->what, lang));
    buf_format(out, " (%.*s", TEXT_ARG(word_text("undertaking", text_of(words[u->word]))));
    if (u->since != INSTANT_NONE) {
        buf_char(out, ' ');
        buf_instant(out, u->since);
    }
    if (u->lapsed) buf_format(out, ", %s", _("lapsed"));
    buf_char(out, ')');
}

json_t *undertaken_json(struct talk *t, const struct undertaken *u) {
    json_t *one = json_object(), *what = json_object();
    for (size_t i = 0; i < u->what.what_count; i++)
        json_put(what, arena_format(&t->arena, "%.*s", TEXT_ARG(u->what.what[i].lang)).at,
                 json_from_text(u->what.what[i].lines));
    json_put_text(one, "case", u->matter->name);
    json_put_text(one, "settlement", u->settlement);
    json_put_u64(one, "undertaking", u->number);
    json_put_text(one, "owner", u->what.owner);
    json_put(one, "due", json_from_instant(u->what.due));
    json_put(one, "what", what);
    json_put_text(one, "state", text_of(words[u->word]));
    if (u->since != INSTANT_NONE) json_put(one, "since", json_from_instant(u->since));
    if (u->done != INSTANT_NONE) json_put(one, "done", json_from_instant(u->done));
    json_put_bool(one, "lapsed", u->lapsed);
    return one;
}
