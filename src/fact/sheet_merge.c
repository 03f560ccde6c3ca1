/* Sorted rows to a sheet, in its order, those that are the same as one.
 *
 * Time is cut into stretches, at times that runs of rows have marked, so that each has about as many bytes; what is the
 * same begins at one time, so it meets in one stretch.  What a stretch counts begins at its own first row, until it is
 * put behind those before it. */
#include <stdlib.h>

#include "fact/form.h"
#include "fact/row_sort.h"

enum { BUFFER_MIN = 1 << 14, BUFFER_MAX = 1 << 18 }; /* a row has less */

struct row_source { /* a run of rows, at one of them */
    struct scratch_reader in;
    const struct row_head *at;
    uint64_t first; /* of its shard's facts in row_of */
};

struct next_row { /* of a run; its times here, which mostly tell which is first */
    instant first, last;
    struct row_source *of;
};

struct writing { /* a stretch */
    const struct sheet_merge *m;
    struct sheet_stretch *out;
    instant from, end; /* of the first times of its rows; `end` is not one */
    struct row_source *sources;
    size_t opened;
    struct next_row *heap; /* from 1 */
    size_t count;
    struct row_head row; /* that others may still be the same as; a count of 0: none */
    struct buf rest;     /* its own */
    struct instant_day day;
    instant second; /* how it is written */
    char first[INSTANT_TEXT_MAX + 1];
    size_t first_size;
};

/* ---- the rows, in order */

static bool comes_before(const struct next_row *a, const struct next_row *b) {
    if (a->first != b->first) return a->first < b->first;
    if (a->last != b->last) return a->last < b->last;
    return text_compare(row_rest(a->of->at), row_rest(b->of->at)) < 0;
}

static struct next_row next_of(struct row_source *s) { return (struct next_row){s->at->first, s->at->last, s}; }

static void sink(struct writing *w, size_t i) {
    const struct next_row moved = w->heap[i];
    for (size_t child; (child = 2 * i) <= w->count; i = child) {
        if (child < w->count && comes_before(&w->heap[child + 1], &w->heap[child])) child++;
        if (!comes_before(&w->heap[child], &moved)) break;
        w->heap[i] = w->heap[child];
    }
    w->heap[i] = moved;
}

/* A row as a whole stands in the buffer, which has room for the longest.  One of a later stretch is none. */
static enum error next_row(const struct writing *w, struct row_source *s, struct diag *d) {
    uint8_t *at, *rest = NULL;
    enum error result = scratch_next(&s->in, sizeof *s->at, &at, d);
    s->at = NULL;
    if (result || !at) return result;
    struct row_head head;
    memcpy(&head, at, sizeof head);
    s->in.from -= sizeof head;
    result = scratch_next(&s->in, row_bytes(&head), &rest, d);
    s->at = head.first < w->end ? (const void *)rest : NULL;
    return result;
}

/* How many of a run's marks are of times before this one. */
static size_t marks_before(const struct row_mark *marks, size_t count, instant at) {
    size_t from = 0;
    while (from < count) {
        size_t middle = from + (count - from) / 2;
        if (marks[middle].first < at)
            from = middle + 1;
        else
            count = middle;
    }
    return from;
}

struct marks {
    const struct row_mark *at;
    size_t count;
};
static struct marks marks_of(const struct row_sorter *rows, size_t run) {
    const size_t from = rows->runs[run].marks;
    const size_t count = (run + 1 < rows->run_count ? rows->runs[run + 1].marks : rows->mark_count) - from;
    return count ? (struct marks){rows->marks + from, count} : (struct marks){0};
}

/* Where a run's rows that begin from a time on start, or a few rows before. */
static uint64_t start_of(const struct row_sorter *rows, size_t run, instant from) {
    const struct marks m = marks_of(rows, run);
    const size_t before = marks_before(m.at, m.count, from);
    if (before < m.count && m.at[before].first == from) return m.at[before].at;
    return before ? m.at[before - 1].at : rows->runs[run].at;
}

/* Where no rows are left that begin before a time, or a few rows later. */
static uint64_t end_of(const struct row_sorter *rows, size_t run, instant end) {
    const struct marks m = marks_of(rows, run);
    const size_t before = marks_before(m.at, m.count, end);
    if (before < m.count) return m.at[before].at;
    return run + 1 < rows->run_count ? rows->runs[run + 1].at : rows->into->size;
}

