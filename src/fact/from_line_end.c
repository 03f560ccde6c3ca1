/* Groups and fragments to the facts of a sheet. */
#include <stdlib.h>
#include <string.h>

#include "fact/gather.h"

/* Facts in the making: with the lines that are to be put in order once no more are added. */
struct lines_of {
    struct kept *first, *last;
};
struct made {
    struct fact *facts;
    struct lines_of *lines; /* NULL where none are kept */
    size_t count;
};

static struct fact fact_of(const struct gather *g, const struct group *of, const struct fragment *f) {
    const struct group_key *key = &of->key;
    struct fact fact = {.first = f->first,
                        .last = f->last,
                        .known = key->known,
                        .src_port = key->src_port,
                        .dst_port = key->dst_port,
                        .object = {of->object, key->object_size},
                        .protocol = g->protocols.at[key->protocol],
                        .event = g->events.at[key->event],
                        .count = f->count,
                        .evidence = SHEET_NO_COUNT};
    memcpy(fact.src.at, key->src, sizeof fact.src.at);
    memcpy(fact.dst.at, key->dst, sizeof fact.dst.at);
    if (f->port != PORT_UNKNOWN) {
        fact.known |= KNOWN_SRC_PORT;
        fact.src_port = (uint16_t)f->port;
    }
    return fact;
}

static enum error settle_all(struct gather *g, size_t *count, struct diag *d) {
    size_t sum = 0;
    enum error result = gather_settle(g, d);
    for (struct group *group = g->groups; !result && group; group = group->next) {
        result = group_settle(g, group, d);
        sum += group->count + (group->now.count > 0);
    }
    if (result) return result;
    if (sum > SHEET_ROWS_MAX)
        return fail(d, ERR_LIMIT, _("%zu facts are more than a sheet may have (%d)"), sum, SHEET_ROWS_MAX);
    *count = sum;
    return OK;
}

static void make_all(const struct gather *g, struct made *out) {
    size_t at = 0;
    for (const struct group *group = g->groups; group; group = group->next) {
        const struct fragment *f = group->now.count ? &group->now : group->more;
        const size_t count = group->now.count ? 1 : group->count;
        for (size_t i = 0; i < count; i++, at++) {
            out->facts[at] = fact_of(g, group, &f[i]);
            if (out->lines) out->lines[at] = (struct lines_of){f[i].lines, f[i].lines_end};
        }
    }
}

static void add_counts(struct fact *into, const struct fact *from) {
    if (__builtin_add_overflow(into->count, from->count, &into->count)) into->count = UINT64_MAX - 1;
}

/* In the order of a sheet.  What one format keeps apart by its port and another does not may come out the same: such
 * facts are made one. */
static void join_same(const struct made *all, const size_t *order, struct made *out) {
    for (size_t i = 0; i < all->count; i++) {
        const struct fact *next = &all->facts[order[i]];
        struct lines_of *lines = all->lines ? &all->lines[order[i]] : NULL;
        if (out->count && fact_same(&out->facts[out->count - 1], next)) {
            add_counts(&out->facts[out->count - 1], next);
            if (!lines) continue;
            out->lines[out->count - 1].last->next = lines->first;
            out->lines[out->count - 1].last = lines->last;
            continue;
        }
        if (lines) out->lines[out->count] = *lines;
        out->facts[out->count++] = *next;
    }
}

/* ---- lines */

static int by_place(const void *a, const void *b) {
    const struct kept *x = *(const struct kept *const *)a, *y = *(const struct kept *const *)b;
    if (x->at.part != y->at.part) return x->at.part < y->at.part ? -1 : 1;
    return (x->at.line > y->at.line) - (x->at.line < y->at.line);
}

/* `room` holds all lines of the gather. */
static struct fact_lines put_lines(const struct kept *first, const struct kept **room, struct arena *a) {
    size_t count = 0;
    bool sorted = true;
    for (const struct kept *k = first; k; k = k->next) {
        room[count++] = k;
        sorted = sorted && (count < 2 || by_place(&room[count - 2], &room[count - 1]) <= 0);
    }
    if (!sorted) qsort(room, count, sizeof(const struct kept *), by_place);
    struct text *lines = ARENA_ARRAY(a, struct text, count);
    for (size_t i = 0; i < count; i++) lines[i] = (struct text){room[i]->bytes, room[i]->size};
    return (struct fact_lines){lines, count};
}

