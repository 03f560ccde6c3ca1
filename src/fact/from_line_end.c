/* Groups and fragments to the facts of a sheet. */
#include <stdlib.h>
#include <string.h>

#include "fact/form.h"
#include "fact/row_sort.h"

enum { RANGE_FACTS = 8192 };

struct gather_row { /* a fragment that was joined with all that belongs to it */
    const struct group *group;
    struct fragment *fragment;
};

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

static struct fact fact_of(const struct gather *g, const struct gather_row *row) {
    const struct group *group = row->group;
    const struct fragment *f = row->fragment;
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

enum error gather_settle_shard(struct gather *g, size_t number, struct diag *d) {
    struct shard *s = &g->shards[number];
    enum error result = OK;
    struct fragment *first;
    s->facts = 0;
    for (struct group *group = s->groups; !result && group; group = group->next) {
        result = group_settle(g, group, d);
        s->facts += fragments_of(group, &first);
    }
    return result ? result : count_sources(g, s, d);
}

/* ---- rows */

static void list_rows(struct gather *g, struct gather_rows *out) {
    size_t at = 0;
    for (size_t i = 0; i < GATHER_SHARDS; i++)
        for (struct group *group = g->shards[i].groups; group; group = group->next) {
            struct fragment *f;
            for (size_t left = fragments_of(group, &f); left; left--, f++, at++) {
                out->rows[at] = (struct gather_row){group, f};
                out->order[at] = (struct timed){f->first / INSTANT_SECOND, at};
            }
        }
}

/* A range ends where a second does. */
static void cut_ranges(struct gather_rows *r) {
    for (size_t from = 0, to; from < r->count; from = to) {
        to = from + RANGE_FACTS < r->count ? from + RANGE_FACTS : r->count;
        while (to < r->count && r->order[to].second == r->order[to - 1].second) to++;
        r->ranges[r->range_count++] = (struct gather_range){
            .at = r->order + from, .before = from, .count = to - from, .text.max = SHEET_BYTES_MAX};
    }
}

enum error gather_rows(struct gather *g, struct gather_rows *out, struct diag *d) {
    *out = (struct gather_rows){.first = INSTANT_NONE};
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        out->count += g->shards[i].facts;
        out->sources += g->shards[i].sources;
    }
    if (out->count > SHEET_ROWS_MAX) return fail_too_many_facts(d);
    out->rows = calloc(out->count + 1, sizeof *out->rows);
    out->order = calloc(out->count + 1, sizeof *out->order);
    out->ranges = calloc(out->count / RANGE_FACTS + 1, sizeof *out->ranges);
    if (!out->rows || !out->order || !out->ranges) return fail(d, ERR_MEMORY, _("out of memory"));
    list_rows(g, out);
    enum error result = timed_sort(&out->order, out->count, d);
    if (result) return result;
    cut_ranges(out);
    if (out->count) out->first = out->rows[out->order->at].fragment->first;
    return OK;
}

void gather_rows_free(struct gather_rows *r) {
    for (size_t i = 0; i < r->range_count; i++) buf_free(&r->ranges[i].text);
    free(r->rows);
    free(r->order);
    free(r->ranges);
    *r = (struct gather_rows){0};
}

/* ---- ranges */

struct writing {
    const struct gather *g;
    const struct gather_rows *rows;
    struct gather_range *range;
    size_t done;         /* facts that were written */
    struct buf rests;    /* of the rows of one second */
    struct written *run; /* the same */
    size_t room;
    struct instant_day day;
    char first[INSTANT_TEXT_MAX + 1]; /* the second, with a comma */
    size_t first_size;
    struct text event, protocol; /* found good last: the same words come again and again */
};

static bool same_place(struct text a, struct text b) { return a.at == b.at && a.size == b.size; }

static const char *fault_of(struct writing *w, const struct fact *f) {
    struct fact look = {.first = f->first,
                        .last = f->last,
                        .known = f->known,
                        .object = f->object,
                        .protocol = f->protocol,
                        .event = f->event,
                        .count = f->count,
                        .evidence = f->evidence};
    if (same_place(f->event, w->event)) look.event = (struct text){0};
    if (same_place(f->protocol, w->protocol)) look.protocol = (struct text){0};
    const char *fault = fact_fault(&look);
    if (fault) return fault;
    w->event = f->event;
    w->protocol = f->protocol;
    return NULL;
}

static void put_first(struct writing *w, instant first) {
    w->first_size = instant_write_near(first, &w->day, w->first).size;
    w->first[w->first_size++] = ',';
}

/* All of a row but its times and counts. */
static void write_rest(struct writing *w, const struct gather_row *row, struct written *out) {
    struct fact fact = fact_of(w->g, row);
    *out = (struct written){.last = fact.last, .from = w->rests.size, .fault = fault_of(w, &fact)};
    fact.count = fact.evidence = SHEET_NO_COUNT;
    fact_write_rest(&fact, &w->rests);
    out->rest.size = w->rests.size - out->from - 1; /* without the comma before `evidence` */
}

/* A row, and how long it is. */
static size_t put_row(struct writing *w, const struct written *row, const struct fragment *counts) {
    enum { TIMES = 2 * (INSTANT_TEXT_MAX + 1), COUNTS = 2 * (U64_DIGITS + 1) };
    struct buf *out = &w->range->text;
    const size_t before = out->size;
    char *at = (char *)buf_extend(out, TIMES + row->rest.size + COUNTS);
    if (!at) return 0;
    memcpy(at, w->first, sizeof w->first);
    at += w->first_size;
    if (row->last == counts->first) {
        memcpy(at, w->first, sizeof w->first);
        at += w->first_size;
    } else {
        at += instant_write_near(row->last, &w->day, at).size;
        *at++ = ',';
    }
    memcpy(at, row->rest.at, row->rest.size);
    at = u64_write(counts->count, at + row->rest.size);
    *at++ = ',';
    if (w->g->options.keep_lines) at = u64_write(counts->kept, at);
    *at++ = '\n';
    out->size = (size_t)((uint8_t *)at - out->at);
    return out->size - before - 1;
}