static enum error open_shard(struct writing *w, size_t number, size_t room, struct diag *d) {
    const struct row_sorter *rows = &w->m->shards[number].rows;
    enum error result = OK;
    for (size_t i = 0; !result && i < rows->run_count; i++) {
        struct row_source *s = &w->sources[w->opened];
        s->first = w->m->first[number];
        result = scratch_reader_open(rows->into, start_of(rows, i, w->from), end_of(rows, i, w->end), room, false,
                                     &s->in, d);
        if (result) return result;
        w->opened++;
        do result = next_row(w, s, d);
        while (!result && s->at && s->at->first < w->from);
        if (!result && s->at) w->heap[++w->count] = next_of(s);
    }
    return result;
}

static enum error open_all(struct writing *w, struct diag *d) {
    const struct sheet_merge *m = w->m;
    enum error result = OK;
    w->sources = calloc(m->run_count + 1, sizeof *w->sources);
    w->heap = calloc(m->run_count + 2, sizeof *w->heap);
    if (!w->sources || !w->heap) return fail(d, ERR_MEMORY, _("out of memory"));
    size_t room = m->buffer_bytes / (m->threads ? m->threads : 1) / (m->run_count + 1);
    room = (room < BUFFER_MIN ? BUFFER_MIN : room > BUFFER_MAX ? BUFFER_MAX : room) & ~(size_t)7;
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) result = open_shard(w, i, room, d);
    for (size_t i = w->count / 2; i; i--) sink(w, i);
    return result;
}

/* ---- the rows of a stretch */

/* A list with room for one more; NULL: out of memory, and it stays as it is. */
static void *with_room(void *list, size_t count, size_t *room, size_t size) {
    if (count < *room) return list;
    size_t more = *room ? 2 * *room : 64;
    void *taken = realloc(list, more * size);
    if (taken) *room = more;
    return taken;
}

static enum error bucket_add(struct bucket **list, size_t *count, size_t *room, struct bucket b, struct diag *d) {
    struct bucket *more = with_room(*list, *count + 1, room, sizeof *more); /* and for one behind the last */
    if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
    *list = more;
    more[(*count)++] = b;
    return OK;
}

/* A bucket ends where the next row would make it too large. */
static enum error into_bucket(struct writing *w, struct diag *d) {
    struct sheet_stretch *s = w->out;
    uint64_t bytes = w->row.line_bytes + w->row.kept * (sizeof(struct sorted_line) + 8);
    if (!w->m->keep_lines) return OK;
    if (s->bucket_count && s->buckets[s->bucket_count - 1].bytes + bytes <= w->m->bucket_bytes) {
        s->buckets[s->bucket_count - 1].bytes += bytes;
        return OK;
    }
    const struct bucket new = {s->sums.count, s->text.size, bytes};
    return bucket_add(&s->buckets, &s->bucket_count, &s->bucket_room, new, d);
}

static const char *fault_of(const struct writing *w, struct text row) {
    if (row.size > SHEET_ROW_MAX) return N_("longer than a row may be");
    return fact_counts_fault(w->row.count, w->m->keep_lines ? w->row.kept : SHEET_NO_COUNT);
}

static void put_times(struct writing *w) {
    struct buf *out = &w->out->text;
    char last[INSTANT_TEXT_MAX];
    if (w->row.first != w->second || !w->first_size) {
        w->first_size = instant_write_near(w->row.first, &w->day, w->first).size;
        w->first[w->first_size++] = ',';
        w->second = w->row.first;
    }
    buf_bytes(out, bytes_of(w->first, w->first_size));
    if (w->row.last == w->row.first) {
        buf_bytes(out, bytes_of(w->first, w->first_size));
    } else {
        buf_text(out, instant_write_near(w->row.last, &w->day, last));
        buf_char(out, ',');
    }
}

static void add_events(struct gathered *to, uint64_t events) {
    if (__builtin_add_overflow(to->events, events, &to->events)) to->events = UINT64_MAX;
}

