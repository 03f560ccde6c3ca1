#include "desk/brief.h"

#include <stdlib.h>

/* ---- from a case */

static void take_deadline(struct case_brief *b, const struct deadline *d) {
    if (d->due == INSTANT_NONE) return;
    if (d->met != INSTANT_NONE)
        b->late |= d->met > d->due;
    else if (b->due == INSTANT_NONE || d->due < b->due)
        b->due = d->due;
}

static void take_sheet(struct case_brief *b, const struct sheet_state *s) {
    b->facts = s->message->statement->meaning.rows;
    b->answered = s->standing.answered;
    b->standing = s->standing.word;
}

struct case_brief brief_of(const struct matter *m) {
    struct case_brief b = {.name = m->name,
                           .kind = m->opening->kind,
                           .opener = m->opener,
                           .words = {m->state.opener, m->state.answerer, m->state.joint},
                           .sort = m->sort,
                           .inadmissible = m->inadmissible,
                           .opened = m->opening->entry->leaf->time,
                           .tlp = m->tlp,
                           .due = INSTANT_NONE};
    if (b.kind == KIND_PROPOSAL) {
        b.proposal = m->proposal;
        b.proposal.accepted = NULL;
    } else {
        take_deadline(&b, &m->acknowledge);
    }
    for (size_t i = 0; i < m->sheet_count; i++) take_deadline(&b, &m->sheets[i].deadline);
    if (m->sheet_count) take_sheet(&b, &m->sheets[m->sheet_count - 1]);
    b.wait_count = matter_waits(m, b.waits);
    return b;
}

struct case_brief *brief_list(struct talk *t) {
    struct case_brief *list = ARENA_ARRAY(&t->arena, struct case_brief, t->state.matter_count);
    for (size_t i = 0; i < t->state.matter_count; i++) {
        list[i] = brief_of(&t->state.matters[i]);
        list[i].title = matter_title(t, &t->state.matters[i]);
        list[i].action = matter_action(t, &t->state.matters[i]);
        matter_numbers(t, &t->state.matters[i], list[i].numbers);
    }
    return list;
}

/* ---- its state at a time */

bool brief_lapsed(const struct case_brief *b, instant as_of) {
    return b->late || (b->due != INSTANT_NONE && as_of > b->due);
}

/* The words of a list, looked up once and not for each row. */
struct shown_words {
    const char *kinds[KIND_COUNT], *states[STATE_COUNT];
};

static struct shown_words shown_words(void) {
    struct shown_words w;
    for (enum kind k = 0; k < KIND_COUNT; k++) w.kinds[k] = word_shown("kind", kind_rules[k].name);
    for (enum state_word s = 0; s < STATE_COUNT; s++) w.states[s] = gettext(state_word_text(s));
    return w;
}

static void put_state(const struct shown_words *w, const struct case_brief *b, enum proposal_word word, bool lapsed,
                      struct buf *out) {
    if (b->kind == KIND_PROPOSAL) {
        buf_string(out, gettext(proposal_word_text(word)));
        return;
    }
    buf_string(out, w->states[b->words[0]]);
    for (size_t i = 1; i < COUNT(b->words); i++) {
        if (i == 2 && b->words[i] == STATE_NONE) continue;
        buf_string(out, " · ");
        buf_string(out, w->states[b->words[i]]);
    }
    if (lapsed) buf_format(out, " (%s)", _("a deadline lapsed"));
    if (b->inadmissible) buf_format(out, " (%s)", _("inadmissible: it rests on no checkable fact"));
}

void brief_state_words(const struct case_brief *b, enum proposal_word word, bool lapsed, struct buf *out) {
    struct shown_words w = shown_words();
    put_state(&w, b, word, lapsed, out);
}

void brief_state_line(const struct case_brief *b, instant as_of, struct buf *out) {
    brief_state_words(b, proposal_word_at(&b->proposal, as_of), brief_lapsed(b, as_of), out);
}

