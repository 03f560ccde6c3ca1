/* What is to happen, drawn before anything does. */
#include <stdlib.h>

#include "world.h"

static const char *const words[EVENT_KINDS] = {
    [EVENT_SAY] = "say",
    [EVENT_SYNC] = "sync",
    [EVENT_BACK_UP] = "back up",
    [EVENT_RESTORE] = "restore",
    [EVENT_FAIL_OVER] = "fail over",
    [EVENT_SYNC_FAILS] = "sync fails",
    [EVENT_CRASH] = "crash",
    [EVENT_KILL] = "kill",
    [EVENT_DISK_FAILS] = "disk fails",
    [EVENT_DISK_FULL] = "disk full",
    [EVENT_CLOCK] = "clock",
    [EVENT_CUT] = "cut",
    [EVENT_CARD] = "card",
    [EVENT_LATE] = "late",
    [EVENT_LIE] = "lie",
};

const char *event_word(enum event_kind kind) { return words[kind]; }

/* How often each of the others comes, of 1000. */
static const struct {
    enum event_kind kind;
    unsigned share;
} faults[] = {{EVENT_CRASH, 170},     {EVENT_KILL, 90},  {EVENT_DISK_FAILS, 110}, {EVENT_SYNC_FAILS, 80},
              {EVENT_DISK_FULL, 100}, {EVENT_CLOCK, 70}, {EVENT_CUT, 60},         {EVENT_CARD, 110},
              {EVENT_LATE, 80},       {EVENT_LIE, 50},   {EVENT_BACK_UP, 40},     {EVENT_RESTORE, 20},
              {EVENT_FAIL_OVER, 20}};

static enum event_kind draw_fault(struct rng *r) {
    uint64_t at = rng_below(r, 1000);
    for (size_t i = 0; i < COUNT(faults); i++) {
        if (at < faults[i].share) return faults[i].kind;
        at -= faults[i].share;
    }
    return EVENT_CRASH;
}

static int by_time(const void *a, const void *b) {
    const struct event *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->seed < y->seed ? -1 : x->seed > y->seed;
}

static unsigned draw_seat_of(struct world *w, unsigned party, struct rng *r) {
    struct party *p = w->parties[party];
    struct seat *s = p->seats[rng_below(r, p->seat_count)];
    return 2 * s->number + (w->seats[2 * s->number] != s);
}

void plan(struct world *w) {
    struct rng r = {w->set.seed};
    size_t says = (size_t)w->set.parties * w->set.minutes * w->set.says / 60,
           others = (size_t)w->set.minutes * w->set.faults / 60, syncs = others / 2;
    instant span = (instant)w->set.minutes * SIM_MINUTE;
    w->event_count = says + others + syncs;
    w->events = calloc(w->event_count + 1, sizeof *w->events);
    ASSERT(w->events);
    for (size_t i = 0; i < w->event_count; i++) {
        struct event *e = &w->events[i];
        unsigned party = (unsigned)(i < says ? i % w->set.parties : rng_below(&r, w->set.parties));
        e->at = w->now + (instant)rng_below(&r, (uint64_t)span);
        e->kind = i < says ? EVENT_SAY : i < says + others ? draw_fault(&r) : EVENT_SYNC;
        if (e->kind == EVENT_LIE && w->set.liars) party = w->set.parties - 1 - party % w->set.liars;
        if (e->kind == EVENT_LIE && !w->set.liars) e->kind = EVENT_CARD;
        if ((e->kind == EVENT_RESTORE || e->kind == EVENT_BACK_UP || e->kind == EVENT_FAIL_OVER) && !w->set.restores)
            e->kind = EVENT_KILL;
        e->seat = draw_seat_of(w, party, &r);
        e->seed = rng_next(&r);
    }
    if (w->event_count) qsort(w->events, w->event_count, sizeof *w->events, by_time);
}
