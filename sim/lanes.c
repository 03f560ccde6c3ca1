/* Many parties at once: events that share no party change nothing of each other, whatever comes first.
 *
 * Of the events that come next, as many are taken as still fall apart well; those that share a party, directly or
 * through others, make a lane, which runs in their order with a world of its own: its time, what is drawn in it, what
 * it counts and finds.  Which events make a lane follows from the events alone, so a run is the same with one thread or
 * with two.  Only in worlds where nobody lies and no backup is put back: so nothing begins that more than two share. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

enum { EVENTS_AT_ONCE = 40, THREADS_MAX = 8 };

struct lane {
    struct world world;
    struct event events[EVENTS_AT_ONCE];
};
struct lanes {
    struct lane at[EVENTS_AT_ONCE];
    size_t count;
    channel_task *task;           /* NULL: events are run */
    size_t order[EVENTS_AT_ONCE]; /* in which they are begun: long ones first */
    atomic_size_t next;           /* that nobody runs yet, by that order */
    pthread_mutex_t lock;
    pthread_cond_t begins, ended;
    pthread_t threads[THREADS_MAX];
    size_t thread_count, busy; /* beside the one that owns the world */
    uint64_t turn;             /* counts what was given to the threads */
    bool over;
};

/* ---- parting */

struct parts { /* of parties: each points towards the one that stands for its part */
    unsigned to[PARTIES_MAX];
    size_t events[PARTIES_MAX]; /* of the part, at the one that stands for it */
};

static unsigned part_of(const struct parts *p, unsigned party) {
    while (p->to[party] != party) party = p->to[party];
    return party;
}

static size_t add_event(struct parts *p, const struct seat *s) {
    unsigned one = part_of(p, s->who->number), other = part_of(p, s->other->who->number);
    if (one != other) {
        p->to[other] = one;
        p->events[one] += p->events[other];
    }
    return ++p->events[one];
}

/* How many of the next events are taken: the most of which no part has more than half. */
static size_t take_some(const struct world *w) {
    struct parts p = {0};
    size_t largest = 0, best = 1;
    for (unsigned i = 0; i < PARTIES_MAX; i++) p.to[i] = i;
    for (size_t n = 0; n < EVENTS_AT_ONCE && w->next + n < w->event_count; n++) {
        size_t events = add_event(&p, w->seats[w->events[w->next + n].seat]);
        if (events > largest) largest = events;
        if (2 * largest <= n + 1) best = n + 1;
    }
    return best;
}

static void join_lane(struct lane *l, struct party *p) {
    if (p->acted_at > l->world.now) l->world.now = p->acted_at;
    p->world = &l->world;
}

static struct lane *begin_lane(struct world *w, const struct event *first) {
    struct lanes *all = w->lanes;
    struct lane *l = &all->at[all->count++];
    char seed[32];
    l->world = (struct world){.set = w->set,
                              .now = all->task ? w->now : 0,
                              .calm = w->calm,
                              .cut_until = w->cut_until,
                              .late = w->late,
                              .known = w->known,
                              .seat_count = w->seat_count,
                              .events = l->events};
    memcpy(l->world.parties, w->parties, sizeof w->parties);
    memcpy(l->world.seats, w->seats, sizeof w->seats);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)first->seed);
    l->world.random = random_seeded(text_of(seed));
    return l;
}

static void put_in_order(struct lanes *all) {
    for (size_t i = 0; i < all->count; i++) {
        size_t at = i;
        for (; at && all->at[all->order[at - 1]].world.event_count < all->at[i].world.event_count; at--)
            all->order[at] = all->order[at - 1];
        all->order[at] = i;
    }
}

static void part(struct world *w, size_t count) {
    struct parts p = {0};
    struct lane *by_part[PARTIES_MAX] = {0};
    for (unsigned i = 0; i < PARTIES_MAX; i++) p.to[i] = i;
    for (size_t i = 0; i < count; i++) add_event(&p, w->seats[w->events[w->next + i].seat]);
    w->lanes->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct event *e = &w->events[w->next + i];
        struct lane **l = &by_part[part_of(&p, w->seats[e->seat]->who->number)];
        if (!*l) *l = begin_lane(w, e);
        (*l)->events[(*l)->world.event_count++] = *e;
    }
    for (unsigned i = 0; i < w->set.parties; i++) {
        struct lane *l = by_part[part_of(&p, i)];
        if (l) join_lane(l, w->parties[i]);
    }
    w->next += count;
    put_in_order(w->lanes);
}

/* ---- running */

