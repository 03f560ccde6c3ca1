#include "claim/difference.h"

#include "base/map.h"

struct line { /* rows of the new sheet that one text stands for, in order */
    size_t *at;
    size_t count, room, taken;
};

struct comparing {
    struct arena *arena;
    struct sheet before, after;
    bool *taken; /* rows of the new sheet that belong to one of the old */
};

static struct text text_of_row(struct comparing *c, const struct fact *f, bool whole) {
    struct fact key = *f;
    struct buf row = {.max = SHEET_ROW_MAX};
    if (!whole) {
        key.first = key.last = INSTANT_NONE;
        key.count = key.evidence = SHEET_NO_COUNT;
    }
    fact_write(&key, &row);
    struct text t = arena_text(c->arena, buf_as_text(&row));
    buf_free(&row);
    return t;
}

/* The rows of the new sheet that are not taken, by what they say. */
static struct map index_rows(struct comparing *c, bool whole) {
    struct map rows = {.arena = c->arena};
    for (size_t i = 0; i < c->after.count; i++) {
        if (c->taken[i]) continue;
        struct line **place = (struct line **)map_put(&rows, text_of_row(c, &c->after.at[i], whole));
        if (!*place) *place = ARENA_NEW(c->arena, struct line);
        struct line *l = *place;
        l->at = arena_grow(c->arena, l->at, l->count, &l->room, sizeof *l->at);
        l->at[l->count++] = i;
    }
    return rows;
}

/* The next row of the new sheet that says the same, or DIFFERENCE_NO_ROW. */
static size_t take(struct comparing *c, const struct map *rows, const struct fact *f, bool whole) {
    struct line *l = map_get(rows, text_of_row(c, f, whole));
    if (!l || l->taken == l->count) return DIFFERENCE_NO_ROW;
    size_t row = l->at[l->taken++];
    c->taken[row] = true;
    return row;
}

void sheet_compare(struct sheet before, struct sheet after, struct arena *a, struct sheet_difference *out) {
    struct comparing c = {a, before, after, ARENA_ARRAY(a, bool, after.count)};
    struct sheet_difference d = {.at = ARENA_ARRAY(a, struct changed_row, before.count + after.count)};
    bool *same = ARENA_ARRAY(a, bool, before.count);
    struct map rows = index_rows(&c, true);
    for (size_t i = 0; i < before.count; i++) {
        same[i] = take(&c, &rows, &before.at[i], true) != DIFFERENCE_NO_ROW;
        d.same += same[i];
    }
    rows = index_rows(&c, false);
    for (size_t i = 0; i < before.count; i++) {
        if (same[i]) continue;
        size_t row = take(&c, &rows, &before.at[i], false);
        d.at[d.count++] = (struct changed_row){i, row};
        *(row == DIFFERENCE_NO_ROW ? &d.gone : &d.changed) += 1;
    }
    for (size_t i = 0; i < after.count; i++) {
        if (c.taken[i]) continue;
        d.at[d.count++] = (struct changed_row){DIFFERENCE_NO_ROW, i};
        d.added++;
    }
    *out = d;
}
