/* A neutral mirror with a store of its own: who is away, is receipted for and gets what it missed. */
#include "pair.h"

#include <string.h>

#include "note/note.h"
#include "sync/own.h"
#include "sync/stead.h"
#include "sync/wire.h"
#include "tlog/checkpoint.h"

struct world {
    struct pair p;
    struct signer *key;
    struct store *store;
    struct sync_node node;
    struct remote to[2]; /* the mirror, called by each party */
};

static enum error no_log_keys(void *state, struct text origin, const struct signer *out[static 2], size_t *count,
                              struct diag *d) {
    (void)state, (void)origin, (void)out, (void)count;
    return fail(d, ERR_NO_KEY, "a mirror has no log");
}

static enum error mirror_key(void *state, const struct signer **out, struct diag *d) {
    (void)d;
    *out = ((struct world *)state)->key;
    return OK;
}

static struct world *world_of(struct player *w) { return (struct world *)(void *)w->pair; }

static enum error call(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct player *w = self->state;
    struct request mine = *q;
    size_t max = r->body.max;
    (void)d;
    mine.pin = w->calls_as;
    response_free(r);
    *r = (struct response){.body = {.max = max}};
    server_answer(&world_of(w)->node, &mine, w->pair->now, r);
    return OK;
}

static enum error hold(struct world *w, struct bytes sender, struct bytes receiver, struct text origin, bool *added) {
    w->p.diag = (struct diag){0};
    return stead_hold(w->store, &(struct stead_offer){origin, sender, receiver}, added, &w->p.diag);
}

/* The South's card names the mirror, the North has seen it, and the mirror holds what the North says to the South. */
static void begin(struct world *w) {
    bool added = false;
    pair_start(&w->p);
    pair_open(&w->p);
    pair_must(&w->p, pair_sync(&w->p, 0, NULL));
    w->key = signer_new(TEXT("mirror.example/mirror"), KEY_COSIGNATURE, &w->p.random);
    w->p.of[1].neutral = w->key;
    w->p.of[1].card = pair_card(&w->p.of[1], 2, w->p.of[1].card, true);
    pair_publish(&w->p, 1, w->p.of[1].card);
    pair_must(&w->p, pair_sync(&w->p, 0, NULL));
    pair_must(&w->p, store_open(&(struct store_options){NULL, NULL}, &w->store, &w->p.diag));
    w->node = (struct sync_node){.store = w->store, .keys = {no_log_keys, mirror_key, w}, .neutral = true};
    for (int i = 0; i < 2; i++) w->to[i] = (struct remote){call, &w->p.of[i]};
    pair_must(&w->p, hold(w, w->p.of[0].card, w->p.of[1].card, w->p.of[0].origin, &added));
    assert_true(added);
}

static void end(struct world *w) {
    store_close(w->store);
    signer_free(w->key);
    pair_end(&w->p);
}

static struct sync_report push(struct world *w) {
    struct sync_report report = {0};
    struct player *north = &w->p.of[0];
    pair_must(&w->p, stead_push(&north->node, north->channel, signer_vkey(w->key)->name, &w->to[0], w->p.now, &report,
                                &w->p.diag));
    return report;
}

static struct sync_report pull(struct world *w) {
    struct sync_report report = {0};
    struct player *south = &w->p.of[1];
    pair_must(&w->p, stead_pull(&south->node, south->channel, signer_vkey(w->key)->name, &w->to[1], w->p.now, &report,
                                &w->p.diag));
    return report;
}

