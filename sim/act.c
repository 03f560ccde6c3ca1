/* What happens: parties speak and exchange, disks and clocks fail. */
#include <string.h>

#include "speech.h"
#include "sync/own.h"
#include "world.h"

static bool is_up(const struct party *p) { return p->store && !disk_at(p->number)->dead; }

static enum error read_channel(struct seat *s, struct arena *a, struct channel *c, struct diag *d) {
    return store_channel(s->who->store, s->channel, a, c, d);
}

/* ---- speaking */

static enum error say(struct seat *s, const struct speech *what, uint64_t *index, struct diag *d) {
    struct arena a = {0};
    struct channel c;
    struct entry_blob named[SPEECH_BLOBS_MAX];
    struct own_entry e = {.blobs = named,
                          .contents = what->blobs,
                          .blob_count = what->count,
                          .erase = &what->erase,
                          .erase_count = what->erases,
                          .follows = what->follows,
                          .follows_count = what->follows ? 2 : 0};
    enum error result = read_channel(s, &a, &c, d);
    for (size_t i = 0; i < what->count; i++)
        named[i] = (struct entry_blob){sha256_of(what->blobs[i]), what->blobs[i].size};
    if (!result) result = own_append(&s->who->node, &c, &e, party_now(s->who), index, d);
    arena_free(&a);
    return result;
}

static bool say_it(struct seat *s, const struct speech *what) {
    struct diag d = {0};
    uint64_t index = 0;
    party_enter(s->who);
    enum error result = say(s, what, &index, &d);
    bool alive = is_up(s->who);
    trace(s->who->world, "%u to %u says #%llu: %s %s", s->who->number, s->other->who->number, (unsigned long long)index,
          error_name(result), result ? d.text : "");
    if (alive) check_seat(s);
    party_leave(s->who);
    return !result && alive;
}

bool seat_say(struct seat *s, struct bytes blob) { return say_it(s, &(struct speech){.blobs = {blob}, .count = 1}); }

void seat_begin(struct seat *s) {
    const struct party *p = s->who;
    struct speech first = {.blobs = {p->cards[s->generation ? p->card_count - 1 : 1]}, .count = 1};
    uint64_t size;
    if (s->generation) first.follows = s->follows;
    if (s->own && !store_size(p->store, s->own, &size, NULL) && !size) (void)say_it(s, &first);
}

/* Now and then an attachment that is so long that it is a file of the store: one more than the message names, so the
 * rules make it void, on both sides alike. */
static void add_file(struct speech *what, struct arena *a, struct rng *r) {
    enum { LONG = STORE_INLINE_MAX + 8192 };
    uint8_t *file = arena_take(a, LONG, 1);
    for (size_t i = 0; i < 64; i += 8) memcpy(file + i, &(uint64_t){rng_next(r)}, 8);
    if (what->count < SPEECH_BLOBS_MAX) what->blobs[what->count++] = bytes_of(file, rng_chance(r, 500) ? LONG : 4096);
}

static void say_something(struct seat *s, struct rng *r) {
    struct arena a = {0};
    struct speech what = {0};
    struct diag d = {0};
    bool adds = rng_chance(r, s->who->world->set.faults ? 40 : 20);
    enum error result = speech_compose(s, r, &a, &what, &d);
    if (result) trace(s->who->world, "%u has nothing to say: %s %s", s->who->number, error_name(result), d.text);
    if (!result && adds) add_file(&what, &a, r);
    if (!result && say_it(s, &what)) {
        s->who->world->counts.said++;
        trace(s->who->world, "%u said: %s", s->who->number, kind_rules[what.kind].name);
        if (!adds && !s->lied && !s->restored) speech_must_count(s, &what);
    }
    arena_free(&a);
}

/* A record takes cards in the order of their serials, so each gets all that it lacks. */
static void publish(struct seat *s) {
    struct party *p = s->who;
    bool said = true;
    while (said && is_up(p)) {
        struct arena a = {0};
        struct kept_card last;
        enum error result = store_card(p->store, s->own, UINT64_MAX, &a, &last, NULL);
        said = !result && last.serial + 1 < p->card_count && seat_say(s, p->cards[last.serial + 1]);
        arena_free(&a);
    }
}

