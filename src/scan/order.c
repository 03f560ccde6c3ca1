#include "scan/order.h"

/* An event at `at` behind one at `before`. */
static bool step(struct order *o, instant slack, instant before, instant at) {
    instant back = before - at;
    if (back <= 0) return false;
    instant *most = back <= slack ? &o->most_within : &o->most_beyond;
    if (back > *most) *most = back;
    o->within += back <= slack;
    o->beyond += back > slack;
    return back > slack;
}

static struct order_line keep(uint64_t part, uint64_t line, struct text text, struct arena *a) {
    return (struct order_line){part, line, arena_text(a, text_first(text, ORDER_TEXT_MAX))};
}

void order_add(struct order *o, instant slack, const struct observation *event, uint64_t part, uint64_t line,
               struct text text, struct arena *a) {
    if (event->first != event->last) return;
    instant at = event->last;
    if (!o->any) {
        *o = (struct order){.any = true, .first = at, .begin = keep(part, line, text, a)};
    } else if (at < o->last && step(o, slack, o->last, at) && o->beyond == 1) {
        o->example = keep(part, line, text, a);
    }
    o->last = at;
}

void order_join(struct order *all, const struct order *part, bool follows, instant slack) {
    if (!part->any) {
        if (!follows) all->any = false;
        return;
    }
    uint64_t before = all->beyond;
    if (all->any && follows && step(all, slack, all->last, part->first) && !before) all->example = part->begin;
    if (!all->beyond && part->beyond) all->example = part->example;
    all->within += part->within;
    all->beyond += part->beyond;
    if (part->most_within > all->most_within) all->most_within = part->most_within;
    if (part->most_beyond > all->most_beyond) all->most_beyond = part->most_beyond;
    all->any = true;
    all->first = part->first;
    all->last = part->last;
}
