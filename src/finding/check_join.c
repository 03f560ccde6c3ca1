/* Sightings, joined with facts by what both know.
 *
 * What is seen is kept by segment of time.  A sighting of a moment lies in one segment, and is counted there.  One of a
 * stretch is counted in the segment in which it begins, and beside it laid on a tree over the segments: on those whose
 * start it is open at, so that a fact counts what begins in it and what is open as it begins, and nothing twice.  So
 * neither many facts of one address, nor long flows, nor many lines make it slow.
 *
 * Sightings of addresses that facts have wait until there are some: what one of them asks of memory is on its way while
 * the others are worked on. */
#include <stdlib.h>

#include "finding/check_parts.h"

enum { WAITING = 16, HITS = 64, IDENTITY = TRACE_SRC | TRACE_DST | TRACE_OBJECT, PROTOCOL_ROOM = 16 };
enum { NAMED = IDENTITY | TRACE_PROTOCOL };
#define COUNT_MOST ((uint64_t)1 << 53) /* what a finding may say: a number that every reader of JSON keeps */
#define NEVER INT64_MAX                /* as the first time of what was not seen */

struct leaf { /* of a segment: what begins in it; and, of what lies in it, the first and last time */
    uint64_t count;
    instant first, last; /* where the count is not 0 */
};

struct node { /* of a tree over a cluster's segments: what was laid on all below it */
    uint64_t open;
    instant first, last; /* where `laid` */
    bool laid;
};

struct seen { /* of a view, by its segments; trees have two nodes a segment, and NULL: nothing yet */
    const struct view *view;
    struct leaf *leaves;
    struct node *nodes;
    struct upstreams *upstreams;
};

struct plan { /* what a sighting that knows certain things is compared with */
    bool made;
    unsigned any, all; /* what some of the views need, and each of them */
    size_t count;
    struct seen **seen;
};

struct waiting {
    const struct plan *plan;
    struct trace_key key;
    struct ip src, dst, upstream;
    uint64_t src_hash, dst_hash;
    unsigned has; /* of NAMED: what some fact has, too */
    instant at, until;
    uint64_t count, place;
    bool has_upstream;
};

struct hit {
    const struct waiting *sighting;
    struct seen *seen;
    const struct cluster *cluster;
};

struct join {
    struct fact_index *index;
    struct seen *seen[VIEWS_MAX]; /* by the view's number */
    struct plan plans[KNOWN_SETS];
    struct waiting waiting[WAITING];
    size_t waiting_count;
    struct { /* the protocol that was named last: it seldom changes */
        char at[PROTOCOL_ROOM];
        size_t size;
        uint32_t number;
    } protocol;
    struct sum *sums;       /* of each fact, at the end */
    struct upstreams *held; /* of each fact, by blocks of ports; NULL: none */
    uint64_t steps;
};

struct join *join_new(struct fact_index *x) {
    struct join *j = take_zeroed(1, sizeof *j);
    j->index = x;
    return j;
}

void join_free(struct join *j) {
    if (!j) return;
    for (size_t i = 0; i < VIEWS_MAX; i++) {
        if (!j->seen[i]) continue;
        free(j->seen[i]->leaves);
        free(j->seen[i]->nodes);
        free(j->seen[i]->upstreams);
        free(j->seen[i]);
    }
    for (size_t i = 0; i < KNOWN_SETS; i++) free(j->plans[i].seen);
    free(j->sums);
    free(j->held);
    free(j);
}

uint64_t join_steps(const struct join *j) { return j->steps; }

/* ---- sums */

static uint64_t add_counts(uint64_t a, uint64_t b) { return a + b < COUNT_MOST ? a + b : COUNT_MOST; }

static void put_low(struct upstreams *u, struct ip ip, uint64_t place) {
    int order = u->low_place ? ip_compare(ip, u->low) : -1;
    if (order < 0) u->low = ip;
    if (order < 0 || (order == 0 && place < u->low_place)) u->low_place = place;
}

