/* Facts in clusters, found by a keyed hash of what a sighting shares with them; and time, cut into segments by the ends
 * of a cluster's facts.  Nothing in here changes once a view is made, so any number of threads look into it. */
#include <stdlib.h>

#include "finding/check_parts.h"

bool fact_checkable(const struct check_fact *f) {
    bool timed = f->first != INSTANT_NONE && f->last != INSTANT_NONE && f->first <= f->last;
    return timed && (f->trace.known & (TRACE_SRC | TRACE_DST | TRACE_OBJECT));
}

static struct trace_key name_fact(const struct fact_names *n, const struct trace *t) {
    struct trace_key k = {0};
    if (t->known & TRACE_SRC) k.src = names_address_of(n, t->src);
    if (t->known & TRACE_DST) k.dst = names_address_of(n, t->dst);
    if (t->known & TRACE_OBJECT) k.object = names_text(n, t->object);
    if (t->known & TRACE_PROTOCOL) k.protocol = names_text(n, t->protocol);
    if (t->known & TRACE_SRC_PORT) k.src_port = t->src_port;
    if (t->known & TRACE_DST_PORT) k.dst_port = t->dst_port;
    return k;
}

struct fact_index *fact_index_new(const struct check_fact *facts, size_t count, const struct check_options *o,
                                  struct random *r) {
    struct fact_index *x = take_zeroed(1, sizeof *x);
    ASSERT(count < UINT32_MAX / 4);
    x->facts = facts;
    x->count = count;
    x->skew = o->skew;
    x->guard = o->guard;
    x->names = names_new(facts, count, r);
    x->keys = take_zeroed(count, sizeof *x->keys);
    random_fill(r, (uint8_t *)x->secret, sizeof x->secret);
    for (size_t i = 0; i < count; i++) {
        x->keys[i] = name_fact(x->names, &facts[i].trace);
        if (fact_checkable(&facts[i])) x->known_sets |= UINT64_C(1) << (facts[i].trace.known & (KNOWN_SETS - 1));
    }
    return x;
}

void fact_index_free(struct fact_index *x) {
    for (size_t i = 0; i < x->view_count; i++) {
        free(x->views[i]->clusters);
        free(x->views[i]->starts);
        free(x->views[i]);
    }
    names_free(x->names);
    free(x->keys);
    free(x);
}

/* ---- keys */

struct trace_key view_key(const struct view *v, const struct trace_key *whole) {
    struct trace_key k = *whole;
    if (!(v->known & TRACE_SRC)) k.src = 0;
    if (!(v->known & TRACE_DST)) k.dst = 0;
    if (!(v->known & TRACE_OBJECT)) k.object = 0;
    if (!(v->known & TRACE_PROTOCOL)) k.protocol = 0;
    if (!(v->known & TRACE_DST_PORT)) k.dst_port = 0;
    k.src_port = v->known & TRACE_SRC_PORT ? (uint16_t)(k.src_port >> v->shift) : 0;
    return k;
}

static uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

size_t view_slot(const struct fact_index *x, const struct view *v, const struct trace_key *key) {
    uint64_t ends = (uint64_t)key->src << 32 | key->dst, texts = (uint64_t)key->object << 32 | key->protocol,
             ports = (uint64_t)key->src_port << 16 | key->dst_port;
    uint64_t sum = fold(ends ^ x->secret[0], texts ^ x->secret[1]);
    return fold(sum ^ ports ^ x->secret[1], x->secret[2] | 1) & (v->slot_count - 1);
}

static bool key_equal(const struct trace_key *a, const struct trace_key *b) { return !memcmp(a, b, sizeof *a); }

/* While a view is built, what has facts is there; later, what has segments. */
static struct cluster *place_of(const struct view *v, const struct trace_key *key, size_t slot) {
    struct cluster *c = &v->clusters[slot];
    while (c->facts && !key_equal(&c->key, key)) {
        slot = (slot + 1) & (v->slot_count - 1);
        c = &v->clusters[slot];
    }
    return c;
}

const struct cluster *view_find(const struct view *v, const struct trace_key *key, size_t slot) {
    const struct cluster *c = place_of(v, key, slot);
    return c->facts ? c : NULL;
}

/* ---- building a view */

static bool is_of(const struct fact_index *x, const struct view *v, size_t fact) {
    return (x->facts[fact].trace.known & (KNOWN_SETS - 1)) == v->of && fact_checkable(&x->facts[fact]);
}

