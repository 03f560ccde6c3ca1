/* Two parties and a witness between them: what it cosigns is kept, and a history that only it was shown is found out at
 * both, with the proof. */
#include "pair.h"

#include <stdio.h>

#include "sync/gzip.h"
#include "sync/own.h"
#include "sync/wire.h"
#include "sync/witness.h"
#include "sync/witnessed.h"
#include "tlog/cosignature.h"
#include "tlog/equivocation.h"

struct world {
    struct pair pair;
    char folder[64];
    struct signer *key;
    struct witness *witness;
    struct remote to; /* the witness */
    char line[VKEY_TEXT_MAX + 32];
};

static enum error call_witness(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct world *w = self->state;
    (void)d;
    witness_answer(w->witness, q, w->pair.now, r);
    return OK;
}

static void begin(struct world *w) {
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    bool added;
    *w = (struct world){.to = {call_witness, NULL}};
    w->to.state = w;
    pair_start(&w->pair);
    pair_open(&w->pair);
    pair_must(&w->pair, pair_sync(&w->pair, 0, NULL));
    strcpy(w->folder, "parley-witnessed-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    w->key = signer_new(TEXT("witness.example/w1"), KEY_COSIGNATURE, &w->pair.random);
    vkey_write(signer_vkey(w->key), &vkey);
    snprintf(w->line, sizeof w->line, "%.*s https://witness.example", TEXT_ARG(buf_as_text(&vkey)));
    buf_free(&vkey);
    for (int i = 0; i < 2; i++)
        pair_must(&w->pair, witness_add_log(w->folder, signer_vkey(w->pair.of[i].log), &added, &w->pair.diag));
    pair_must(&w->pair, witness_open(w->folder, w->key, &w->witness, &w->pair.diag));
}

static void end(struct world *w) {
    char command[128];
    witness_close(w->witness);
    signer_free(w->key);
    pair_end(&w->pair);
    snprintf(command, sizeof command, "rm -r %s", w->folder);
    assert_int_equal(system(command), 0);
}

static struct channel_witness witness_of(struct world *w) {
    struct channel_witness out;
    pair_must(&w->pair, witness_line_read(text_of(w->line), &out, &w->pair.diag));
    return out;
}

static enum error look(struct world *w, int i, enum side side) {
    struct channel c = pair_channel(&w->pair, i);
    struct channel_witness by = witness_of(w);
    return witnessed_look(&w->pair.of[i].node, &c, side, &by, &w->to, w->pair.now, &w->pair.diag);
}

static enum error submit(struct world *w, int i) {
    struct channel c = pair_channel(&w->pair, i);
    struct channel_witness by = witness_of(w);
    return witnessed_submit(&w->pair.of[i].node, &c, &by, &w->to, w->pair.now, &w->pair.diag);
}

static struct witnessed_standing standing(struct world *w, int i, enum side side, uint64_t quorum) {
    struct channel c = pair_channel(&w->pair, i);
    struct channel_witnesses terms;
    struct witnessed_standing out;
    struct text lines[] = {text_of(w->line)};
    struct store *s = w->pair.of[i].store;
    pair_must(&w->pair, witnesses_set(s, c.id, (struct names){lines, 1}, quorum, &w->pair.diag));
    pair_must(&w->pair, witnesses_of(s, c.id, &w->pair.arena, &terms, &w->pair.diag));
    pair_must(&w->pair, witnessed_standing(s, c.of[side].id, &terms, &out, &w->pair.diag));
    return out;
}

/* Someone with North's log key has the witness cosign a root of another history. */
static unsigned forge(struct world *w, uint64_t old, uint64_t size) {
    struct checkpoint at = {w->pair.of[0].origin, size, sha256_of(bytes_of("another", 7))};
    const struct signer *log = w->pair.of[0].log;
    struct buf body = {.max = 65536};
    struct response r = {.body = {.max = 65536}};
    buf_format(&body, "old %llu\n\n", (unsigned long long)old);
    pair_must(&w->pair, checkpoint_sign(&at, &log, 1, &body, &w->pair.diag));
    struct request q = {.method = TEXT("POST"), .path = TEXT("/add-checkpoint"), .body = buf_as_bytes(&body)};
    witness_answer(w->witness, &q, w->pair.now, &r);
    response_free(&r);
    buf_free(&body);
    return r.status;
}

/* The channel is frozen, and what is kept proves by itself that North's key signed two histories. */
static void assert_proved(struct world *w, int i, enum side side) {
    struct channel c = pair_channel(&w->pair, i);
    struct kept_contradiction *found;
    struct equivocation e;
    struct equivocated proved;
    size_t count;
    assert_int_equal(c.state, CHANNEL_FROZEN);
    pair_must(&w->pair,
              store_contradictions(w->pair.of[i].store, c.of[side].id, &w->pair.arena, &found, &count, &w->pair.diag));
    assert_int_equal(count, 1);
    assert_true(found[0].proves);
    pair_must(&w->pair, equivocation_read(bytes_from_text(found[0].text), &e, &w->pair.diag));
    pair_must(&w->pair, equivocation_verify(&e, w->pair.of[0].origin, signer_vkey(w->pair.of[0].log), 1, &w->pair.arena,
                                            &proved, &w->pair.diag));
}

/* ---- */

static void cosignatures_are_kept_at_both(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    pair_must(&w.pair, submit(&w, 0));
    uint64_t size = pair_size(&w.pair, 0, SIDE_OWN);
    struct witnessed_standing at = standing(&w, 0, SIDE_OWN, 1);
    assert_true(at.size == size && at.cosigners == 1 && at.at == w.pair.now - w.pair.now % INSTANT_SECOND);
    assert_int_equal(standing(&w, 0, SIDE_OWN, 2).size, 0); /* one is not two */
    assert_int_equal(standing(&w, 1, SIDE_THEIRS, 1).size, 0);
    pair_must(&w.pair, look(&w, 1, SIDE_THEIRS));
    assert_int_equal(standing(&w, 1, SIDE_THEIRS, 1).size, size);
    pair_say(&w.pair, 0, 100);
    pair_must(&w.pair, pair_sync(&w.pair, 0, NULL));
    pair_must(&w.pair, submit(&w, 0));
    assert_true(standing(&w, 0, SIDE_OWN, 1).size > size);
    pair_must(&w.pair, submit(&w, 0)); /* nothing new: nobody is asked */
    pair_must(&w.pair, look(&w, 0, SIDE_OWN));
    pair_must(&w.pair, look(&w, 1, SIDE_OWN)); /* which the witness never saw */
    end(&w);
}

static void a_witness_that_is_ahead_of_the_note_of_it(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    pair_must(&w.pair, submit(&w, 0));
    struct channel c = pair_channel(&w.pair, 0);
    char name[64];
    snprintf(name, sizeof name, "witnessed %lld %08x", (long long)c.id, (unsigned)signer_vkey(w.key)->id);
    pair_must(&w.pair, store_set_meta(w.pair.of[0].store, name, bytes_of("0\n", 2), &w.pair.diag));
    pair_say(&w.pair, 0, 10);
    pair_must(&w.pair, pair_sync(&w.pair, 0, NULL));
    pair_must(&w.pair, submit(&w, 0)); /* by the size that it is told with 409 */
    assert_int_equal(standing(&w, 0, SIDE_OWN, 1).newest, pair_size(&w.pair, 0, SIDE_OWN));
    end(&w);
}

static void another_history_at_the_witness_freezes_both(void **state) {
    (void)state;
    for (uint64_t below = 0; below < 3; below++) {
        struct world w;
        begin(&w);
        pair_say(&w.pair, 0, 10);
        pair_say(&w.pair, 0, 10);
        pair_must(&w.pair, pair_sync(&w.pair, 0, NULL));
        assert_int_equal(forge(&w, 0, pair_size(&w.pair, 1, SIDE_THEIRS) - below), 200);
        assert_int_equal(look(&w, 1, SIDE_THEIRS), ERR_FROZEN);
        assert_proved(&w, 1, SIDE_THEIRS);
        assert_int_equal(look(&w, 0, SIDE_OWN), ERR_FROZEN);
        assert_proved(&w, 0, SIDE_OWN);
        assert_int_equal(look(&w, 1, SIDE_THEIRS), ERR_FROZEN); /* and stays so, without a second finding */
        assert_proved(&w, 1, SIDE_THEIRS);
        end(&w);
    }
}

static void a_fork_that_the_witness_refused_freezes_both(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    pair_must(&w.pair, submit(&w, 0));
    uint64_t size = pair_size(&w.pair, 0, SIDE_OWN);
    assert_int_equal(forge(&w, size, size), 422);
    assert_int_equal(look(&w, 1, SIDE_THEIRS), ERR_FROZEN);
    assert_proved(&w, 1, SIDE_THEIRS);
    assert_int_equal(look(&w, 0, SIDE_OWN), ERR_FROZEN);
    assert_proved(&w, 0, SIDE_OWN);
    end(&w);
}

/* The same at a larger size: the consistency proof that came with it proves the fork. */
static void a_larger_fork_that_the_witness_refused_freezes_both(void **state) {
    (void)state;
    struct world w;
    struct tree other = {0};
    struct add_checkpoint asked = {0};
    struct buf note = {.max = 65536}, body = {.max = 65536};
    struct response r = {.body = {.max = 65536}};
    begin(&w);
    uint64_t size = pair_size(&w.pair, 0, SIDE_OWN);
    while (!(size & (size - 1)) || pair_receipted(&w.pair, 0) < size) { /* of a power of two nothing would follow */
        pair_say(&w.pair, 0, 10);
        pair_must(&w.pair, pair_sync(&w.pair, 0, NULL));
        size = pair_size(&w.pair, 0, SIDE_OWN);
    }
    pair_must(&w.pair, submit(&w, 0));
    for (uint64_t i = 0; i < size + 2; i++) tree_add(&other, sha256_of(bytes_of(&i, sizeof i)));
    struct tree_reader reader = tree_reader(&other);
    struct checkpoint at = {w.pair.of[0].origin, size + 2, tree_root_at(&other, size + 2)};
    const struct signer *log = w.pair.of[0].log;
    pair_must(&w.pair, checkpoint_sign(&at, &log, 1, &note, &w.pair.diag));
    pair_must(&w.pair, consistency_make(&reader, size, size + 2, &asked.proof, &w.pair.diag));
    asked.old = size;
    asked.note = buf_as_bytes(&note);
    add_checkpoint_write(&asked, &body);
    struct request q = {.method = TEXT("POST"), .path = TEXT("/add-checkpoint"), .body = buf_as_bytes(&body)};
    witness_answer(w.witness, &q, w.pair.now, &r);
    assert_int_equal(r.status, 422);
    assert_int_equal(look(&w, 1, SIDE_THEIRS), ERR_FROZEN);
    assert_proved(&w, 1, SIDE_THEIRS);
    assert_int_equal(look(&w, 0, SIDE_OWN), ERR_FROZEN);
    assert_proved(&w, 0, SIDE_OWN);
    response_free(&r);
    buf_free(&note);
    buf_free(&body);
    tree_free(&other);
    end(&w);
}

/* What a witness alone says accuses nobody, and a larger size of theirs is waited for. */
static void what_proves_nothing_freezes_nothing(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    assert_int_equal(forge(&w, 0, pair_size(&w.pair, 1, SIDE_THEIRS) + 5), 200);
    pair_must(&w.pair, look(&w, 1, SIDE_THEIRS));
    assert_int_equal(pair_channel(&w.pair, 1).state, CHANNEL_OPEN);
    assert_int_equal(look(&w, 0, SIDE_OWN), ERR_FROZEN); /* its own node knows that it never signed that much */
    assert_int_equal(pair_channel(&w.pair, 0).state, CHANNEL_RESTORED);
    end(&w);
}

static void lines_of_terms(void **state) {
    (void)state;
    struct world w;
    struct channel_witness out;
    char line[512];
    static const char *const bad[] = {"ftp://x", "https://", "https://a b", "https://a?b", "https://a#b", ""};
    begin(&w);
    struct text vkey = text_of(w.line);
    vkey = text_sub(vkey, 0, text_find(vkey, ' '));
    assert_int_equal(witness_line_read(vkey, &out, NULL), OK);
    assert_int_equal(out.url.size, 0);
    for (size_t i = 0; i < COUNT(bad); i++) {
        snprintf(line, sizeof line, "%.*s %s", TEXT_ARG(vkey), bad[i]);
        assert_int_equal(witness_line_read(text_of(line), &out, NULL), ERR_INPUT);
    }
    struct buf log = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(w.pair.of[0].log), &log);
    assert_int_equal(witness_line_read(buf_as_text(&log), &out, NULL), ERR_INPUT);
    buf_free(&log);
    end(&w);
}

