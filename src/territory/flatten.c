/* Overlapping rows to segments: where ranges overlap, the smallest speaks. */
#include <stdlib.h>
#include <string.h>

#include "territory/rows.h"
#include "territory/special.h"

enum layer { COUNTRY, AS };

/* A row in the order in which rows speak: the lower rank wins. */
struct speaker {
    address start, end;
    struct place place;
    address size; /* less one, of the range before it was cut; special-purpose ranges come before all */
    size_t row;
    uint32_t rank;
    bool special;
};

struct speakers {
    struct speaker *at;
    size_t count, room;
};

/* A heap of speakers whose range has begun, the lowest rank on top. */
struct heap {
    const struct speaker **at;
    size_t count;
};

static void heap_push(struct heap *h, const struct speaker *s) {
    size_t i = h->count++;
    for (; i && h->at[(i - 1) / 2]->rank > s->rank; i = (i - 1) / 2) h->at[i] = h->at[(i - 1) / 2];
    h->at[i] = s;
}

static void heap_pop(struct heap *h) {
    const struct speaker *last = h->at[--h->count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < h->count; i = child) {
        if (child + 1 < h->count && h->at[child + 1]->rank < h->at[child]->rank) child++;
        if (h->at[child]->rank > last->rank) break;
        h->at[i] = h->at[child];
    }
    h->at[i] = last;
}

static int by_rank(const void *a, const void *b) {
    const struct speaker *x = a, *y = b;
    if (x->special != y->special) return x->special ? -1 : 1;
    if (x->size != y->size) return x->size < y->size ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return (x->row < y->row) - (x->row > y->row); /* of equal ranges the last */
}

