/* Observations to groups and fragments; from_line_end.c makes facts of them. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fact/gather.h"

enum { FIRST_SLOTS = 256, WORDS_KNOWN_MAX = UINT16_MAX };

static uint64_t keyed_hash(const struct gather *g, const void *at, size_t size) {
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, at, size, g->hash_key);
    memcpy(&number, hash, sizeof number);
    return number;
}

struct gather *gather_new(const struct gather_options *o) {
    struct gather *g = calloc(1, sizeof *g);
    ASSERT(g && "memory is left");
    ASSERT((o->keep_lines || !o->lines) && (!o->runs || !o->keep_lines || o->lines));
    g->options = *o;
    for (size_t i = 0; i < sizeof g->hash_key; i++)
        g->hash_key[i] = (uint8_t)(o->seed >> (8 * (i % 8)) ^ (uint64_t)(i / 8 * 0xa5));
    for (size_t i = 0; i < COUNT(g->hash_words); i++) {
        uint64_t number = i;
        g->hash_words[i] = keyed_hash(g, &number, sizeof number);
    }
    g->line_buf.max = SIZE_MAX / 2;
    g->arena.max_bytes = SIZE_MAX / 2; /* what is taken is bounded by room_for */
    g->protocols.numbers.arena = g->events.numbers.arena = &g->arena;
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        struct shard *s = &g->shards[i];
        s->arena.max_bytes = SIZE_MAX / 2;
        s->slot_count = FIRST_SLOTS;
        s->slots = pool_take(&g->slots, FIRST_SLOTS * sizeof *s->slots);
        ASSERT(s->slots && "memory is left");
    }
    return g;
}

void gather_free(struct gather *g) {
    if (!g) return;
    for (size_t i = 0; i < GATHER_SHARDS; i++) arena_free(&g->shards[i].arena);
    arena_free(&g->arena);
    pool_free(&g->groups);
    pool_free(&g->slots);
    buf_wipe(&g->line_buf);
    free(g->runs);
    free(g);
}

/* Takes note of memory that is about to be taken.  Who can put things aside does so afterwards. */
static enum error room_for(struct gather *g, size_t bytes, struct diag *d) {
    size_t before = atomic_fetch_add_explicit(&g->taken, bytes, memory_order_relaxed);
    if (g->options.runs || (bytes <= g->options.max_bytes && before <= g->options.max_bytes - bytes)) return OK;
    return fail(d, ERR_LIMIT, _("the facts need more than %zu MiB of memory"), g->options.max_bytes >> 20);
}

static void give_back(struct gather *g, size_t bytes) {
    atomic_fetch_sub_explicit(&g->taken, bytes, memory_order_relaxed);
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

/* Of a key, which has a fixed size: numbers of the gather's own take the place of a key of SipHash, and what an address
 * must be to meet another in the table depends on them.  SipHash over each key cost several times as much. */
static uint64_t key_hash(const struct gather *g, const struct group_key *key) {
    enum { WORDS = sizeof *key / sizeof(uint64_t) };
    _Static_assert(sizeof *key % 16 == 0 && WORDS == COUNT(g->hash_words), "whole words, an even number of them");
    uint64_t words[WORDS], sum = 0;
    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < WORDS; i += 2)
        sum = gather_fold(sum, 0x9e3779b97f4a7c15) ^
              gather_fold(words[i] ^ g->hash_words[i], words[i + 1] ^ g->hash_words[i + 1]);
    return gather_fold(sum ^ g->hash_words[0], g->hash_words[WORDS - 1] | 1);
}

static enum error key_of(struct gather *g, const struct observation *o, bool keeps_port, struct group_key *out,
                         struct diag *d) {
    unsigned known = o->known & ~(keeps_port ? 0U : (unsigned)KNOWN_SRC_PORT);
    ASSERT(o->object.size <= OBJECT_MAX);
    struct group_key key = {.known = (uint16_t)known, .object_size = (uint16_t)o->object.size};
    if (known & KNOWN_SRC) memcpy(key.src, o->src.at, sizeof key.src);
    if (known & KNOWN_DST) memcpy(key.dst, o->dst.at, sizeof key.dst);
    if (known & KNOWN_SRC_PORT) key.src_port = o->src_port;
    if (known & KNOWN_DST_PORT) key.dst_port = o->dst_port;
    if (o->object.size) key.object_hash = (uint32_t)keyed_hash(g, o->object.at, o->object.size);
    enum error result = word_number(g, &g->protocols, o->protocol, &key.protocol, d);
    if (!result) result = word_number(g, &g->events, o->event, &key.event, d);
    if (!result) *out = key;
    return result;
}