/* ---- a neutral mirror: a key of a third party that South's card lists receipts in South's stead */

static void a_neutral_mirror_receipts(void **state) {
    (void)state;
    struct pair p;
    struct kept_receipt before, after;
    struct kept_checkpoint at;
    struct note note;
    struct buf line = {.max = 4096};
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel north = pair_channel(&p, 0);
    struct signer *neutral = signer_new(TEXT("mirror.neutral.example"), KEY_COSIGNATURE, &p.random);
    pair_say(&p, 0, 10);
    pair_must(&p, store_newest_receipt(p.of[0].store, north.of[SIDE_OWN].id, &p.arena, &before, &p.diag));
    pair_must(&p, store_checkpoint(p.of[0].store, north.of[SIDE_OWN].id, CHECKPOINT_SIGNED, PICK_NEWEST, 0, &p.arena,
                                   &at, &p.diag));
    assert_true(at.size > before.size);
    pair_must(&p, note_read(at.note, &p.arena, &note, &p.diag));
    cosignature_make(neutral, note.text, p.now, &line);
    /* Whose key no card names receipts nothing. */
    assert_int_equal(own_take_receipt(&p.of[0].node, &north, at.size, buf_as_text(&line), p.now, &p.diag),
                     ERR_SIGNATURE);
    p.of[1].neutral = neutral;
    pair_publish(&p, 1, pair_card(&p.of[1], 2, p.of[1].card, true));
    pair_must(&p, pair_sync(&p, 1, NULL));
    north = pair_channel(&p, 0);
    pair_must(&p, own_take_receipt(&p.of[0].node, &north, at.size, buf_as_text(&line), p.now, &p.diag));
    pair_must(&p, store_newest_receipt(p.of[0].store, north.of[SIDE_OWN].id, &p.arena, &after, &p.diag));
    assert_int_equal(after.size >= at.size, true);
    signer_free(neutral);
    buf_free(&line);
    pair_end(&p);
}

