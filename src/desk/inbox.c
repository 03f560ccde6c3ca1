#include "desk/inbox.h"

#include <stdlib.h>

#include "desk/possible.h"

static const struct {
    const char *word, *command;
} waits[WAIT_COUNT] = {
    [WAIT_REPLY] = {"reply", "reply"},
    [WAIT_ACKNOWLEDGE] = {"acknowledge", "acknowledge"},
    [WAIT_ANSWER] = {"answer", "answer"},
    [WAIT_AGREE] = {"agree", "agree"},
};

const char *wait_word(enum wait w) { return waits[w].word; }

struct text wait_command(struct talk *t, const struct waiting *w) {
    /* A command that people copy: of a case that the other side named for a shell, none is told. */
    struct text id = matter_short(w->matter);
    if (!id.size) return id;
    return arena_format(&t->arena, "parley %s %.*s", waits[w->what].command, TEXT_ARG(id));
}

struct waiting_list {
    struct talk *talk;
    struct waiting *at;
    size_t count, room;
};

static void add(struct waiting_list *l, struct waiting w) {
    l->at = arena_grow(&l->talk->arena, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = w;
}

static bool is_over(const struct matter *m) {
    return m->state.joint == STATE_SETTLED || m->state.opener == STATE_WITHDRAWN || m->state.opener == STATE_CLOSED ||
           m->state.answerer == STATE_CLOSED;
}

/* An offer waits for the side that did not make the last one. */
static void add_proposal(struct waiting_list *l, const struct matter *m) {
    const struct message_verdict *last = m->opening;
    if (m->proposal.word != PROPOSAL_OFFERED && m->proposal.word != PROPOSAL_COUNTERED) return;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            bool counters = v->kind == KIND_REPLY && v->statement->meaning.reply == REPLY_COUNTER;
            if (counters && v->entry->leaf->time >= last->entry->leaf->time) last = v;
        }
    add(l, (struct waiting){.matter = m,
                            .what = WAIT_REPLY,
                            .party = 1 - last->entry->party,
                            .since = last->entry->leaf->time,
                            .due = last->statement->meaning.until});
}

static void add_answer(struct waiting_list *l, const struct matter *m) {
    unsigned answerer = 1 - m->opener;
    enum state_word word = m->state.answerer;
    instant since = m->opening->entry->leaf->time;
    if (word == STATE_SENT || word == STATE_DELIVERED) {
        add(l, (struct waiting){.matter = m,
                                .what = WAIT_ACKNOWLEDGE,
                                .party = answerer,
                                .since = since,
                                .due = m->acknowledge.due,
                                .lapsed = m->acknowledge.lapsed});
    } else if (word == STATE_ACKNOWLEDGED || word == STATE_PARTIAL) {
        const struct deadline *d = m->sheet_count ? &m->sheets[m->sheet_count - 1].deadline : NULL;
        add(l, (struct waiting){.matter = m,
                                .what = WAIT_ANSWER,
                                .party = answerer,
                                .since = since,
                                .due = d ? d->due : INSTANT_NONE,
                                .lapsed = d && d->lapsed});
    }
}

static bool has_agreed(const struct said_by *said, struct text text) {
    for (size_t i = 0; i < said->count; i++)
        if (said->at[i]->kind == KIND_AGREE && text_equal(said->at[i]->statement->meaning.text, text)) return true;
    return false;
}

/* The last text that anybody offered waits for who has not agreed to it. */
static void add_text(struct waiting_list *l, const struct matter *m) {
    const struct message_verdict *last = NULL;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            if (v->kind == KIND_MINUTES && v->statement->meaning.text.size &&
                (!last || v->entry->leaf->time >= last->entry->leaf->time))
                last = v;
        }
    for (unsigned p = 0; p < 2 && last; p++)
        if (!has_agreed(&m->said[p], last->statement->meaning.text))
            add(l, (struct waiting){.matter = m,
                                    .what = WAIT_AGREE,
                                    .party = p,
                                    .since = last->entry->leaf->time,
                                    .due = INSTANT_NONE,
                                    .text = last->statement->meaning.text});
}

static int compare(const void *a, const void *b) {
    const struct waiting *x = a, *y = b;
    if (x->due != y->due) {
        if (x->due == INSTANT_NONE || y->due == INSTANT_NONE) return x->due == INSTANT_NONE ? 1 : -1;
        return x->due < y->due ? -1 : 1;
    }
    if (x->since != y->since) return x->since < y->since ? -1 : 1;
    int order = text_compare(x->matter->name, y->matter->name);
    return order ? order : (int)x->party - (int)y->party;
}

void inbox_waiting(struct talk *t, struct waiting **out, size_t *count) {
    struct waiting_list l = {.talk = t};
    for (size_t i = 0; i < t->state.matter_count; i++) {
        const struct matter *m = &t->state.matters[i];
        if (m->opening->kind == KIND_PROPOSAL) {
            if (m->state.opener != STATE_WITHDRAWN && m->state.opener != STATE_CLOSED) add_proposal(&l, m);
        } else if (!is_over(m)) {
            add_answer(&l, m);
            add_text(&l, m);
        }
    }
    if (l.count) qsort(l.at, l.count, sizeof *l.at, compare);
    *out = l.at;
    *count = l.count;
}
