/* One run: the world, its events, and rest at the end. */
#include <stdlib.h>
#include <string.h>

#include "world.h"

enum { ROUNDS_TO_REST = 6 };

static void leave_out(struct world *w, const bool *kept) {
    size_t count = 0;
    for (size_t i = 0; i < w->event_count; i++)
        if (kept[i]) w->events[count++] = w->events[i];
    w->event_count = count;
}

/* The faults are over: everybody is up, every line is whole, clocks are right. */
static void calm_down(struct world *w) {
    w->now += 400 * SIM_MINUTE;
    for (unsigned i = 0; i < w->set.parties; i++) {
        struct party *p = w->parties[i];
        if (p->store && disk_at(i)->dead) party_crash(p, p->rule, w->now);
        p->skew = 0;
        disk_plan(disk_at(i), DISK_FINE, 0, 0);
    }
    w->calm = true;
    for (unsigned i = 0; i < w->set.parties; i++)
        if (!w->parties[i]->store) party_start(w->parties[i]);
    for (unsigned i = 0; i < w->set.parties; i++) publish_cards(w->parties[i]);
    for (size_t i = 0; i < w->seat_count; i++)
        if (w->seats[i]->generation) seat_ensure(w->seats[i]);
    struct rng r = {w->set.seed};
    w->calm = false; /* of the first exchanges, one may meet what the last fault left */
    w->set.call_fails = 0;
    bool moves = true;
    for (unsigned round = 0; round < ROUNDS_TO_REST && moves && !w->violation[0]; round++) {
        moves = false;
        for (size_t i = 0; i < w->seat_count; i++) moves = (!w->seats[i]->after && seat_sync(w->seats[i], &r)) || moves;
        w->calm = round > 0;
        w->now += SIM_MINUTE;
    }
}

void run(const struct settings *set, const bool *kept, struct counts *counts, char violation[static 512],
         struct event **events, size_t *event_count) {
    struct world *w = calloc(1, sizeof *w);
    ASSERT(w);
    world_start(w, set);
    plan(w);
    if (events) {
        *event_count = w->event_count;
        *events = calloc(w->event_count + 1, sizeof **events);
        ASSERT(*events);
        memcpy(*events, w->events, w->event_count * sizeof **events);
    }
    if (kept) leave_out(w, kept);
    instant end = w->now + (instant)set->minutes * SIM_MINUTE;
    if (set->parts) lanes_begin(w);
    if (set->parts) lanes_run(w);
    world_run_until(w, end);
    if (!w->violation[0]) calm_down(w);
    if (!w->violation[0]) check_rest(w);
    if (!w->violation[0]) check_states_at_rest(w);
    if (set->parts) lanes_end(w);
    *counts = w->counts;
    strcpy(violation, w->violation);
    world_end(w);
    free(w);
}
