/* Groups and fragments to the facts of a sheet. */
#include <stdlib.h>
#include <string.h>

#include "fact/form.h"
#include "fact/row_sort.h"

enum { RANGE_FACTS = 4096, SAMPLE_EVERY = 128 };

struct gather_fact { /* a fragment that was joined with all that belongs to it */
    const struct group *group;
    struct fragment *fragment;
};

struct gather_row { /* before a row without its times and counts, which is filled up to whole words */
    instant first, last;
    uint64_t count;
    uint32_t kept;
    uint16_t size;
    bool faulty;    /* it can't stand in a sheet */
    bool with_fact; /* behind it: where that is asked for, or will be told */
};

static size_t bytes_of_row(const struct gather_row *row) {
    return sizeof *row + whole_words(row->size) + (row->with_fact ? sizeof(struct gather_fact) : 0);
}
static struct gather_fact fact_behind(const struct gather_row *row) {
    struct gather_fact fact;
    ASSERT(row->with_fact);
    memcpy(&fact, (const char *)(row + 1) + whole_words(row->size), sizeof fact);
    return fact;
}

struct fact fact_of_key(const struct run_key *of, int32_t port) {
    const struct group_key *key = of->key;
    struct fact fact = {.known = key->known,
                        .src_port = key->src_port,
                        .dst_port = key->dst_port,
                        .object = {of->object, key->object_size},
                        .protocol = of->protocol,
                        .event = of->event,
                        .evidence = SHEET_NO_COUNT};
    memcpy(fact.src.at, key->src, sizeof fact.src.at);
    memcpy(fact.dst.at, key->dst, sizeof fact.dst.at);
    if (port != PORT_UNKNOWN) {
        fact.known |= KNOWN_SRC_PORT;
        fact.src_port = (uint16_t)port;
    }
    return fact;
}

static struct fact fact_of(const struct gather *g, struct gather_fact of) {
    const struct group *group = of.group;
    const struct fragment *f = of.fragment;
    const struct run_key key = {&group->key, g->protocols.at[group->key.protocol], g->events.at[group->key.event],
                                group->object};
    struct fact fact = fact_of_key(&key, f->port);
    fact.first = f->first;
    fact.last = f->last;
    fact.count = f->count;
    if (g->options.keep_lines) fact.evidence = f->kept;
    return fact;
}

/* ---- shards */

struct source_set {
    struct source { /* zeros: a free place */
        uint64_t half[2];
    } * at;
    size_t mask;
    bool zeros; /* that one is in it */
};

/* Whether it is a new one.  Its place depends on numbers of the gather's own, as those of groups do. */
static bool source_add(const struct gather *g, struct source_set *set, const struct group_key *key) {
    struct source own, *at;
    memcpy(&own, key->src, sizeof own);
    if (!own.half[0] && !own.half[1]) return !set->zeros && (set->zeros = true);
    size_t i = gather_fold(own.half[0] ^ g->hash_words[0], own.half[1] ^ g->hash_words[1]);
    for (;; i++) {
        at = &set->at[i & set->mask];
        if (at->half[0] == own.half[0] && at->half[1] == own.half[1]) return false;
        if (!at->half[0] && !at->half[1]) return *at = own, true;
    }
}

static enum error count_sources(const struct gather *g, struct shard *s, struct diag *d) {
    size_t room = 2;
    while (room < 2 * s->group_count) room *= 2;
    struct source_set set = {.at = calloc(room, sizeof *set.at), .mask = room - 1};
    if (!set.at) return fail(d, ERR_MEMORY, _("out of memory"));
    s->sources = 0;
    for (const struct group *group = s->groups; group; group = group->next)
        s->sources += (group->key.known & KNOWN_SRC) && source_add(g, &set, &group->key);
    free(set.at);
    return OK;
}

/* Some of the facts' first times, by which all of them can be cut into ranges of about as many. */
static void take_samples(struct shard *s) {
    size_t next = 0, before = 0;
    s->samples = ARENA_ARRAY(&s->arena, instant, s->facts / SAMPLE_EVERY + 1);
    s->sample_count = 0;
    for (struct group *group = s->groups; group; group = group->next) {
        struct fragment *first;
        const size_t count = fragments_of(group, &first);
        for (; next < before + count; next += SAMPLE_EVERY) s->samples[s->sample_count++] = first[next - before].first;
        before += count;
    }
}

