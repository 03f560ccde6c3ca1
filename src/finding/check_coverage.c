/* What a source of records covers: unbroken stretches of its stamps, and the kinds of things that it shows. */
#include <stdlib.h>
#include <string.h>

#include "finding/check_parts.h"
#include "vocab/rsit.h"

enum { PORT_BYTES = 65536 / 8 };

/* The first stretch in order that does not end before `at`. */
static size_t place_of(const struct check_source *s, instant at) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->stretches[middle].to < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_inside(const struct check_source *s, instant at) {
    size_t place = place_of(s, at);
    return place < s->count && s->stretches[place].from <= at;
}

static void hold(struct check_source *s, struct stretch more) {
    if (s->held == s->room) {
        s->room = s->room ? s->room * 2 : 16;
        s->stretches = realloc(s->stretches, s->room * sizeof *s->stretches);
        ASSERT(s->stretches && "memory is left");
    }
    s->stretches[s->held++] = more;
}

static int by_start(const void *left, const void *right) {
    const struct stretch *a = left, *b = right;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

bool coverage_settle(struct check_source *s, instant gap) {
    size_t count = 0;
    if (s->held == s->count) return true;
    qsort(s->stretches, s->held, sizeof *s->stretches, by_start);
    for (size_t i = 0; i < s->held; i++) {
        struct stretch *last = count ? &s->stretches[count - 1] : NULL, next = s->stretches[i];
        if (!last || next.from - gap > last->to)
            s->stretches[count++] = next;
        else if (next.to > last->to)
            last->to = next.to;
    }
    s->count = s->held = count;
    return count <= CHECK_STRETCHES_MAX;
}

/* Most lines come in order, and widen the stretch that was begun last.  Others are held, and put in order once there
 * are as many as there were before: so no order of lines costs more than sorting them. */
bool coverage_stamp(struct check_source *s, instant at, instant gap) {
    enum { HELD_MIN = 1024 };
    struct stretch *last = s->held > s->count ? &s->stretches[s->held - 1] : NULL;
    if (last && at >= last->from - gap && at <= last->to + gap) {
        if (at < last->from) last->from = at;
        if (at > last->to) last->to = at;
        return true;
    }
    if (is_inside(s, at)) return true;
    if (s->held >= 2 * s->count + HELD_MIN && !coverage_settle(s, gap)) return false;
    hold(s, (struct stretch){at, at});
    return true;
}

bool coverage_join(struct check_source *into, const struct check_source *from, instant gap) {
    into->traffic |= from->traffic;
    into->unread += from->unread;
    into->events |= from->events;
    if (from->ports && !into->ports) into->ports = take_zeroed(PORT_BYTES, 1);
    for (size_t i = 0; from->ports && i < PORT_BYTES; i++) into->ports[i] |= from->ports[i];
    for (size_t i = 0; i < from->held; i++) hold(into, from->stretches[i]);
    return coverage_settle(into, gap);
}

static unsigned event_index(struct text event) {
    const struct rsit_type *type = event.size ? rsit_find(event) : NULL;
    return type ? (unsigned)(type - rsit_types) : 64;
}

/* What was shown last is shown by the next line, too, nearly always. */
static void show_event(struct check_source *s, struct text event) {
    if (event.size == s->event.size && !memcmp(event.at, s->event.at, event.size)) return;
    unsigned index = event_index(event);
    if (index < 64) s->events |= (uint64_t)1 << index;
    if (event.size > sizeof s->event.at) return;
    memcpy(s->event.at, event.at, event.size);
    s->event.size = event.size;
}

void coverage_show(struct check_source *s, const struct trace *t) {
    if (t->event.size) show_event(s, t->event);
    if (!(t->known & TRACE_DST_PORT)) return;
    if (!s->ports) s->ports = take_zeroed(PORT_BYTES, 1);
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
    size_t place = place_of(s, first);
    return place < s->count && s->stretches[place].from <= first && s->stretches[place].to >= last;
}

void coverage_break(struct check_source *s, instant from, instant to) {
    size_t place = place_of(s, from + 1);
    if (from >= to || place == s->count) return;
    struct stretch *at = &s->stretches[place], whole = *at;
    if (whole.from > from || whole.to < to) return; /* a silence already */
    hold(s, (struct stretch){0});
    at = &s->stretches[place];
    memmove(at + 1, at, (s->count - place) * sizeof *at);
    at[0].to = from;
    at[1].from = to;
    s->count = s->held;
    s->holes++;
}

static instant silence_of(const struct check_source *s, size_t stretch) {
    return s->stretches[stretch + 1].from - s->stretches[stretch].to;
}

size_t coverage_silences(const struct check_source *s, size_t longest[static SILENCES_TOLD]) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < s->count; i++) {
        size_t least = 0;
        for (size_t k = 1; k < count; k++)
            if (silence_of(s, longest[k]) < silence_of(s, longest[least])) least = k;
        if (count == SILENCES_TOLD && silence_of(s, i) <= silence_of(s, longest[least])) continue;
        if (count < SILENCES_TOLD) least = count++;
        for (; least + 1 < count; least++) longest[least] = longest[least + 1];
        longest[count - 1] = i;
    }
    return count;
}

void coverage_free(struct check_source *s) {
    free(s->stretches);
    free(s->ports);
}
