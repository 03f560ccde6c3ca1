#include "base/diff.h"

#include <stdlib.h>

struct lines {
    struct text *at;
    size_t count;
};

/* The last line may lack its LF; nothing has no lines. */
static struct lines lines_of(struct text t, struct arena *a) {
    struct lines l = {0};
    size_t room = 0;
    for (struct text line; t.size; l.at[l.count++] = line) {
        if (!text_line(&t, &line)) {
            line = t;
            t.size = 0;
        }
        l.at = arena_grow(a, l.at, l.count, &room, sizeof line);
    }
    return l;
}

struct differ {
    struct lines old, new;
    struct diff_line *out;
    size_t count, changed;
};

static void put(struct differ *d, enum diff_sign sign, struct text line) {
    d->out[d->count++] = (struct diff_line){sign, line};
    d->changed += sign != DIFF_SAME;
}

/* common[i][k]: lines that old[i..] and new[k..] have in common, in order. */
static void fill(const struct differ *d, size_t from, size_t old_end, size_t new_end, uint32_t *common) {
    size_t width = new_end - from + 1;
    for (size_t i = old_end; i-- > from;)
        for (size_t k = new_end; k-- > from;) {
            uint32_t *cell = &common[(i - from) * width + (k - from)];
            uint32_t without_old = cell[width], without_new = cell[1];
            *cell = without_old > without_new ? without_old : without_new;
            if (text_equal(d->old.at[i], d->new.at[k])) *cell = cell[width + 1] + 1;
        }
}

static void walk(struct differ *d, size_t from, size_t old_end, size_t new_end, const uint32_t *common) {
    size_t width = new_end - from + 1, i = from, k = from;
    while (i < old_end && k < new_end) {
        const uint32_t *cell = common ? &common[(i - from) * width + (k - from)] : NULL;
        if (cell && text_equal(d->old.at[i], d->new.at[k]))
            put(d, DIFF_SAME, d->old.at[i++]), k++;
        else if (!cell || cell[width] >= cell[1])
            put(d, DIFF_OLD, d->old.at[i++]);
        else
            put(d, DIFF_NEW, d->new.at[k++]);
    }
    while (i < old_end) put(d, DIFF_OLD, d->old.at[i++]);
    while (k < new_end) put(d, DIFF_NEW, d->new.at[k++]);
}

struct diff diff_of(struct text before, struct text after, struct arena *a) {
    struct differ d = {.old = lines_of(before, a), .new = lines_of(after, a)};
    size_t from = 0, old_end = d.old.count, new_end = d.new.count;
    d.out = ARENA_ARRAY(a, struct diff_line, old_end + new_end + 1);
    for (; from < old_end && from < new_end && text_equal(d.old.at[from], d.new.at[from]); from++)
        put(&d, DIFF_SAME, d.old.at[from]);
    while (old_end > from && new_end > from && text_equal(d.old.at[old_end - 1], d.new.at[new_end - 1]))
        old_end--, new_end--;
    size_t rows = old_end - from + 1, width = new_end - from + 1;
    uint32_t *common = rows <= DIFF_CELLS_MAX / width ? calloc(rows * width, sizeof *common) : NULL;
    if (common) fill(&d, from, old_end, new_end, common);
    walk(&d, from, old_end, new_end, common);
    for (size_t i = old_end; i < d.old.count; i++) put(&d, DIFF_SAME, d.old.at[i]);
    free(common);
    return (struct diff){d.out, d.count, d.changed};
}
