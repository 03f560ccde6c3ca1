/* Lines that were put aside, divided over the buckets of the rows that they belong to. */
#include <stdlib.h>

#include "fact/run.h"
#include "fact/spill.h"

struct span { /* a fragment, and the row that it came to, and that row's bucket */
    instant first, last;
    uint32_t row, bucket;
};

struct sorting {
    const struct gather *g;
    const struct sheet_merge *m;
    struct lines_sorted *out;
    size_t buffer_bytes;
    struct buf *held; /* one a bucket */
    /* Of one run: */
    struct span *spans;
    struct group_spans { /* of each group */
        uint32_t first, count;
    } * groups;
    size_t span_count;
    struct scratch_reader in;
};

/* ---- what became of a run */

static uint32_t bucket_of(const struct sheet_merge *m, uint64_t row) {
    size_t from = 0, to = m->bucket_count;
    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        if (m->buckets[middle].row > row)
            to = middle;
        else
            from = middle;
    }
    return (uint32_t)from;
}

static enum error read_group(struct sorting *s, size_t shard, const struct run_group *group, struct diag *d) {
    uint8_t *at;
    size_t object = run_object_bytes(&group->key);
    enum error result = object ? scratch_next(&s->in, object, &at, d) : OK;
    s->groups[group->number] = (struct group_spans){(uint32_t)s->span_count, group->fragments};
    for (uint32_t i = 0; !result && i < group->fragments; i++) {
        struct fragment f;
        result = scratch_next(&s->in, sizeof f, &at, d);
        if (result) return result;
        memcpy(&f, at, sizeof f);
        const uint32_t row = s->m->row_of[s->m->first[shard] + f.count];
        s->spans[s->span_count++] = (struct span){f.first, f.last, row, bucket_of(s->m, row)};
    }
    return result;
}

static enum error read_shard(struct sorting *s, const struct spilled *run, size_t shard, struct diag *d) {
    enum error result =
        scratch_reader_open(s->g->options.runs, run->at[shard], run->at[shard + 1], 1 << 17, false, &s->in, d);
    while (!result) {
        uint8_t *at;
        struct run_group group;
        result = scratch_next(&s->in, sizeof group, &at, d);
        if (result || !at) break;
        memcpy(&group, at, sizeof group);
        result = read_group(s, shard, &group, d);
    }
    return scratch_reader_close(&s->in, result, d);
}

static enum error read_run(struct sorting *s, const struct spilled *run, struct diag *d) {
    enum error result = OK;
    s->spans = calloc(run->fragments + 1, sizeof *s->spans);
    s->groups = calloc((size_t)run->groups + 1, sizeof *s->groups);
    s->span_count = 0;
    if (!s->spans || !s->groups) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) result = read_shard(s, run, i, d);
    return result;
}

static void free_run(struct sorting *s) {
    free(s->spans);
    free(s->groups);
}

/* ---- its lines */

/* The last of a group's fragments that does not come after the line.  Without a window they are equal in both times;
 * else the next one begins after the line has ended. */
static const struct span *span_of(const struct sorting *s, const struct line_head *h) {
    const struct span *at = &s->spans[s->groups[h->group].first];
    uint32_t from = 0, to = s->groups[h->group].count;
    while (to - from > 1) {
        uint32_t middle = from + (to - from) / 2;
        bool same = at[middle].first == h->first && !s->g->options.window;
        if (same ? at[middle].last > h->last : at[middle].first > h->first)
            to = middle;
        else
            from = middle;
    }
    return &at[from];
}

static enum error put_piece(struct sorting *s, size_t bucket, struct diag *d) {
    struct lines_sorted *out = s->out;
    struct buf *held = &s->held[bucket];
    if (!held->size) return OK;
    if (out->count == out->room) {
        size_t room = out->room ? 2 * out->room : 256;
        struct bucket_piece *more = realloc(out->pieces, room * sizeof *more);
        if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
        out->pieces = more;
        out->room = room;
    }
    out->pieces[out->count++] = (struct bucket_piece){out->size, (uint32_t)bucket, (uint32_t)held->size};
    ASSERT(held->size <= s->in.next - out->size && "what is written over was read: heads become smaller");
    enum error result = out->in->write(out->in->state, out->size, buf_as_bytes(held), d);
    out->size += held->size;
    buf_clear(held);
    return result;
}