/* By the source alone and by nothing that is secret: in every gather it is the same. */
static struct shard *shard_of(struct gather *g, const struct group_key *key) {
    uint64_t half[2];
    memcpy(half, key->src, sizeof half);
    return &g->shards[((half[0] ^ half[1]) * 0x9e3779b97f4a7c15) >> 32 & (GATHER_SHARDS - 1)];
}

static struct slot *slot_of(const struct shard *s, uint64_t hash, const struct group_key *key, const char *object) {
    for (size_t i = hash & (s->slot_count - 1);; i = (i + 1) & (s->slot_count - 1)) {
        struct slot *slot = &s->slots[i];
        if (!slot->group) return slot;
        if (slot->hash == hash && !memcmp(&slot->group->key, key, sizeof *key) &&
            (!key->object_size || !memcmp(slot->group->object, object, key->object_size)))
            return slot;
    }
}

/* At most half of the slots are taken. */
static enum error more_slots(struct gather *g, struct shard *s, struct diag *d) {
    size_t count = s->slot_count * 2;
    enum error result = room_for(g, count * sizeof *s->slots, d);
    if (result) return result;
    struct slot *slots = pool_take(&g->slots, count * sizeof *slots);
    if (!slots) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t old = 0; old < s->slot_count; old++) {
        if (!s->slots[old].group) continue;
        size_t i = s->slots[old].hash & (count - 1);
        while (slots[i].group) i = (i + 1) & (count - 1);
        slots[i] = s->slots[old];
    }
    const size_t old_bytes = s->slot_count * sizeof *slots;
    give_back(g, old_bytes);
    if (old_bytes / sizeof *s->unused > s->unused_count) { /* what was there is good for groups */
        s->unused = (struct group *)(void *)s->slots;
        s->unused_count = old_bytes / sizeof *s->unused;
    }
    s->slots = slots;
    s->slot_count = count;
    return OK;
}

/* Puts a group in, which is not there yet: the slot found for it, if there is still room. */
static enum error put_group(struct gather *g, struct shard *s, struct slot *slot, uint64_t hash, struct group *group,
                            struct diag *d) {
    if (2 * s->group_count >= s->slot_count) {
        enum error result = more_slots(g, s, d);
        if (result) return result;
        slot = slot_of(s, hash, &group->key, group->object);
    }
    group->next = s->groups;
    s->groups = group;
    s->group_count++;
    *slot = (struct slot){hash, group};
    return OK;
}

/* A group comes out of memory while others do. */
static void fetch_group(const struct shard *s, uint64_t hash) {
    const struct slot *slot = &s->slots[hash & (s->slot_count - 1)];
    if (slot->group) __builtin_prefetch(slot->group);
    if (slot->group) __builtin_prefetch(&slot->group->now, 1);
}

static struct group *group_new(struct gather *g, struct shard *s) {
    enum { GROUPS_AT_ONCE = 64 };
    if (!s->unused_count) {
        s->unused = pool_take(&g->groups, GROUPS_AT_ONCE * sizeof *s->unused);
        if (!s->unused) return NULL;
        s->unused_count = GROUPS_AT_ONCE;
    }
    s->unused_count--;
    return s->unused++;
}

static enum error group_of(struct gather *g, struct shard *s, const struct group_key *key, uint64_t hash,
                           const char *object, struct group **out, struct diag *d) {
    struct slot *slot = slot_of(s, hash, key, object);
    if (slot->group) return *out = slot->group, OK;
    enum error result = room_for(g, sizeof **out + key->object_size + sizeof(max_align_t), d);
    if (result) return result;
    struct group *group = group_new(g, s);
    if (!group) return fail(d, ERR_MEMORY, _("out of memory"));
    if (object) object = arena_text(&s->arena, (struct text){object, key->object_size}).at;
    *group = (struct group){.key = *key, .object = object};
    group->number = g->group_count++; /* what is put aside is named by it; what is joined is not put aside */
    result = put_group(g, s, slot, hash, group, d);
    if (!result) *out = group;
    return result;
}

/* ---- fragments */

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
        if (belong_together(g->options.window, &of->more[count - 1], &of->more[i]))
            fragment_add(&of->more[count - 1], &of->more[i], g->options.lines);
        else
            of->more[count++] = of->more[i];
    }
    of->count = (uint32_t)count;
}

static struct free_fragments **fragments_of_size(struct shard *s, uint32_t room) {
    return &s->fragments[__builtin_ctz(room / FIRST_FRAGMENTS)];
}