static enum error put_row(struct writing *w, struct diag *d) {
    struct gathered *sums = &w->out->sums;
    struct buf *out = &w->out->text;
    if (!w->row.count) return OK;
    enum error result = into_bucket(w, d);
    if (result) return result;
    size_t from = out->size;
    put_times(w);
    buf_bytes(out, buf_as_bytes(&w->rest));
    buf_u64(out, w->row.count);
    buf_char(out, ',');
    if (w->m->keep_lines) buf_u64(out, w->row.kept);
    w->out->fault = fault_of(w, text_sub(buf_as_text(out), from, out->size));
    if (w->out->fault) return OK;
    buf_char(out, '\n');
    if (!sums->count++) sums->first = w->row.first;
    if (sums->count > SHEET_ROWS_MAX) return fail_too_many_facts(d);
    if (w->row.last > sums->last) sums->last = w->row.last;
    add_events(sums, w->row.count);
    return buf_check(out, d);
}

static bool same(const struct writing *w, const struct row_head *row) {
    return w->row.count && w->row.first == row->first && w->row.last == row->last &&
           text_equal(buf_as_text(&w->rest), row_rest(row));
}

static enum error note_fact(const struct writing *w, uint64_t fact, struct diag *d) {
    struct sheet_stretch *s = w->out;
    if (!w->m->row_of) return OK;
    struct fact_row *more = with_room(s->rows, s->row_count, &s->row_room, sizeof *more);
    if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
    s->rows = more;
    more[s->row_count++] = (struct fact_row){fact, (uint32_t)s->sums.count};
    return OK;
}

static enum error take(struct writing *w, struct row_source *s, struct diag *d) {
    const struct row_head *row = s->at;
    enum error result = OK;
    if (same(w, row)) {
        if (__builtin_add_overflow(w->row.count, row->count, &w->row.count)) w->row.count = UINT64_MAX - 1;
        w->row.kept += row->kept;
        w->row.line_bytes += row->line_bytes;
    } else {
        result = put_row(w, d);
        w->row = *row;
        buf_clear(&w->rest);
        buf_text(&w->rest, row_rest(row));
    }
    if (!result) result = note_fact(w, s->first + row->fact, d);
    if (!result) result = next_row(w, s, d);
    if (result) return result;
    w->heap[1] = s->at ? next_of(s) : w->heap[w->count--];
    if (w->count) sink(w, 1);
    return OK;
}

enum error sheet_merge_stretch(const struct sheet_merge *m, size_t number, struct diag *d) {
    struct sheet_stretch *out = &m->stretches[number];
    struct writing w = {.m = m, .out = out, .from = out->from, .end = INT64_MAX, .rest.max = 2 * SHEET_ROW_MAX};
    if (number + 1 < m->stretch_count) w.end = out[1].from;
    out->text.max = SIZE_MAX / 2;
    out->sums = (struct gathered){.first = INSTANT_NONE, .last = INSTANT_NONE};
    enum error result = open_all(&w, d);
    while (!result && !out->fault && w.count) result = take(&w, w.heap[1].of, d);
    if (!result && !out->fault) result = put_row(&w, d);
    for (size_t i = 0; i < w.opened; i++) result = scratch_reader_close(&w.sources[i].in, result, d);
    free(w.sources);
    free(w.heap);
    buf_free(&w.rest);
    return result;
}

/* ---- stretches */

static int by_time(const void *a, const void *b) {
    instant x = *(const instant *)a, y = *(const instant *)b;
    return (x > y) - (x < y);
}

/* Cuts where the sheet has come to as many bytes as one stretch should have, as far as the marks tell. */
static enum error cut(struct sheet_merge *m, uint64_t bytes, size_t mark_count, struct diag *d) {
    enum { STRETCH_MIN = 1 << 16, STRETCH_MAX = 1 << 22, PARTS = 16 };
    uint64_t want = m->buffer_bytes / PARTS;
    want = want < STRETCH_MIN ? STRETCH_MIN : want > STRETCH_MAX ? STRETCH_MAX : want;
    const size_t most = (size_t)(bytes / want) + 1;
    instant *times = calloc(mark_count + 1, sizeof *times);
    m->stretches = calloc(most, sizeof *m->stretches);
    if (times && m->stretches) {
        size_t count = 0;
        for (size_t i = 0; i < GATHER_SHARDS; i++)
            for (size_t k = 0; k < m->shards[i].rows.mark_count; k++) times[count++] = m->shards[i].rows.marks[k].first;
        qsort(times, count, sizeof *times, by_time);
        m->stretches[m->stretch_count++].from = INT64_MIN;
        for (size_t i = 1; i < most && count; i++) {
            instant at = times[i * count / most];
            if (at > m->stretches[m->stretch_count - 1].from) m->stretches[m->stretch_count++].from = at;
        }
    }
    free(times);
    return m->stretch_count ? OK : fail(d, ERR_MEMORY, _("out of memory"));
}