enum error gather_settle_shard(struct gather *g, size_t number, struct diag *d) {
    struct shard *s = &g->shards[number];
    enum error result = OK;
    struct fragment *first;
    s->facts = 0;
    for (struct group *group = s->groups; !result && group; group = group->next) {
        result = group_settle(g, s, group, d);
        s->facts += fragments_of(group, &first);
    }
    if (result) return result;
    take_samples(s);
    return count_sources(g, s, d);
}

/* ---- rows */

static int by_instant(const void *a, const void *b) {
    const instant *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static enum error cut_ranges(const struct gather *g, struct gather_rows *r, struct diag *d) {
    size_t facts = 0, count = 0;
    for (size_t i = 0; i < GATHER_SHARDS; i++) facts += g->shards[i].facts;
    if (facts > SHEET_ROWS_MAX) return fail_too_many_facts(d);
    instant *samples = calloc(facts / SAMPLE_EVERY + GATHER_SHARDS, sizeof *samples);
    r->range_count = facts / RANGE_FACTS + 1;
    r->ranges = calloc(r->range_count, sizeof *r->ranges);
    r->cuts = calloc(r->range_count, sizeof *r->cuts);
    bool failed = !samples || !r->ranges || !r->cuts;
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        r->listed[i] = calloc(r->range_count, sizeof *r->listed[i]);
        failed = failed || !r->listed[i];
    }
    if (failed) return free(samples), fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < GATHER_SHARDS; i++)
        for (size_t k = 0; k < g->shards[i].sample_count; k++) samples[count++] = g->shards[i].samples[k];
    qsort(samples, count, sizeof *samples, by_instant);
    r->cuts[0] = INSTANT_NONE;
    for (size_t i = 1; i < r->range_count; i++) r->cuts[i] = samples[i * count / r->range_count];
    free(samples);
    return OK;
}

enum error gather_rows(const struct gather *g, struct gather_rows *out, struct diag *d) {
    *out = (struct gather_rows){0};
    for (size_t i = 0; i < GATHER_SHARDS; i++) out->sources += g->shards[i].sources;
    enum error result = cut_ranges(g, out, d);
    for (size_t i = 0; !result && i < out->range_count; i++) {
        out->ranges[i].text.max = SHEET_BYTES_MAX;
        for (size_t k = 0; k < GATHER_SHARDS; k++) out->listed[k][i].rows.max = SIZE_MAX / 2;
    }
    return result;
}

void gather_rows_free(struct gather_rows *r) {
    for (size_t i = 0; r->ranges && i < r->range_count; i++) {
        free(r->ranges[i].facts);
        buf_free(&r->ranges[i].text);
    }
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        for (size_t k = 0; r->listed[i] && k < r->range_count; k++) buf_free(&r->listed[i][k].rows);
        free(r->listed[i]);
    }
    free(r->ranges);
    free(r->cuts);
    *r = (struct gather_rows){0};
}

/* The last range that does not begin after it. */
static size_t range_of(const struct gather_rows *r, instant first) {
    size_t from = 0;
    for (size_t count = r->range_count, half; count > 1; count -= half) {
        half = count / 2;
        from += r->cuts[from + half] <= first ? half : 0;
    }
    return from;
}

struct listing {
    const struct gather *g;
    struct buf rest;             /* of a row, without its times and counts */
    struct text event, protocol; /* found good last: the same words come again and again */
    bool faulty;                 /* what it says beside its times and counts */
    bool keep_facts;
};

static bool same_place(struct text a, struct text b) { return a.at == b.at && a.size == b.size; }

/* Of a group, or of those of its facts that have a port. */
static void write_rest(struct listing *l, struct gather_fact of) {
    struct fact fact = fact_of(l->g, of);
    const struct text event = fact.event, protocol = fact.protocol;
    fact.count = fact.evidence = SHEET_NO_COUNT;
    buf_clear(&l->rest);
    fact_write_rest(&fact, &l->rest);
    if (same_place(event, l->event)) fact.event = (struct text){0};
    if (same_place(protocol, l->protocol)) fact.protocol = (struct text){0};
    l->faulty = fact_fault(&fact) || l->rest.size > SHEET_ROW_MAX;
    if (l->faulty) return;
    l->event = event;
    l->protocol = protocol;
}

