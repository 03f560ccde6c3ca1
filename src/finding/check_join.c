/* Facts and sightings, joined by what both know.
 *
 * For each set of things that sightings know (a log format knows mostly the same ones) the facts are put in clusters
 * whose known things agree, found by a keyed hash.  The ends of a cluster's facts cut time into segments; a sighting
 * adds to one segment, and at the end a fact sums the segments of its span.  So neither many facts of one address nor
 * many lines make it slow. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "finding/check_parts.h"

enum { KNOWN_SETS = 64, PROTOCOL_MAX = 15, EMPTY = 0 };

struct trace_key { /* hashed and compared as bytes: no padding, all zero where not known */
    uint8_t known, src[16], dst[16], object[SHA256_SIZE], protocol[PROTOCOL_MAX];
    uint8_t ports[4];
};

struct segment {
    instant start; /* it ends where the next one starts */
    struct sum sum;
    uint32_t next_seen, next_upstream,
        last_seen; /* after the end: segments at or after, at or before; from 1, 0: none */
    uint64_t count_before;
};

struct cluster {
    struct trace_key key;
    uint32_t *facts; /* while it is built */
    size_t fact_count, fact_room;
    struct segment *segments;
    size_t count;
};

struct view { /* the facts as sightings see them that know just these things */
    struct cluster *clusters;
    size_t cluster_count, cluster_room;
    uint32_t *slots; /* a cluster, from 1; open addressing */
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

/* The slot of a key, or the empty one where it would be. */
static size_t slot_of(const struct join *j, const struct view *v, const struct trace_key *k) {
    size_t slot = hash_of(j, k) & (v->slot_count - 1);
    while (v->slots[slot] != EMPTY && memcmp(&v->clusters[v->slots[slot] - 1].key, k, sizeof *k) != 0)
        slot = (slot + 1) & (v->slot_count - 1);
    return slot;
}

/* ---- building a view */

static void add_fact(struct join *j, struct view *v, size_t fact, unsigned known) {
    const struct trace *t = &j->facts[fact].trace;
    unsigned shared = t->known & known;
    /* Ports and protocols alone make nobody the same. */
    if (!fact_checkable(&j->facts[fact]) || !(shared & (TRACE_SRC | TRACE_DST | TRACE_OBJECT))) return;
    struct trace_key key = key_of(t, shared);
    size_t slot = slot_of(j, v, &key);
    if (v->slots[slot] == EMPTY) {
        v->clusters = arena_grow(&v->arena, v->clusters, v->cluster_count, &v->cluster_room, sizeof *v->clusters);
        v->clusters[v->cluster_count++] = (struct cluster){.key = key};
        v->slots[slot] = (uint32_t)v->cluster_count;
        v->masks |= UINT64_C(1) << shared;
    }
    struct cluster *c = &v->clusters[v->slots[slot] - 1];
    c->facts = arena_grow(&v->arena, c->facts, c->fact_count, &c->fact_room, sizeof *c->facts);
    c->facts[c->fact_count++] = (uint32_t)fact;
    v->of_fact[fact] = v->slots[slot];
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
    c->segments = ARENA_ARRAY(&v->arena, struct segment, count);
    c->count = count;
    for (size_t i = 0; i < count; i++)
        c->segments[i] = (struct segment){.start = ends[i], .sum = {.first = INSTANT_NONE, .last = INSTANT_NONE}};
    free(ends);
}

static struct view *build_view(struct join *j, unsigned known) {
    struct view *v = calloc(1, sizeof *v);
    ASSERT(v && "memory is left");
    for (v->slot_count = 16; v->slot_count < 2 * j->count; v->slot_count *= 2) continue;
    v->slots = ARENA_ARRAY(&v->arena, uint32_t, v->slot_count);
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

/* The segment in which a time lies, or c->count where that is before the first. */
static size_t segment_at(const struct cluster *c, instant at) {
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->segments[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : c->count;
}

static void add_upstream(struct sum *sum, struct ip upstream) {
    if (!sum->has_upstream || ip_compare(upstream, sum->upstream) < 0) sum->upstream = upstream;
    sum->has_upstream = true;
}

static void add_sighting(struct sum *sum, const struct sighting *s) {
    sum->count += s->count;
    if (sum->first == INSTANT_NONE || s->at < sum->first) sum->first = s->at;
    if (sum->last == INSTANT_NONE || s->at > sum->last) sum->last = s->at;
    if (s->has_upstream) add_upstream(sum, s->upstream);
}

void join_see(struct join *j, const struct sighting *s) {
    unsigned known = s->trace.known & (KNOWN_SETS - 1);
    ASSERT(!j->finished);
    if (s->at == INSTANT_NONE || !(known & (TRACE_SRC | TRACE_DST | TRACE_OBJECT))) return;
    if (!j->views[known]) j->views[known] = build_view(j, known);
    struct view *v = j->views[known];
    for (uint64_t masks = v->masks; masks; masks &= masks - 1) {
        struct trace_key key = key_of(&s->trace, (unsigned)__builtin_ctzll(masks));
        size_t slot = slot_of(j, v, &key);
        if (v->slots[slot] == EMPTY) continue;
        struct cluster *c = &v->clusters[v->slots[slot] - 1];
        size_t at = segment_at(c, s->at);
        if (at < c->count) add_sighting(&c->segments[at].sum, s);
    }
}

/* ---- summing */

static void finish_cluster(struct cluster *c) {
    uint64_t count = 0;
    uint32_t last = 0, next = 0, upstream = 0;
    for (size_t i = 0; i < c->count; i++) {
        c->segments[i].count_before = count;
        count += c->segments[i].sum.count;
        if (c->segments[i].sum.first != INSTANT_NONE) last = (uint32_t)i + 1;
        c->segments[i].last_seen = last;
    }
    for (size_t i = c->count; i-- > 0;) {
        if (c->segments[i].sum.first != INSTANT_NONE) next = (uint32_t)i + 1;
        if (c->segments[i].sum.has_upstream) upstream = (uint32_t)i + 1;
        c->segments[i].next_seen = next;
        c->segments[i].next_upstream = upstream;
    }
}

static void finish(struct join *j) {
    for (unsigned known = 0; known < KNOWN_SETS; known++)
        for (size_t i = 0; j->views[known] && i < j->views[known]->cluster_count; i++)
            finish_cluster(&j->views[known]->clusters[i]);
    j->finished = true;
}

/* Of the segments from `from` to `to`, the latter not included. */
static struct sum sum_segments(const struct cluster *c, size_t from, size_t to) {
    struct sum sum = {.first = INSTANT_NONE, .last = INSTANT_NONE};
    size_t next = c->segments[from].next_seen, last = c->segments[to - 1].last_seen;
    size_t upstream = c->segments[from].next_upstream;
    if (!next || next > to) return sum;
    sum.count = c->segments[to - 1].count_before + c->segments[to - 1].sum.count - c->segments[from].count_before;
    sum.first = c->segments[next - 1].sum.first;
    sum.last = c->segments[last - 1].sum.last;
    if (upstream && upstream <= to) add_upstream(&sum, c->segments[upstream - 1].sum.upstream);
    return sum;
}

static void add_sum(struct sum *to, const struct sum *more) {
    if (more->first == INSTANT_NONE) return;
    to->count += more->count;
    if (to->first == INSTANT_NONE || more->first < to->first) to->first = more->first;
    if (to->last == INSTANT_NONE || more->last > to->last) to->last = more->last;
    if (more->has_upstream) add_upstream(to, more->upstream);
}

struct sum join_sum(struct join *j, size_t fact) {
    struct sum sum = {.first = INSTANT_NONE, .last = INSTANT_NONE};
    if (!j->finished) finish(j);
    for (unsigned known = 0; known < KNOWN_SETS; known++) {
        const struct view *v = j->views[known];
        if (!v || !v->of_fact[fact]) continue;
        const struct cluster *c = &v->clusters[v->of_fact[fact] - 1];
        struct sum part = sum_segments(c, segment_at(c, start_of(j, fact)), segment_at(c, end_of(j, fact)));
        add_sum(&sum, &part);
    }
    return sum;
}
