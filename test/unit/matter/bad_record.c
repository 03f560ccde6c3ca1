/* Bad input inside a record: each is void or shown where it stands, with its reason, and takes nothing else with it. */
#include "unit.h"

#include "pair.h"

#include "matter/dialogue.h"
#include "matter/from_message.h"
#include "matter/matter.h"
#include "tlog/proof.h"

enum { NORTH, SOUTH, MESSAGES_MAX = 16 };

static struct pair pair;

static int begin(void **state) {
    (void)state;
    pair_begin(&pair);
    return 0;
}

static int end(void **state) {
    (void)state;
    pair_end(&pair);
    return 0;
}

/* ---- saying and reading */

static uint64_t check_in(unsigned who) {
    struct head h = pair_head(&pair, who, "check-in", "");
    struct dialogue s = DIALOGUE_EMPTY;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(dialogue_write(&s, &h, pair.now, &body, NULL), OK);
    uint64_t index = pair_say(&pair, who, h, buf_as_text(&body), NULL, 0);
    buf_free(&body);
    return index;
}

struct told { /* what South makes of all that there is */
    struct verified_channel verified;
    struct channel_verdict verdict;
    struct message messages[MESSAGES_MAX];
    struct statement statements[MESSAGES_MAX];
    size_t count;
    struct diag closed; /* why the last message that did not open did not */
    struct matter_state state;
};

static void open_one(struct told *t, const struct entry_verdict *e, struct sha256 blob) {
    struct opener with = {.identities = &pair.of[SOUTH].identity, .count = 1};
    struct buf plain = {.max = MESSAGE_MAX_BYTES};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    assert_true(t->count < MESSAGES_MAX);
    struct message *m = &t->messages[t->count];
    enum error result = message_unseal(pair_find(&pair, blob)->content, &with, UINT64_MAX, &plain, key, &t->closed);
    struct bytes note = arena_bytes(&pair.arena, buf_as_bytes(&plain));
    buf_free(&plain);
    if (result) return;
    assert_int_equal(message_read(note, &pair.arena, m, NULL), OK);
    assert_int_equal(statement_from_message(m, e, &pair.arena, &t->statements[t->count++], NULL), OK);
}

static struct told *tell_of(const struct raw_channel *raw) {
    struct told *t = ARENA_NEW(&pair.arena, struct told);
    assert_int_equal(channel_verify(raw, &pair.arena, &t->verified, NULL), OK);
    assert_int_equal(channel_judge(&t->verified.view, NULL, &pair.arena, &t->verdict, NULL), OK);
    for (unsigned p = 0; p < 2; p++)
        for (uint64_t i = 0; i < t->verdict.chains[p].count; i++) {
            const struct entry_verdict *e = &t->verdict.chains[p].entries[i];
            if (e->leaf->has_message) open_one(t, e, t->verified.records[p][0].entries[i].blobs[0].sha);
        }
    assert_int_equal(
        matter_fold(&t->verified.view, NULL, t->statements, t->count, pair.now, &pair.arena, &t->state, NULL), OK);
    return t;
}

static struct told *tell(void) {
    struct raw_channel raw = pair_raw(&pair);
    return tell_of(&raw);
}

static const struct entry_verdict *entry_of(const struct told *t, unsigned who, uint64_t index) {
    const struct entry_verdict *e = channel_entry(&t->verdict, who, 0, index);
    assert_non_null(e);
    return e;
}

static void is_void_alone(const struct entry_verdict *e, enum void_reason why) {
    assert_int_equal(e->void_for, VOID_NONE);
    assert_int_equal(e->line_count, 1);
    assert_int_equal(e->lines[0], why);
    assert_true(void_words(why)[0]);
}

/* Why an opened message does not count. */
static enum void_reason why_not(const struct told *t, unsigned who, uint64_t index) {
    const struct message_verdict *found = NULL;
    for (size_t i = 0; i < t->state.message_count; i++) {
        const struct entry_verdict *e = t->state.messages[i].entry;
        if (e->party == who && e->index == index) found = &t->state.messages[i];
    }
    assert_non_null(found);
    return found->why;
}

/* ---- cards */

static void an_old_card_re_appended_changes_nothing(void **state) {
    (void)state;
    struct pair_blob *old = &pair.blobs[0];
    struct signer *dropped = pair.of[NORTH].officer;
    pair.of[NORTH].officer = pair_key(&pair, NORTH, "officer/a.officer", KEY_ED25519);
    pair_publish(&pair, NORTH);
    uint64_t again = pair_append_blobs(&pair, NORTH, &old, 1);
    uint64_t by_new = check_in(NORTH);
    struct signer *new = pair.of[NORTH].officer;
    pair.of[NORTH].officer = dropped;
    uint64_t by_old = check_in(NORTH);
    struct told *t = tell();
    is_void_alone(entry_of(t, NORTH, again), VOID_CARD_NOT_NEXT);
    assert_int_equal(entry_of(t, NORTH, again)->card_after->serial, 1);
    assert_int_equal(why_not(t, NORTH, by_new), VOID_NONE);
    assert_int_equal(why_not(t, NORTH, by_old), VOID_AUTHOR);
    signer_free(new);
}