static int by_start(const void *a, const void *b) {
    const struct speaker *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static void add_speaker(struct speakers *s, struct arena *a, struct speaker one) {
    s->at = arena_grow(a, s->at, s->count, &s->room, sizeof *s->at);
    s->at[s->count++] = one;
}

/* An IPv6 range says nothing of IPv4 addresses, which lie inside ::ffff:0:0/96: it is cut in two around them. */
static void add_cut(struct speakers *s, struct arena *a, struct speaker one) {
    bool v4 = one.start >= ADDRESS_V4_FIRST && one.end <= ADDRESS_V4_LAST;
    if (v4 || one.end < ADDRESS_V4_FIRST || one.start > ADDRESS_V4_LAST) {
        add_speaker(s, a, one);
        return;
    }
    struct speaker below = one, above = one;
    below.end = ADDRESS_V4_FIRST - 1;
    above.start = ADDRESS_V4_LAST + 1;
    if (below.start <= below.end) add_speaker(s, a, below);
    if (above.start <= above.end) add_speaker(s, a, above);
}

static struct speakers speakers_of(const struct rows *r, enum layer layer, struct arena *a) {
    struct speakers s = {0};
    for (size_t i = 0; i < r->count; i++) {
        const struct territory_row *row = &r->at[i];
        if (layer == COUNTRY ? !row->country_is_said : !row->as_is_said) continue;
        struct speaker one = {.start = row->start, .end = row->end, .size = row->end - row->start, .row = i};
        if (layer == COUNTRY) one.place.country = row->place.country, one.place.code = row->place.code;
        if (layer == AS) one.place.as = row->place.as;
        add_cut(&s, a, one);
    }
    for (size_t i = 0; i < special_block_count; i++) {
        struct ip first, last;
        special_range(&special_blocks[i], &first, &last);
        add_speaker(&s, a, (struct speaker){.start = address_of(first), .end = address_of(last), .special = true});
    }
    /* Says nothing, after all others: it makes the IPv4 addresses begin and end a segment. */
    add_speaker(&s, a, (struct speaker){.start = ADDRESS_V4_FIRST, .end = ADDRESS_V4_LAST, .size = ADDRESS_MAX});
    return s;
}

/* Numbers the speakers by rank; tells how many ranges are given twice with different values. */
static uint64_t rank(struct speakers *s) {
    uint64_t repeated = 0;
    qsort(s->at, s->count, sizeof *s->at, by_rank);
    for (size_t i = 0; i < s->count; i++) {
        s->at[i].rank = (uint32_t)i;
        const struct speaker *before = i ? &s->at[i - 1] : NULL;
        if (before && !before->special && before->start == s->at[i].start && before->end == s->at[i].end)
            repeated += !place_equal(before->place, s->at[i].place);
    }
    return repeated;
}

void segments_add(struct segments *s, address start, struct place place, bool always) {
    if (s->count && !always && place_equal(s->at[s->count - 1].place, place)) return;
    s->at[s->count++] = (struct segment){start, place};
}

/* Where the IPv4 addresses begin, and where they end. */
static bool is_edge(address a) { return a == ADDRESS_V4_FIRST || a == ADDRESS_V4_LAST + 1; }

/* Counts the rows that begin where an earlier one has not ended; neither special-purpose ranges nor the edge of IPv4
 * are rows.  By start, as they stand. */
static uint64_t overlaps(const struct speakers *s) {
    uint64_t count = 0;
    const struct speaker *last = NULL; /* of the rows so far the one that ends last */
    for (size_t i = 0; i < s->count; i++) {
        const struct speaker *row = &s->at[i];
        if (row->special || row->size == ADDRESS_MAX) continue;
        count += last && last->end >= row->start;
        if (!last || row->end > last->end) last = row;
    }
    return count;
}

/* Walks the address space from one change to the next: where a range begins, and where the one that speaks ends.  No
 * segment begins at the very last address: multicast ends there. */
static struct segments sweep(struct rows *r, enum layer layer, struct arena *a) {
    struct speakers s = speakers_of(r, layer, a);
    r->repeated += rank(&s);
    qsort(s.at, s.count, sizeof *s.at, by_start);
    r->overlapping += overlaps(&s);
    struct heap heap = {.at = ARENA_ARRAY(a, const struct speaker *, s.count + 1)};
    struct segments out = {.at = ARENA_ARRAY(a, struct segment, 2 * s.count + 2)};
    address at = 0;
    for (size_t next = 0;;) {
        while (next < s.count && s.at[next].start == at) heap_push(&heap, &s.at[next++]);
        while (heap.count && heap.at[0]->end < at) heap_pop(&heap);
        segments_add(&out, at, heap.count ? heap.at[0]->place : (struct place){0}, is_edge(at));
        address until = next < s.count ? s.at[next].start - 1 : ADDRESS_MAX;
        if (heap.count && heap.at[0]->end < until) until = heap.at[0]->end;
        if (until == ADDRESS_MAX) return out;
        at = until + 1;
    }
}

/* Where the next segment after the one that holds `at` begins; ADDRESS_MAX where there is none (no segment begins
 * there). */
static address next_start(const struct segments *s, size_t *i, address at) {
    while (*i + 1 < s->count && s->at[*i + 1].start <= at) ++*i;
    return *i + 1 < s->count ? s->at[*i + 1].start : ADDRESS_MAX;
}

static struct place laid_over(struct place country, struct place as) {
    return (struct place){.country = country.country, .code = country.code, .as = as.as};
}

/* Lays the two layers over each other. */
struct segments rows_flatten(struct rows *r, struct arena *a) {
    r->repeated = r->overlapping = 0;
    struct segments country = sweep(r, COUNTRY, a), as = sweep(r, AS, a);
    struct segments out = {.at = ARENA_ARRAY(a, struct segment, country.count + as.count)};
    size_t c = 0, n = 0;
    for (address at = 0;;) {
        address one = next_start(&country, &c, at), other = next_start(&as, &n, at);
        segments_add(&out, at, laid_over(country.at[c].place, as.at[n].place), is_edge(at));
        at = one < other ? one : other;
        if (at == ADDRESS_MAX) return out;
    }
}
