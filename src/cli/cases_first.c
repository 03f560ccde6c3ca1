#include "cli/cases_first.h"

#include <stdlib.h>
#include <string.h>

enum { OURS, THEIRS, NEWEST, LISTS };
enum { HOUR_BEFORE = 48, HOUR_AFTER = 7 * 24, HOURS = HOUR_BEFORE + HOUR_AFTER };

struct place { /* of a case in a list: the smaller comes first */
    instant key, then;
    json_t *row;
};

struct top { /* the first of a list, in its order */
    struct place *at;
    size_t count;
};

struct counted {
    uint64_t count, lapsed, by[WAIT_COUNT];
    bool taken[HOURS];
};

struct first_cases {
    size_t first;
    instant as_of;
    uint64_t count, joint;
    struct top lists[LISTS];
    struct counted sides[2]; /* ours, theirs */
    json_t *deadlines;
};

struct first_cases *first_new(size_t first, instant as_of) {
    struct first_cases *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    *f = (struct first_cases){.first = first, .as_of = as_of, .deadlines = json_array()};
    for (size_t i = 0; i < LISTS; i++) {
        f->lists[i].at = calloc(first + 1, sizeof *f->lists[i].at);
        if (f->lists[i].at) continue;
        first_free(f);
        return NULL;
    }
    return f;
}

void first_free(struct first_cases *f) {
    if (!f) return;
    for (size_t i = 0; i < LISTS; i++) {
        for (size_t n = 0; n < f->lists[i].count; n++) json_decref(f->lists[i].at[n].row);
        free(f->lists[i].at);
    }
    json_decref(f->deadlines);
    free(f);
}

/* ---- the first of a list */

static bool before(const struct place *a, const struct place *b) {
    return a->key != b->key ? a->key < b->key : a->then < b->then;
}

static bool belongs(const struct first_cases *f, const struct top *t, const struct place *p) {
    return t->count < f->first || before(p, &t->at[t->count - 1]);
}

static void insert(const struct first_cases *f, struct top *t, struct place p) {
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before(&p, &t->at[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    if (t->count == f->first) json_decref(t->at[--t->count].row);
    memmove(&t->at[low + 1], &t->at[low], (t->count - low) * sizeof *t->at);
    p.row = json_incref(p.row);
    t->at[low] = p;
    t->count++;
}

/* ---- what waits */

static struct place place_of(const struct wait_for *w) {
    return (struct place){.key = w->due == INSTANT_NONE ? INT64_MAX : w->due, .then = w->since};
}

/* One of each hour: more would lie on each other. */
static void mark(struct first_cases *f, const struct case_brief *b, const struct wait_for *w,
                 const struct text parties[2], unsigned side) {
    const instant hour = 3600 * INSTANT_SECOND;
    if (w->due == INSTANT_NONE || w->due < f->as_of - HOUR_BEFORE * hour) return;
    instant at = (w->due - f->as_of) / hour + HOUR_BEFORE;
    if (w->due >= f->as_of + HOUR_AFTER * hour || at < 0 || at >= HOURS || f->sides[side].taken[at]) return;
    f->sides[side].taken[at] = true;
    json_t *one = wait_json(w, parties, f->as_of);
    json_put_text(one, "case", b->name);
    if (b->facts) json_put_u64(one, "open", b->facts - b->answered);
    json_add(f->deadlines, one);
}

static void count_wait(struct first_cases *f, const struct wait_for *w, unsigned side) {
    struct counted *c = &f->sides[side];
    c->count++;
    c->lapsed += wait_lapsed(w, f->as_of);
    c->by[w->what]++;
}

void first_add(struct first_cases *f, const struct case_brief *b, const struct text parties[2], unsigned own) {
    struct place places[LISTS][WAITS_MAX], newest = {.key = -b->opened};
    size_t counts[LISTS] = {0};
    json_t *row = NULL;
    if (belongs(f, &f->lists[NEWEST], &newest)) places[NEWEST][counts[NEWEST]++] = newest;
    for (size_t i = 0; i < b->wait_count; i++) {
        const struct wait_for *w = &b->waits[i];
        unsigned side = w->party == own ? OURS : THEIRS;
        struct place p = place_of(w);
        count_wait(f, w, side);
        mark(f, b, w, parties, side);
        if (belongs(f, &f->lists[side], &p)) places[side][counts[side]++] = p;
    }
    for (size_t l = 0; l < LISTS; l++)
        for (size_t i = 0; i < counts[l]; i++) {
            if (!row) row = brief_json(b, parties, own, f->as_of);
            places[l][i].row = row;
            if (belongs(f, &f->lists[l], &places[l][i])) insert(f, &f->lists[l], places[l][i]);
        }
    json_decref(row);
    f->count++;
    f->joint += b->words[2] != STATE_NONE;
}

/* ---- as an object */

static json_t *side_json(const struct counted *c) {
    json_t *side = json_object(), *by = json_object();
    json_put_u64(side, "count", c->count);
    json_put_u64(side, "lapsed", c->lapsed);
    for (size_t i = 0; i < WAIT_COUNT; i++)
        if (c->by[i]) json_put_u64(by, wait_word((enum wait)i), c->by[i]);
    json_put(side, "by", by);
    return side;
}

/* Each row once: a case may stand in all three lists. */
static json_t *rows_json(const struct first_cases *f) {
    json_t *rows = json_array(), *seen = json_object();
    for (size_t l = 0; l < LISTS; l++)
        for (size_t i = 0; i < f->lists[l].count; i++) {
            json_t *row = f->lists[l].at[i].row;
            const char *name = json_string_value(json_object_get(row, "case"));
            if (json_object_get(seen, name)) continue;
            json_put_bool(seen, name, true);
            json_add(rows, json_incref(row));
        }
    json_decref(seen);
    return rows;
}

json_t *first_json(struct first_cases *f) {
    json_t *whole = json_object(), *waits = json_object();
    json_put(whole, "as_of", json_from_instant(f->as_of));
    json_put_u64(whole, "first", f->first);
    json_put_u64(whole, "count", f->count);
    json_put_u64(whole, "joint", f->joint);
    json_put(whole, "cases", rows_json(f));
    json_put(waits, "ours", side_json(&f->sides[OURS]));
    json_put(waits, "theirs", side_json(&f->sides[THEIRS]));
    json_put(whole, "waits", waits);
    json_put(whole, "deadlines", json_incref(f->deadlines));
    return whole;
}