static enum error put_all_lines(const struct gather *g, const struct made *made, struct arena *a, struct gathered *out,
                                struct diag *d) {
    if (g->line_count > GATHER_LINES_MAX)
        return fail(d, ERR_LIMIT, _("more than %d lines of evidence in one tree"), GATHER_LINES_MAX);
    const struct kept **room = calloc(g->line_count + 1, sizeof(const struct kept *));
    if (!room) return fail(d, ERR_MEMORY, _("out of memory"));
    out->lines = ARENA_ARRAY(a, struct fact_lines, out->count);
    for (size_t i = 0; i < out->count; i++) {
        out->lines[i] = put_lines(made->lines[i].first, room, a);
        out->facts[i].evidence = out->lines[i].count;
    }
    free(room);
    return OK;
}

/* ---- sums */

static int by_ip(const void *a, const void *b) { return memcmp(a, b, sizeof(struct ip)); }

static enum error count_sources(const struct gather *g, uint64_t *sources, struct diag *d) {
    struct ip *all = calloc(g->group_count + 1, sizeof *all);
    size_t count = 0, different = 0;
    if (!all) return fail(d, ERR_MEMORY, _("out of memory"));
    for (const struct group *group = g->groups; group; group = group->next)
        if (group->key.known & KNOWN_SRC) memcpy(all[count++].at, group->key.src, sizeof all->at);
    qsort(all, count, sizeof *all, by_ip);
    for (size_t i = 0; i < count; i++) different += !i || ip_compare(all[i - 1], all[i]) != 0;
    free(all);
    *sources = different;
    return OK;
}

static void sum_up(struct gathered *out) {
    out->first = out->last = INSTANT_NONE;
    for (size_t i = 0; i < out->count; i++) {
        const struct fact *f = &out->facts[i];
        if (__builtin_add_overflow(out->events, f->count, &out->events)) out->events = UINT64_MAX;
        if (!i || f->first < out->first) out->first = f->first;
        if (!i || f->last > out->last) out->last = f->last;
    }
}

static enum error order_and_join(const struct made *all, struct made *out, struct diag *d) {
    size_t *order;
    struct arena orders = {0};
    enum error result = sheet_order(all->facts, all->count, &orders, &order, d);
    if (!result) join_same(all, order, out);
    arena_free(&orders);
    return result;
}

static bool made_new(struct made *m, size_t count, bool lines) {
    m->count = count;
    m->facts = calloc(count + 1, sizeof *m->facts);
    m->lines = lines ? calloc(count + 1, sizeof *m->lines) : NULL;
    return m->facts && (m->lines || !lines);
}

static void made_free(struct made *m) {
    free(m->facts);
    free(m->lines);
}

static enum error end(struct gather *g, struct made *all, struct arena *a, struct gathered *out, struct diag *d) {
    struct lines_of *lines = all->lines ? calloc(all->count + 1, sizeof *lines) : NULL;
    struct made joined = {.facts = ARENA_ARRAY(a, struct fact, all->count), .lines = lines};
    make_all(g, all);
    enum error result =
        lines || !all->lines ? order_and_join(all, &joined, d) : fail(d, ERR_MEMORY, _("out of memory"));
    struct gathered sum = {.facts = joined.facts, .count = joined.count};
    if (!result && lines) result = put_all_lines(g, &joined, a, &sum, d);
    if (!result) result = count_sources(g, &sum.sources, d);
    free(lines);
    if (result) return result;
    sum_up(&sum);
    *out = sum;
    return OK;
}

enum error gather_end(struct gather *g, struct arena *a, struct gathered *out, struct diag *d) {
    size_t count = 0;
    struct made all = {0};
    enum error result = settle_all(g, &count, d);
    if (result) return result;
    result = made_new(&all, count, g->options.keep_lines) ? end(g, &all, a, out, d)
                                                          : fail(d, ERR_MEMORY, _("out of memory"));
    made_free(&all);
    return result;
}
