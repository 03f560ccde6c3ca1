/* Sessions to the sources of facts: facts stand by their source and the time at which they begin, and a session is laid
 * on a tree over those that begin while it is open.  A node keeps the few lowest addresses, so what comes out depends
 * on no order, and neither many facts of one source nor long sessions make it slow. */
#include <stdlib.h>

#include "finding/check_parts.h"

struct beginning {
    uint32_t source, fact;
    instant at;
};

struct host { /* a source, and its facts: a stretch of the beginnings */
    uint32_t from, count;
};

struct beginnings {
    struct beginning *at; /* by source, then by time */
    size_t count;
    struct host *hosts; /* by the number of their address */
    uint32_t *place_of; /* of each fact, from 1; 0: it is not sought */
};

struct sessions {
    const struct fact_index *index;
    const struct beginnings *beginnings;
    struct callers *nodes; /* two for each beginning; NULL: no session yet */
    uint64_t steps;
};

static bool is_sought(const struct check_fact *f) {
    return fact_checkable(f) && (f->trace.known & TRACE_SRC) && (f->trace.known & TRACE_DST);
}

static int by_source_and_time(const void *left, const void *right) {
    const struct beginning *a = left, *b = right;
    int order = (a->source > b->source) - (a->source < b->source);
    if (!order) order = (a->at > b->at) - (a->at < b->at);
    return order ? order : (a->fact > b->fact) - (a->fact < b->fact);
}

struct beginnings *beginnings_new(const struct fact_index *x) {
    struct beginnings *b = take_zeroed(1, sizeof *b);
    for (size_t i = 0; i < x->count; i++) b->count += is_sought(&x->facts[i]);
    if (!b->count) return b;
    b->at = take_zeroed(b->count, sizeof *b->at);
    b->hosts = take_zeroed(names_address_max(x->names) + 1, sizeof *b->hosts);
    b->place_of = take_zeroed(x->count, sizeof *b->place_of);
    for (size_t i = 0, next = 0; i < x->count; i++)
        if (is_sought(&x->facts[i])) b->at[next++] = (struct beginning){x->keys[i].src, (uint32_t)i, x->facts[i].first};
    qsort(b->at, b->count, sizeof *b->at, by_source_and_time);
    for (size_t i = 0; i < b->count; i++) {
        struct host *h = &b->hosts[b->at[i].source];
        if (!h->count++) h->from = (uint32_t)i;
        b->place_of[b->at[i].fact] = (uint32_t)i + 1;
    }
    return b;
}

void beginnings_free(struct beginnings *b) {
    free(b->at);
    free(b->hosts);
    free(b->place_of);
    free(b);
}

struct sessions *sessions_new(const struct fact_index *x, const struct beginnings *b) {
    struct sessions *s = take_zeroed(1, sizeof *s);
    *s = (struct sessions){.index = x, .beginnings = b};
    return s;
}

void sessions_free(struct sessions *s) {
    if (!s) return;
    free(s->nodes);
    free(s);
}

uint64_t sessions_steps(const struct sessions *s) { return s->steps; }

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
static size_t begun_before(struct sessions *s, const struct host *h, instant at) {
    size_t low = 0, high = h->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        s->steps++;
        if (s->beginnings->at[h->from + middle].at < at)
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
    if (!s->beginnings->count || !goes_in(one)) return;
    const struct host *h = &s->beginnings->hosts[names_address_of(s->index->names, one->trace.dst)];
    instant skew = s->index->skew;
    if (!h->count) return;
    size_t from = begun_before(s, h, one->at - skew), to = begun_before(s, h, one->until + skew + 1);
    if (from == to) return;
    if (!s->nodes) s->nodes = take_zeroed(2 * s->beginnings->count, sizeof *s->nodes);
    struct callers *nodes = s->nodes + 2 * (size_t)h->from;
    for (size_t left = from + h->count, right = to + h->count; left < right; left /= 2, right /= 2) {
        if (left & 1) add_caller(&nodes[left++], one->trace.src, one->place);
        if (right & 1) add_caller(&nodes[--right], one->trace.src, one->place);
        s->steps++;
    }
}

void sessions_join(struct sessions *into, const struct sessions *from) {
    ASSERT(into->beginnings == from->beginnings);
    size_t count = 2 * from->beginnings->count;
    if (!from->nodes) return;
    if (!into->nodes) into->nodes = take_zeroed(count, sizeof *into->nodes);
    for (size_t i = 0; i < count; i++)
        if (from->nodes[i].count) add_callers(&into->nodes[i], &from->nodes[i]);
}

/* Two of the lowest may be the fact's own ends: so many are kept that two others are left. */
struct callers sessions_of(const struct sessions *s, size_t fact) {
    const struct beginnings *b = s->beginnings;
    const struct trace *t = &s->index->facts[fact].trace;
    struct callers all = {0}, others = {0};
    if (!s->nodes || !b->place_of[fact]) return others;
    const struct host *h = &b->hosts[b->at[b->place_of[fact] - 1].source];
    const struct callers *nodes = s->nodes + 2 * (size_t)h->from;
    for (size_t node = b->place_of[fact] - 1 - h->from + h->count; node; node /= 2) add_callers(&all, &nodes[node]);
    for (unsigned i = 0; i < all.count; i++)
        if (ip_compare(all.at[i], t->src) && ip_compare(all.at[i], t->dst))
            add_caller(&others, all.at[i], all.places[i]);
    return others;
}
