#include "settlement/amend.h"

#include <stdlib.h>

static const char *const sections[AMENDED_SECTIONS] = {
    [AMENDED_OUTCOMES] = N_("outcomes"),
    [AMENDED_UNDERTAKINGS] = N_("undertakings"),
    [AMENDED_ORIGINS] = N_("origins"),
    [AMENDED_TEXT] = N_("text"),
};

const char *amended_section_name(enum amended_section s) { return sections[s]; }

struct amending {
    const struct minutes *of[2]; /* before and after */
    struct arena *arena;
    struct amendment *out;
    size_t count, room;
};

static void add(struct amending *m, enum amended_section section, struct text lang, struct diff lines) {
    if (!lines.changed) return;
    m->out = arena_grow(m->arena, m->out, m->count, &m->room, sizeof *m->out);
    m->out[m->count++] = (struct amendment){section, lang, lines};
}

/* ---- outcomes: both texts as ranges of rows, swept together */

struct part { /* facts that have one outcome */
    struct text sheet;
    struct row_range rows;
    const struct outcome *outcome;
};

struct parts {
    struct part *at;
    size_t count, next;
};

static int by_sheet_and_row(const void *left, const void *right) {
    const struct part *a = left, *b = right;
    int order = text_compare(a->sheet, b->sheet);
    return order ? order : (a->rows.first > b->rows.first) - (a->rows.first < b->rows.first);
}

static struct parts parts_of(const struct minutes *m, struct arena *a) {
    struct parts p = {0};
    size_t room = 0;
    for (size_t i = 0; i < m->outcome_count; i++)
        for (size_t k = 0; k < m->outcomes[i].rows.count; k++) {
            p.at = arena_grow(a, p.at, p.count, &room, sizeof *p.at);
            p.at[p.count++] = (struct part){m->outcomes[i].sheet, m->outcomes[i].rows.at[k], &m->outcomes[i]};
        }
    if (p.count) qsort(p.at, p.count, sizeof *p.at, by_sheet_and_row);
    return p;
}

static struct part *front(struct parts *p) { return p->next < p->count ? &p->at[p->next] : NULL; }

/* Takes the facts up to `last` off the front. */
static void take(struct parts *p, uint64_t last) {
    if (p->at[p->next].rows.last == last)
        p->next++;
    else
        p->at[p->next].rows.first = last + 1;
}

static bool same(const struct outcome *a, const struct outcome *b) {
    return a->word == b->word && text_equal(a->why, b->why) && text_equal(a->says[0], b->says[0]) &&
           text_equal(a->says[1], b->says[1]);
}

struct outcome_lines {
    struct amending *of;
    struct diff_line *at;
    size_t count, room;
};

static void put_outcome(struct outcome_lines *l, enum diff_sign sign, const struct part *p, struct row_range rows) {
    struct buf line = {.max = MINUTES_MAX_BYTES};
    const struct outcome *o = p->outcome;
    const struct text *parties = l->of->of[sign == DIFF_NEW]->between;
    buf_format(&line, "%.12s… ", p->sheet.at);
    row_set_write((struct row_set){&rows, 1}, &line);
    buf_format(&line, " %s", outcome_name(o->word));
    for (unsigned i = 0; i < 2 && o->word == OUTCOME_DISPUTED; i++)
        buf_format(&line, "; %.*s: %.*s", TEXT_ARG(parties[i]), TEXT_ARG(o->says[i]));
    if (o->word == OUTCOME_UNVERIFIABLE) buf_format(&line, ": %.*s", TEXT_ARG(o->why));
    l->at = arena_grow(l->of->arena, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = (struct diff_line){sign, arena_text(l->of->arena, buf_as_text(&line))};
    buf_free(&line);
}

/* The facts at the front that both, or only one, have an outcome for. */
static void step(struct outcome_lines *l, struct parts *before, struct parts *after) {
    struct part *b = front(before), *a = front(after);
    int order = !a ? -1 : !b ? 1 : by_sheet_and_row(b, a);
    struct part first = order <= 0 ? *b : *a;
    const struct part *other = order < 0 ? a : b;
    uint64_t last = first.rows.last;
    if (!order && a->rows.last < last) last = a->rows.last;
    if (order && other && text_equal(other->sheet, first.sheet) && other->rows.first <= last)
        last = other->rows.first - 1;
    struct row_range rows = {first.rows.first, last};
    if (order || !same(b->outcome, a->outcome)) {
        if (order <= 0) put_outcome(l, DIFF_OLD, b, rows);
        if (order >= 0) put_outcome(l, DIFF_NEW, a, rows);
    }
    if (order <= 0) take(before, last);
    if (order >= 0) take(after, last);
}

static void amend_outcomes(struct amending *m) {
    struct outcome_lines l = {.of = m};
    struct parts before = parts_of(m->of[0], m->arena), after = parts_of(m->of[1], m->arena);
    while (front(&before) || front(&after)) step(&l, &before, &after);
    add(m, AMENDED_OUTCOMES, (struct text){0}, (struct diff){l.at, l.count, l.count});
}

/* ---- what has lines of its own */

/* Without their numbers: an undertaking that only moves is the same. */
static struct text undertakings_text(const struct minutes *m, struct arena *a) {
    struct buf out = {.max = MINUTES_MAX_BYTES};
    for (size_t i = 0; i < m->undertaking_count; i++) {
        const struct undertaking *u = &m->undertakings[i];
        for (size_t k = 0; k < u->what_count; k++) {
            buf_format(&out, "%.*s ", TEXT_ARG(u->owner));
            buf_instant(&out, u->due);
            buf_format(&out, " %.*s: %.*s\n", TEXT_ARG(u->what[k].lang), TEXT_ARG(u->what[k].lines));
        }
    }
    struct text t = arena_text(a, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static struct text origins_text(const struct minutes *m, struct arena *a) {
    struct text t = {0};
    for (size_t i = 0; i < m->origins_count; i++)
        t = arena_format(a, "%.*s%.*s\n", TEXT_ARG(t), TEXT_ARG(m->origins[i]));
    return t;
}

static struct text in_language(const struct minutes *m, struct text lang) {
    for (size_t i = 0; i < m->text_count; i++)
        if (text_equal(m->texts[i].lang, lang)) return m->texts[i].lines;
    return (struct text){0};
}

static void amend_texts(struct amending *m) {
    const struct minutes *before = m->of[0], *after = m->of[1];
    for (size_t i = 0; i < after->text_count; i++) {
        struct text lang = after->texts[i].lang;
        add(m, AMENDED_TEXT, lang, diff_of(in_language(before, lang), after->texts[i].lines, m->arena));
    }
    for (size_t i = 0; i < before->text_count; i++) {
        struct text lang = before->texts[i].lang;
        if (in_language(after, lang).size) continue;
        add(m, AMENDED_TEXT, lang, diff_of(before->texts[i].lines, (struct text){0}, m->arena));
    }
}

void minutes_amended(const struct minutes *before, const struct minutes *after, struct arena *a, struct amendment **out,
                     size_t *count) {
    struct amending m = {.of = {before, after}, .arena = a};
    amend_outcomes(&m);
    add(&m, AMENDED_UNDERTAKINGS, (struct text){0},
        diff_of(undertakings_text(before, a), undertakings_text(after, a), a));
    add(&m, AMENDED_ORIGINS, (struct text){0}, diff_of(origins_text(before, a), origins_text(after, a), a));
    amend_texts(&m);
    *out = m.out;
    *count = m.count;
}