static void put_high(struct upstreams *u, struct ip ip, uint64_t place) {
    int order = u->high_place ? ip_compare(ip, u->high) : 1;
    if (order > 0) u->high = ip;
    if (order > 0 || (order == 0 && place < u->high_place)) u->high_place = place;
}

static void add_upstreams(struct upstreams *to, const struct upstreams *more) {
    if (more->low_place) put_low(to, more->low, more->low_place);
    if (more->high_place) put_high(to, more->high, more->high_place);
}

static void add_leaf(struct leaf *to, const struct leaf *more) {
    if (!more->count) return;
    if (!to->count || more->first < to->first) to->first = more->first;
    if (!to->count || more->last > to->last) to->last = more->last;
    to->count = add_counts(to->count, more->count);
}

static void lay_times(struct node *n, instant first, instant last) {
    if (!n->laid || first < n->first) n->first = first;
    if (!n->laid || last > n->last) n->last = last;
    n->laid = true;
}

/* ---- seeing */

static struct seen *seen_of(struct join *j, const struct view *v) {
    struct seen **s = &j->seen[v->number];
    if (*s) return *s;
    *s = take_zeroed(1, sizeof **s);
    (*s)->view = v;
    (*s)->leaves = take_zeroed(v->segment_count, sizeof *(*s)->leaves);
    return *s;
}

/* One view for each set of things that facts know and share an identity with such a sighting. */
static void make_plan(struct join *j, struct plan *p, unsigned known) {
    *p = (struct plan){.made = true, .all = KNOWN_SETS - 1, .seen = take_zeroed(KNOWN_SETS, sizeof(struct seen *))};
    for (uint64_t sets = j->index->known_sets; sets; sets &= sets - 1) {
        unsigned of = (unsigned)__builtin_ctzll(sets), shared = of & known;
        if (!(shared & IDENTITY)) continue; /* ports and protocols alone make nobody the same */
        p->any |= shared;
        p->all &= shared;
        p->seen[p->count++] = seen_of(j, fact_index_view(j->index, of, shared));
    }
}

static uint32_t name_protocol(struct join *j, struct text t) {
    if (t.size > PROTOCOL_ROOM) return names_text(j->index->names, t);
    if (t.size != j->protocol.size || memcmp(t.at, j->protocol.at, t.size)) {
        j->protocol.number = names_text(j->index->names, t);
        j->protocol.size = t.size;
        memcpy(j->protocol.at, t.at, t.size);
    }
    return j->protocol.number;
}

/* False where no fact can be meant.  Texts live no longer than the line, so their numbers are looked up at once. */
static bool name_sighting(struct join *j, const struct plan *p, const struct trace *t, struct waiting *w) {
    const struct fact_names *n = j->index->names;
    unsigned has = 0;
    if ((p->any & TRACE_SRC) && names_may_have(n, t->src, &w->src_hash)) has |= TRACE_SRC;
    if (p->all & TRACE_SRC & ~has) return false;
    if ((p->any & TRACE_DST) && names_may_have(n, t->dst, &w->dst_hash)) has |= TRACE_DST;
    if (p->all & TRACE_DST & ~has) return false;
    if (p->any & TRACE_OBJECT) w->key.object = names_text(n, t->object);
    if (w->key.object) has |= TRACE_OBJECT;
    if (!(has & IDENTITY)) return false;
    if (p->any & TRACE_PROTOCOL) w->key.protocol = name_protocol(j, t->protocol);
    if (w->key.protocol) has |= TRACE_PROTOCOL;
    w->has = has;
    return !(p->all & NAMED & ~has);
}