static enum error put_line(struct sorting *s, const struct line_head *h, struct diag *d) {
    const struct span *span = span_of(s, h);
    const struct sorted_line head = {span->row, h->size, h->place};
    const size_t size = sorted_bytes(&head);
    struct buf *held = &s->held[span->bucket];
    enum error result = held->size + size > s->buffer_bytes ? put_piece(s, span->bucket, d) : OK;
    uint8_t *to = buf_extend(held, size);
    if (!to) return fail(d, ERR_MEMORY, _("out of memory"));
    memcpy(to, &head, sizeof head);
    memcpy(to + sizeof head, h + 1, size - sizeof head);
    return result;
}

/* Whole lines at the front of a buffer, at most SOME: how many, and their bytes in all. */
enum { SOME = 32 };
static size_t some_lines(struct bytes b, const struct line_head *out[static SOME], size_t *bytes) {
    size_t count = 0;
    *bytes = 0;
    for (; count < SOME && b.size - *bytes >= sizeof(struct line_head); count++) {
        const struct line_head *h = (const void *)(b.at + *bytes);
        if (b.size - *bytes < line_bytes(h)) break;
        out[count] = h;
        *bytes += line_bytes(h);
    }
    return count;
}

/* Has the next line in the buffer; false: there is none. */
static enum error look_ahead(struct scratch_reader *in, bool *there, struct diag *d) {
    uint8_t *at;
    enum error result = scratch_next(in, sizeof(struct line_head), &at, d);
    *there = !result && at;
    if (!*there) return result;
    const size_t whole = line_bytes((const void *)at);
    in->from -= sizeof(struct line_head);
    result = scratch_next(in, whole, &at, d);
    in->from -= result ? 0 : whole;
    return result;
}

/* What is known of their groups comes out of memory for some lines at once: each would be waited for. */
static enum error put_some(struct sorting *s, bool *ended, struct diag *d) {
    const struct line_head *lines[SOME];
    size_t bytes, count = some_lines(scratch_ahead(&s->in), lines, &bytes);
    uint8_t *at;
    enum error result = OK;
    if (!count) {
        bool there = false;
        result = look_ahead(&s->in, &there, d);
        *ended = !there;
        return result;
    }
    for (size_t i = 0; i < count; i++) __builtin_prefetch(&s->groups[lines[i]->group]);
    for (size_t i = 0; i < count; i++) __builtin_prefetch(&s->spans[s->groups[lines[i]->group].first]);
    for (size_t i = 0; !result && i < count; i++) result = put_line(s, lines[i], d);
    return result ? result : scratch_next(&s->in, bytes, &at, d);
}

static enum error put_lines(struct sorting *s, uint64_t from, uint64_t end, struct diag *d) {
    enum { ROOM = 1 << 19 }; /* a line has less */
    bool ended = false;
    enum error result = scratch_reader_open(s->g->options.lines, from, end, ROOM, false, &s->in, d);
    while (!result && !ended) result = put_some(s, &ended, d);
    return scratch_reader_close(&s->in, result, d);
}

enum error lines_sort(const struct gather *g, const struct sheet_merge *m, size_t buffer_bytes,
                      struct lines_sorted *out, struct diag *d) {
    struct sorting s = {.g = g, .m = m, .out = out, .buffer_bytes = buffer_bytes / (m->bucket_count + 1)};
    enum error result = OK;
    uint64_t from = 0;
    s.held = calloc(m->bucket_count + 1, sizeof *s.held);
    *out = (struct lines_sorted){.in = g->options.lines};
    if (!s.held) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < m->bucket_count; i++) s.held[i].max = SIZE_MAX / 2;
    for (size_t i = 0; !result && i < g->run_count; i++) {
        result = read_run(&s, &g->runs[i], d);
        if (!result) result = put_lines(&s, from, g->runs[i].lines_end, d);
        free_run(&s);
        from = g->runs[i].lines_end;
    }
    for (size_t i = 0; i < m->bucket_count; i++) {
        if (!result) result = put_piece(&s, i, d);
        buf_wipe(&s.held[i]);
    }
    free(s.held);
    return result;
}
