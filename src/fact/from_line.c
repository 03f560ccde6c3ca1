/* Observations to groups and fragments; from_line_end.c makes facts of them. */
#include <stdlib.h>
#include <string.h>

#include "fact/gather.h"

enum { FIRST_SLOTS = 1024, FIRST_FRAGMENTS = 4, WORDS_KNOWN_MAX = UINT16_MAX };

struct gather *gather_new(const struct gather_options *o) {
    struct gather *g = calloc(1, sizeof *g);
    ASSERT(g && "memory is left");
    g->options = *o;
    for (size_t i = 0; i < sizeof g->hash_key; i++)
        g->hash_key[i] = (uint8_t)(o->seed >> (8 * (i % 8)) ^ (uint64_t)(i / 8 * 0xa5));
    g->arena.max_bytes = SIZE_MAX / 2; /* what is taken is bounded by room_for */
    g->protocols.numbers.arena = g->events.numbers.arena = &g->arena;
    g->slot_count = FIRST_SLOTS;
    g->slots = calloc(FIRST_SLOTS, sizeof *g->slots);
    ASSERT(g->slots && "memory is left");
    return g;
}

void gather_free(struct gather *g) {
    if (!g) return;
    for (struct group *group = g->groups; group; group = group->next) free(group->more);
    free(g->slots);
    arena_free(&g->arena);
    free(g);
}

static enum error room_for(struct gather *g, size_t bytes, struct diag *d) {
    size_t used = g->arena.used_bytes + g->heap_bytes;
    if (bytes <= g->options.max_bytes && used <= g->options.max_bytes - bytes) return OK;
    return fail(d, ERR_LIMIT, _("the facts need more than %zu MiB of memory"), g->options.max_bytes >> 20);
}

/* ---- words */

static enum error word_new(struct gather *g, struct words_known *w, struct text word, struct diag *d) {
    enum { BYTES_A_WORD = 256 }; /* its copy, its node, its place in the list */
    if (w->count == WORDS_KNOWN_MAX) return fail(d, ERR_LIMIT, _("more than %d protocols or events"), WORDS_KNOWN_MAX);
    enum error result = room_for(g, word.size + BYTES_A_WORD, d);
    if (result) return result;
    uint16_t *number = ARENA_NEW(&g->arena, uint16_t);
    *number = (uint16_t)w->count;
    w->at = arena_grow(&g->arena, w->at, w->count, &w->room, sizeof *w->at);
    w->at[w->count] = arena_text(&g->arena, word);
    *map_put(&w->numbers, w->at[w->count++]) = number;
    return OK;
}

static enum error word_number(struct gather *g, struct words_known *w, struct text word, uint16_t *number,
                              struct diag *d) {
    if (!w->count || !text_equal(w->at[w->last], word)) {
        enum error result = map_has(&w->numbers, word) ? OK : word_new(g, w, word, d);
        if (result) return result;
        w->last = *(uint16_t *)map_get(&w->numbers, word);
    }
    *number = w->last;
    return OK;
}

/* ---- groups */

static uint64_t keyed_hash(const struct gather *g, const void *at, size_t size) {
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, at, size, g->hash_key);
    memcpy(&number, hash, sizeof number);
    return number;
}

static enum error key_of(struct gather *g, const struct observation *o, bool keeps_port, struct group_key *out,
                         struct diag *d) {
    unsigned known = o->known & ~(keeps_port ? 0U : (unsigned)KNOWN_SRC_PORT);
    struct group_key key = {.known = known, .object_size = (uint32_t)o->object.size};
    if (known & KNOWN_SRC) memcpy(key.src, o->src.at, sizeof key.src);
    if (known & KNOWN_DST) memcpy(key.dst, o->dst.at, sizeof key.dst);
    if (known & KNOWN_SRC_PORT) key.src_port = o->src_port;
    if (known & KNOWN_DST_PORT) key.dst_port = o->dst_port;
    if (o->object.size) key.object_hash = keyed_hash(g, o->object.at, o->object.size);
    enum error result = word_number(g, &g->protocols, o->protocol, &key.protocol, d);
    if (!result) result = word_number(g, &g->events, o->event, &key.event, d);
    if (!result) *out = key;
    return result;
}