/* How many segments start at or before a time; the last of them is the one in which it lies. */
static size_t segments_by(struct join *j, const instant *starts, size_t count, instant at) {
    const instant *base = starts;
    size_t left = count;
    for (; left > 1; left -= left / 2) {
        base += base[left / 2 - 1] <= at ? left / 2 : 0;
        j->steps++;
    }
    j->steps++;
    return (size_t)(base - starts) + (count && *base <= at);
}

/* Lays a stretch on the segments from `from` to before `to` that it touches, on the few nodes that together cover them;
 * it is open at the start of those from `open` on. */
static void lay(struct join *j, struct seen *s, const struct cluster *c, size_t from, size_t open, size_t to,
                const struct waiting *w) {
    if (!s->nodes) s->nodes = take_zeroed(2 * s->view->segment_count, sizeof *s->nodes);
    struct node *nodes = s->nodes + 2 * (size_t)c->from;
    for (size_t left = from + c->count, right = to + c->count; left < right; left /= 2, right /= 2) {
        if (left & 1) lay_times(&nodes[left++], w->at, w->until);
        if (right & 1) lay_times(&nodes[--right], w->at, w->until);
        j->steps++;
    }
    for (size_t left = open + c->count, right = to + c->count; left < right; left /= 2, right /= 2) {
        if (left & 1) nodes[left].open = add_counts(nodes[left].open, w->count), left++;
        if (right & 1) --right, nodes[right].open = add_counts(nodes[right].open, w->count);
        j->steps++;
    }
}

static void lay_upstream(struct join *j, struct seen *s, const struct cluster *c, size_t from, size_t to,
                         const struct waiting *w) {
    if (!s->upstreams) s->upstreams = take_zeroed(2 * s->view->segment_count, sizeof *s->upstreams);
    struct upstreams *nodes = s->upstreams + 2 * (size_t)c->from;
    const struct upstreams one = {w->upstream, w->upstream, w->place + 1, w->place + 1};
    for (size_t left = from + c->count, right = to + c->count; left < right; left /= 2, right /= 2) {
        if (left & 1) add_upstreams(&nodes[left++], &one);
        if (right & 1) add_upstreams(&nodes[--right], &one);
        j->steps++;
    }
}

static void add_hit(struct join *j, const struct hit *h) {
    const struct waiting *w = h->sighting;
    const struct cluster *c = h->cluster;
    const instant *starts = h->seen->view->starts + c->from;
    size_t by = segments_by(j, starts, c->count, w->at);
    size_t to = w->until > w->at ? segments_by(j, starts, c->count, w->until) : by, from = by ? by - 1 : 0;
    if (by == c->count || !to) return; /* after all facts, or before them */
    if (by) {
        struct leaf *leaf = &h->seen->leaves[c->from + from];
        /* What ends in a later segment is told by the tree. */
        add_leaf(leaf, &(struct leaf){w->count, w->at, to == by ? w->until : w->at});
    }
    if (to > by) lay(j, h->seen, c, from, by, to, w);
    if (w->has_upstream) lay_upstream(j, h->seen, c, from, to, w);
}

/* ---- what waits */

static void name_addresses(struct join *j, struct waiting *w) {
    const struct fact_names *n = j->index->names;
    if (w->has & TRACE_SRC) w->key.src = names_address(n, w->src, w->src_hash);
    if (w->has & TRACE_DST) w->key.dst = names_address(n, w->dst, w->dst_hash);
    if (!w->key.src) w->has &= ~(unsigned)TRACE_SRC;
    if (!w->key.dst) w->has &= ~(unsigned)TRACE_DST;
    for (size_t i = 0; i < w->plan->count; i++) {
        const struct view *v = w->plan->seen[i]->view;
        struct trace_key key = view_key(v, &w->key);
        if (!(v->known & NAMED & ~w->has)) __builtin_prefetch(&v->clusters[view_slot(j->index, v, &key)]);
    }
}

static size_t add_hits(struct join *j, const struct hit *hits, size_t count) {
    for (size_t i = 0; i < count; i++) add_hit(j, &hits[i]);
    return 0;
}

