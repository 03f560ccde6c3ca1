/* Successors: where a channel can't go on, people agree how much of both records they follow, and begin anew. */
#include <string.h>

#include "book.h"
#include "sync/own.h"

static bool is_up(const struct party *p) { return p->store && !p->frames && !disk_at(p->number)->dead; }

struct seat *seat_latest(struct seat *s) {
    while (s->after) s = s->after;
    return s;
}

static enum channel_state state_of(struct seat *s) {
    struct arena a = {0};
    struct channel c;
    enum channel_state state = store_channel(s->who->store, s->channel, &a, &c, NULL) ? CHANNEL_OPEN : c.state;
    arena_free(&a);
    return state;
}

static bool is_over(struct seat *s) {
    enum channel_state state = state_of(s);
    return state == CHANNEL_FROZEN || (state == CHANNEL_RESTORED && !s->fails_over);
}

static bool may_succeed(struct seat *s) {
    const struct world *w = s->who->world;
    return is_up(s->who) && is_up(s->other->who) && !s->chance && !s->other->chance && s->own && s->other->own &&
           s->generation + 1 < GENERATIONS_MAX && w->seat_count + 2 <= COUNT(w->seats) &&
           w->seat_count / 2 < CHANNELS_MAX && (is_over(s) || is_over(s->other));
}

/* The operator says that the store came from a backup; what they hold of its record comes back. */
static void take_back(struct seat *s, struct rng *r) {
    struct arena a = {0};
    struct channel c;
    if (state_of(s) == CHANNEL_RESTORED && !store_channel(s->who->store, s->channel, &a, &c, NULL) &&
        !own_declare_restored(&s->who->node, &c, NULL))
        (void)seat_sync(s, r);
    arena_free(&a);
}

/* So much of a record both hold alike. */
static bool find_common(struct seat *s, struct entry_follows *out) {
    uint64_t own, theirs;
    struct sha256 roots[2];
    struct store *mine = s->who->store, *others = s->other->who->store;
    if (store_size(mine, s->own, &own, NULL) ||
        store_checkpoint_size(others, s->other->theirs, CHECKPOINT_MIRROR, &theirs, NULL))
        return false;
    *out = (struct entry_follows){s->name, {own < theirs ? own : theirs, {{0}}}};
    for (;; out->at.size--) {
        if (store_root(mine, s->own, out->at.size, &roots[0], NULL) ||
            store_root(others, s->other->theirs, out->at.size, &roots[1], NULL))
            return false;
        if (!out->at.size || sha256_equal(roots[0], roots[1])) break;
    }
    out->at.root = roots[0];
    return true;
}

/* Closed as either side sees it: to who came from a backup, a `seen` beyond what it holds is not known to be true. */
static bool close_on_both(struct seat *s, struct cut *cut) {
    struct cut before;
    struct diag d = {0};
    if (book_read(s, &d) || book_read(s->other, &d)) return false;
    do {
        before = *cut;
        if (!book_close(s, cut) || !book_close(s->other, cut)) return false;
    } while (before.of[0] != cut->of[0] || before.of[1] != cut->of[1]);
    return true;
}

/* Followed is what is closed: nothing in it has seen more than that. */
static bool agree_on(struct seat *s, struct entry_follows out[static 2]) {
    struct seat *by_party[2];
    struct cut cut;
    by_party[seat_party(s)] = s;
    by_party[1 - seat_party(s)] = s->other;
    for (unsigned p = 0; p < 2; p++) {
        if (!find_common(by_party[p], &out[p])) return false;
        cut.of[p] = out[p].at.size;
    }
    if (!close_on_both(s, &cut)) return false;
    for (unsigned p = 0; p < 2; p++) {
        out[p].at.size = cut.of[p];
        if (store_root(by_party[p]->who->store, by_party[p]->own, cut.of[p], &out[p].at.root, NULL)) return false;
    }
    return true;
}

static struct seat *begin_end(struct seat *s, unsigned channel, const struct entry_follows follows[static 2]) {
    struct seat *next = make_seat(s->who->world, channel, s->generation + 2, s->who, s->other->who);
    next->first = s->first;
    next->generation = s->generation + 1;
    memcpy(next->follows, follows, sizeof next->follows);
    return next;
}

void seat_ensure(struct seat *s) {
    struct diag d = {0};
    struct party *p = s->who;
    struct seat *before = s->first;
    if (!is_up(p)) return;
    while (before->after != s) before = before->after;
    party_enter(p);
    bool there = s->own || !seat_look_up(s, &d);
    if (there) seat_begin(s);
    if (there && state_of(before) != CHANNEL_FOLLOWED)
        (void)!store_set_state(p->store, before->channel, CHANNEL_FOLLOWED, TEXT("a successor follows"), NULL);
    party_leave(p);
}

void succeed(struct seat *s, struct rng *r) {
    struct world *w = s->who->world;
    struct entry_follows follows[2];
    if (!may_succeed(s) || rng_chance(r, 500)) return;
    take_back(s, r);
    take_back(s->other, r);
    if (!may_succeed(s) || !agree_on(s, follows)) return;
    unsigned channel = (unsigned)w->seat_count / 2;
    bool even = s == w->seats[2 * s->number];
    struct seat *first = begin_end(even ? s : s->other, channel, follows),
                *second = begin_end(even ? s->other : s, channel, follows);
    first->other = second;
    second->other = first;
    (even ? s : s->other)->after = first;
    (even ? s->other : s)->after = second;
    trace(w, "%u and %u go on in a successor after %llu and %llu entries", s->who->number, s->other->who->number,
          (unsigned long long)follows[0].at.size, (unsigned long long)follows[1].at.size);
    w->counts.succeeded++;
    memset(w->known[s->first->number], 0, sizeof w->known[0]); /* as a state tells of generations */
    (void)party_next_card(first->who, NULL);                   /* which names the new records */
    (void)party_next_card(second->who, NULL);
    seat_ensure(first);
    seat_ensure(second);
    publish_cards(first->who);
    publish_cards(second->who);
}