static enum error pass_on(struct sheet_merge *m, struct bytes text, struct diag *d) {
    enum error result = m->write(m->to, text, d);
    m->bytes += text.size;
    return !result && m->bytes > SHEET_BYTES_MAX ? fail_large_sheet(d) : result;
}

enum error sheet_merge_begin(struct sheet_merge *m, struct diag *d) {
    uint64_t facts = 0, bytes = 0;
    size_t marks = 0;
    m->sums = (struct gathered){.first = INSTANT_NONE, .last = INSTANT_NONE};
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        const struct row_sorter *rows = &m->shards[i].rows;
        m->first[i] = facts;
        facts += m->shards[i].facts;
        bytes += rows->into ? rows->into->size : 0;
        marks += rows->mark_count;
        m->run_count += rows->run_count;
        m->sums.sources += m->shards[i].sources;
    }
    if (m->keep_lines) m->row_of = calloc(facts + 1, sizeof *m->row_of);
    if (m->keep_lines && !m->row_of) return fail(d, ERR_MEMORY, _("out of memory"));
    enum error result = cut(m, bytes, marks, d);
    return result ? result : pass_on(m, bytes_from_text(SHEET_HEADER), d);
}

/* Where the last bucket ends is told by one more. */
static enum error put_buckets(struct sheet_merge *m, const struct sheet_stretch *s, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; !result && i < s->bucket_count; i++) {
        const struct bucket *b = &s->buckets[i];
        const struct bucket put = {m->sums.count + b->row, m->bytes + b->sheet_at, b->bytes};
        result = bucket_add(&m->buckets, &m->bucket_count, &m->bucket_room, put, d);
    }
    if (!result && m->bucket_count)
        m->buckets[m->bucket_count] = (struct bucket){m->sums.count + s->sums.count, m->bytes + s->text.size, 0};
    return result;
}

static void put_sums(struct gathered *to, const struct gathered *more) {
    if (!to->count) to->first = more->first;
    if (more->count && more->last > to->last) to->last = more->last;
    to->count += more->count;
    add_events(to, more->events);
}

static void stretch_free(struct sheet_stretch *s) {
    buf_free(&s->text);
    free(s->buckets);
    free(s->rows);
    s->buckets = NULL;
    s->rows = NULL;
}

enum error sheet_merge_put(struct sheet_merge *m, size_t number, struct diag *d) {
    struct sheet_stretch *s = &m->stretches[number];
    if (s->fault)
        return fail(d, ERR_INPUT, _("fact %llu can't be written: %s"),
                    (unsigned long long)(m->sums.count + s->sums.count), gettext(s->fault));
    enum error result = put_buckets(m, s, d);
    for (size_t i = 0; i < s->row_count; i++) m->row_of[s->rows[i].fact] = (uint32_t)m->sums.count + s->rows[i].row;
    put_sums(&m->sums, &s->sums);
    if (!result && m->sums.count > SHEET_ROWS_MAX) result = fail_too_many_facts(d);
    if (!result) result = pass_on(m, buf_as_bytes(&s->text), d);
    stretch_free(s);
    return result;
}

enum error sheet_merge(struct sheet_merge *m, struct diag *d) {
    enum error result = sheet_merge_begin(m, d);
    for (size_t i = 0; !result && i < m->stretch_count; i++) {
        result = sheet_merge_stretch(m, i, d);
        if (!result) result = sheet_merge_put(m, i, d);
    }
    return result;
}

void sheet_merge_free(struct sheet_merge *m) {
    for (size_t i = 0; i < m->stretch_count; i++) stretch_free(&m->stretches[i]);
    free(m->stretches);
    free(m->buckets);
    free(m->row_of);
    m->stretches = NULL;
    m->stretch_count = 0;
    m->buckets = NULL;
    m->row_of = NULL;
}