static bool same_fact(const struct written *a, const struct written *b) {
    return a->last == b->last && text_equal(a->rest, b->rest);
}

/* What one format keeps apart by its port and another does not may come out the same: such facts are made one. */
static enum error write_fact(struct writing *w, const struct written *same, size_t count, struct diag *d) {
    struct fragment *f = w->rows->rows[same->at].fragment;
    const char *fault = same->fault;
    for (size_t i = 1; i < count; i++) fragment_add(f, w->rows->rows[same[i].at].fragment, w->g->options.lines);
    const size_t size = put_row(w, same, f);
    if (!fault && count > 1) fault = fact_counts_fault(f->count, w->g->options.keep_lines ? f->kept : SHEET_NO_COUNT);
    if (!fault && size > SHEET_ROW_MAX) fault = N_("longer than a row may be");
    if (fault)
        return fail(d, ERR_INPUT, _("fact %llu can't be written: %s"), (unsigned long long)(w->range->before + w->done),
                    gettext(fault));
    w->range->at[w->done++].at = same->at;
    if (__builtin_add_overflow(w->range->events, f->count, &w->range->events)) w->range->events = UINT64_MAX;
    if (f->last > w->range->last) w->range->last = f->last;
    return OK;
}

static enum error write_run(struct writing *w, const struct timed *run, size_t count, struct diag *d) {
    enum error result = OK;
    if (count > w->room) {
        free(w->run);
        w->room = 2 * count;
        w->run = calloc(w->room, sizeof *w->run);
        if (!w->run) return w->room = 0, fail(d, ERR_MEMORY, _("out of memory"));
    }
    buf_clear(&w->rests);
    put_first(w, w->rows->rows[run->at].fragment->first);
    for (size_t i = 0; i < count; i++) {
        write_rest(w, &w->rows->rows[run[i].at], &w->run[i]);
        w->run[i].at = run[i].at;
    }
    if (w->rests.failed) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < count; i++) w->run[i].rest.at = (const char *)w->rests.at + w->run[i].from;
    written_sort(w->run, count);
    for (size_t i = 0, same; !result && i < count; i += same) {
        for (same = 1; i + same < count && same_fact(&w->run[i], &w->run[i + same]);) same++;
        result = write_fact(w, &w->run[i], same, d);
    }
    return result;
}

/* Facts that follow one another in time lie anywhere in memory, and each would be waited for. */
static void fetch_ahead(const struct gather_rows *r, const struct gather_range *range, size_t i) {
    enum { FAR = 24, NEAR = 12 };
    if (i + FAR < range->count) __builtin_prefetch(&r->rows[range->at[i + FAR].at]);
    if (i + NEAR >= range->count) return;
    const struct gather_row *row = &r->rows[range->at[i + NEAR].at];
    __builtin_prefetch(row->group);
    __builtin_prefetch(&row->group->now);
    __builtin_prefetch(row->fragment);
}

enum error gather_write_range(const struct gather *g, const struct gather_rows *r, struct gather_range *range,
                              struct diag *d) {
    enum { USUAL_ROW = 96 };
    struct writing w = {.g = g, .rows = r, .range = range, .rests.max = SIZE_MAX / 2};
    enum error result = OK;
    range->last = INSTANT_NONE;
    if (buf_extend(&range->text, range->count * USUAL_ROW)) range->text.size = 0; /* memory at once */
    for (size_t i = 0, run; !result && i < range->count; i += run) {
        run = timed_run(range->at + i, range->count - i);
        for (size_t k = i; k < i + run; k++) fetch_ahead(r, range, k);
        result = write_run(&w, range->at + i, run, d);
    }
    if (!result) result = buf_check(&range->text, d);
    range->count = w.done;
    free(w.run);
    buf_free(&w.rests);
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
    for (size_t i = 0; i < range->count; i++)
        put_lines(r->rows[range->at[i].at].fragment, room, into->lines[first + i].at);
    free(room);
    return OK;
}

/* ---- all of it */

struct gathered gather_sums(const struct gather_rows *r) {
    struct gathered sum = {.sources = r->sources, .first = r->first, .last = INSTANT_NONE};
    for (size_t i = 0; i < r->range_count; i++) {
        const struct gather_range *range = &r->ranges[i];
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
            const struct gather_row *row = &r->rows[r->ranges[i].at[k].at];
            sum.facts[to] = fact_of(g, row);
            if (!keep) continue;
            sum.lines[to] = (struct fact_lines){lines, row->fragment->kept};
            lines += row->fragment->kept;
        }
    *out = sum;
    return OK;
}

enum error gather_end(struct gather *g, struct arena *a, struct gathered *out, struct diag *d) {
    struct gather_rows rows = {0};
    enum error result = gather_settle(g, d);
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) result = gather_settle_shard(g, i, d);
    if (!result) result = gather_rows(g, &rows, d);
    for (size_t i = 0; !result && i < rows.range_count; i++) result = gather_write_range(g, &rows, &rows.ranges[i], d);
    struct gathered facts;
    if (!result) result = gather_facts(g, &rows, a, &facts, d);
    for (size_t i = 0; !result && g->options.keep_lines && i < rows.range_count; i++)
        result = gather_put_lines(&rows, i, &facts, d);
    if (!result) *out = facts;
    gather_rows_free(&rows);
    return result;
}
