/* Runs of groups to rows. */
#include <stdlib.h>

#include "fact/form.h"
#include "fact/row_sort.h"
#include "fact/run.h"

/* A group or a fragment, and what is smaller, must fit into the buffer of a run. */
enum { BUFFER_MIN = 1 << 12, BUFFER_MAX = 1 << 18 };

struct source { /* one run, at one of its fragments */
    struct scratch_reader in;
    const struct gather *gather;
    struct run_group group;
    struct run_key key; /* points into this, and into `object` */
    char object[OBJECT_MAX];
    uint32_t left; /* fragments after this one */
    struct fragment *at;
    uint64_t prefix;
};

struct merging {
    struct shard_merge *m;
    struct source *sources;
    size_t opened;
    struct source **heap; /* from 1: none is smaller than its parent */
    size_t count;
    const struct source *of; /* the group that the fact came from last, if it still stands there */
    struct run_group group;  /* of the fact */
    struct run_key key;
    char object[OBJECT_MAX];
    struct fragment fact; /* a count of 0: none */
    struct buf row;
    struct text event, protocol; /* found good last */
    uint8_t last_source[16];
    bool source_seen;
};

/* ---- the runs */

static bool comes_before(const struct source *a, const struct source *b) {
    if (a->prefix != b->prefix) return a->prefix < b->prefix;
    int order = run_key_compare(&a->key, &b->key);
    if (order) return order < 0;
    return a->at->first != b->at->first ? a->at->first < b->at->first : a->at->last < b->at->last;
}

static void sink(struct merging *g, size_t i) {
    struct source *moved = g->heap[i];
    for (size_t child; (child = 2 * i) <= g->count; i = child) {
        if (child < g->count && comes_before(g->heap[child + 1], g->heap[child])) child++;
        if (!comes_before(g->heap[child], moved)) break;
        g->heap[i] = g->heap[child];
    }
    g->heap[i] = moved;
}

static enum error next_group(struct source *s, bool *ended, struct diag *d) {
    uint8_t *at;
    enum error result = scratch_next(&s->in, sizeof s->group, &at, d);
    *ended = !result && !at;
    if (result || !at) return result;
    memcpy(&s->group, at, sizeof s->group);
    s->prefix = run_source(&s->group.key);
    s->key = (struct run_key){&s->group.key, s->gather->protocols.at[s->group.key.protocol],
                              s->gather->events.at[s->group.key.event], s->object};
    s->left = s->group.fragments;
    if (!s->group.key.object_size) return OK;
    result = scratch_next(&s->in, run_object_bytes(&s->group.key), &at, d);
    if (!result) memcpy(s->object, at, s->group.key.object_size);
    return result;
}

static enum error next_fragment(struct merging *g, struct source *s, bool *ended, struct diag *d) {
    uint8_t *at = NULL;
    *ended = false;
    if (!s->left && g->of == s) g->of = NULL;
    enum error result = s->left ? OK : next_group(s, ended, d);
    if (result || *ended) return result;
    s->left--;
    result = scratch_next(&s->in, sizeof(struct fragment), &at, d);
    s->at = (void *)at;
    return result;
}

static enum error open_run(struct merging *g, const struct gather *gather, const struct spilled *run, size_t room,
                           struct diag *d) {
    struct source *s = &g->sources[g->opened];
    bool ended;
    s->gather = gather;
    enum error result = scratch_reader_open(gather->options.runs, run->at[g->m->number], run->at[g->m->number + 1],
                                            room, gather->options.lines, &s->in, d);
    if (result) return result;
    g->opened++;
    result = next_fragment(g, s, &ended, d);
    if (!result && !ended) g->heap[++g->count] = s;
    return result;
}