void publish_cards(struct party *p) {
    for (size_t i = 0; i < p->seat_count; i++) publish(p->seats[i]);
}

static void say_card(struct seat *s, struct rng *r) {
    (void)party_next_card(s->who, r);
    publish_cards(s->who);
}

/* ---- after a failover */

static enum channel_state state_of(struct seat *s) {
    struct arena a = {0};
    struct channel c = {.state = CHANNEL_FROZEN};
    enum error result = read_channel(s, &a, &c, NULL);
    enum channel_state state = result ? CHANNEL_FROZEN : c.state;
    arena_free(&a);
    return state;
}

/* It has what the other side was shown, and speaks on in the same record: from here on all promises hold again. */
static void has_recovered(struct seat *s) {
    trace(s->who->world, "%u has recovered channel %u", s->who->number, s->number);
    s->fails_over = s->restored = false;
    s->sizes[0] = s->sizes[1] = 0;
    s->left_count = 0;
    s->held[0] = s->held[1] = s->promised = (struct mark){0};
    s->who->world->counts.recovered++;
}

/* It holds of theirs what it had held, and the blobs of its own entries: of an entry that the other side had taken from
 * the lost machine before its blobs, these are gone with it, and only a successor goes on. */
static bool has_all(struct seat *s) {
    struct arena a = {0};
    struct wanted_blob *missing;
    uint64_t own, theirs;
    size_t count = 1;
    struct store *store = s->who->store;
    bool has = !store_checkpoint_size(store, s->theirs, CHECKPOINT_MIRROR, &theirs, NULL) && theirs >= s->awaited &&
               !store_size(store, s->own, &own, NULL) &&
               !store_missing_blobs(store, s->own, 0, own, &a, &missing, &count, NULL) && !count;
    arena_free(&a);
    return has;
}

/* The operator finds the store behind, and knows that it is a replica. */
static void see_to_failover(struct seat *s) {
    struct arena a = {0};
    struct channel c;
    if (!s->fails_over || !is_up(s->who)) return;
    if (state_of(s) == CHANNEL_RESTORED && !read_channel(s, &a, &c, NULL))
        (void)!own_declare_failover(&s->who->node, &c, NULL);
    else if (state_of(s) == CHANNEL_OPEN && store_compared(s->who->store, s->channel) && has_all(s))
        has_recovered(s);
    arena_free(&a);
}

/* ---- exchanging */

bool seat_sync(struct seat *s, struct rng *r) {
    struct world *w = s->who->world;
    struct sync_report report = {0};
    struct diag d = {0};
    if (s->chance || !is_up(s->who)) return true;
    s->chance = r;
    party_enter(s->who);
    w->counts.exchanges++;
    trace(w, "%u syncs with %u", s->who->number, s->other->who->number);
    enum error result = sync_channel(&s->who->node, s->channel, &s->remote, party_now(s->who), &report, &d);
    s->chance = NULL;
    trace(w, "%u synced with %u: %s %s", s->who->number, s->other->who->number, error_name(result), d.text);
    see_to_failover(s);
    if (is_up(s->who)) check_seat(s);
    party_leave(s->who);
    if (is_up(s->other->who)) check_seat(s->other);
    check_state(s);
    if (result && w->calm && !s->lied && !s->other->lied && !s->restored && !s->other->restored)
        violated(w, "channel %u: all is calm, and yet: %s %s", s->number, error_name(result), d.text);
    return result || report.sent_entries || report.sent_blobs || report.got_entries || report.got_blobs;
}

/* ---- faults */

static void stop(struct party *p, struct rng *r, enum disk_rule rule) {
    uint64_t after = rng_chance(r, 300) ? 0 : 1 + rng_below(r, 60);
    p->up_at = p->world->now + SIM_MINUTE + (instant)rng_below(r, 30) * SIM_MINUTE;
    p->rule = rule;
    if (after)
        disk_plan(disk_at(p->number), DISK_DIES, after, 0);
    else
        party_crash(p, rule, p->up_at);
}