static enum error put_row(const struct listing *l, struct gather_listed *out, struct gather_fact of, struct diag *d) {
    enum { USUAL_BYTES = RANGE_FACTS / GATHER_SHARDS * 72 };
    const struct fragment *f = of.fragment;
    const size_t size = l->rest.size < SHEET_ROW_MAX ? l->rest.size - 1 : SHEET_ROW_MAX; /* without the last comma */
    struct gather_row row = {
        .first = f->first,
        .last = f->last,
        .count = f->count,
        .kept = f->kept,
        .size = (uint16_t)size,
        .faulty = l->faulty || fact_times_fault(f->first, f->last) ||
                  fact_counts_fault(f->count, l->g->options.keep_lines ? f->kept : SHEET_NO_COUNT),
    };
    row.with_fact = l->keep_facts || row.faulty;
    if (!out->count++ && buf_extend(&out->rows, USUAL_BYTES)) out->rows.size = 0; /* memory at once */
    uint8_t *to = buf_extend(&out->rows, bytes_of_row(&row));
    if (!to || l->rest.failed) return fail(d, ERR_MEMORY, _("out of memory"));
    memcpy(to, &row, sizeof row);
    memcpy(to + sizeof row, l->rest.at, size);
    if (row.with_fact) memcpy(to + sizeof row + whole_words(size), &of, sizeof of);
    return OK;
}

enum error gather_list_shard(const struct gather *g, struct gather_rows *r, size_t number, size_t from, size_t end,
                             struct diag *d) {
    struct listing l = {.g = g, .rest.max = SIZE_MAX / 2, .keep_facts = r->keep_facts};
    const struct fragment *written = NULL; /* of the group, whose rest it is */
    enum error result = OK;
    for (struct group *group = g->shards[number].groups; !result && group; group = group->next) {
        struct fragment *f;
        const size_t count = fragments_of(group, &f);
        for (size_t i = 0; !result && i < count; i++) {
            const struct gather_fact of = {group, &f[i]};
            const size_t range = range_of(r, f[i].first);
            if (range < from || range >= end) continue;
            if (!written || written->port != f[i].port) write_rest(&l, of);
            written = &f[i];
            result = put_row(&l, &r->listed[number][range], of, d);
        }
        written = NULL;
    }
    buf_free(&l.rest);
    return result;
}

/* ---- ranges */

struct writing {
    const struct gather *g;
    const struct gather_rows *rows;
    struct gather_range *range;
    size_t number;       /* of the range */
    struct timed *order; /* `at`: the address of a row */
    struct written *run; /* of one second */
    size_t room;
    struct instant_day day;
    char first[INSTANT_TEXT_MAX + 1]; /* the second, with a comma */
    size_t first_size;
};

static struct gather_row *row_at(size_t address) { return (struct gather_row *)(uintptr_t)address; }
static struct text rest_of(const struct gather_row *row) { return (struct text){(const char *)(row + 1), row->size}; }

static void put_first(struct writing *w, instant first) {
    w->first_size = instant_write_near(first, &w->day, w->first).size;
    w->first[w->first_size++] = ',';
}

/* How long it is. */
static size_t put_text(struct writing *w, const struct gather_row *row) {
    enum { TIMES = 2 * (INSTANT_TEXT_MAX + 1), COUNTS = 2 * (U64_DIGITS + 1) };
    struct buf *out = &w->range->text;
    const size_t before = out->size;
    char *at = (char *)buf_extend(out, TIMES + row->size + COUNTS);
    if (!at) return 0;
    memcpy(at, w->first, sizeof w->first);
    at += w->first_size;
    if (row->last == row->first) {
        memcpy(at, w->first, sizeof w->first);
        at += w->first_size;
    } else {
        at += instant_write_near(row->last, &w->day, at).size;
        *at++ = ',';
    }
    memcpy(at, row + 1, row->size);
    at = u64_write(row->count, at + row->size);
    *at++ = ',';
    if (w->g->options.keep_lines) at = u64_write(row->kept, at);
    *at++ = '\n';
    out->size = (size_t)((uint8_t *)at - out->at);
    return out->size - before - 1;
}

static enum error fail_row(const struct writing *w, const struct gather_row *row, struct diag *d) {
    const char *fault = fact_counts_fault(row->count, w->g->options.keep_lines ? row->kept : SHEET_NO_COUNT);
    if (!fault && row->with_fact) {
        const struct fact fact = fact_of(w->g, fact_behind(row));
        fault = fact_fault(&fact);
    }
    size_t number = w->range->count; /* of those before it */
    for (size_t i = 0; i < GATHER_SHARDS; i++)
        for (size_t k = 0; k < w->number; k++) number += w->rows->listed[i][k].count;
    return fail(d, ERR_INPUT, _("fact %zu can't be written: %s"), number,
                fault ? gettext(fault) : _("longer than a row may be"));
}