static void work_off(struct join *j) {
    struct hit hits[HITS];
    size_t count = 0;
    for (size_t i = 0; i < j->waiting_count; i++) name_addresses(j, &j->waiting[i]);
    for (size_t i = 0; i < j->waiting_count; i++) {
        const struct waiting *w = &j->waiting[i];
        for (size_t k = 0; k < w->plan->count; k++) {
            struct seen *seen = w->plan->seen[k];
            const struct view *v = seen->view;
            if (v->known & NAMED & ~w->has) continue;
            struct trace_key key = view_key(v, &w->key);
            const struct cluster *c = view_find(v, &key, view_slot(j->index, v, &key));
            j->steps++;
            if (!c) continue;
            __builtin_prefetch(&v->starts[c->from + c->count / 2]);
            __builtin_prefetch(&seen->leaves[c->from], 1);
            hits[count++] = (struct hit){w, seen, c};
            if (count == HITS) count = add_hits(j, hits, count);
        }
    }
    add_hits(j, hits, count);
    j->waiting_count = 0;
}

/* ---- blocks of ports */

static void add_block(struct join *j, const struct waiting *w, unsigned of, unsigned shift, uint32_t block) {
    struct seen *seen = seen_of(j, fact_index_blocks(j->index, of, shift));
    const struct trace_key key = {.src = w->key.src, .src_port = (uint16_t)block};
    const struct cluster *c = view_find(seen->view, &key, view_slot(j->index, seen->view, &key));
    j->steps++;
    if (c) add_hit(j, &(struct hit){w, seen, c});
}

/* As few blocks as there are of a power of two, each at a multiple of its size. */
static void see_block(struct join *j, const struct sighting *s) {
    const unsigned needed = TRACE_SRC | TRACE_SRC_PORT;
    struct waiting w = {.key.src = names_address_of(j->index->names, s->trace.src),
                        .at = s->at,
                        .until = s->until > s->at ? s->until : s->at,
                        .count = 1,
                        .has_upstream = true,
                        .upstream = s->upstream,
                        .place = s->place};
    if (!w.key.src) return;
    for (uint64_t sets = j->index->known_sets; sets; sets &= sets - 1) {
        unsigned of = (unsigned)__builtin_ctzll(sets), shift = 0;
        uint32_t from = s->trace.src_port, to = (uint32_t)s->block_last + 1;
        for (; (of & needed) == needed && from < to; from /= 2, to /= 2, shift++) {
            if (from & 1) add_block(j, &w, of, shift, from++);
            if (to & 1) add_block(j, &w, of, shift, --to);
        }
    }
}

void join_see(struct join *j, const struct sighting *s) {
    const struct trace *t = &s->trace;
    unsigned known = t->known & (KNOWN_SETS - 1);
    ASSERT(!j->sums);
    if (s->block_last && s->at != INSTANT_NONE) see_block(j, s);
    if (s->block_last) return;
    if (s->at == INSTANT_NONE || !(known & IDENTITY)) return;
    struct plan *p = &j->plans[known];
    if (!p->made) make_plan(j, p, known);
    struct waiting *w = &j->waiting[j->waiting_count];
    w->key = (struct trace_key){.src_port = t->src_port, .dst_port = t->dst_port};
    j->steps++;
    if (!p->count || !name_sighting(j, p, t, w)) return;
    if (w->has & TRACE_SRC) names_fetch(j->index->names, w->src_hash);
    if (w->has & TRACE_DST) names_fetch(j->index->names, w->dst_hash);
    w->plan = p;
    w->src = t->src;
    w->dst = t->dst;
    w->at = s->at;
    w->until = s->until > s->at ? s->until : s->at;
    w->count = s->count < COUNT_MOST ? s->count : COUNT_MOST;
    w->has_upstream = s->has_upstream;
    w->upstream = s->upstream;
    w->place = s->place;
    if (++j->waiting_count == WAITING) work_off(j);
}

