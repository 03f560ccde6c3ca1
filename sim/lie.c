/* What a malicious party does, beside what anybody meets with: it has its own keys, and a program of its own. */
#include <stdlib.h>
#include <string.h>

#include "message/message.h"
#include "speech.h"
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
        own_sign_if_allowed(&s->who->node, &c);
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

/* ---- what can't be opened, or says nothing when it is */

static struct bytes random_bytes(struct arena *a, struct rng *r, size_t size) {
    uint8_t *at = ARENA_ARRAY(a, uint8_t, size);
    for (size_t i = 0; i < size; i++) at[i] = (uint8_t)rng_next(r);
    return bytes_of(at, size);
}

/* Signed and sealed as a message is, but without a body that means anything; or signed by nobody's key. */
static struct bytes hollow_note(struct seat *s, struct rng *r, struct random *random, struct arena *a) {
    static const char *const bodies[] = {"{}", "[]", "not JSON", "{\"type\":\"bundle\",\"objects\":[]}"};
    struct party *p = s->who;
    struct signer *stranger = signer_new(TEXT("nobody.example/a.officer"), KEY_ED25519, random);
    const struct signer *by = rng_chance(r, 300) ? stranger : p->keys[0].officer;
    struct text department = TEXT("incident"), own = p->name, other = s->other->who->name;
    struct head h = {.record = rng_chance(r, 300) ? s->other->origin : s->origin,
                     .id = TEXT("00112233445566778899aabbccddeeff"),
                     .own = rng_below(r, 100),
                     .read = rng_below(r, 100),
                     .kind = rng_chance(r, 300) ? TEXT("unheard-of") : TEXT("claim"),
                     .matter = arena_format(a, "%.*s/00000000-0000-4000-8000-000000000000", TEXT_ARG(own)),
                     .from = arena_format(a, "%.*s/%.*s", TEXT_ARG(own), TEXT_ARG(department)),
                     .by = TEXT("a.officer"),
                     .to = arena_format(a, "%.*s/%.*s", TEXT_ARG(other), TEXT_ARG(department)),
                     .tlp = TEXT("AMBER"),
                     .lang = TEXT("en")};
    struct buf note = {.max = 1 << 16};
    ASSERT(message_sign(&h, text_of(bodies[rng_below(r, COUNT(bodies))]), &by, 1, &note, NULL) == OK);
    struct bytes made = arena_bytes(a, buf_as_bytes(&note));
    buf_free(&note);
    signer_free(stranger);
    return made;
}

static void seal_garbage(struct seat *s, struct rng *r) {
    struct arena a = {0};
    struct random random = random_seeded(arena_format(&a, "%llu", (unsigned long long)rng_next(r)));
    uint64_t form = rng_below(r, 4);
    struct bytes plain = form < 2 ? random_bytes(&a, r, 200) : hollow_note(s, r, &random, &a), blob = plain;
    if (form != 1) ASSERT(speech_seal(s, plain, form == 3, &random, &a, &blob, NULL) == OK);
    if (form == 0 && rng_chance(r, 500)) {
        uint8_t *spoilt = ARENA_ARRAY(&a, uint8_t, blob.size);
        memcpy(spoilt, blob.at, blob.size);
        spoilt[rng_below(r, blob.size)] ^= 1;
        blob.at = spoilt;
    }
    (void)seat_say(s, blob);
    arena_free(&a);
}

/* A message that was said before, here or to somebody else, once more. */
static void replay(struct seat *s, struct rng *r) {
    struct arena a = {0};
    struct seat *from = rng_chance(r, 500) ? s : s->who->seats[rng_below(r, s->who->seat_count)];
    struct wanted_blob *blobs;
    struct buf blob = {.max = 1 << 20};
    size_t count;
    uint64_t size;
    if (!store_size(s->who->store, from->own, &size, NULL) && size > 1 &&
        !store_named_blobs(s->who->store, from->own, 1, size, &a, &blobs, &count, NULL) && count &&
        !store_get_blob(s->who->store, from->channel, blobs[rng_below(r, count)].sha, 0, blob.max, &blob, NULL))
        (void)seat_say(s, buf_as_bytes(&blob));
    buf_free(&blob);
    arena_free(&a);
}

static void withhold(struct seat *s, struct rng *r) {
    s->withholds_until = s->who->world->now + (instant)rng_below(r, 240) * SIM_MINUTE;
}

void lie(struct seat *s, struct rng *r) {
    static void (*const lies[])(struct seat * s, struct rng * r) = {
        equivocate,   see_what_is_not, seal_nothing, say_old_card, say_old_card, seal_garbage,
        seal_garbage, seal_garbage,    replay,       replay,       withhold};
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
