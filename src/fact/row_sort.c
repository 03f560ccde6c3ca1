#include "fact/row_sort.h"

#include <stdlib.h>

#include "fact/form.h"

enum { PIECE_BYTES = 1 << 18, BYTES_TO_SORT = 2 * sizeof(struct timed) /* a row */ };

static const struct row_head *row_at(const struct row_sorter *s, const struct timed *t) {
    return (const void *)(s->held.at + t->at);
}

static int by_row(const void *a, const void *b, void *sorter) {
    const struct row_sorter *s = sorter;
    return row_compare(row_at(s, a), row_at(s, b));
}

/* By the second, and the few of each second as they are. */
static enum error sort_held(struct row_sorter *s, struct diag *d) {
    enum error result = timed_sort(&s->at, s->count, d);
    s->room = s->count; /* it may be another one */
    for (size_t i = 0, run; !result && i < s->count; i += run) {
        run = timed_run(s->at + i, s->count - i);
        if (run > 1) qsort_r(s->at + i, run, sizeof *s->at, by_row, s);
    }
    return result;
}

static enum error note_run(struct row_sorter *s, struct diag *d) {
    if (s->run_count == s->run_room) {
        size_t room = s->run_room ? 2 * s->run_room : 8;
        struct row_run *more = realloc(s->runs, room * sizeof *more);
        if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
        s->runs = more;
        s->run_room = room;
    }
    s->runs[s->run_count++] = (struct row_run){s->into->size, s->mark_count};
    return OK;
}

static enum error note_mark(struct row_sorter *s, struct row_mark mark, struct diag *d) {
    if (s->mark_count == s->mark_room) {
        size_t room = s->mark_room ? 2 * s->mark_room : 64;
        struct row_mark *more = realloc(s->marks, room * sizeof *more);
        if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
        s->marks = more;
        s->mark_room = room;
    }
    s->marks[s->mark_count++] = mark;
    return OK;
}

enum error row_sorter_end(struct row_sorter *s, struct diag *d) {
    enum { FAR = 8, APART = 1 << 12 };
    struct buf out = {.max = SIZE_MAX / 2};
    uint64_t marked = s->into->size;
    if (!s->count) return OK;
    enum error result = note_run(s, d);
    if (!result) result = sort_held(s, d);
    for (size_t i = 0; !result && i < s->count; i++) {
        const struct row_head *head = row_at(s, &s->at[i]);
        if (i + FAR < s->count) __builtin_prefetch(row_at(s, &s->at[i + FAR]));
        const uint64_t at = s->into->size + out.size;
        if (at - marked >= APART && head->first > row_at(s, &s->at[i - 1])->first) {
            result = note_mark(s, (struct row_mark){head->first, at}, d);
            marked = at;
        }
        buf_bytes(&out, bytes_of(head, row_bytes(head)));
        if (result || (out.size < PIECE_BYTES && i + 1 < s->count)) continue;
        result = buf_check(&out, d);
        if (!result) result = scratch_append(s->into, buf_as_bytes(&out), d);
        buf_clear(&out);
    }
    buf_free(&out);
    buf_clear(&s->held);
    s->count = 0;
    return result;
}

enum error row_sorter_add(struct row_sorter *s, const struct row_head *head, const char *rest, struct diag *d) {
    size_t size = row_bytes(head);
    if (s->count && s->held.size + size + (s->count + 1) * BYTES_TO_SORT > s->max_bytes) {
        enum error result = row_sorter_end(s, d);
        if (result) return result;
    }
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 1024;
        struct timed *more = realloc(s->at, room * sizeof *more);
        if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
        s->at = more;
        s->room = room;
    }
    s->held.max = SIZE_MAX / 2;
    uint8_t *to = buf_extend(&s->held, size);
    if (!to) return fail(d, ERR_MEMORY, _("out of memory"));
    memcpy(to, head, sizeof *head);
    memcpy(to + sizeof *head, rest, head->size);
    s->at[s->count++] = (struct timed){head->first / INSTANT_SECOND, s->held.size - size};
    return OK;
}

void row_sorter_shrink(struct row_sorter *s) {
    buf_free(&s->held);
    free(s->at);
    s->at = NULL;
    s->count = s->room = 0;
}

void row_sorter_free(struct row_sorter *s) {
    row_sorter_shrink(s);
    free(s->runs);
    free(s->marks);
    s->runs = NULL;
    s->marks = NULL;
}

enum error fail_large_sheet(struct diag *d) {
    return fail(d, ERR_LIMIT,
                _("a sheet of more than %d bytes: a longer --window makes fewer facts, --where takes some"),
                SHEET_BYTES_MAX);
}

enum error fail_too_many_facts(struct diag *d) {
    return fail(d, ERR_LIMIT,
                _("more facts than a sheet may have (%d): a longer --window makes fewer of them, --where takes some"),
                SHEET_ROWS_MAX);
}