static struct slot *slot_of(const struct gather *g, uint64_t hash, const struct group_key *key, const char *object) {
    for (size_t i = hash & (g->slot_count - 1);; i = (i + 1) & (g->slot_count - 1)) {
        struct slot *slot = &g->slots[i];
        if (!slot->group) return slot;
        if (slot->hash == hash && !memcmp(&slot->group->key, key, sizeof *key) &&
            (!key->object_size || !memcmp(slot->group->object, object, key->object_size)))
            return slot;
    }
}

/* At most half of the slots are taken. */
static enum error more_slots(struct gather *g, struct diag *d) {
    size_t count = g->slot_count * 2;
    enum error result = room_for(g, count * sizeof *g->slots, d);
    if (result) return result;
    struct slot *slots = calloc(count, sizeof *slots);
    if (!slots) return fail(d, ERR_MEMORY, _("out of memory"));
    for (struct group *group = g->groups; group; group = group->next) {
        size_t i = group->hash & (count - 1);
        while (slots[i].group) i = (i + 1) & (count - 1);
        slots[i] = (struct slot){group->hash, group};
    }
    free(g->slots);
    g->slots = slots;
    g->heap_bytes += (count - g->slot_count) * sizeof *slots;
    g->slot_count = count;
    return OK;
}

/* `copy`: the object's bytes are the caller's. */
static enum error group_of(struct gather *g, const struct group_key *key, uint64_t hash, const char *object, bool copy,
                           struct group **out, struct diag *d) {
    struct slot *slot = slot_of(g, hash, key, object);
    if (slot->group) return *out = slot->group, OK;
    enum error result = room_for(g, sizeof **out + key->object_size + sizeof(max_align_t), d);
    if (!result && 2 * g->group_count >= g->slot_count) {
        result = more_slots(g, d);
        if (!result) slot = slot_of(g, hash, key, object);
    }
    if (result) return result;
    struct group *group = ARENA_NEW(&g->arena, struct group);
    if (copy && object) object = arena_text(&g->arena, (struct text){object, key->object_size}).at;
    *group = (struct group){.next = g->groups, .hash = hash, .key = *key, .object = object};
    g->groups = group;
    g->group_count++;
    *slot = (struct slot){hash, group};
    *out = group;
    return OK;
}

/* ---- fragments */

/* Whether two fragments are of one fact: with a window of 0 they must be equal in time, else no silence between them is
 * longer than it. */
static bool belong_together(const struct gather *g, const struct fragment *a, const struct fragment *b) {
    instant window = g->options.window;
    if (!window) return a->first == b->first && a->last == b->last;
    return b->first - a->last <= window && a->first - b->last <= window;
}

static int by_time(const void *a, const void *b) {
    const struct fragment *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return (x->last > y->last) - (x->last < y->last);
}

static bool in_order(const struct fragment *at, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (by_time(&at[i - 1], &at[i]) > 0) return false;
    return true;
}

static void settle_more(const struct gather *g, struct group *of) {
    size_t count = of->count ? 1 : 0;
    if (!in_order(of->more, of->count)) qsort(of->more, of->count, sizeof *of->more, by_time);
    for (size_t i = 1; i < of->count; i++) {
        if (belong_together(g, &of->more[count - 1], &of->more[i]))
            fragment_add(&of->more[count - 1], &of->more[i]);
        else
            of->more[count++] = of->more[i];
    }
    of->count = count;
}

static enum error more_fragments(struct gather *g, struct group *of, struct diag *d) {
    size_t room = of->room ? of->room * 2 : FIRST_FRAGMENTS;
    enum error result = room_for(g, room * sizeof *of->more, d);
    if (result) return result;
    struct fragment *more = realloc(of->more, room * sizeof *more);
    if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
    g->heap_bytes += (room - of->room) * sizeof *more;
    of->more = more;
    of->room = room;
    return OK;
}

/* Makes one of what belongs together before it asks for more room, so that memory goes with the facts. */
static enum error push(struct gather *g, struct group *of, const struct fragment *f, struct diag *d) {
    if (of->count == of->room) {
        settle_more(g, of);
        enum error result = of->count >= of->room / 2 ? more_fragments(g, of, d) : OK;
        if (result) return result;
    }
    of->more[of->count++] = *f;
    return OK;
}

static enum error put(struct gather *g, struct group *of, const struct fragment *f, struct diag *d) {
    if (of->now.count && belong_together(g, &of->now, f)) return fragment_add(&of->now, f), OK;
    enum error result = of->now.count ? push(g, of, &of->now, d) : OK;
    if (!result) of->now = *f;
    return result;
}

