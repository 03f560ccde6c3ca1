#include "claim/difference.h"

#include "base/map.h"

/* ---- rows of one sheet that are not in the other */

struct left_over {
    size_t *at; /* rows */
    size_t count, room;
};

static void leave(struct left_over *l, size_t row, struct arena *a) {
    l->at = arena_grow(a, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = row;
}

static struct text written(const struct fact *f, struct buf *out) {
    out->size = 0;
    fact_write(f, out);
    return buf_as_text(out);
}

/* Both sheets are sorted by their rows as they are written, so equal rows meet.  Returns how many did. */
static size_t set_apart(struct sheet before, struct sheet after, struct arena *a, struct left_over *old,
                        struct left_over *new) {
    struct buf x = {.max = SHEET_ROW_MAX}, y = {.max = SHEET_ROW_MAX};
    size_t i = 0, k = 0, same = 0;
    while (i < before.count && k < after.count) {
        int order = text_compare(written(&before.at[i], &x), written(&after.at[k], &y));
        if (order < 0) {
            leave(old, i++, a);
        } else if (order > 0) {
            leave(new, k++, a);
        } else {
            same++, i++, k++;
        }
    }
    while (i < before.count) leave(old, i++, a);
    while (k < after.count) leave(new, k++, a);
    buf_free(&x);
    buf_free(&y);
    return same;
}

/* ---- those of them that belong together */

struct line { /* rows of the new sheet about one observation, in order */
    struct left_over rows;
    size_t taken;
};

/* What makes two rows the same observation. */
static struct text observation_of(const struct fact *f, struct buf *out) {
    struct fact key = *f;
    key.first = key.last = INSTANT_NONE;
    key.count = key.evidence = SHEET_NO_COUNT;
    return written(&key, out);
}

static struct map index_rows(struct sheet after, const struct left_over *new, struct arena *a, struct buf *text) {
    struct map rows = {.arena = a};
    for (size_t i = 0; i < new->count; i++) {
        struct text key = observation_of(&after.at[new->at[i]], text);
        struct line *l = map_get(&rows, key);
        if (!l) {
            l = ARENA_NEW(a, struct line);
            *map_put(&rows, arena_text(a, key)) = l;
        }
        leave(&l->rows, new->at[i], a);
    }
    return rows;
}

/* Fills the partner of each old row that has one, and marks the new rows that are taken. */
static void pair(struct sheet before, struct sheet after, const struct left_over *old, const struct left_over *new,
                 struct arena *a, size_t *partners, bool *taken) {
    struct buf text = {.max = SHEET_ROW_MAX};
    struct map rows = index_rows(after, new, a, &text);
    for (size_t i = 0; i < old->count; i++) {
        struct line *l = map_get(&rows, observation_of(&before.at[old->at[i]], &text));
        if (!l || l->taken == l->rows.count) continue;
        partners[i] = l->rows.at[l->taken++];
        taken[partners[i]] = true;
    }
    buf_free(&text);
}

void sheet_compare(struct sheet before, struct sheet after, struct arena *a, struct sheet_difference *out) {
    struct sheet_difference d = {0};
    struct left_over old = {0}, new = {0};
    d.same = set_apart(before, after, a, &old, &new);
    size_t *partners = ARENA_ARRAY(a, size_t, old.count);
    bool *taken = ARENA_ARRAY(a, bool, after.count);
    for (size_t i = 0; i < old.count; i++) partners[i] = DIFFERENCE_NO_ROW;
    if (old.count <= DIFFERENCE_PAIRED_MAX && new.count <= DIFFERENCE_PAIRED_MAX)
        pair(before, after, &old, &new, a, partners, taken);
    d.at = ARENA_ARRAY(a, struct changed_row, old.count + new.count);
    for (size_t i = 0; i < old.count; i++) {
        d.at[d.count++] = (struct changed_row){old.at[i], partners[i]};
        *(partners[i] == DIFFERENCE_NO_ROW ? &d.gone : &d.changed) += 1;
    }
    for (size_t i = 0; i < new.count; i++) {
        if (taken[new.at[i]]) continue;
        d.at[d.count++] = (struct changed_row){DIFFERENCE_NO_ROW, new.at[i]};
        d.added++;
    }
    *out = d;
}
