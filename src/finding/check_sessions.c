/* Sessions to the sources of facts: facts stand by their source and the time at which they begin, and a session is laid
 * on a tree over those that begin while it is open.  A node keeps the few lowest addresses, so what comes out depends
 * on no order, and neither many facts of one source nor long sessions make it slow. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "finding/check_parts.h"

struct beginning {
    struct ip source;
    instant at;
    uint32_t fact;
};

struct host { /* a source, and its facts: a stretch of the beginnings */
    size_t from, count;
    struct callers *tree; /* leaves at `count`; NULL: no session yet */
};

struct sessions {
    const struct check_fact *facts;
    instant skew;
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct beginning *beginnings; /* by source, then by time */
    struct host *hosts;
    size_t host_count;
    uint32_t *slots; /* a host, from 1; open addressing */
    size_t slot_count;
    uint32_t *leaf_of, *host_of; /* of each fact; host from 1, 0: it is not sought */
};

static bool is_sought(const struct check_fact *f) {
    return fact_checkable(f) && (f->trace.known & TRACE_SRC) && (f->trace.known & TRACE_DST);
}

static int by_source_and_time(const void *left, const void *right) {
    const struct beginning *a = left, *b = right;
    int order = ip_compare(a->source, b->source);
    if (!order) order = (a->at > b->at) - (a->at < b->at);
    return order ? order : (a->fact > b->fact) - (a->fact < b->fact);
}

/* The slot of a host, or the empty one where it would be. */
static size_t slot_of(const struct sessions *s, struct ip source) {
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, source.at, sizeof source.at, s->key);
    memcpy(&number, hash, sizeof number);
    size_t slot = number & (s->slot_count - 1);
    while (s->slots[slot]) {
        const struct host *h = &s->hosts[s->slots[slot] - 1];
        if (!ip_compare(s->beginnings[h->from].source, source)) break;
        slot = (slot + 1) & (s->slot_count - 1);
    }
    return slot;
}

static void find_hosts(struct sessions *s, size_t sought) {
    for (size_t i = 0; i < sought; i++) {
        const struct beginning *b = &s->beginnings[i];
        if (!i || ip_compare(b->source, b[-1].source)) {
            s->hosts[s->host_count] = (struct host){.from = i};
            s->slots[slot_of(s, b->source)] = (uint32_t)++s->host_count;
        }
        s->host_of[b->fact] = (uint32_t)s->host_count;
        s->leaf_of[b->fact] = (uint32_t)s->hosts[s->host_count - 1].count++;
    }
}

static void *take(size_t count, size_t size) {
    void *at = calloc(count + 1, size);
    ASSERT(at && "memory is left");
    return at;
}

struct sessions *sessions_new(const struct check_fact *facts, size_t count, instant skew, struct random *r) {
    struct sessions *s = take(1, sizeof *s);
    size_t sought = 0;
    *s = (struct sessions){.facts = facts, .skew = skew, .slot_count = 16};
    random_fill(r, s->key, sizeof s->key);
    while (s->slot_count < 2 * count) s->slot_count *= 2;
    s->beginnings = take(count, sizeof *s->beginnings);
    s->hosts = take(count, sizeof *s->hosts);
    s->slots = take(s->slot_count, sizeof *s->slots);
    s->leaf_of = take(count, sizeof *s->leaf_of);
    s->host_of = take(count, sizeof *s->host_of);
    for (size_t i = 0; i < count; i++)
        if (is_sought(&facts[i]))
            s->beginnings[sought++] = (struct beginning){facts[i].trace.src, facts[i].first, (uint32_t)i};
    qsort(s->beginnings, sought, sizeof *s->beginnings, by_source_and_time);
    find_hosts(s, sought);
    return s;
}

void sessions_free(struct sessions *s) {
    if (!s) return;
    for (size_t i = 0; i < s->host_count; i++) free(s->hosts[i].tree);
    free(s->beginnings);
    free(s->hosts);
    free(s->slots);
    free(s->leaf_of);
    free(s->host_of);
    free(s);
}

/* ---- the few lowest */

static void add_caller(struct callers *c, struct ip ip, uint64_t place) {
    unsigned at = 0;
    while (at < c->count && ip_compare(c->at[at], ip) < 0) at++;
    if (at < c->count && !ip_compare(c->at[at], ip)) {
        if (place < c->places[at]) c->places[at] = place;
        return;
    }
    if (at == CALLERS_MAX) return;
    if (c->count < CALLERS_MAX) c->count++;
    for (unsigned i = c->count - 1; i > at; i--) {
        c->at[i] = c->at[i - 1];
        c->places[i] = c->places[i - 1];
    }
    c->at[at] = ip;
    c->places[at] = place;
}

static void add_callers(struct callers *to, const struct callers *more) {
    for (unsigned i = 0; i < more->count; i++) add_caller(to, more->at[i], more->places[i]);
}

/* ---- seeing */

/* How many facts of a host begin before a time. */
static size_t begun_before(const struct sessions *s, const struct host *h, instant at) {
    size_t low = 0, high = h->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->beginnings[h->from + middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool goes_in(const struct sighting *one) {
    const unsigned needed = TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT;
    return one->is_session && (one->trace.known & needed) == needed && one->trace.dst_port < one->trace.src_port;
}

void sessions_see(struct sessions *s, const struct sighting *one) {
    if (!s->host_count || !goes_in(one)) return;
    uint32_t found = s->slots[slot_of(s, one->trace.dst)];
    if (!found) return;
    struct host *h = &s->hosts[found - 1];
    size_t from = begun_before(s, h, one->at - s->skew), to = begun_before(s, h, one->until + s->skew + 1);
    if (from == to) return;
    if (!h->tree) h->tree = take(2 * h->count, sizeof *h->tree);
    for (size_t left = from + h->count, right = to + h->count; left < right; left /= 2, right /= 2) {
        if (left & 1) add_caller(&h->tree[left++], one->trace.src, one->place);
        if (right & 1) add_caller(&h->tree[--right], one->trace.src, one->place);
    }
}

void sessions_join(struct sessions *into, const struct sessions *from) {
    ASSERT(into->host_count == from->host_count);
    for (size_t i = 0; i < from->host_count; i++) {
        const struct host *theirs = &from->hosts[i];
        struct host *ours = &into->hosts[i];
        if (!theirs->tree) continue;
        if (!ours->tree) ours->tree = take(2 * ours->count, sizeof *ours->tree);
        for (size_t node = 0; node < 2 * ours->count; node++) add_callers(&ours->tree[node], &theirs->tree[node]);
    }
}

/* Two of the lowest may be the fact's own ends: so many are kept that two others are left. */
struct callers sessions_of(const struct sessions *s, size_t fact) {
    const struct trace *t = &s->facts[fact].trace;
    struct callers all = {0}, others = {0};
    const struct host *h = s->host_of[fact] ? &s->hosts[s->host_of[fact] - 1] : NULL;
    if (!h || !h->tree) return others;
    for (size_t node = s->leaf_of[fact] + h->count; node; node /= 2) add_callers(&all, &h->tree[node]);
    for (unsigned i = 0; i < all.count; i++)
        if (ip_compare(all.at[i], t->src) && ip_compare(all.at[i], t->dst))
            add_caller(&others, all.at[i], all.places[i]);
    return others;
}