static enum error write_row(struct writing *w, struct gather_row *row, struct diag *d) {
    struct gather_range *range = w->range;
    if (row->faulty || put_text(w, row) > SHEET_ROW_MAX) return fail_row(w, row, d);
    if (range->facts) range->facts[range->count] = fact_behind(row);
    if (!range->count++) range->first = row->first;
    if (__builtin_add_overflow(range->events, row->count, &range->events)) range->events = UINT64_MAX;
    if (row->last > range->last) range->last = row->last;
    return OK;
}

/* What one format keeps apart by its port and another does not may come out the same: such facts are made one. */
static void add_same(struct writing *w, struct gather_row *row, const struct gather_row *same) {
    if (w->rows->keep_facts) fragment_add(fact_behind(row).fragment, fact_behind(same).fragment, w->g->options.lines);
    if (__builtin_add_overflow(row->count, same->count, &row->count)) row->count = UINT64_MAX - 1;
    row->kept += same->kept;
    row->faulty = row->faulty || fact_counts_fault(row->count, w->g->options.keep_lines ? row->kept : SHEET_NO_COUNT);
}

static enum error order_run(struct writing *w, const struct timed *run, size_t count, struct diag *d) {
    if (count > w->room) {
        free(w->run);
        w->room = 2 * count;
        w->run = calloc(w->room, sizeof *w->run);
        if (!w->run) return w->room = 0, fail(d, ERR_MEMORY, _("out of memory"));
    }
    for (size_t i = 0; i < count; i++) {
        const struct gather_row *row = row_at(run[i].at);
        w->run[i] = (struct written){.last = row->last, .rest = rest_of(row), .at = run[i].at};
    }
    written_sort(w->run, count);
    return OK;
}

static bool same_fact(const struct written *a, const struct written *b) {
    return a->last == b->last && text_equal(a->rest, b->rest);
}

static enum error write_run(struct writing *w, const struct timed *run, size_t count, struct diag *d) {
    put_first(w, row_at(run->at)->first);
    if (count == 1) return write_row(w, row_at(run->at), d);
    enum error result = order_run(w, run, count, d);
    for (size_t i = 0, same; !result && i < count; i += same) {
        struct gather_row *row = row_at(w->run[i].at);
        for (same = 1; i + same < count && same_fact(&w->run[i], &w->run[i + same]); same++)
            add_same(w, row, row_at(w->run[i + same].at));
        result = write_row(w, row, d);
    }
    return result;
}

static enum error order_range(struct writing *w, size_t *count, struct diag *d) {
    struct gather_range *range = w->range;
    size_t all = 0, done = 0;
    for (size_t i = 0; i < GATHER_SHARDS; i++) all += w->rows->listed[i][w->number].count;
    w->order = calloc(all + 1, sizeof *w->order);
    if (w->rows->keep_facts) range->facts = calloc(all + 1, sizeof *range->facts);
    if (!w->order || (w->rows->keep_facts && !range->facts)) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        const struct buf *rows = &w->rows->listed[i][w->number].rows;
        for (size_t at = 0; at < rows->size;) {
            const struct gather_row *row = (const void *)(rows->at + at);
            w->order[done++] = (struct timed){row->first / INSTANT_SECOND, (size_t)(uintptr_t)row};
            at += bytes_of_row(row);
        }
    }
    *count = all;
    return timed_sort(&w->order, all, d);
}

enum error gather_write_range(const struct gather *g, const struct gather_rows *r, struct gather_range *range,
                              struct diag *d) {
    enum { USUAL_ROW = 96 };
    struct writing w = {.g = g, .rows = r, .range = range, .number = (size_t)(range - r->ranges)};
    size_t count = 0;
    range->first = range->last = INSTANT_NONE;
    enum error result = order_range(&w, &count, d);
    if (!result && buf_extend(&range->text, count * USUAL_ROW)) range->text.size = 0; /* memory at once */
    for (size_t i = 0, run; !result && i < count; i += run) {
        run = timed_run(w.order + i, count - i);
        result = write_run(&w, w.order + i, run, d);
    }
    if (!result) result = buf_check(&range->text, d);
    free(w.order);
    free(w.run);
    for (size_t i = 0; i < GATHER_SHARDS; i++) buf_free(&r->listed[i][w.number].rows);
    return result;
}