/* ---- joining */

static void join_trees(struct seen *into, const struct seen *from) {
    size_t count = 2 * into->view->segment_count;
    if (from->nodes && !into->nodes) into->nodes = take_zeroed(count, sizeof *into->nodes);
    if (from->upstreams && !into->upstreams) into->upstreams = take_zeroed(count, sizeof *into->upstreams);
    for (size_t i = 0; from->nodes && i < count; i++) {
        const struct node *more = &from->nodes[i];
        if (more->laid) lay_times(&into->nodes[i], more->first, more->last);
        if (more->open) into->nodes[i].open = add_counts(into->nodes[i].open, more->open);
    }
    for (size_t i = 0; from->upstreams && i < count; i++)
        if (from->upstreams[i].low_place) add_upstreams(&into->upstreams[i], &from->upstreams[i]);
}

void join_join(struct join *into, struct join *from) {
    ASSERT(into->index == from->index && !into->sums && !from->sums);
    work_off(from);
    for (size_t number = 0; number < VIEWS_MAX; number++) {
        const struct seen *theirs = from->seen[number];
        if (!theirs) continue;
        struct seen *ours = seen_of(into, theirs->view);
        for (size_t i = 0; i < theirs->view->segment_count; i++)
            if (theirs->leaves[i].count) add_leaf(&ours->leaves[i], &theirs->leaves[i]);
        join_trees(ours, theirs);
    }
}

/* ---- summing */

struct below { /* of a node: what is on it and below it */
    uint64_t count;
    instant first, last; /* NEVER: nothing */
};

struct tree { /* of one cluster */
    struct below *below;
    struct upstreams *upstreams; /* NULL: none */
    size_t room, count;
    const struct node *laid;
    const struct upstreams *laid_upstreams;
};

static void add_times(struct below *to, instant first, instant last) {
    if (first < to->first) to->first = first;
    if (last > to->last) to->last = last;
}

static void add_below(struct below *to, const struct below *more) {
    to->count = add_counts(to->count, more->count);
    if (more->first != NEVER) add_times(to, more->first, more->last);
}

static struct below below_of_leaf(const struct leaf *l) {
    return l->count ? (struct below){l->count, l->first, l->last} : (struct below){0, NEVER, INT64_MIN};
}

static void grow_tree(struct tree *t, size_t nodes, bool upstreams) {
    if (t->room < nodes) {
        free(t->below);
        free(t->upstreams);
        t->below = take_zeroed(nodes, sizeof *t->below);
        t->upstreams = NULL;
        t->room = nodes;
    }
    if (upstreams && !t->upstreams) t->upstreams = take_zeroed(t->room, sizeof *t->upstreams);
}

static void build_tree(struct tree *t, const struct seen *s, const struct cluster *c) {
    grow_tree(t, 2 * (size_t)c->count, s->upstreams != NULL);
    t->count = c->count;
    t->laid = s->nodes ? s->nodes + 2 * (size_t)c->from : NULL;
    t->laid_upstreams = s->upstreams ? s->upstreams + 2 * (size_t)c->from : NULL;
    for (size_t i = 0; i < t->count; i++) t->below[t->count + i] = below_of_leaf(&s->leaves[c->from + i]);
    for (size_t i = 2 * t->count; i-- > 1;) {
        struct below *b = &t->below[i];
        if (i < t->count) *b = t->below[2 * i], add_below(b, &t->below[2 * i + 1]);
        if (t->laid && t->laid[i].laid) add_times(b, t->laid[i].first, t->laid[i].last);
        if (!t->laid_upstreams) continue;
        t->upstreams[i] = t->laid_upstreams[i];
        if (i < t->count) add_upstreams(&t->upstreams[i], &t->upstreams[2 * i]);
        if (i < t->count) add_upstreams(&t->upstreams[i], &t->upstreams[2 * i + 1]);
    }
}