static void who_is_away_is_receipted_for(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    uint64_t before = pair_receipted(&w.p, 0);
    pair_say(&w.p, 0, 100);
    pair_say(&w.p, 0, 200000);
    assert_int_equal(pair_receipted(&w.p, 0), before);
    struct sync_report sent = push(&w);
    assert_int_equal(sent.sent_entries >= 2, true);
    assert_int_equal(pair_receipted(&w.p, 0), pair_size(&w.p, 0, SIDE_OWN)); /* and the receipt is recorded */
    assert_int_equal(push(&w).sent_entries, 0);                              /* then it falls silent */
    struct sync_report got = pull(&w);
    assert_int_equal(got.got_entries > 0, true);
    assert_int_equal(pair_size(&w.p, 1, SIDE_THEIRS), pair_size(&w.p, 0, SIDE_OWN));
    assert_int_equal(pull(&w).got_entries, 0);
    pair_must(&w.p, pair_sync(&w.p, 1, NULL));
    assert_int_equal(pair_receipted(&w.p, 1), pair_size(&w.p, 1, SIDE_OWN));
    end(&w);
}

/* The mirror's receipt tells nothing of what the South holds: it gets all from the North as well. */
static void what_the_mirror_has_goes_to_the_party_too(void **state) {
    (void)state;
    struct world w;
    struct sync_report report;
    begin(&w);
    pair_say(&w.p, 0, 100);
    push(&w);
    pair_must(&w.p, pair_sync(&w.p, 0, &report));
    assert_int_equal(report.sent_entries >= 2, true);
    assert_int_equal(pair_size(&w.p, 1, SIDE_THEIRS), pair_size(&w.p, 0, SIDE_OWN));
    end(&w);
}

/* Nor is it the South's own because the South has taken the mirror off its card meanwhile. */
static void what_a_dropped_mirror_has_goes_to_the_party_too(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    pair_say(&w.p, 0, 100);
    push(&w);
    w.p.of[1].neutral = NULL;
    w.p.of[1].card = pair_card(&w.p.of[1], 3, w.p.of[1].card, true);
    pair_publish(&w.p, 1, w.p.of[1].card);
    pair_must(&w.p, pair_sync(&w.p, 0, NULL));
    assert_int_equal(pair_size(&w.p, 1, SIDE_THEIRS), pair_size(&w.p, 0, SIDE_OWN));
    assert_int_equal(pair_receipted(&w.p, 0), pair_size(&w.p, 0, SIDE_OWN));
    end(&w);
}

/* A party that has just started may sign nothing yet, and holds what the mirror has all the same. */
static void what_may_not_be_signed_is_held(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    pair_say(&w.p, 0, 100);
    push(&w);
    pair_restart(&w.p, 1);
    assert_int_equal(pull(&w).got_entries > 0, true);
    assert_int_equal(pair_size(&w.p, 1, SIDE_THEIRS), pair_size(&w.p, 0, SIDE_OWN));
    pair_must(&w.p, pair_sync(&w.p, 1, NULL));
    assert_int_equal(pair_receipted(&w.p, 1), pair_size(&w.p, 1, SIDE_OWN));
    end(&w);
}

static unsigned ask(struct world *w, int by, const char *method, struct text hash, const char *what, struct text pin) {
    struct response r = {.body = {.max = 1 << 20}};
    struct text whole = arena_format(&w->p.arena, "/%.*s/%s", TEXT_ARG(hash), what);
    struct request q = {.method = text_of(method), .path = whole, .body = bytes_of("x", 1), .pin = pin};
    if (!pin.size) q.pin = w->p.of[by].pin;
    server_answer(&w->node, &q, w->p.now, &r);
    unsigned status = r.status;
    response_free(&r);
    return status;
}

