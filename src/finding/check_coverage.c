/* What a source of records covers: unbroken stretches of its stamps, and the kinds of things that it shows. */
#include <stdlib.h>
#include <string.h>

#include "finding/check_parts.h"
#include "vocab/rsit.h"

enum { PORT_BYTES = 65536 / 8 };

/* The first stretch that does not end more than a gap before `at`. */
static size_t place_of(const struct check_source *s, instant at, instant gap) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->stretches[middle].to < at - gap)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool insert(struct check_source *s, size_t place, instant at) {
    if (s->count == CHECK_STRETCHES_MAX) return false;
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 16;
        s->stretches = realloc(s->stretches, s->room * sizeof *s->stretches);
        ASSERT(s->stretches && "memory is left");
    }
    memmove(s->stretches + place + 1, s->stretches + place, (s->count - place) * sizeof *s->stretches);
    s->stretches[place] = (struct stretch){at, at};
    s->count++;
    return true;
}

/* Stretches that the stamp has brought within a gap of each other become one. */
static void join_next(struct check_source *s, size_t place, instant gap) {
    if (place + 1 >= s->count || s->stretches[place + 1].from - gap > s->stretches[place].to) return;
    s->stretches[place].to = s->stretches[place + 1].to;
    s->count--;
    memmove(s->stretches + place + 1, s->stretches + place + 2, (s->count - place - 1) * sizeof *s->stretches);
}

bool coverage_stamp(struct check_source *s, instant at, instant gap) {
    const struct stretch *last = s->last < s->count ? &s->stretches[s->last] : NULL;
    if (last && at >= last->from && at <= last->to) return true; /* most lines come in order */
    size_t place = place_of(s, at, gap);
    s->last = place;
    if (place == s->count || s->stretches[place].from - gap > at) return insert(s, place, at);
    struct stretch *here = &s->stretches[place];
    if (at < here->from) here->from = at;
    if (at > here->to) here->to = at;
    join_next(s, place, gap);
    return true;
}

/* The whole stretch, of which all that lie within a gap become one. */
static bool add_stretch(struct check_source *s, struct stretch more, instant gap) {
    size_t place = place_of(s, more.from, gap), next = place;
    for (; next < s->count && s->stretches[next].from - gap <= more.to; next++) {
        if (s->stretches[next].from < more.from) more.from = s->stretches[next].from;
        if (s->stretches[next].to > more.to) more.to = s->stretches[next].to;
    }
    if (next == place && !insert(s, place, more.from)) return false;
    if (next > place + 1) {
        memmove(s->stretches + place + 1, s->stretches + next, (s->count - next) * sizeof *s->stretches);
        s->count -= next - place - 1;
    }
    s->stretches[place] = more;
    return true;
}

bool coverage_join(struct check_source *into, const struct check_source *from, instant gap) {
    into->traffic |= from->traffic;
    into->events |= from->events;
    if (from->ports && !into->ports) {
        into->ports = calloc(PORT_BYTES, 1);
        ASSERT(into->ports && "memory is left");
    }
    for (size_t i = 0; from->ports && i < PORT_BYTES; i++) into->ports[i] |= from->ports[i];
    for (size_t i = 0; i < from->count; i++)
        if (!add_stretch(into, from->stretches[i], gap)) return false;
    return true;
}

static unsigned event_index(struct text event) {
    const struct rsit_type *type = event.size ? rsit_find(event) : NULL;
    return type ? (unsigned)(type - rsit_types) : 64;
}

void coverage_show(struct check_source *s, const struct trace *t) {
    unsigned event = event_index(t->event);
    if (event < 64) s->events |= (uint64_t)1 << event;
    if (!(t->known & TRACE_DST_PORT)) return;
    if (!s->ports) s->ports = calloc(PORT_BYTES, 1);
    ASSERT(s->ports && "memory is left");
    s->ports[t->dst_port / 8] |= (uint8_t)(1 << (t->dst_port % 8));
}

/* A service's log knows who came to it; what left one's own house is not in it. */
bool coverage_right_kind(const struct check_source *s, const struct trace *t, bool outgoing) {
    if (s->traffic) return t->known & (TRACE_SRC | TRACE_DST);
    if (outgoing) return false;
    unsigned event = event_index(t->event);
    if (event < 64 && (s->events & (uint64_t)1 << event)) return true;
    return (t->known & TRACE_DST_PORT) && s->ports && (s->ports[t->dst_port / 8] & (1 << (t->dst_port % 8)));
}

bool coverage_covers(const struct check_source *s, instant first, instant last) {
    size_t place = place_of(s, first, 0);
    return place < s->count && s->stretches[place].from <= first && s->stretches[place].to >= last;
}

void coverage_free(struct check_source *s) {
    free(s->stretches);
    free(s->ports);
}