/* The store is as it was at the last backup, and does not know it: what it signed since, others hold.  A replica that
 * takes over is the same, but that its operator knows that nobody else signs any more. */
static void restore(struct party *p, bool fails_over) {
    struct disk *d = disk_at(p->number);
    if (p->frames || !d->copy_count) return;
    party_crash(p, DISK_KEEPS_ALL, p->world->now + SIM_MINUTE);
    (void)disk_restore(p->number);
    for (size_t i = 0; i < p->seat_count; i++) {
        struct seat *s = p->seats[i];
        s->fails_over = fails_over && (s->fails_over || !s->restored) && !s->other->restored;
        if (s->other->restored) s->other->fails_over = false; /* what both lost, nobody can give back */
        if (s->sizes[1] > s->awaited) s->awaited = s->sizes[1];
        s->restored = true;
        s->sizes[0] = s->sizes[1] = 0;
        book_forget(s);
    }
}

static void fault(struct world *w, const struct event *e, struct seat *s, struct rng *r) {
    struct disk *d = disk_at(s->who->number);
    if (e->kind == EVENT_CRASH) stop(s->who, r, rng_chance(r, 300) ? DISK_LOSES_ALL : DISK_TEARS);
    if (e->kind == EVENT_KILL) stop(s->who, r, DISK_KEEPS_ALL);
    if (e->kind == EVENT_DISK_FAILS) disk_plan(d, DISK_FAILS, 1 + rng_below(r, 40), 0);
    if (e->kind == EVENT_SYNC_FAILS) disk_plan(d, DISK_SYNC_FAILS, 1 + rng_below(r, 40), 0);
    if (e->kind == EVENT_DISK_FULL) disk_plan(d, DISK_IS_FULL, 1 + rng_below(r, 40), 1 + (unsigned)rng_below(r, 60));
    if (e->kind == EVENT_CUT) w->cut_until[s->number] = w->now + (instant)rng_below(r, 120) * SIM_MINUTE;
    if (e->kind == EVENT_CLOCK)
        s->who->skew = rng_chance(r, 200) ? 0 : ((instant)rng_below(r, 7200) - 3600) * INSTANT_SECOND;
}

void act(struct world *w, const struct event *e) {
    struct seat *s = seat_latest(w->seats[e->seat]);
    struct rng r = {e->seed};
    w->counts.events++;
    trace(w, "-- %s %u (channel %u)", event_word(e->kind), s->who->number, s->number);
    if (s->generation) seat_ensure(s);
    if (e->kind == EVENT_SAY && !w->set.parts) succeed(s, &r);
    s = seat_latest(s);
    if (e->kind == EVENT_SAY && is_up(s->who)) say_something(s, &r);
    if (e->kind == EVENT_SAY && w->set.says) (void)seat_sync(s, &r);
    if (e->kind == EVENT_SYNC) (void)seat_sync(s, &r);
    if (e->kind == EVENT_CARD && is_up(s->who)) say_card(s, &r);
    if (e->kind == EVENT_BACK_UP && is_up(s->who)) disk_back_up(s->who->number);
    if (e->kind == EVENT_RESTORE) restore(s->who, false);
    if (e->kind == EVENT_FAIL_OVER) restore(s->who, true);
    if (e->kind == EVENT_LIE) lie(s, &r);
    if (e->kind == EVENT_LATE) net_deliver_late(s, rng_next(&r));
    if (e->kind >= EVENT_CRASH) fault(w, e, s, &r);
}

static void start_those_down(struct world *w) {
    for (unsigned i = 0; i < w->set.parties; i++) {
        struct party *p = w->parties[i];
        if (p->world == w && !p->store && !p->frames && p->up_at <= w->now) party_start(p);
    }
}

void world_run_until(struct world *w, instant at) {
    while (w->next < w->event_count && w->events[w->next].at <= at && !w->violation[0]) {
        const struct event *e = &w->events[w->next++];
        if (e->at > w->now) w->now = e->at;
        start_those_down(w);
        act(w, e);
    }
    if (at > w->now) w->now = at;
}