static void each_may_do_its_part_and_a_stranger_nothing(void **state) {
    (void)state;
    struct world w;
    struct channel c;
    begin(&w);
    pair_say(&w.p, 0, 100);
    push(&w);
    pair_must(&w.p, store_find_channel(w.store, w.p.of[0].origin, &w.p.arena, &c, NULL, &w.p.diag));
    struct text theirs = c.of[SIDE_THEIRS].hash, own = c.of[SIDE_OWN].hash, none = TEXT("");
    struct text stranger = TEXT("ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100");
    const char *blob = arena_format(&w.p.arena, "blob/%.*s%c", TEXT_ARG(stranger), 0).at;
    assert_int_equal(ask(&w, 0, "GET", theirs, "checkpoint", none), 200);
    assert_int_equal(ask(&w, 1, "GET", theirs, "checkpoint", none), 200);
    assert_int_equal(ask(&w, 1, "GET", theirs, "tile/entries/000.p/1", none), 200);
    assert_int_equal(ask(&w, 0, "GET", theirs, "checkpoint", stranger), 404);
    assert_int_equal(ask(&w, 0, "PUT", theirs, blob, none), 422); /* whose hash is another: looked at */
    assert_int_equal(ask(&w, 1, "PUT", theirs, blob, none), 404); /* the South brings nothing */
    assert_int_equal(ask(&w, 0, "PUT", theirs, blob, stranger), 404);
    assert_int_equal(ask(&w, 0, "GET", own, "checkpoint", none), 404); /* there is no record of its own */
    assert_int_equal(ask(&w, 0, "POST", own, "shown", none), 404);
    assert_int_equal(ask(&w, 0, "POST", theirs, "receipt", none), 404);
    assert_true(stead_knows(w.store, w.p.of[0].pin) && stead_knows(w.store, w.p.of[1].pin));
    assert_false(stead_knows(w.store, stranger));
    end(&w);
}

static void later_cards_take_the_place_of_earlier_ones(void **state) {
    (void)state;
    struct world w;
    bool added = true;
    begin(&w);
    pair_say(&w.p, 0, 100);
    push(&w);
    for (int i = 0; i < 2; i++) {
        struct player *one = &w.p.of[i];
        struct text before = one->pin;
        one->pin = i ? TEXT("11dddccbbaa99887766554433221100ffeeddccbbaa998877665544332211001")
                     : TEXT("22dddccbbaa99887766554433221100ffeeddccbbaa998877665544332211002");
        one->card = pair_card(one, 7 + (uint64_t)i, one->card, true);
        pair_must(&w.p, hold(&w, w.p.of[0].card, w.p.of[1].card, w.p.of[0].origin, &added));
        assert_false(added);
        assert_true(stead_knows(w.store, one->pin));
        assert_false(stead_knows(w.store, before));
    }
    end(&w);
}

static void cards_that_do_not_fit_are_refused(void **state) {
    (void)state;
    struct world w;
    bool added;
    begin(&w);
    struct bytes north = w.p.of[0].card, south = w.p.of[1].card;
    assert_int_equal(hold(&w, north, south, w.p.of[1].origin, &added), ERR_INPUT); /* the North has no such log */
    assert_int_equal(hold(&w, north, north, w.p.of[0].origin, &added), ERR_CONFLICT);
    assert_int_equal(hold(&w, north, bytes_of("card", 4), w.p.of[0].origin, &added), ERR_INPUT);
    signer_free(w.p.of[1].root);
    w.p.of[1].root = signer_new(TEXT("cert.south.example/root"), KEY_ED25519, &w.p.random);
    assert_int_equal(hold(&w, north, pair_card(&w.p.of[1], 9, south, true), w.p.of[0].origin, &added), ERR_SIGNATURE);
    end(&w);
}