static void put_row(const struct shown_words *w, const struct case_brief *b, instant as_of, struct buf *out) {
    struct arena a = {0};
    buf_string(out, "  ");
    buf_pad(out, text_of(w->kinds[b->kind]), KIND_COLUMNS);
    buf_pad(out, b->name, 58);
    buf_char(out, ' ');
    size_t from = out->size;
    put_state(w, b, proposal_word_at(&b->proposal, as_of), brief_lapsed(b, as_of), out);
    buf_fill(out, from, 36);
    buf_char(out, ' ');
    buf_line(out, title_shown(b->title, b->action, &a));
    buf_char(out, '\n');
    arena_free(&a);
}

void brief_rows(struct case_brief *const *list, size_t count, instant as_of, struct buf *out) {
    struct shown_words w = shown_words();
    for (size_t i = 0; i < count; i++) put_row(&w, list[i], as_of, out);
}

/* ---- order */

struct sort_row {
    uint64_t key; /* the word, and what of the name decides in most cases */
    struct case_brief *brief;
};

/* Names are a party, a slash and a UUID: the bytes behind the slash tell most of them apart, where the parties are the
 * same; so few names are compared whole. */
static uint64_t key_of(const struct case_brief *b, bool first_party) {
    size_t slash = text_find(b->name, '/');
    uint64_t key = (uint64_t)b->sort << 57 | (uint64_t)!first_party << 56;
    for (size_t i = 0; i < 7 && slash + 1 + i < b->name.size; i++)
        key |= (uint64_t)(uint8_t)b->name.at[slash + 1 + i] << (48 - 8 * i);
    return key;
}

static int compare_rows(const void *left, const void *right) {
    const struct sort_row *x = left, *y = right;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return text_compare(x->brief->name, y->brief->name);
}

static struct text front_of(const struct case_brief *b) {
    size_t slash = text_find(b->name, '/');
    return text_sub(b->name, 0, slash + (slash < b->name.size));
}

void brief_sort(struct case_brief **list, size_t count) {
    struct text fronts[2] = {{0}}; /* by opener */
    struct sort_row *rows = calloc(count ? count : 1, sizeof *rows);
    ASSERT(rows);
    for (size_t i = 0; i < count; i++)
        if (!fronts[list[i]->opener].size) fronts[list[i]->opener] = front_of(list[i]);
    for (size_t i = 0; i < count; i++) {
        bool first = !list[i]->opener == (text_compare(fronts[0], fronts[1]) < 0);
        rows[i] = (struct sort_row){key_of(list[i], first), list[i]};
    }
    if (count) qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < count; i++) list[i] = rows[i].brief;
    free(rows);
}

/* ---- what waits */

static int compare_waits(const void *left, const void *right) {
    const struct brief_wait *x = left, *y = right;
    if (x->wait->due != y->wait->due) {
        if (x->wait->due == INSTANT_NONE || y->wait->due == INSTANT_NONE) return x->wait->due == INSTANT_NONE ? 1 : -1;
        return x->wait->due < y->wait->due ? -1 : 1;
    }
    if (x->wait->since != y->wait->since) return x->wait->since < y->wait->since ? -1 : 1;
    int order = text_compare(x->brief->name, y->brief->name);
    return order ? order : (int)x->wait->party - (int)y->wait->party;
}

/* An offer waits for a reply as long as it stands. */
static bool stands(const struct case_brief *b, instant as_of) {
    enum proposal_word word = proposal_word_at(&b->proposal, as_of);
    return b->kind != KIND_PROPOSAL || word == PROPOSAL_OFFERED || word == PROPOSAL_COUNTERED;
}

size_t brief_waits(const struct case_brief *list, size_t count, instant as_of, struct brief_wait *out) {
    size_t waits = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < list[i].wait_count && stands(&list[i], as_of); w++)
            out[waits++] = (struct brief_wait){&list[i], &list[i].waits[w]};
    if (waits) qsort(out, waits, sizeof *out, compare_waits);
    return waits;
}

struct text brief_wait_command(const struct brief_wait *w, struct arena *a) {
    return wait_command_of(w->brief->name, w->wait->what, a);
}