static void free_fragments(struct shard *s, struct group *of) {
    if (!of->room) return;
    struct free_fragments **list = fragments_of_size(s, of->room), *freed = (void *)of->more;
    freed->next = *list;
    *list = freed;
    of->room = 0;
}

static struct fragment *take_fragments(struct gather *g, struct shard *s, uint32_t room) {
    struct free_fragments **list = fragments_of_size(s, room), *taken = *list;
    if (!taken) return pool_take(&g->groups, room * sizeof(struct fragment));
    *list = taken->next;
    return (void *)taken;
}

static enum error more_fragments(struct gather *g, struct shard *s, struct group *of, struct diag *d) {
    uint32_t room = of->room ? of->room * 2 : FIRST_FRAGMENTS;
    enum error result = room_for(g, room * sizeof *of->more, d);
    if (result) return result;
    struct fragment *more = take_fragments(g, s, room);
    if (!more) return fail(d, ERR_MEMORY, _("out of memory"));
    if (of->count) memcpy(more, of->more, of->count * sizeof *more);
    give_back(g, of->room * sizeof *more);
    free_fragments(s, of);
    of->more = more;
    of->room = room;
    return OK;
}

/* Makes one of what belongs together before it asks for more room, so that memory goes with the facts. */
static enum error push(struct gather *g, struct shard *s, struct group *of, const struct fragment *f, struct diag *d) {
    if (of->count == of->room) {
        settle_more(g, of);
        enum error result = of->count >= of->room / 2 ? more_fragments(g, s, of, d) : OK;
        if (result) return result;
    }
    of->more[of->count++] = *f;
    return OK;
}

static enum error put(struct gather *g, struct shard *s, struct group *of, const struct fragment *f, struct diag *d) {
    if (of->now.count && belong_together(g->options.window, &of->now, f))
        return fragment_add(&of->now, f, g->options.lines), OK;
    enum error result = of->now.count ? push(g, s, of, &of->now, d) : OK;
    if (!result) of->now = *f;
    return result;
}

enum error group_settle(struct gather *g, struct shard *s, struct group *of, struct diag *d) {
    if (!of->count || !of->now.count) return OK; /* nothing to join with */
    enum error result = push(g, s, of, &of->now, d);
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
    *kept = (struct kept){.next = kept, .at = at, .size = (uint32_t)line.size};
    if (line.size) memcpy(kept->bytes, line.at, line.size);
    f->lines = kept;
    f->kept = 1;
    g->line_count++;
    return OK;
}

/* The number of its group comes later. */
static enum error put_line_aside(struct gather *g, struct text line, struct place_in_input at, struct waiting *w,
                                 struct diag *d) {
    enum { LINE_BITS = 24 }; /* of a part, which has far fewer */
    ASSERT(line.size <= UINT32_MAX && at.line < 1U << LINE_BITS && at.part < UINT64_MAX >> LINE_BITS);
    const struct line_head head = {.size = (uint32_t)line.size,
                                   .first = w->fragment.first,
                                   .last = w->fragment.last,
                                   .place = at.part << LINE_BITS | at.line};
    ASSERT((head.place > g->last_place || !g->line_count) && "each gather hears of lines in their order");
    uint8_t *to = buf_extend(&g->line_buf, line_bytes(&head));
    if (!to) return fail(d, ERR_MEMORY, _("out of memory"));
    w->line = g->line_buf.size - line_bytes(&head);
    memcpy(to, &head, sizeof head);
    if (line.size) memcpy(to + sizeof head, line.at, line.size);
    w->fragment.kept = 1;
    w->fragment.line_bytes = line.size;
    g->last_place = head.place;
    g->line_count++;
    return OK;
}

static enum error put_waiting(struct gather *g, struct shard *s, const struct waiting *w, const char *object,
                              struct diag *d) {
    struct group *group = NULL;
    enum error result = group_of(g, s, &w->key, w->hash, object, &group, d);
    if (!result && g->options.lines)
        memcpy(g->line_buf.at + w->line + offsetof(struct line_head, group), &group->number, sizeof group->number);
    return result ? result : put(g, s, group, &w->fragment, d);
}

/* While nothing waits. */
static enum error put_aside(struct gather *g, struct diag *d) {
    enum { LINES_AT_ONCE = 1 << 18 };
    enum error result = g->line_buf.size >= LINES_AT_ONCE ? gather_flush_lines(g, d) : OK;
    if (!result && g->options.runs && g->taken > g->options.max_bytes) result = gather_spill(g, d);
    return result;
}

