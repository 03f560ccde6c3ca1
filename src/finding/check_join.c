/* Facts and sightings, joined by what both know.
 *
 * For each set of things that sightings know (a log format knows mostly the same ones) the facts are put in clusters
 * whose known things agree, found by a keyed hash.  The ends of a cluster's facts cut time into segments.  A sighting
 * is a stretch of time: how many of them touch a fact is how many have begun before its end, less how many had ended
 * before its start; and what they tell is laid on a tree over the segments.  So neither many facts of one address, nor
 * long flows, nor many lines make it slow. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "finding/check_parts.h"

enum { KNOWN_SETS = 64, PROTOCOL_MAX = 15, EMPTY = 0 };
#define COUNT_MOST ((uint64_t)1 << 53) /* what a finding may say: a number that every reader of JSON keeps */

/* One line may count 2^53 events: no number of lines makes such sums come round to nothing. */
typedef unsigned __int128 total;

struct trace_key { /* hashed and compared as bytes: no padding, all zero where not known */
    uint8_t known, src[16], dst[16], object[SHA256_SIZE], protocol[PROTOCOL_MAX];
    uint8_t ports[4];
};

/* What sightings tell, whatever their number: joining is the same in any order, and twice is once. */
struct extent {
    instant first, last; /* INSTANT_NONE: nothing */
    bool has_upstream;
    struct ip upstream; /* the lowest */
    uint64_t place;     /* the lowest with that upstream */
};

/* A segment lasts from its start to before the next one; the last segment comes after all facts.  The arrays are made
 * with the first sighting. */
struct cluster {
    struct trace_key key;
    uint32_t *facts; /* while it is built */
    size_t fact_count, fact_room;
    instant *starts;
    size_t count;
    total *begun, *ended; /* counts of sightings by segment, from 1; 0: before the first.  At the end: sums */
    /* By node of a tree whose leaves are at `count`: what was laid over all of it; and, at the end, over some of it. */
    struct extent *whole, *part;
};

struct slot {
    uint32_t cluster; /* from 1; EMPTY: none */
    uint32_t tag;     /* of its key's hash: most others are told apart without a look at them */
};

struct view { /* the facts as sightings see them that know just these things */
    struct cluster *clusters;
    size_t cluster_count, cluster_room;
    struct slot *slots; /* open addressing */
    size_t slot_count;
    uint64_t masks;    /* which sets of known things clusters have: bit m for the set m */
    uint32_t *of_fact; /* the cluster of each fact, from 1 */
    struct arena arena;
};

struct join {
    const struct check_fact *facts;
    size_t count;
    instant skew;
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct view *views[KNOWN_SETS];
    bool finished;
};

bool fact_checkable(const struct check_fact *f) {
    bool timed = f->first != INSTANT_NONE && f->last != INSTANT_NONE && f->first <= f->last;
    return timed && (f->trace.known & (TRACE_SRC | TRACE_DST | TRACE_OBJECT));
}

/* ---- keys */

/* Of a trace, as far as `known` goes. */
static struct trace_key key_of(const struct trace *t, unsigned known) {
    struct trace_key k = {.known = (uint8_t)known};
    if (known & TRACE_SRC) memcpy(k.src, t->src.at, sizeof k.src);
    if (known & TRACE_DST) memcpy(k.dst, t->dst.at, sizeof k.dst);
    if (known & TRACE_SRC_PORT) k.ports[0] = (uint8_t)(t->src_port >> 8), k.ports[1] = (uint8_t)t->src_port;
    if (known & TRACE_DST_PORT) k.ports[2] = (uint8_t)(t->dst_port >> 8), k.ports[3] = (uint8_t)t->dst_port;
    if (known & TRACE_OBJECT) memcpy(k.object, sha256_of(bytes_from_text(t->object)).at, sizeof k.object);
    size_t size = t->protocol.size < PROTOCOL_MAX ? t->protocol.size : PROTOCOL_MAX;
    if (known & TRACE_PROTOCOL) memcpy(k.protocol, t->protocol.at, size);
    return k;
}