/* ---- lines */

static int by_place(const void *a, const void *b) {
    const struct kept *x = *(const struct kept *const *)a, *y = *(const struct kept *const *)b;
    if (x->at.part != y->at.part) return x->at.part < y->at.part ? -1 : 1;
    return (x->at.line > y->at.line) - (x->at.line < y->at.line);
}

/* `room` is for as many as there are. */
static void put_lines(const struct fragment *f, const struct kept **room, struct text *out) {
    size_t count = 0;
    bool sorted = true;
    for (const struct kept *k = f->lines; count < f->kept;) {
        room[count++] = k = k->next;
        sorted = sorted && (count < 2 || by_place(&room[count - 2], &room[count - 1]) <= 0);
    }
    if (!sorted) qsort(room, count, sizeof(const struct kept *), by_place);
    for (size_t i = 0; i < count; i++) out[i] = (struct text){room[i]->bytes, room[i]->size};
}

enum error gather_put_lines(const struct gather_rows *r, size_t number, const struct gathered *into, struct diag *d) {
    const struct gather_range *range = &r->ranges[number];
    size_t first = 0, most = 0;
    for (size_t i = 0; i < number; i++) first += r->ranges[i].count;
    for (size_t i = 0; i < range->count; i++)
        if (into->lines[first + i].count > most) most = into->lines[first + i].count;
    const struct kept **room = calloc(most + 1, sizeof(const struct kept *));
    if (!room) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < range->count; i++) put_lines(range->facts[i].fragment, room, into->lines[first + i].at);
    free(room);
    return OK;
}

/* ---- all of it */

struct gathered gather_sums(const struct gather_rows *r) {
    struct gathered sum = {.sources = r->sources, .first = INSTANT_NONE, .last = INSTANT_NONE};
    for (size_t i = 0; i < r->range_count; i++) {
        const struct gather_range *range = &r->ranges[i];
        if (!sum.count) sum.first = range->first;
        sum.count += range->count;
        if (__builtin_add_overflow(sum.events, range->events, &sum.events)) sum.events = UINT64_MAX;
        if (range->last > sum.last) sum.last = range->last;
    }
    return sum;
}

enum error gather_facts(const struct gather *g, const struct gather_rows *r, struct arena *a, struct gathered *out,
                        struct diag *d) {
    struct gathered sum = gather_sums(r);
    const bool keep = g->options.keep_lines;
    if (keep && g->line_count > GATHER_LINES_MAX)
        return fail(d, ERR_LIMIT, _("more than %d lines of evidence in one tree"), GATHER_LINES_MAX);
    struct text *lines = keep ? ARENA_ARRAY(a, struct text, g->line_count) : NULL;
    sum.facts = ARENA_ARRAY(a, struct fact, sum.count);
    sum.lines = keep ? ARENA_ARRAY(a, struct fact_lines, sum.count) : NULL;
    for (size_t i = 0, to = 0; i < r->range_count; i++)
        for (size_t k = 0; k < r->ranges[i].count; k++, to++) {
            const struct gather_fact of = r->ranges[i].facts[k];
            sum.facts[to] = fact_of(g, of);
            if (!keep) continue;
            sum.lines[to] = (struct fact_lines){lines, of.fragment->kept};
            lines += of.fragment->kept;
        }
    *out = sum;
    return OK;
}

enum error gather_end(struct gather *g, struct arena *a, struct gathered *out, struct diag *d) {
    struct gather_rows rows = {0};
    enum error result = gather_settle(g, d);
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) result = gather_settle_shard(g, i, d);
    if (!result) result = gather_rows(g, &rows, d);
    rows.keep_facts = true;
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++)
        result = gather_list_shard(g, &rows, i, 0, rows.range_count, d);
    for (size_t i = 0; !result && i < rows.range_count; i++) result = gather_write_range(g, &rows, &rows.ranges[i], d);
    struct gathered facts;
    if (!result) result = gather_facts(g, &rows, a, &facts, d);
    for (size_t i = 0; !result && g->options.keep_lines && i < rows.range_count; i++)
        result = gather_put_lines(&rows, i, &facts, d);
    if (!result) *out = facts;
    gather_rows_free(&rows);
    return result;
}