enum error gather_settle(struct gather *g, struct diag *d) {
    struct shard *shards[WAITING];
    for (size_t i = 0; i < g->waiting_count; i++) {
        shards[i] = shard_of(g, &g->waiting[i].key);
        fetch_group(shards[i], g->waiting[i].hash);
    }
    for (size_t i = 0; i < g->waiting_count; i++) {
        enum error result = put_waiting(g, shards[i], &g->waiting[i], NULL, d);
        if (result) return result;
    }
    g->waiting_count = 0;
    return put_aside(g, d);
}

/* An object is the caller's for this call alone, and copied only for a new group. */
static enum error add_now(struct gather *g, const struct waiting *w, const char *object, struct diag *d) {
    enum error result = put_waiting(g, shard_of(g, &w->key), w, object, d);
    return result || g->waiting_count ? result : put_aside(g, d);
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
    if (!result && g->options.lines)
        result = put_line_aside(g, line, at, w, d);
    else if (!result && g->options.keep_lines)
        result = keep_line(g, line, at, &w->fragment, d);
    if (result) return result;
    w->hash = key_hash(g, &w->key);
    if (o->object.size) return add_now(g, w, o->object.at, d);
    const struct shard *s = shard_of(g, &w->key);
    __builtin_prefetch(&s->slots[w->hash & (s->slot_count - 1)]);
    return ++g->waiting_count < WAITING ? OK : gather_settle(g, d);
}

/* ---- joining */

/* The numbers of all words of `from` in `into`. */
static enum error learn(struct gather *into, struct words_known *own, struct gather *from, struct words_known *other,
                        struct diag *d) {
    enum error result = OK;
    other->joined = ARENA_ARRAY(&from->arena, uint16_t, other->count);
    for (size_t i = 0; !result && i < other->count; i++)
        result = word_number(into, own, other->at[i], &other->joined[i], d);
    return result;
}

/* What `into` has not it takes over as it stands. */
static enum error join_group(struct gather *into, struct shard *shard, uint64_t hash, struct group *group,
                             struct diag *d) {
    struct slot *slot = slot_of(shard, hash, &group->key, group->object);
    struct group *own = slot->group;
    enum error result = own ? OK : put_group(into, shard, slot, hash, group, d);
    if (!result && !own) return OK;
    for (size_t i = 0; !result && i < group->count; i++) result = put(into, shard, own, &group->more[i], d);
    if (!result && group->now.count) result = put(into, shard, own, &group->now, d);
    free_fragments(shard, group);
    return result;
}

enum error gather_join_begin(struct gather *into, struct gather *from, struct diag *d) {
    ASSERT(into->options.window == from->options.window && into->options.keep_lines == from->options.keep_lines);
    enum error result = gather_settle(into, d);
    if (!result) result = gather_settle(from, d);
    if (!result) result = learn(into, &into->protocols, from, &from->protocols, d);
    if (!result) result = learn(into, &into->events, from, &from->events, d);
    if (!result) into->line_count += from->line_count;
    return result;
}

/* As `into` has it. */
static void change_key(const struct gather *into, const struct gather *from, struct group *group) {
    struct group_key *key = &group->key;
    if (key->object_size) key->object_hash = (uint32_t)keyed_hash(into, group->object, key->object_size);
    key->protocol = from->protocols.joined[key->protocol];
    key->event = from->events.joined[key->event];
}

/* Some at once, for which their places come out of memory at once, too. */
enum error gather_join_shard(struct gather *into, struct gather *from, size_t number, struct diag *d) {
    struct shard *shard = &into->shards[number], *other = &from->shards[number];
    struct group *some[WAITING];
    uint64_t hashes[WAITING];
    enum error result = OK;
    while (!result && other->groups) {
        size_t count = 0, done = 0;
        for (; count < WAITING && other->groups; other->groups = some[count++]->next) {
            some[count] = other->groups;
            change_key(into, from, some[count]);
            hashes[count] = key_hash(into, &some[count]->key);
            __builtin_prefetch(&shard->slots[hashes[count] & (shard->slot_count - 1)]);
        }
        for (size_t i = 0; i < count; i++) fetch_group(shard, hashes[i]);
        while (!result && done < count) result = join_group(into, shard, hashes[done], some[done], d), done++;
        for (; done < count; done++) {
            some[done]->next = other->groups;
            other->groups = some[done];
        }
    }
    return result;
}

enum error gather_join(struct gather *into, struct gather *from, struct diag *d) {
    enum error result = gather_join_begin(into, from, d);
    for (size_t i = 0; !result && i < GATHER_SHARDS; i++) result = gather_join_shard(into, from, i, d);
    return result;
}
