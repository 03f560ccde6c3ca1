#include "desk/inbox.h"

#include <stdlib.h>

#include "desk/possible.h"

static const struct {
    const char *word, *command;
} waits[WAIT_COUNT] = {
    [WAIT_REPLY] = {"reply", "reply"},          [WAIT_ACKNOWLEDGE] = {"acknowledge", "acknowledge"},
    [WAIT_ANSWER] = {"answer", "answer"},       [WAIT_AGREE] = {"agree", "agree"},
    [WAIT_DISCLOSE] = {"disclose", "disclose"},
};

const char *wait_word(enum wait w) { return waits[w].word; }

struct text wait_command_of(struct text matter, enum wait what, struct arena *a) {
    /* A command that people copy: of a case that the other side named for a shell, none is told. */
    struct text id = matter_short(&(struct matter){.name = matter});
    if (!id.size) return id;
    return arena_format(a, "parley %s %.*s", waits[what].command, TEXT_ARG(id));
}

struct text wait_command(struct talk *t, const struct waiting *w) {
    return wait_command_of(w->matter->name, w->what, &t->arena);
}

/* ---- what one case waits for */

struct wait_list {
    struct wait_for *at;
    size_t count;
};

static void add(struct wait_list *l, struct wait_for w) {
    ASSERT(l->count < WAITS_MAX);
    l->at[l->count++] = w;
}

static bool is_over(const struct matter *m) {
    return m->state.joint == STATE_SETTLED || m->state.opener == STATE_WITHDRAWN || m->state.opener == STATE_CLOSED ||
           m->state.answerer == STATE_CLOSED;
}

/* An offer waits for the side that did not make the last one. */
static void add_proposal(struct wait_list *l, const struct matter *m) {
    const struct message_verdict *last = m->opening;
    if (m->proposal.accepted_count || (!m->proposal.first_open && !m->proposal.counter_open)) return;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            bool counters = v->kind == KIND_REPLY && v->statement->meaning.reply == REPLY_COUNTER;
            if (counters && v->entry->leaf->time >= last->entry->leaf->time) last = v;
        }
    add(l, (struct wait_for){.what = WAIT_REPLY,
                             .party = 1 - last->entry->party,
                             .since = last->entry->leaf->time,
                             .due = last->statement->meaning.until,
                             .met = INSTANT_NONE});
}

static void add_answer(struct wait_list *l, const struct matter *m) {
    static const struct deadline none = {.due = INSTANT_NONE, .met = INSTANT_NONE};
    enum state_word word = m->state.answerer;
    bool silent = word == STATE_SENT || word == STATE_DELIVERED;
    if (!silent && word != STATE_ACKNOWLEDGED && word != STATE_PARTIAL) return;
    const struct deadline *d = silent           ? &m->acknowledge
                               : m->sheet_count ? &m->sheets[m->sheet_count - 1].deadline
                                                : &none;
    add(l, (struct wait_for){.what = silent ? WAIT_ACKNOWLEDGE : WAIT_ANSWER,
                             .party = 1 - m->opener,
                             .since = m->opening->entry->leaf->time,
                             .due = d->due,
                             .met = d->met});
}

/* An `ask` waits until its addressee has said `disclose` after reading it. */
static void add_disclose(struct wait_list *l, const struct matter *m) {
    const struct message_verdict *ask = NULL;
    for (size_t i = 0; i < m->said[1 - m->opener].count; i++)
        if (m->said[1 - m->opener].at[i]->kind == KIND_ASK) ask = m->said[1 - m->opener].at[i];
    for (size_t i = 0; i < m->said[m->opener].count && ask; i++) {
        const struct message_verdict *v = m->said[m->opener].at[i];
        if (v->kind == KIND_DISCLOSE && v->read > ask->entry->position) ask = NULL;
    }
    if (ask)
        add(l, (struct wait_for){.what = WAIT_DISCLOSE,
                                 .party = m->opener,
                                 .since = ask->entry->leaf->time,
                                 .due = INSTANT_NONE,
                                 .met = INSTANT_NONE});
}

static bool has_agreed(const struct said_by *said, struct text text) {
    for (size_t i = 0; i < said->count; i++)
        if (said->at[i]->kind == KIND_AGREE && text_equal(said->at[i]->statement->meaning.text, text)) return true;
    return false;
}

/* What supersedes a text comes after it, whatever the clocks of the two say. */
static bool comes_after(const struct message_verdict *v, const struct message_verdict *last) {
    const struct meaning *a = &v->statement->meaning, *b = &last->statement->meaning;
    if (a->supersedes.size && text_equal(a->supersedes, b->text)) return true;
    if (b->supersedes.size && text_equal(b->supersedes, a->text)) return false;
    return v->entry->leaf->time >= last->entry->leaf->time;
}

/* The last text that anybody offered waits for who has not agreed to it. */
static void add_text(struct wait_list *l, const struct matter *m) {
    const struct message_verdict *last = NULL;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            if (v->kind == KIND_MINUTES && v->statement->meaning.text.size && (!last || comes_after(v, last))) last = v;
        }
    for (unsigned p = 0; p < 2 && last; p++)
        if (!has_agreed(&m->said[p], last->statement->meaning.text))
            add(l, (struct wait_for){.what = WAIT_AGREE,
                                     .party = p,
                                     .since = last->entry->leaf->time,
                                     .due = INSTANT_NONE,
                                     .met = INSTANT_NONE,
                                     .text = last->statement->meaning.text});
}

size_t matter_waits(const struct matter *m, struct wait_for out[static WAITS_MAX]) {
    struct wait_list l = {.at = out};
    if (m->opening->kind == KIND_PROPOSAL) {
        if (m->state.opener != STATE_WITHDRAWN && m->state.opener != STATE_CLOSED) add_proposal(&l, m);
    } else if (!is_over(m)) {
        add_answer(&l, m);
        add_disclose(&l, m);
        add_text(&l, m);
    }
    return l.count;
}

/* ---- of a whole talk */

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

static bool stands(const struct matter *m) {
    return m->opening->kind != KIND_PROPOSAL || m->proposal.word == PROPOSAL_OFFERED ||
           m->proposal.word == PROPOSAL_COUNTERED;
}

void inbox_waiting(struct talk *t, struct waiting **out, size_t *count) {
    struct waiting *list = ARENA_ARRAY(&t->arena, struct waiting, WAITS_MAX * t->state.matter_count);
    size_t got = 0;
    for (size_t i = 0; i < t->state.matter_count; i++) {
        const struct matter *m = &t->state.matters[i];
        struct wait_for waits_for[WAITS_MAX];
        size_t waits_count = stands(m) ? matter_waits(m, waits_for) : 0;
        for (size_t w = 0; w < waits_count; w++)
            list[got++] = (struct waiting){.matter = m,
                                           .what = waits_for[w].what,
                                           .party = waits_for[w].party,
                                           .since = waits_for[w].since,
                                           .due = waits_for[w].due,
                                           .lapsed = wait_lapsed(&waits_for[w], t->state.as_of),
                                           .text = waits_for[w].text};
    }
    if (got) qsort(list, got, sizeof *list, compare);
    *out = list;
    *count = got;
}