static void run_some(struct lanes *all) {
    for (size_t i; (i = atomic_fetch_add(&all->next, 1)) < all->count;) {
        struct world *w = &all->at[all->order[i]].world;
        if (!all->task) world_run_until(w, w->events[w->event_count - 1].at);
        for (; all->task && w->next < w->event_count && !w->violation[0]; w->next++)
            all->task(w, w->seats[w->events[w->next].seat]);
    }
}

static void *help(void *state) {
    struct lanes *all = state;
    pthread_mutex_lock(&all->lock);
    for (uint64_t seen = 0; !all->over;) {
        if (seen == all->turn) {
            pthread_cond_wait(&all->begins, &all->lock);
            continue;
        }
        seen = all->turn;
        pthread_mutex_unlock(&all->lock);
        run_some(all);
        pthread_mutex_lock(&all->lock);
        if (!--all->busy) pthread_cond_signal(&all->ended);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

static void run_all(struct lanes *all) {
    pthread_mutex_lock(&all->lock);
    atomic_store(&all->next, 0);
    all->busy = all->thread_count;
    all->turn++;
    pthread_cond_broadcast(&all->begins);
    pthread_mutex_unlock(&all->lock);
    run_some(all);
    pthread_mutex_lock(&all->lock);
    while (all->busy) pthread_cond_wait(&all->ended, &all->lock);
    pthread_mutex_unlock(&all->lock);
}

/* ---- what comes of it */

static void take_signers(struct world *w, const struct world *lane) {
    for (size_t i = 0; i < lane->signer_count; i++) {
        w->signers = arena_grow(&w->arena, w->signers, w->signer_count, &w->signer_room, sizeof(struct signer *));
        w->signers[w->signer_count++] = lane->signers[i];
    }
}

/* What is found first, in the order of the lanes, counts. */
static void take_lane(struct world *w, struct world *lane) {
    uint64_t *sum = (uint64_t *)&w->counts;
    const uint64_t *more = (const uint64_t *)&lane->counts;
    for (size_t i = 0; i < sizeof w->counts / sizeof *sum; i++) sum[i] += more[i];
    if (lane->now > w->now) w->now = lane->now;
    if (!w->violation[0]) memcpy(w->violation, lane->violation, sizeof w->violation);
    take_signers(w, lane);
    arena_join(&w->arena, &lane->arena);
}

static void take_all(struct world *w) {
    for (unsigned i = 0; i < w->set.parties; i++) {
        struct party *p = w->parties[i];
        if (p->world != w) p->acted_at = p->world->now;
        p->world = w;
    }
    for (size_t i = 0; i < w->lanes->count; i++) take_lane(w, &w->lanes->at[i].world);
}

void lanes_run(struct world *w) {
    while (w->next < w->event_count && !w->violation[0]) {
        part(w, take_some(w));
        run_all(w->lanes);
        take_all(w);
    }
}

/* Each second one first: those of a ring that come one after the other share a party. */
static void ask_all(struct world *w, channel_task *task) {
    struct event *events = w->events, asked[CHANNELS_MAX];
    const size_t count = w->set.channels, next = w->next, event_count = w->event_count;
    for (size_t i = 0; i < count; i++) {
        const unsigned channel = (unsigned)(2 * i < count ? 2 * i : 2 * (i - (count + 1) / 2) + 1);
        asked[i] = (struct event){.seat = 2 * channel, .seed = channel};
    }
    w->events = asked;
    w->next = 0;
    w->event_count = count;
    w->lanes->task = task;
    lanes_run(w);
    w->lanes->task = NULL;
    w->events = events;
    w->next = next;
    w->event_count = event_count;
}

void each_channel(struct world *w, channel_task *task) {
    if (w->lanes) ask_all(w, task);
    for (unsigned c = 0; !w->lanes && c < w->set.channels && 2 * c < w->seat_count && !w->violation[0]; c++)
        task(w, w->seats[2 * c]);
}

void lanes_begin(struct world *w) {
    struct lanes *all = w->lanes = calloc(1, sizeof *all);
    ASSERT(all);
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->begins, NULL);
    pthread_cond_init(&all->ended, NULL);
    while (all->thread_count + 1 < w->set.threads && all->thread_count < THREADS_MAX)
        ASSERT(!pthread_create(&all->threads[all->thread_count++], NULL, help, all));
}

void lanes_end(struct world *w) {
    struct lanes *all = w->lanes;
    pthread_mutex_lock(&all->lock);
    all->over = true;
    pthread_cond_broadcast(&all->begins);
    pthread_mutex_unlock(&all->lock);
    for (size_t i = 0; i < all->thread_count; i++) pthread_join(all->threads[i], NULL);
    pthread_cond_destroy(&all->begins);
    pthread_cond_destroy(&all->ended);
    pthread_mutex_destroy(&all->lock);
    free(all);
    w->lanes = NULL;
}
