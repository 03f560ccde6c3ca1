/* Sorted rows to a sheet, in its order, those that are the same as one. */
#include <stdlib.h>

#include "fact/form.h"
#include "fact/row_sort.h"

enum { BUFFER_MIN = 1 << 14, BUFFER_MAX = 1 << 18, PIECE_BYTES = 1 << 17 }; /* a row has less */

struct row_source { /* a run of rows, at one of them */
    struct scratch_reader in;
    const struct row_head *at;
    uint64_t first; /* of its shard's facts in row_of */
};

struct next_row { /* of a run; its times here, which mostly tell which is first */
    instant first, last;
    struct row_source *of;
};

struct writing {
    struct sheet_merge *m;
    struct row_source *sources;
    size_t opened;
    struct next_row *heap; /* from 1 */
    size_t count;
    struct row_head row; /* that others may still be the same as; a count of 0: none */
    struct buf rest;     /* its own */
    struct buf out;
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

/* A row as a whole stands in the buffer, which has room for the longest. */
static enum error next_row(struct row_source *s, struct diag *d) {
    uint8_t *at, *rest = NULL;
    enum error result = scratch_next(&s->in, sizeof *s->at, &at, d);
    s->at = NULL;
    if (result || !at) return result;
    struct row_head head;
    memcpy(&head, at, sizeof head);
    s->in.from -= sizeof head;
    result = scratch_next(&s->in, row_bytes(&head), &rest, d);
    s->at = (const void *)rest;
    return result;
}

static enum error open_shard(struct writing *w, size_t number, size_t room, struct diag *d) {
    const struct row_sorter *rows = &w->m->shards[number].rows;
    enum error result = OK;
    for (size_t i = 0; !result && i < rows->run_count; i++) {
        struct row_source *s = &w->sources[w->opened];
        uint64_t end = i + 1 < rows->run_count ? rows->runs[i + 1] : rows->into->size;
        s->first = w->m->first[number];
        result = scratch_reader_open(rows->into, rows->runs[i], end, room, false, &s->in, d);
        if (result) return result;
        w->opened++;
        result = next_row(s, d);
        if (!result) w->heap[++w->count] = next_of(s);
    }
    return result;
}

static enum error open_all(struct writing *w, struct diag *d) {
    struct sheet_merge *m = w->m;
    size_t runs = 0;
    uint64_t facts = 0;
    enum error result = OK;
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        m->first[i] = facts;
        facts += m->shards[i].facts;
        runs += m->shards[i].rows.run_count;
        m->sums.sources += m->shards[i].sources;
    }
    if (m->keep_lines) m->row_of = calloc(facts + 1, sizeof *m->row_of);
    w->sources = calloc(runs + 1, sizeof *w->sources);
    w->heap = calloc(runs + 2, sizeof *w->heap);
    if (!w->sources || !w->heap || (m->keep_lines && !m->row_of)) return fail(d, ERR_MEMORY, _("out of memory"));
    size_t room = m->buffer_bytes / (runs + 1);
    room = (room < BUFFER_MIN ? BUFFER_MIN : room > BUFFER_MAX ? BUFFER_MAX : room) & ~(size_t)7;
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) result = open_shard(w, i, room, d);
    for (size_t i = w->count / 2; i; i--) sink(w, i);
    return result;
}

/* ---- the sheet */

static enum error pass_on(struct writing *w, size_t from, struct diag *d) {
    if (w->out.size < from) return OK;
    enum error result = buf_check(&w->out, d);
    if (!result) result = w->m->write(w->m->to, buf_as_bytes(&w->out), d);
    w->m->bytes += w->out.size;
    if (!result && w->m->bytes > SHEET_BYTES_MAX) result = fail_large_sheet(d);
    buf_clear(&w->out);
    return result;
}