static struct cluster *cluster_of(const struct fact_index *x, const struct view *v, size_t fact,
                                  struct trace_key *key) {
    *key = view_key(v, &x->keys[fact]);
    return place_of(v, key, view_slot(x, v, key));
}

static void put_facts(const struct fact_index *x, struct view *v) {
    size_t count = 0;
    for (size_t i = 0; i < x->count; i++) count += is_of(x, v, i);
    for (v->slot_count = 16; v->slot_count < 2 * count; v->slot_count *= 2) continue;
    v->clusters = take_zeroed(v->slot_count, sizeof *v->clusters);
    for (size_t i = 0; i < x->count; i++) {
        struct trace_key key;
        if (!is_of(x, v, i)) continue;
        struct cluster *c = cluster_of(x, v, i, &key);
        c->key = key;
        c->facts++;
    }
}

struct fact_lists view_lists(const struct fact_index *x, const struct view *v) {
    struct fact_lists l = {take_zeroed(v->slot_count, sizeof *l.first), take_zeroed(x->count, sizeof *l.next)};
    for (size_t i = x->count; i-- > 0;) {
        struct trace_key key;
        if (!is_of(x, v, i)) continue;
        size_t slot = (size_t)(cluster_of(x, v, i, &key) - v->clusters);
        l.next[i] = l.first[slot];
        l.first[slot] = (uint32_t)i + 1;
    }
    return l;
}

void fact_lists_free(struct fact_lists l) {
    free(l.first);
    free(l.next);
}

static int by_time(const void *left, const void *right) {
    instant a = *(const instant *)left, b = *(const instant *)right;
    return (a > b) - (a < b);
}

static void sort_ends(instant *ends, size_t count) {
    if (count > 2)
        qsort(ends, count, sizeof *ends, by_time);
    else if (count == 2 && ends[1] < ends[0]) {
        instant least = ends[1];
        ends[1] = ends[0];
        ends[0] = least;
    }
}

/* Time cut where a fact begins or has ended. */
static void cut_time(const struct fact_index *x, struct view *v) {
    struct fact_lists l = view_lists(x, v);
    size_t total = 0;
    for (size_t i = 0; i < v->slot_count; i++) total += 2 * (size_t)v->clusters[i].facts;
    v->starts = take_zeroed(total, sizeof *v->starts);
    for (size_t slot = 0; slot < v->slot_count; slot++) {
        struct cluster *c = &v->clusters[slot];
        instant *ends = v->starts + v->segment_count;
        size_t count = 0, kept = 0;
        for (uint32_t fact = l.first[slot]; fact; fact = l.next[fact - 1]) {
            ends[count++] = fact_start(x, fact - 1);
            ends[count++] = fact_end(x, fact - 1);
        }
        sort_ends(ends, count);
        for (size_t i = 0; i < count; i++)
            if (!i || ends[i] != ends[i - 1]) ends[kept++] = ends[i];
        c->from = (uint32_t)v->segment_count;
        c->count = (uint32_t)kept;
        v->segment_count += kept;
    }
    fact_lists_free(l);
}

static uint16_t build_view(struct fact_index *x, struct view of) {
    struct view *v = take_zeroed(1, sizeof *v);
    ASSERT(x->view_count < VIEWS_MAX);
    *v = of;
    v->number = x->view_count;
    put_facts(x, v);
    cut_time(x, v);
    x->views[x->view_count++] = v;
    return (uint16_t)x->view_count;
}

static const struct view *find_or_build(struct fact_index *x, uint16_t *number, struct view of) {
    if (x->guard.enter) x->guard.enter(x->guard.state);
    if (!*number) *number = build_view(x, of);
    const struct view *v = x->views[*number - 1];
    if (x->guard.leave) x->guard.leave(x->guard.state);
    return v;
}

const struct view *fact_index_view(struct fact_index *x, unsigned of, unsigned known) {
    return find_or_build(x, &x->view_of[of][known], (struct view){.of = of, .known = known});
}

const struct view *fact_index_blocks(struct fact_index *x, unsigned of, unsigned shift) {
    return find_or_build(x, &x->block_view_of[of][shift],
                         (struct view){.of = of, .known = TRACE_SRC | TRACE_SRC_PORT, .blocks = true, .shift = shift});
}