static enum error open_runs(struct merging *g, struct diag *d) {
    const struct shard_merge *m = g->m;
    size_t runs = 0;
    enum error result = OK;
    for (size_t i = 0; i < m->gather_count; i++) runs += m->gathers[i]->run_count;
    if (runs > RUNS_MAX)
        return fail(d, ERR_LIMIT, _("the facts were put aside in more than %d parts: give more memory"), RUNS_MAX);
    g->sources = calloc(runs + 1, sizeof *g->sources);
    g->heap = calloc(runs + 2, sizeof(struct source *));
    if (!g->sources || !g->heap) return fail(d, ERR_MEMORY, _("out of memory"));
    size_t room = m->buffer_bytes / (runs + 1) / 8 * 8;
    room = room < BUFFER_MIN ? BUFFER_MIN : room > BUFFER_MAX ? BUFFER_MAX : room;
    for (size_t i = 0; i < m->gather_count; i++)
        for (size_t k = 0; !result && k < m->gathers[i]->run_count; k++)
            result = open_run(g, m->gathers[i], &m->gathers[i]->runs[k], room, d);
    for (size_t i = g->count / 2; i; i--) sink(g, i);
    return result;
}

/* ---- the facts */

static bool same_place(struct text a, struct text b) { return a.at == b.at && a.size == b.size; }

static enum error check(struct merging *g, struct fact f, struct diag *d) {
    struct text event = f.event, protocol = f.protocol;
    if (same_place(event, g->event)) f.event = (struct text){0};
    if (same_place(protocol, g->protocol)) f.protocol = (struct text){0};
    const char *fault = fact_fault(&f);
    if (fault) return fail(d, ERR_INPUT, _("a fact can't be written: %s"), gettext(fault));
    g->event = event;
    g->protocol = protocol;
    return OK;
}

static void count_source(struct merging *g) {
    const struct group_key *key = &g->group.key;
    if (!(key->known & KNOWN_SRC)) return;
    if (g->source_seen && !memcmp(g->last_source, key->src, sizeof key->src)) return;
    g->source_seen = true;
    memcpy(g->last_source, key->src, sizeof key->src);
    g->m->sources++;
}

static enum error end_fact(struct merging *g, struct diag *d) {
    const struct fragment *f = &g->fact;
    if (!f->count) return OK;
    struct fact fact = fact_of_key(&g->key, f->port);
    fact.first = f->first;
    fact.last = f->last;
    fact.count = f->count;
    enum error result = check(g, fact, d);
    if (result) return result;
    fact.count = SHEET_NO_COUNT;
    buf_clear(&g->row);
    fact_write_rest(&fact, &g->row);
    count_source(g);
    const struct row_head head = {.first = f->first,
                                  .last = f->last,
                                  .count = f->count,
                                  .line_bytes = f->line_bytes,
                                  .kept = f->kept,
                                  .fact = (uint32_t)g->m->facts++,
                                  .size = (uint32_t)g->row.size - 1}; /* without the comma before `evidence` */
    if (g->m->facts > UINT32_MAX) return fail_too_many_facts(d);
    return row_sorter_add(&g->m->rows, &head, (const char *)g->row.at, d);
}

static bool belongs(const struct merging *g, const struct source *s) {
    if (!g->fact.count || !belong_together(g->m->gathers[0]->options.window, &g->fact, s->at)) return false;
    return g->of == s || !run_key_compare(&g->key, &s->key);
}

static void begin_fact(struct merging *g, const struct source *s) {
    g->fact = *s->at;
    if (g->of == s) return;
    g->group = s->group;
    memcpy(g->object, s->object, s->group.key.object_size);
    g->key = (struct run_key){&g->group.key, s->key.protocol, s->key.event, g->object};
    g->of = s;
}

static enum error take(struct merging *g, struct source *s, struct diag *d) {
    bool ended;
    if (belongs(g, s)) {
        fragment_add(&g->fact, s->at, true);
    } else {
        enum error result = end_fact(g, d);
        if (result) return result;
        begin_fact(g, s);
    }
    s->at->count = g->m->facts;
    enum error result = next_fragment(g, s, &ended, d);
    if (result) return result;
    if (ended) g->heap[1] = g->heap[g->count--];
    if (g->count) sink(g, 1);
    return OK;
}

enum error shard_merge(struct shard_merge *m, struct diag *d) {
    struct merging g = {.m = m, .row.max = 2 * SHEET_ROW_MAX};
    enum error result = open_runs(&g, d);
    while (!result && g.count) result = take(&g, g.heap[1], d);
    if (!result) result = end_fact(&g, d);
    if (!result) result = row_sorter_end(&m->rows, d);
    for (size_t i = 0; i < g.opened; i++) result = scratch_reader_close(&g.sources[i].in, result, d);
    free(g.sources);
    free(g.heap);
    buf_free(&g.row);
    return result;
}