/* What was laid on a segment together with others. */
static void add_above(const struct tree *t, size_t segment, struct below *b, struct upstreams *u) {
    for (size_t i = (segment + t->count) / 2; i; i /= 2) {
        if (t->laid && t->laid[i].laid) add_times(b, t->laid[i].first, t->laid[i].last);
        if (t->laid_upstreams) add_upstreams(u, &t->laid_upstreams[i]);
    }
}

static void add_open(const struct tree *t, size_t segment, struct below *b) {
    for (size_t i = t->laid ? segment + t->count : 0; i; i /= 2) b->count = add_counts(b->count, t->laid[i].open);
}

/* What touches the segments from `from` to before `to`. */
static void add_range(const struct tree *t, size_t from, size_t to, struct sum *sum) {
    struct below b = {sum->count, sum->count ? sum->first : NEVER, sum->count ? sum->last : INT64_MIN};
    add_above(t, from, &b, &sum->upstreams);
    add_above(t, to - 1, &b, &sum->upstreams);
    add_open(t, from, &b);
    for (size_t left = from + t->count, right = to + t->count; left < right; left /= 2, right /= 2) {
        size_t nodes[2], count = 0;
        if (left & 1) nodes[count++] = left++;
        if (right & 1) nodes[count++] = --right;
        while (count--) {
            add_below(&b, &t->below[nodes[count]]);
            if (t->laid_upstreams) add_upstreams(&sum->upstreams, &t->upstreams[nodes[count]]);
        }
    }
    if (!b.count) return;
    sum->count = b.count;
    sum->first = b.first;
    sum->last = b.last;
}

static bool was_touched(const struct seen *s, const struct cluster *c) {
    for (size_t i = 0; i < c->count; i++)
        if (s->leaves[c->from + i].count) return true;
    for (size_t i = 0; s->nodes && i < 2 * (size_t)c->count; i++)
        if (s->nodes[2 * (size_t)c->from + i].laid) return true;
    return false;
}

static void sum_view(struct join *j, const struct seen *s, struct tree *t) {
    const struct fact_index *x = j->index;
    struct fact_lists l = view_lists(x, s->view);
    for (size_t slot = 0; slot < s->view->slot_count; slot++) {
        const struct cluster *c = &s->view->clusters[slot];
        const instant *starts = s->view->starts + c->from;
        if (!c->facts || !was_touched(s, c)) continue;
        build_tree(t, s, c);
        for (uint32_t fact = l.first[slot]; fact; fact = l.next[fact - 1]) {
            struct sum held = {0}, *sum = s->view->blocks ? &held : &j->sums[fact - 1];
            add_range(t, segments_by(j, starts, c->count, fact_start(x, fact - 1)) - 1,
                      segments_by(j, starts, c->count, fact_end(x, fact - 1)) - 1, sum);
            if (s->view->blocks) add_upstreams(&j->held[fact - 1], &held.upstreams);
        }
    }
    fact_lists_free(l);
}

static void finish(struct join *j) {
    struct tree t = {0};
    work_off(j);
    j->sums = take_zeroed(j->index->count, sizeof *j->sums);
    for (size_t i = 0; i < VIEWS_MAX; i++) {
        if (j->seen[i] && j->seen[i]->view->blocks && !j->held) j->held = take_zeroed(j->index->count, sizeof *j->held);
        if (j->seen[i]) sum_view(j, j->seen[i], &t);
    }
    free(t.below);
    free(t.upstreams);
}

struct sum join_sum(struct join *j, size_t fact) {
    if (!j->sums) finish(j);
    struct sum sum = j->sums[fact];
    if (!sum.count) sum.first = sum.last = INSTANT_NONE;
    return sum;
}

struct upstreams join_held(struct join *j, size_t fact) {
    if (!j->sums) finish(j);
    return j->held ? j->held[fact] : (struct upstreams){0};
}
