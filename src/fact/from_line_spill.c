/* Groups to runs, and lines to where they are put aside. */
#include <stdlib.h>
#include <string.h>

#include "fact/gather.h"
#include "fact/run.h"

enum { PIECE_BYTES = 1 << 18 };

struct sorted_group {
    uint64_t source;
    struct group *group;
};

/* The numbers of words are a gather's own. */
static struct run_key key_of(const struct gather *g, const struct group *group) {
    const struct group_key *key = &group->key;
    return (struct run_key){key, g->protocols.at[key->protocol], g->events.at[key->event], group->object};
}

static int by_key(const void *a, const void *b, void *gather) {
    const struct sorted_group *x = a, *y = b;
    if (x->source != y->source) return x->source < y->source ? -1 : 1;
    const struct run_key left = key_of(gather, x->group), right = key_of(gather, y->group);
    return run_key_compare(&left, &right);
}

static enum error put_group(struct gather *g, struct group *group, struct spilled *run, struct buf *out,
                            struct diag *d) {
    struct fragment *first;
    const struct run_group head = {group->key, group->number, (uint32_t)fragments_of(group, &first)};
    size_t object = run_object_bytes(&group->key);
    uint8_t *to = buf_extend(out, sizeof head + object + head.fragments * sizeof *first);
    if (!to) return fail(d, ERR_MEMORY, _("out of memory"));
    memcpy(to, &head, sizeof head);
    if (object) memcpy(to + sizeof head, group->object, group->key.object_size);
    memcpy(to + sizeof head + object, first, head.fragments * sizeof *first);
    run->fragments += head.fragments;
    if (out->size < PIECE_BYTES) return OK;
    enum error result = scratch_append(g->options.runs, buf_as_bytes(out), d);
    buf_clear(out);
    return result;
}

static enum error put_shard(struct gather *g, struct shard *s, struct spilled *run, struct buf *out, struct diag *d) {
    struct sorted_group *all = calloc(s->group_count + 1, sizeof *all);
    size_t count = 0;
    enum error result = OK;
    if (!all) return fail(d, ERR_MEMORY, _("out of memory"));
    for (struct group *group = s->groups; !result && group; group = group->next) {
        all[count++] = (struct sorted_group){run_source(&group->key), group};
        result = group_settle(g, s, group, d);
    }
    qsort_r(all, count, sizeof *all, by_key, g);
    for (size_t i = 0; !result && i < count; i++) result = put_group(g, all[i].group, run, out, d);
    free(all);
    return result;
}

/* Keeps the slots: they will be wanted again. */
static void empty(struct gather *g, struct shard *s) {
    memset(s->slots, 0, s->slot_count * sizeof *s->slots);
    arena_free(&s->arena);
    s->groups = NULL;
    s->unused_count = s->group_count = 0;
    memset(s->fragments, 0, sizeof s->fragments);
    g->taken += s->slot_count * sizeof *s->slots;
}

enum error gather_spill(struct gather *g, struct diag *d) {
    struct spilled run = {.groups = g->group_count};
    struct buf out = {.max = SIZE_MAX / 2};
    enum error result = g->options.lines ? gather_flush_lines(g, d) : OK;
    if (g->run_count == g->run_room) {
        size_t room = g->run_room ? 2 * g->run_room : 16;
        struct spilled *more = realloc(g->runs, room * sizeof *more);
        if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
        g->runs = more;
        g->run_room = room;
    }
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) {
        run.at[i] = g->options.runs->size + out.size;
        result = put_shard(g, &g->shards[i], &run, &out, d);
    }
    if (!result) result = scratch_append(g->options.runs, buf_as_bytes(&out), d);
    buf_free(&out);
    run.at[GATHER_SHARDS] = g->options.runs->size;
    run.lines_end = g->options.lines ? g->options.lines->size : 0;
    g->runs[g->run_count++] = run;
    g->taken = 0;
    g->group_count = 0;
    for (size_t i = 0; i < GATHER_SHARDS; i++) empty(g, &g->shards[i]);
    pool_free(&g->groups);
    return result;
}

enum error gather_flush_lines(struct gather *g, struct diag *d) {
    enum error result = scratch_append(g->options.lines, buf_as_bytes(&g->line_buf), d);
    buf_clear(&g->line_buf);
    return result;
}

enum error gather_put_aside(struct gather *g, struct diag *d) {
    enum error result = gather_settle(g, d);
    return result || !g->group_count ? result : gather_spill(g, d);
}

bool gather_spilled(const struct gather *g) { return g->run_count; }

uint64_t gather_lines(const struct gather *g) { return g->line_count; }

void gather_shrink(struct gather *g) {
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        struct shard *s = &g->shards[i];
        arena_free(&s->arena);
        *s = (struct shard){0};
    }
    pool_free(&g->groups);
    pool_free(&g->slots);
    buf_wipe(&g->line_buf);
}
