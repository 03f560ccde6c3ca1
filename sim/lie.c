/* What a malicious party does, beside what anybody meets with: it has its own keys, and a program of its own. */
#include <stdlib.h>
#include <string.h>

#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/wire.h"
#include "tlog/checkpoint.h"
#include "world.h"

static bool is_up(const struct party *p) { return p->store && !disk_at(p->number)->dead; }

/* ---- two roots at one size */

/* Whether the other side holds a checkpoint of the liar's record at that size: the other half of the contradiction. */
static bool holds_half(struct seat *by, uint64_t size) {
    struct arena a = {0};
    struct channel c;
    struct kept_checkpoint at;
    bool holds = store_channel(by->who->store, by->channel, &a, &c, NULL) == OK && c.state == CHANNEL_OPEN &&
                 mirror_checkpoint_at(&by->who->node, &c, size, &a, &at, NULL) == OK;
    arena_free(&a);
    return holds;
}

/* Both halves are known, the power is on and the disk works: then the proof is kept, and the channel is frozen. */
static void must_be_proved(struct seat *by) {
    struct arena a = {0};
    struct channel c;
    struct kept_contradiction *list;
    size_t count;
    bool proved = false;
    if (store_channel(by->who->store, by->channel, &a, &c, NULL) ||
        store_contradictions(by->who->store, by->theirs, &a, &list, &count, NULL))
        return arena_free(&a);
    for (size_t i = 0; i < count; i++) proved = proved || list[i].proves;
    by->who->world->counts.proofs += proved;
    if (!proved || c.state == CHANNEL_OPEN)
        violated(by->who->world, "party %u, channel %u: a contradiction of which it has both halves is not proved",
                 by->who->number, by->number);
    arena_free(&a);
}

static void send_checkpoint(struct seat *s, const struct checkpoint *at) {
    const struct signer *log = s->log;
    struct buf note = {.max = CHECKPOINT_MAX_BYTES}, body = {.max = 4 * CHECKPOINT_MAX_BYTES};
    ASSERT(checkpoint_sign(at, &log, 1, &note, NULL) == OK);
    struct add_checkpoint c = {.old = at->size, .note = buf_as_bytes(&note)};
    add_checkpoint_write(&c, &body);
    struct request q = {.method = TEXT("POST"),
                        .path = TEXT("/add-checkpoint"),
                        .content_type = text_of(TYPE_TEXT),
                        .body = buf_as_bytes(&body)};
    net_send(s, &q);
    buf_free(&note);
    buf_free(&body);
}

static void equivocate(struct seat *s, struct rng *r) {
    struct arena a = {0};
    struct kept_checkpoint newest;
    struct disk *d = disk_at(s->other->who->number);
    if (is_up(s->other->who) && !store_checkpoint(s->who->store, s->own, CHECKPOINT_SIGNED, PICK_AT_MOST,
                                                  1 + rng_below(r, s->held[0].size + 1), &a, &newest, NULL)) {
        struct checkpoint at = {s->origin, newest.size, newest.root};
        bool half = holds_half(s->other, newest.size) && d->fault == DISK_FINE;
        at.root.at[rng_below(r, SHA256_SIZE)] ^= 1;
        s->lied = true;
        send_checkpoint(s, &at);
        if (half && is_up(s->other->who)) must_be_proved(s->other);
    }
    arena_free(&a);
}

/* ---- what stands in its record, though its own program would not write it */

static void append(struct seat *s, const struct entry *e) {
    struct arena a = {0};
    struct buf leaf = {.max = ENTRY_MAX_BYTES};
    struct channel c;
    uint64_t size;
    if (!entry_write(e, &leaf, NULL) && !store_channel(s->who->store, s->channel, &a, &c, NULL) &&
        !store_size(s->who->store, s->own, &size, NULL) && size &&
        !store_add_leaf(s->who->store, s->own, size, buf_as_bytes(&leaf), NULL))
        (void)!own_sign(&s->who->node, &c, NULL);
    buf_free(&leaf);
    arena_free(&a);
}

static void see_what_is_not(struct seat *s, struct rng *r) {
    struct entry e = {.time = party_now(s->who), .seen = {s->held[1].size, s->held[1].root}};
    e.seen.root.at[rng_below(r, SHA256_SIZE)] ^= 1;
    s->lied = true;
    append(s, &e);
}

static void seal_nothing(struct seat *s, struct rng *r) {
    struct entry_blob blob = {.size = 100};
    struct entry e = {
        .time = party_now(s->who), .seen = {s->held[1].size, s->held[1].root}, .blobs = &blob, .blob_count = 1};
    for (size_t i = 0; i < SHA256_SIZE; i++) blob.sha.at[i] = (uint8_t)rng_next(r);
    s->lied = true;
    append(s, &e);
}

static void say_old_card(struct seat *s, struct rng *r) {
    struct party *p = s->who;
    (void)seat_say(s, p->cards[rng_below(r, p->card_count)]);
}

void lie(struct seat *s, struct rng *r) {
    static void (*const lies[])(struct seat * s, struct rng * r) = {equivocate, see_what_is_not, seal_nothing,
                                                                    say_old_card, say_old_card};
    if (!is_up(s->who)) return;
    party_enter(s->who);
    lies[rng_below(r, COUNT(lies))](s, r);
    party_leave(s->who);
    if (is_up(s->other->who)) check_seat(s->other);
}

/* Its requests and answers may come with a byte that is not as it was. */
bool corrupt(struct seat *by, struct buf *body, struct rng *r) {
    struct world *w = by->who->world;
    if (!by->who->malicious || !r || w->calm || !body->size || !rng_chance(r, 20)) return false;
    by->lied = true; /* who sends what does not hold may be told so */
    body->at[rng_below(r, body->size)] ^= (uint8_t)(1 + rng_below(r, 255));
    return true;
}