/* A bucket ends where the next row would make it too large. */
static enum error into_bucket(struct writing *w, struct diag *d) {
    struct sheet_merge *m = w->m;
    uint64_t bytes = w->row.line_bytes + w->row.kept * (sizeof(struct sorted_line) + 8);
    if (!m->keep_lines) return OK;
    if (m->bucket_count && m->buckets[m->bucket_count - 1].bytes + bytes <= m->bucket_bytes) {
        m->buckets[m->bucket_count - 1].bytes += bytes;
        return OK;
    }
    if (m->bucket_count + 1 >= m->bucket_room) {
        size_t room = m->bucket_room ? 2 * m->bucket_room : 64;
        struct bucket *more = realloc(m->buckets, room * sizeof *more);
        if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
        m->buckets = more;
        m->bucket_room = room;
    }
    m->buckets[m->bucket_count++] = (struct bucket){m->sums.count, m->bytes + w->out.size, bytes};
    return OK;
}

static const char *fault_of(const struct writing *w, struct text row) {
    if (row.size > SHEET_ROW_MAX) return N_("longer than a row may be");
    return fact_counts_fault(w->row.count, w->m->keep_lines ? w->row.kept : SHEET_NO_COUNT);
}

static void put_times(struct writing *w) {
    struct buf *out = &w->out;
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

static enum error put_row(struct writing *w, struct diag *d) {
    struct gathered *sums = &w->m->sums;
    struct buf *out = &w->out;
    if (!w->row.count) return OK;
    enum error result = into_bucket(w, d);
    if (result) return result;
    size_t from = out->size;
    put_times(w);
    buf_bytes(out, buf_as_bytes(&w->rest));
    buf_u64(out, w->row.count);
    buf_char(out, ',');
    if (w->m->keep_lines) buf_u64(out, w->row.kept);
    const char *fault = fault_of(w, text_sub(buf_as_text(out), from, out->size));
    if (fault)
        return fail(d, ERR_INPUT, _("fact %llu can't be written: %s"), (unsigned long long)sums->count, gettext(fault));
    buf_char(out, '\n');
    if (!sums->count++) sums->first = w->row.first;
    if (sums->count > SHEET_ROWS_MAX) return fail_too_many_facts(d);
    if (w->row.last > sums->last) sums->last = w->row.last;
    if (__builtin_add_overflow(sums->events, w->row.count, &sums->events)) sums->events = UINT64_MAX;
    return pass_on(w, PIECE_BYTES, d);
}

static bool same(const struct writing *w, const struct row_head *row) {
    return w->row.count && w->row.first == row->first && w->row.last == row->last &&
           text_equal(buf_as_text(&w->rest), row_rest(row));
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
    if (!result && w->m->row_of) w->m->row_of[s->first + row->fact] = (uint32_t)w->m->sums.count;
    if (!result) result = next_row(s, d);
    if (result) return result;
    w->heap[1] = s->at ? next_of(s) : w->heap[w->count--];
    if (w->count) sink(w, 1);
    return OK;
}

/* Where the last bucket ends. */
static void end_buckets(struct writing *w) {
    struct sheet_merge *m = w->m;
    if (m->bucket_count) m->buckets[m->bucket_count] = (struct bucket){m->sums.count, m->bytes, 0};
}

enum error sheet_merge(struct sheet_merge *m, struct diag *d) {
    struct writing w = {.m = m, .rest.max = 2 * SHEET_ROW_MAX, .out.max = SIZE_MAX / 2};
    m->sums = (struct gathered){.first = INSTANT_NONE, .last = INSTANT_NONE};
    buf_text(&w.out, SHEET_HEADER);
    enum error result = open_all(&w, d);
    while (!result && w.count) result = take(&w, w.heap[1].of, d);
    if (!result) result = put_row(&w, d);
    if (!result) result = pass_on(&w, 0, d);
    if (!result) end_buckets(&w);
    for (size_t i = 0; i < w.opened; i++) result = scratch_reader_close(&w.sources[i].in, result, d);
    free(w.sources);
    free(w.heap);
    buf_free(&w.rest);
    buf_free(&w.out);
    return result;
}

void sheet_merge_free(struct sheet_merge *m) {
    free(m->buckets);
    free(m->row_of);
    m->buckets = NULL;
    m->row_of = NULL;
}