enum error group_settle(struct gather *g, struct group *of, struct diag *d) {
    if (!of->count || !of->now.count) return OK; /* nothing to join with */
    enum error result = push(g, of, &of->now, d);
    if (result) return result;
    of->now.count = 0;
    settle_more(g, of);
    return OK;
}

/* ---- adding */

static instant whole_second(instant i) {
    instant within = i % INSTANT_SECOND;
    return i - within - (within < 0 ? INSTANT_SECOND : 0);
}

static enum error keep_line(struct gather *g, struct text line, struct place_in_input at, struct fragment *f,
                            struct diag *d) {
    ASSERT(line.size <= UINT32_MAX);
    enum error result = room_for(g, sizeof(struct kept) + line.size + sizeof(max_align_t), d);
    if (result) return result;
    struct kept *kept = arena_take(&g->arena, 1, sizeof *kept + line.size);
    kept->at = at;
    kept->size = (uint32_t)line.size;
    if (line.size) memcpy(kept->bytes, line.at, line.size);
    f->lines = f->lines_end = kept;
    g->line_count++;
    return OK;
}

enum error gather_settle(struct gather *g, struct diag *d) {
    for (size_t i = 0; i < g->waiting_count; i++) {
        const struct slot *slot = &g->slots[g->waiting[i].hash & (g->slot_count - 1)];
        if (slot->group) __builtin_prefetch(&slot->group->key);
        if (slot->group) __builtin_prefetch(&slot->group->now, 1);
    }
    for (size_t i = 0; i < g->waiting_count; i++) {
        const struct waiting *w = &g->waiting[i];
        struct group *group;
        enum error result = group_of(g, &w->key, w->hash, NULL, false, &group, d);
        if (!result) result = put(g, group, &w->fragment, d);
        if (result) return result;
    }
    g->waiting_count = 0;
    return OK;
}

/* An object is the caller's for this call alone, and copied only for a new group. */
static enum error add_now(struct gather *g, const struct waiting *w, const char *object, struct diag *d) {
    struct group *group;
    enum error result = group_of(g, &w->key, w->hash, object, true, &group, d);
    return result ? result : put(g, group, &w->fragment, d);
}

enum error gather_add(struct gather *g, const struct observation *o, bool keeps_port, struct text line,
                      struct place_in_input at, struct diag *d) {
    ASSERT(o->first != INSTANT_NONE && o->first <= o->last && o->count);
    struct waiting *w = &g->waiting[g->waiting_count];
    w->fragment = (struct fragment){.first = whole_second(o->first),
                                    .last = whole_second(o->last),
                                    .count = o->count,
                                    .port = o->known & KNOWN_SRC_PORT ? o->src_port : PORT_UNKNOWN};
    enum error result = key_of(g, o, keeps_port || !g->options.window, &w->key, d);
    if (!result && g->options.keep_lines) result = keep_line(g, line, at, &w->fragment, d);
    if (result) return result;
    w->hash = keyed_hash(g, &w->key, sizeof w->key);
    if (o->object.size) return add_now(g, w, o->object.at, d);
    __builtin_prefetch(&g->slots[w->hash & (g->slot_count - 1)]);
    return ++g->waiting_count < WAITING ? OK : gather_settle(g, d);
}

/* ---- joining */

static enum error join_group(struct gather *into, const struct gather *from, const struct group *group,
                             struct diag *d) {
    struct group_key key = group->key;
    struct group *own;
    if (key.object_size) key.object_hash = keyed_hash(into, group->object, key.object_size);
    enum error result = word_number(into, &into->protocols, from->protocols.at[key.protocol], &key.protocol, d);
    if (!result) result = word_number(into, &into->events, from->events.at[key.event], &key.event, d);
    if (!result) result = group_of(into, &key, keyed_hash(into, &key, sizeof key), group->object, false, &own, d);
    for (size_t i = 0; !result && i < group->count; i++) result = put(into, own, &group->more[i], d);
    if (!result && group->now.count) result = put(into, own, &group->now, d);
    return result;
}

enum error gather_join(struct gather *into, struct gather *from, struct diag *d) {
    ASSERT(into->options.window == from->options.window && into->options.keep_lines == from->options.keep_lines);
    enum error result = gather_settle(into, d);
    if (!result) result = gather_settle(from, d);
    for (const struct group *group = from->groups; !result && group; group = group->next)
        result = join_group(into, from, group, d);
    if (!result) into->line_count += from->line_count;
    return result;
}