/* Two roots at one size, shown to the mirror: it takes nothing more of that record, and keeps the proof. */
static void a_fork_freezes_the_record_at_the_mirror(void **state) {
    (void)state;
    struct world w;
    struct channel c;
    struct kept_checkpoint at;
    struct kept_contradiction *found;
    size_t count;
    begin(&w);
    pair_say(&w.p, 0, 100);
    push(&w);
    pair_must(&w.p, store_find_channel(w.store, w.p.of[0].origin, &w.p.arena, &c, NULL, &w.p.diag));
    pair_must(&w.p, store_checkpoint(w.store, c.of[SIDE_THEIRS].id, CHECKPOINT_MIRROR, PICK_NEWEST, 0, &w.p.arena, &at,
                                     &w.p.diag));
    const struct signer *log = w.p.of[0].log;
    struct checkpoint other = {.origin = w.p.of[0].origin, .size = at.size, .root = sha256_of(bytes_of("x", 1))};
    struct buf note = {.max = CHECKPOINT_MAX_BYTES}, body = {.max = 1 << 20};
    struct response r = {.body = {.max = 1 << 20}};
    pair_must(&w.p, checkpoint_sign(&other, &log, 1, &note, &w.p.diag));
    struct add_checkpoint asked = {.old = at.size, .note = buf_as_bytes(&note)};
    add_checkpoint_write(&asked, &body);
    struct request q = {
        .method = TEXT("POST"), .path = TEXT("/add-checkpoint"), .body = buf_as_bytes(&body), .pin = w.p.of[0].pin};
    server_answer(&w.node, &q, w.p.now, &r);
    assert_int_equal(r.status, 409);
    pair_must(&w.p, store_channel(w.store, c.id, &w.p.arena, &c, &w.p.diag));
    assert_int_equal(c.state, CHANNEL_FROZEN);
    pair_must(&w.p, store_contradictions(w.store, c.of[SIDE_THEIRS].id, &w.p.arena, &found, &count, &w.p.diag));
    assert_int_equal(count, 1);
    assert_true(found[0].proves);
    /* The one that it stands in for still reads what was receipted; nobody brings any more. */
    assert_int_equal(ask(&w, 1, "GET", c.of[SIDE_THEIRS].hash, "checkpoint", TEXT("")), 200);
    server_answer(&w.node, &q, w.p.now, &r);
    assert_int_equal(r.status, 403);
    response_free(&r);
    buf_free(&note);
    buf_free(&body);
    end(&w);
}

/* As `call`, by a mirror (or a disk) that changes the hashes that it serves. */
static enum error call_damaged(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    enum error result = call(self, q, r, d);
    bool hashes = strstr(q->path.at, "/tile/0/") != NULL;
    if (!result && hashes && r->status == 200)
        for (size_t i = 0; i < r->body.size; i++) r->body.at[i] ^= 1;
    return result;
}

/* What a mirror serves beside the truth says nothing of the party whose record it is: nobody is frozen by it. */
static void a_mirror_that_lies_freezes_nobody(void **state) {
    (void)state;
    struct world w;
    struct sync_report report = {0};
    struct kept_contradiction *found;
    size_t count;
    begin(&w);
    for (int i = 0; i < 3; i++) {
        struct player *south = &w.p.of[1];
        pair_say(&w.p, 0, 100);
        push(&w);
        w.to[1].call = call_damaged;
        assert_int_equal(
            stead_pull(&south->node, south->channel, signer_vkey(w.key)->name, &w.to[1], w.p.now, &report, &w.p.diag),
            ERR_NETWORK);
        struct channel c = pair_channel(&w.p, 1);
        assert_int_equal(c.state, CHANNEL_OPEN);
        pair_must(&w.p,
                  store_contradictions(south->store, c.of[SIDE_THEIRS].id, &w.p.arena, &found, &count, &w.p.diag));
        assert_int_equal(count, 0);
        w.to[1].call = call;
        pull(&w);
        assert_int_equal(pair_size(&w.p, 1, SIDE_THEIRS), pair_size(&w.p, 0, SIDE_OWN));
    }
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_away_is_receipted_for),
        cmocka_unit_test(what_the_mirror_has_goes_to_the_party_too),
        cmocka_unit_test(what_a_dropped_mirror_has_goes_to_the_party_too),
        cmocka_unit_test(what_may_not_be_signed_is_held),
        cmocka_unit_test(each_may_do_its_part_and_a_stranger_nothing),
        cmocka_unit_test(later_cards_take_the_place_of_earlier_ones),
        cmocka_unit_test(cards_that_do_not_fit_are_refused),
        cmocka_unit_test(a_fork_freezes_the_record_at_the_mirror),
        cmocka_unit_test(a_mirror_that_lies_freezes_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