/* ---- clocks */

static struct response ask(struct pair *p, int i, struct request q) {
    struct response r = {.body = {.max = 1 << 20}};
    q.pin = p->of[!i].pin;
    server_answer(&p->of[i].node, &q, p->now, &r);
    return r;
}

static void a_receipt_from_the_future_is_refused(void **state) {
    (void)state;
    struct pair p;
    struct kept_checkpoint at;
    struct note note;
    static const struct {
        instant ahead;
        enum error result;
    } cases[] = {{2 * (instant)STAMP_AHEAD_SECONDS * INSTANT_SECOND, ERR_SIGNATURE},
                 {((instant)STAMP_AHEAD_SECONDS + 1) * INSTANT_SECOND, ERR_SIGNATURE},
                 {(instant)STAMP_AHEAD_SECONDS * INSTANT_SECOND, OK},
                 {-INSTANT_DAY, OK}};
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel north = pair_channel(&p, 0);
    pair_say(&p, 0, 10);
    pair_must(&p, store_checkpoint(p.of[0].store, north.of[SIDE_OWN].id, CHECKPOINT_SIGNED, PICK_NEWEST, 0, &p.arena,
                                   &at, &p.diag));
    pair_must(&p, note_read(at.note, &p.arena, &note, &p.diag));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf line = {.max = 4096};
        cosignature_make(p.of[1].mirror, note.text, p.now + cases[i].ahead, &line);
        assert_int_equal(own_take_receipt(&p.of[0].node, &north, at.size, buf_as_text(&line), p.now, &p.diag),
                         cases[i].result);
        assert_int_equal(pair_receipted(&p, 0) == at.size, cases[i].result == OK);
        buf_free(&line);
    }
    pair_end(&p);
}