/* Whoever holds the node but not the root can append any card; none of them takes effect. */
static void a_card_signed_by_another_key_changes_nothing(void **state) {
    (void)state;
    struct signer *stranger = pair_key(&pair, NORTH, "root", KEY_ED25519);
    struct card card = pair.of[NORTH].card;
    card.previous = card.id;
    card.serial = 1;
    card.root = pair_vkey(&pair, stranger);
    card.officers[0].key = pair_vkey(&pair, stranger);
    struct pair_blob *blob = pair_keep(&pair, pair_sign_card(&pair, &card, stranger));
    uint64_t at = pair_append_blobs(&pair, NORTH, &blob, 1);
    uint64_t said = check_in(NORTH);
    struct signer *officer = pair.of[NORTH].officer;
    pair.of[NORTH].officer = stranger;
    uint64_t forged = check_in(NORTH);
    pair.of[NORTH].officer = officer;
    struct told *t = tell();
    is_void_alone(entry_of(t, NORTH, at), VOID_CARD_NOT_VERIFIED);
    assert_int_equal(entry_of(t, NORTH, at)->card_after->serial, 0);
    assert_int_equal(why_not(t, NORTH, said), VOID_NONE);
    assert_int_equal(why_not(t, NORTH, forged), VOID_AUTHOR);
    signer_free(stranger);
}

/* ---- sealed blobs */

/* Of three messages the second is damaged, byte by byte: it stays closed, and says why; the others count as before. */
static void an_age_file_with_one_byte_changed_stays_closed_alone(void **state) {
    (void)state;
    uint64_t first = check_in(NORTH), damaged = check_in(NORTH), third = check_in(NORTH);
    struct entry e;
    assert_int_equal(entry_read(pair_now(&pair, NORTH)->leaves[damaged], &pair.arena, &e, NULL), OK);
    struct pair_blob *blob = pair_find(&pair, e.blobs[0].sha);
    uint8_t *at = (uint8_t *)(uintptr_t)blob->content.at;
    for (size_t i = 0; i < blob->content.size; i += 37) {
        at[i] ^= 4;
        struct told *t = tell();
        at[i] ^= 4;
        assert_int_equal(t->count, 2);
        assert_true(t->closed.code != OK && t->closed.text[0]);
        assert_int_equal(t->state.closed, 1);
        assert_int_equal(entry_of(t, NORTH, damaged)->void_for, VOID_NONE);
        assert_int_equal(why_not(t, NORTH, first), VOID_NONE);
        assert_int_equal(why_not(t, NORTH, third), VOID_NONE);
    }
    assert_int_equal(tell()->count, 3);
}

/* ---- entries */

static struct raw_channel swapped(uint64_t one, uint64_t other) {
    struct raw_channel raw = pair_raw(&pair);
    struct raw_record *record = ARENA_NEW(&pair.arena, struct raw_record);
    struct bytes *leaves = ARENA_ARRAY(&pair.arena, struct bytes, raw.parties[NORTH].records[0].count);
    *record = raw.parties[NORTH].records[0];
    for (size_t i = 0; i < record->count; i++) leaves[i] = record->leaves[i];
    leaves[one] = record->leaves[other];
    leaves[other] = record->leaves[one];
    record->leaves = leaves;
    raw.parties[NORTH].records = record;
    return raw;
}

/* Two entries of North change places.  What both sides said of the true order, `seen` and receipt, is false of this
 * one: both are shown.  No root that anybody signed follows from it. */
static void an_entry_swapped_is_shown(void **state) {
    (void)state;
    uint64_t one = check_in(NORTH), other = check_in(NORTH), receipt = pair_receipt(&pair, NORTH);
    uint64_t reply = check_in(SOUTH);
    struct entry_size signed_at = pair_size(pair_now(&pair, NORTH), pair_now(&pair, NORTH)->count);
    struct raw_channel raw = swapped(one, other);
    struct told *honest = tell(), *t = tell_of(&raw);
    assert_int_equal(honest->verdict.contradiction_count, 0);
    assert_int_equal(t->verdict.contradiction_count, 1);
    assert_ptr_equal(t->verdict.contradictions[0], entry_of(t, SOUTH, reply));
    is_void_alone(entry_of(t, SOUTH, reply), VOID_SEEN_FALSE);
    is_void_alone(entry_of(t, NORTH, receipt), VOID_RECEIPT_NOT_VERIFIED);
    assert_false(sha256_equal(t->verified.records[NORTH][0].root, signed_at.root));
    assert_int_equal(t->count, honest->count);
    assert_int_equal(why_not(t, NORTH, one), VOID_OWN); /* the officer had signed for a later place */
    assert_int_equal(why_not(t, NORTH, other), VOID_NONE);
}

/* Nor can it be slipped in later: what was held before is no beginning of it. */
static void a_swapped_entry_does_not_follow(void **state) {
    (void)state;
    uint64_t one = check_in(NORTH), other = check_in(NORTH);
    struct raw_channel raw = swapped(one, other);
    struct pair_record *r = pair_now(&pair, NORTH);
    struct entry_size held = pair_size(r, other);
    struct tree another = {0};
    for (size_t i = 0; i < r->count; i++) tree_add(&another, tree_leaf_hash(raw.parties[NORTH].records[0].leaves[i]));
    struct tree_reader reader = tree_reader(&another);
    struct proof proof;
    struct diag d = {0};
    assert_int_equal(consistency_make(&reader, held.size, r->count, &proof, NULL), OK);
    assert_int_equal(consistency_verify(&proof, held.size, held.root, r->count, tree_root_at(&another, r->count), &d),
                     ERR_PROOF);
    assert_true(d.text[0]);
    tree_free(&another);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_old_card_re_appended_changes_nothing),
        TEST(a_card_signed_by_another_key_changes_nothing),
        TEST(an_age_file_with_one_byte_changed_stays_closed_alone),
        TEST(an_entry_swapped_is_shown),
        TEST(a_swapped_entry_does_not_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