static uint64_t hash_of(const struct join *j, const struct trace_key *k) {
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, (const uint8_t *)k, sizeof *k, j->key);
    memcpy(&number, hash, sizeof number);
    return number;
}

/* The slot of a key, or the empty one where it would be, which gets its tag. */
static struct slot *slot_of(const struct join *j, const struct view *v, const struct trace_key *k) {
    uint64_t hash = hash_of(j, k);
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = hash & (v->slot_count - 1);; at = (at + 1) & (v->slot_count - 1)) {
        struct slot *slot = &v->slots[at];
        if (slot->cluster == EMPTY) slot->tag = tag;
        if (slot->cluster == EMPTY) return slot;
        if (slot->tag == tag && memcmp(&v->clusters[slot->cluster - 1].key, k, sizeof *k) == 0) return slot;
    }
}

/* ---- building a view */

static void add_fact(struct join *j, struct view *v, size_t fact, unsigned known) {
    const struct trace *t = &j->facts[fact].trace;
    unsigned shared = t->known & known;
    /* Ports and protocols alone make nobody the same. */
    if (!fact_checkable(&j->facts[fact]) || !(shared & (TRACE_SRC | TRACE_DST | TRACE_OBJECT))) return;
    struct trace_key key = key_of(t, shared);
    struct slot *slot = slot_of(j, v, &key);
    if (slot->cluster == EMPTY) {
        v->clusters = arena_grow(&v->arena, v->clusters, v->cluster_count, &v->cluster_room, sizeof *v->clusters);
        v->clusters[v->cluster_count++] = (struct cluster){.key = key};
        slot->cluster = (uint32_t)v->cluster_count;
        v->masks |= UINT64_C(1) << shared;
    }
    struct cluster *c = &v->clusters[slot->cluster - 1];
    c->facts = arena_grow(&v->arena, c->facts, c->fact_count, &c->fact_room, sizeof *c->facts);
    c->facts[c->fact_count++] = (uint32_t)fact;
    v->of_fact[fact] = slot->cluster;
}

static int by_time(const void *left, const void *right) {
    instant a = *(const instant *)left, b = *(const instant *)right;
    return (a > b) - (a < b);
}

static instant start_of(const struct join *j, size_t fact) { return j->facts[fact].first - j->skew; }
static instant end_of(const struct join *j, size_t fact) { return j->facts[fact].last + j->skew + 1; }

/* Time cut where a fact begins or has ended. */
static void cut_time(struct join *j, struct view *v, struct cluster *c) {
    instant *ends = malloc(2 * c->fact_count * sizeof *ends);
    ASSERT(ends && "memory is left");
    size_t count = 0;
    for (size_t i = 0; i < c->fact_count; i++) {
        ends[2 * i] = start_of(j, c->facts[i]);
        ends[2 * i + 1] = end_of(j, c->facts[i]);
    }
    qsort(ends, 2 * c->fact_count, sizeof *ends, by_time);
    for (size_t i = 0; i < 2 * c->fact_count; i++)
        if (!i || ends[i] != ends[i - 1]) ends[count++] = ends[i];
    c->starts = ARENA_ARRAY(&v->arena, instant, count);
    memcpy(c->starts, ends, count * sizeof *ends);
    c->count = count;
    free(ends);
}

static struct view *build_view(struct join *j, unsigned known) {
    struct view *v = calloc(1, sizeof *v);
    ASSERT(v && "memory is left");
    for (v->slot_count = 16; v->slot_count < 2 * j->count; v->slot_count *= 2) continue;
    v->slots = ARENA_ARRAY(&v->arena, struct slot, v->slot_count);
    v->of_fact = ARENA_ARRAY(&v->arena, uint32_t, j->count);
    for (size_t i = 0; i < j->count; i++) add_fact(j, v, i, known);
    for (size_t i = 0; i < v->cluster_count; i++) cut_time(j, v, &v->clusters[i]);
    return v;
}