/* The one that is called measures, too: by the time that the caller tells. */
static void whoever_is_called_measures_the_callers_clock(void **state) {
    (void)state;
    struct pair p;
    char name[64];
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel south = pair_channel(&p, 1);
    struct text path = arena_format(&p.arena, "/%.*s/shown", TEXT_ARG(south.of[SIDE_OWN].hash));
    snprintf(name, sizeof name, "skew %lld", (long long)south.id);
    static const struct {
        bool dated;
        instant ahead;
        const char *kept;
    } cases[] = {{true, 90 * INSTANT_SECOND, "90"}, {true, -7 * INSTANT_SECOND, "-7"}, {false, 0, "-7"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf value = {.max = 64};
        struct response r = ask(
            &p, 1,
            (struct request){.method = TEXT("POST"), .path = path, .dated = cases[i].dated, .ahead = cases[i].ahead});
        assert_int_equal(r.status, 200);
        pair_must(&p, store_meta(p.of[1].store, name, &value, &p.diag));
        assert_true(text_is(buf_as_text(&value), cases[i].kept));
        buf_free(&value);
        response_free(&r);
    }
    pair_end(&p);
}

/* ---- on the wire */

static void gzip_bodies_come_back_whole(void **state) {
    (void)state;
    struct buf plain = {.max = 1 << 20}, packed = {.max = 1 << 20}, back = {.max = 1 << 20}, small = {.max = 100000};
    for (int i = 0; i < 20000; i++) buf_string(&plain, "the same again ");
    assert_int_equal(gzip_pack(buf_as_bytes(&plain), &packed, NULL), OK);
    assert_true(packed.size * 10 < plain.size);
    assert_int_equal(gzip_unpack(buf_as_bytes(&packed), &back, NULL), OK);
    assert_true(text_equal(buf_as_text(&plain), buf_as_text(&back)));
    assert_int_equal(gzip_unpack(buf_as_bytes(&packed), &small, NULL), ERR_LIMIT); /* no bomb */
    buf_clear(&back);
    assert_int_equal(gzip_unpack(bytes_of(packed.at, packed.size - 1), &back, NULL), ERR_INPUT);
    buf_char(&packed, 0);
    buf_clear(&back);
    assert_int_equal(gzip_unpack(buf_as_bytes(&packed), &back, NULL), ERR_INPUT);
    buf_free(&plain);
    buf_free(&packed);
    buf_free(&back);
    buf_free(&small);
}

/* An upload where no checkpoint ever came is 422; one with an end that is not known tells the one that is. */
static void uploads_that_come_too_early(void **state) {
    (void)state;
    struct pair p;
    struct buf head = {.max = 4096};
    struct mirror_info info;
    pair_start(&p);
    pair_open(&p);
    struct request q = {.method = TEXT("POST"), .path = TEXT("/add-entries")};
    add_entries_write(&(struct add_entries){p.of[0].origin, 0, 1, bytes_of("", 0)}, &head);
    q.body = buf_as_bytes(&head);
    struct response r = ask(&p, 1, q);
    assert_int_equal(r.status, 422);
    response_free(&r);
    pair_must(&p, pair_sync(&p, 0, NULL));
    uint64_t size = pair_size(&p, 1, SIDE_THEIRS);
    const struct add_entries heads[] = {{p.of[0].origin, 0, size + 9, bytes_of("ticket", 6)},
                                        {p.of[0].origin, size, size, bytes_of("", 0)}};
    const unsigned statuses[] = {409, 200};
    for (size_t i = 0; i < COUNT(heads); i++) {
        buf_clear(&head);
        add_entries_write(&heads[i], &head);
        q.body = buf_as_bytes(&head);
        r = ask(&p, 1, q);
        assert_int_equal(r.status, statuses[i]);
        if (r.status == 409) {
            pair_must(&p, mirror_info_read(buf_as_bytes(&r.body), &p.arena, &info, &p.diag));
            assert_true(info.size == size && info.next == size && !info.ticket.size);
        }
        response_free(&r);
    }
    buf_free(&head);
    pair_end(&p);
}

static enum error call_rude(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    (void)self, (void)q, (void)d;
    response_start(r, 500, "text/plain");
    buf_string(&r->body, "\x1b[2J\xff");
    return OK;
}

/* It would end up on a terminal, and nothing that is not UTF-8 can be told in JSON. */
static void what_a_witness_says_is_told_only_where_it_is_text(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    w.to.call = call_rude;
    assert_int_equal(submit(&w, 0), ERR_NETWORK);
    assert_true(text_is_note_text(text_of(w.pair.diag.text)));
    assert_int_equal(look(&w, 0, SIDE_THEIRS), ERR_NETWORK);
    assert_true(text_is_note_text(text_of(w.pair.diag.text)));
    end(&w);
}

/* By the witness's own key, as at 1970: whole seconds are 0. */
static enum error call_timeless(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct world *w = self->state;
    struct add_checkpoint asked;
    struct note note;
    pair_must(&w->pair, add_checkpoint_read(q->body, &asked, d));
    pair_must(&w->pair, note_read(asked.note, &w->pair.arena, &note, d));
    response_start(r, 200, "text/plain");
    cosignature_make(w->key, note.text, 1, &r->body);
    return OK;
}

/* c2sp.org/tlog-witness: "the timestamp MUST NOT be zero". */
static void a_cosignature_without_a_time_does_not_count(void **state) {
    (void)state;
    struct world w;
    begin(&w);
    w.to.call = call_timeless;
    assert_int_equal(submit(&w, 0), ERR_SIGNATURE);
    assert_int_equal(standing(&w, 0, SIDE_OWN, 1).size, 0);
    w.to.call = call_witness;
    pair_must(&w.pair, submit(&w, 0));
    assert_true(standing(&w, 0, SIDE_OWN, 1).size > 0);
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_witness_says_is_told_only_where_it_is_text),
        cmocka_unit_test(a_cosignature_without_a_time_does_not_count),
        cmocka_unit_test(cosignatures_are_kept_at_both),
        cmocka_unit_test(a_witness_that_is_ahead_of_the_note_of_it),
        cmocka_unit_test(another_history_at_the_witness_freezes_both),
        cmocka_unit_test(a_fork_that_the_witness_refused_freezes_both),
        cmocka_unit_test(a_larger_fork_that_the_witness_refused_freezes_both),
        cmocka_unit_test(what_proves_nothing_freezes_nothing),
        cmocka_unit_test(lines_of_terms),
        cmocka_unit_test(a_neutral_mirror_receipts),
        cmocka_unit_test(a_receipt_from_the_future_is_refused),
        cmocka_unit_test(whoever_is_called_measures_the_callers_clock),
        cmocka_unit_test(gzip_bodies_come_back_whole),
        cmocka_unit_test(uploads_that_come_too_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