struct join *join_new(const struct check_fact *facts, size_t count, instant skew, struct random *r) {
    struct join *j = calloc(1, sizeof *j);
    ASSERT(j && count < UINT32_MAX);
    *j = (struct join){.facts = facts, .count = count, .skew = skew};
    random_fill(r, j->key, sizeof j->key);
    return j;
}

void join_free(struct join *j) {
    if (!j) return;
    for (unsigned known = 0; known < KNOWN_SETS; known++) {
        if (j->views[known]) arena_free(&j->views[known]->arena);
        free(j->views[known]);
    }
    free(j);
}

/* ---- seeing */

/* How many segments start at or before a time; the last of them is the one in which it lies. */
static size_t segments_by(const struct cluster *c, instant at) {
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->starts[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void extent_add(struct extent *to, const struct extent *more) {
    if (more->first == INSTANT_NONE) return;
    if (to->first == INSTANT_NONE || more->first < to->first) to->first = more->first;
    if (to->last == INSTANT_NONE || more->last > to->last) to->last = more->last;
    if (!more->has_upstream) return;
    int order = to->has_upstream ? ip_compare(more->upstream, to->upstream) : -1;
    if (order < 0) to->upstream = more->upstream;
    if (order < 0 || (order == 0 && more->place < to->place)) to->place = more->place;
    to->has_upstream = true;
}

static void prepare(struct view *v, struct cluster *c) {
    if (c->begun) return;
    c->begun = ARENA_ARRAY(&v->arena, total, c->count + 1);
    c->ended = ARENA_ARRAY(&v->arena, total, c->count + 1);
    c->whole = ARENA_ARRAY(&v->arena, struct extent, 2 * c->count);
    for (size_t i = 0; i < 2 * c->count; i++) c->whole[i].first = c->whole[i].last = INSTANT_NONE;
}

/* Lays an extent on the segments from `from` to before `to`: on the few nodes that together cover them. */
static void lay(struct cluster *c, size_t from, size_t to, const struct extent *e) {
    for (size_t left = from + c->count, right = to + c->count; left < right; left /= 2, right /= 2) {
        if (left & 1) extent_add(&c->whole[left++], e);
        if (right & 1) extent_add(&c->whole[--right], e);
    }
}

/* What was laid on any of the segments from `from` to before `to`. */
static struct extent gathered(const struct cluster *c, size_t from, size_t to) {
    struct extent e = {.first = INSTANT_NONE, .last = INSTANT_NONE};
    for (size_t i = (from + c->count) / 2; i; i /= 2) extent_add(&e, &c->whole[i]);
    for (size_t i = (to - 1 + c->count) / 2; i; i /= 2) extent_add(&e, &c->whole[i]);
    for (size_t left = from + c->count, right = to + c->count; left < right; left /= 2, right /= 2) {
        if (left & 1) extent_add(&e, &c->part[left++]);
        if (right & 1) extent_add(&e, &c->part[--right]);
    }
    return e;
}

static void add_sighting(struct view *v, struct cluster *c, const struct sighting *s, instant until) {
    size_t from = segments_by(c, s->at), to = segments_by(c, until);
    if (from == c->count || !to) return; /* after all facts, or before them */
    prepare(v, c);
    c->begun[from] += s->count;
    c->ended[to] += s->count;
    const struct extent e = {s->at, until, s->has_upstream, s->upstream, s->place};
    lay(c, from ? from - 1 : 0, to, &e);
}

void join_see(struct join *j, const struct sighting *s) {
    unsigned known = s->trace.known & (KNOWN_SETS - 1);
    instant until = s->until > s->at ? s->until : s->at;
    ASSERT(!j->finished);
    if (s->at == INSTANT_NONE || !(known & (TRACE_SRC | TRACE_DST | TRACE_OBJECT))) return;
    if (!j->views[known]) j->views[known] = build_view(j, known);
    struct view *v = j->views[known];
    for (uint64_t masks = v->masks; masks; masks &= masks - 1) {
        struct trace_key key = key_of(&s->trace, (unsigned)__builtin_ctzll(masks));
        const struct slot *slot = slot_of(j, v, &key);
        if (slot->cluster != EMPTY) add_sighting(v, &v->clusters[slot->cluster - 1], s, until);
    }
}

/* ---- joining */

static void join_cluster(struct view *v, struct cluster *into, const struct cluster *from) {
    ASSERT(into->count == from->count);
    if (!from->begun) return;
    prepare(v, into);
    for (size_t i = 0; i <= from->count; i++) {
        into->begun[i] += from->begun[i];
        into->ended[i] += from->ended[i];
    }
    for (size_t i = 0; i < 2 * from->count; i++) extent_add(&into->whole[i], &from->whole[i]);
}

/* The same facts give the same clusters in the same order, whatever the key of the hash. */
void join_join(struct join *into, const struct join *from) {
    ASSERT(into->facts == from->facts && into->count == from->count && !into->finished && !from->finished);
    for (unsigned known = 0; known < KNOWN_SETS; known++) {
        const struct view *theirs = from->views[known];
        if (!theirs) continue;
        if (!into->views[known]) into->views[known] = build_view(into, known);
        struct view *v = into->views[known];
        ASSERT(v->cluster_count == theirs->cluster_count);
        for (size_t i = 0; i < v->cluster_count; i++) join_cluster(v, &v->clusters[i], &theirs->clusters[i]);
    }
}

/* ---- summing */

static void finish_cluster(struct view *v, struct cluster *c) {
    if (!c->begun) return;
    for (size_t s = 1; s <= c->count; s++) {
        c->begun[s] += c->begun[s - 1];
        c->ended[s] += c->ended[s - 1];
    }
    c->part = ARENA_ARRAY(&v->arena, struct extent, 2 * c->count);
    memcpy(c->part, c->whole, 2 * c->count * sizeof *c->part);
    for (size_t i = 2 * c->count; i-- > 2;) extent_add(&c->part[i / 2], &c->part[i]);
}

static void finish(struct join *j) {
    for (unsigned known = 0; known < KNOWN_SETS; known++)
        for (size_t i = 0; j->views[known] && i < j->views[known]->cluster_count; i++)
            finish_cluster(j->views[known], &j->views[known]->clusters[i]);
    j->finished = true;
}

/* What touches the segments from `from` to before `to`: begun before their end, and not ended before their start. */
static void add_cluster(struct sum *sum, const struct cluster *c, size_t from, size_t to) {
    total count = c->begun[to] - c->ended[from];
    if (!count) return;
    count += sum->count;
    struct extent e = gathered(c, from, to),
                  all = {sum->first, sum->last, sum->has_upstream, sum->upstream, sum->place};
    extent_add(&all, &e);
    *sum = (struct sum){count < COUNT_MOST ? (uint64_t)count : COUNT_MOST,
                        all.first,
                        all.last,
                        all.has_upstream,
                        all.upstream,
                        all.place};
}

struct sum join_sum(struct join *j, size_t fact) {
    struct sum sum = {.first = INSTANT_NONE, .last = INSTANT_NONE};
    if (!j->finished) finish(j);
    for (unsigned known = 0; known < KNOWN_SETS; known++) {
        const struct view *v = j->views[known];
        if (!v || !v->of_fact[fact]) continue;
        const struct cluster *c = &v->clusters[v->of_fact[fact] - 1];
        if (c->begun) add_cluster(&sum, c, segments_by(c, start_of(j, fact)) - 1, segments_by(c, end_of(j, fact)) - 1);
    }
    return sum;
}
