/* Raw records to leaves: what is true comes out true, and each lie is marked where it stands and nowhere else. */
#include "unit.h"

#include "pair.h"
#include "record/judge.h"

static struct pair pair;

static struct verified_channel verify(void) {
    struct raw_channel raw = pair_raw(&pair);
    struct verified_channel v;
    struct diag d = {0};
    assert_int_equal(channel_verify(&raw, &pair.arena, &v, &d), OK);
    return v;
}

static const struct leaf *leaf_of(const struct verified_channel *v, unsigned party, uint64_t index) {
    const struct record_view *r = &v->view.parties[party].records[v->view.parties[party].count - 1];
    assert_true(index < r->count);
    return &r->leaves[index];
}

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

static void two_honest_records_verify(void **state) {
    (void)state;
    struct pair_attach file = {TEXT("file"), TEXT("text/plain"), TEXT("a.txt"), bytes_from_text(TEXT("abc"))};
    uint64_t said = pair_say(&pair, 0, pair_head(&pair, 0, "check-in", ""), TEXT("{}"), &file, 1);
    uint64_t receipted = pair_receipt(&pair, 0);
    struct verified_channel v = verify();
    const struct leaf *first = leaf_of(&v, 0, 0), *message = leaf_of(&v, 0, said), *receipt = leaf_of(&v, 0, receipted);
    assert_non_null(first->card);
    assert_true(first->card_ok && first->blob_ok && !first->has_message);
    assert_true(message->has_message && message->blob_ok && message->seen.ok && !message->card);
    assert_int_equal(message->seen.size, 1);
    assert_int_equal(message->attachments.count, 1);
    assert_int_equal(receipt->receipt_count, 1);
    assert_true(receipt->receipts[0].ok);
    assert_int_equal(receipt->receipts[0].size, 2);
    assert_true(text_equal(receipt->receipts[0].key, pair_vkey(&pair, pair.of[1].mirror)));
    assert_true(receipt->receipts[0].stamp == pair.now - 60 * INSTANT_SECOND);
    struct entry_size all = pair_size(pair_now(&pair, 0), 3);
    assert_true(sha256_equal(v.records[0][0].root, all.root));
    assert_int_equal(v.records[0][0].entries[said].blob_count, 2);
    struct channel_verdict verdict;
    assert_int_equal(channel_judge(&v.view, NULL, &pair.arena, &verdict, NULL), OK);
    assert_int_equal(verdict.contradiction_count, 0);
    assert_int_equal(channel_entry(&verdict, 0, 0, receipted)->receipt_count, 1);
}

static void false_and_impossible_seen_are_marked(void **state) {
    (void)state;
    struct entry_size beyond = {7, tree_empty_root()}, wrong = {1, tree_empty_root()};
    uint64_t first = pair_append(&pair, 0, (struct entry){.seen = beyond});
    uint64_t second = pair_append(&pair, 0, (struct entry){.seen = wrong});
    uint64_t third = pair_append(&pair, 0, (struct entry){0});
    struct verified_channel v = verify();
    assert_false(leaf_of(&v, 0, first)->seen.ok);
    assert_false(leaf_of(&v, 0, second)->seen.ok);
    assert_true(leaf_of(&v, 0, third)->seen.ok);
    assert_true(leaf_of(&v, 0, 0)->seen.ok); /* of nothing */
}

static void receipts_by_others_or_of_other_roots_are_marked(void **state) {
    (void)state;
    struct pair_record *r = pair_now(&pair, 0);
    struct text by_theirs = pair_cosign(&pair, 0, 1, pair.of[1].mirror),
                by_own = pair_cosign(&pair, 0, 1, pair.of[0].mirror);
    struct entry_receipt receipts[] = {
        {pair_size(r, 1), by_theirs},
        {pair_size(r, 1), by_own},                                             /* one's own mirror key */
        {{1, tree_empty_root()}, by_theirs},                                   /* another root */
        {{9, r->count ? pair_size(r, 1).root : tree_empty_root()}, by_theirs}, /* beyond the record */
        {pair_size(r, 1), TEXT("— cert.south.example/mirror AAAA")},
        {pair_size(r, 1), TEXT("— nothing")},
    };
    uint64_t index = pair_append(&pair, 0, (struct entry){.receipts = receipts, .receipt_count = COUNT(receipts)});
    struct verified_channel v = verify();
    for (size_t i = 0; i < COUNT(receipts); i++) assert_int_equal(leaf_of(&v, 0, index)->receipts[i].ok, i == 0);
}

static void one_changed_byte_of_a_cosignature_is_marked(void **state) {
    (void)state;
    struct pair_record *r = pair_now(&pair, 0);
    struct text line = pair_cosign(&pair, 0, 1, pair.of[1].mirror);
    char *changed = arena_string(&pair.arena, line);
    changed[line.size - 20] = changed[line.size - 20] == 'A' ? 'B' : 'A';
    struct entry_receipt receipt = {pair_size(r, 1), text_of(changed)};
    uint64_t index = pair_append(&pair, 0, (struct entry){.receipts = &receipt, .receipt_count = 1});
    struct verified_channel v = verify();
    assert_false(leaf_of(&v, 0, index)->receipts[0].ok);
}

static void malformed_entries_say_nothing(void **state) {
    (void)state;
    struct entry_follows follows = {TEXT("a/to/b/1"), {0, tree_empty_root()}};
    pair_append_bytes(&pair, 0, bytes_from_text(TEXT("no entry")));
    pair_append_bytes(&pair, 0, bytes_from_text(TEXT("")));
    pair_append(&pair, 0, (struct entry){.channel = pair_now(&pair, 0)->channel});
    pair_append(&pair, 0, (struct entry){.follows = &follows, .follows_count = 1});
    pair_append(&pair, 0, (struct entry){0});
    struct verified_channel v = verify();
    for (uint64_t i = 1; i <= 4; i++) {
        assert_true(leaf_of(&v, 0, i)->malformed);
        assert_true(leaf_of(&v, 0, i)->time == INSTANT_NONE);
        assert_int_equal(v.records[0][0].entries[i].blob_count, 0);
    }
    assert_false(leaf_of(&v, 0, 5)->malformed);
}

static void an_entry_zero_of_another_record_is_malformed(void **state) {
    (void)state;
    struct raw_channel raw = pair_raw(&pair);
    struct verified_channel v;
    ((struct raw_record *)(uintptr_t)raw.parties[0].records)->channel =
        TEXT("cert.north.example/to/cert.south.example/9");
    assert_int_equal(channel_verify(&raw, &pair.arena, &v, NULL), OK);
    assert_true(leaf_of(&v, 0, 0)->malformed);
    assert_false(leaf_of(&v, 1, 0)->malformed);
}

static void cards_need_the_root_that_was_accepted(void **state) {
    (void)state;
    struct raw_channel raw = pair_raw(&pair);
    struct verified_channel v;
    ((struct raw_record *)(uintptr_t)raw.parties[0].records)->root = pair_vkey(&pair, pair.of[1].root);
    assert_int_equal(channel_verify(&raw, &pair.arena, &v, NULL), OK);
    assert_non_null(leaf_of(&v, 0, 0)->card);
    assert_false(leaf_of(&v, 0, 0)->card_ok);
    ((struct raw_record *)(uintptr_t)raw.parties[0].records)->root = (struct text){0};
    assert_int_equal(channel_verify(&raw, &pair.arena, &v, NULL), OK);
    assert_false(leaf_of(&v, 0, 0)->card_ok);
}

static void another_partys_card_and_a_broken_one_are_not_ok(void **state) {
    (void)state;
    struct pair_blob *theirs = &pair.blobs[1], *broken;
    char *copy = arena_string(&pair.arena, text_from_bytes(pair.blobs[0].content));
    copy[pair.blobs[0].content.size - 10] ^= 1;
    broken = pair_keep(&pair, bytes_from_text(text_of(copy)));
    uint64_t one = pair_append_blobs(&pair, 0, &theirs, 1), two = pair_append_blobs(&pair, 0, &broken, 1);
    struct verified_channel v = verify();
    assert_non_null(leaf_of(&v, 0, one)->card);
    assert_false(leaf_of(&v, 0, one)->card_ok);
    assert_non_null(leaf_of(&v, 0, two)->card);
    assert_false(leaf_of(&v, 0, two)->card_ok);
    assert_false(leaf_of(&v, 0, two)->has_message);
}

static void a_first_blob_of_another_length_is_marked(void **state) {
    (void)state;
    struct pair_blob *blob = pair_keep(&pair, bytes_from_text(TEXT("twelve bytes")));
    struct entry_blob line = {blob->sha, 13}, absent = {sha256_of(bytes_from_text(TEXT("x"))), 1};
    uint64_t one = pair_append(&pair, 0, (struct entry){.blobs = &line, .blob_count = 1});
    uint64_t two = pair_append(&pair, 0, (struct entry){.blobs = &absent, .blob_count = 1});
    struct verified_channel v = verify();
    assert_false(leaf_of(&v, 0, one)->blob_ok);
    assert_true(leaf_of(&v, 0, one)->has_message);
    assert_true(leaf_of(&v, 0, two)->blob_ok); /* nothing is known of what is not held */
    assert_true(leaf_of(&v, 0, two)->has_message);
}

static void receipts_by_a_later_key_verify(void **state) {
    (void)state;
    struct signer *old = pair.of[1].mirror;
    pair_receipt(&pair, 0);
    pair.of[1].mirror = pair_key(&pair, 1, "mirror", KEY_COSIGNATURE);
    pair_publish(&pair, 1);
    uint64_t index = pair_receipt(&pair, 0);
    struct verified_channel v = verify();
    assert_true(leaf_of(&v, 0, 1)->receipts[0].ok);
    assert_true(leaf_of(&v, 0, index)->receipts[0].ok);
    assert_false(text_equal(leaf_of(&v, 0, 1)->receipts[0].key, leaf_of(&v, 0, index)->receipts[0].key));
    signer_free(old);
}

static void successors_follow_by_true_roots(void **state) {
    (void)state;
    struct entry_follows follows[2][2];
    for (unsigned i = 0; i < 2; i++) {
        struct pair_record *r = pair_now(&pair, i);
        follows[0][i] = follows[1][i] = (struct entry_follows){r->channel, pair_size(r, r->count)};
    }
    follows[1][0].at.root = tree_empty_root();
    for (unsigned i = 0; i < 2; i++) {
        pair_open_record(&pair, i, 2);
        pair_append(&pair, i, (struct entry){.follows = follows[i], .follows_count = 2});
    }
    struct verified_channel v = verify();
    assert_true(leaf_of(&v, 0, 0)->follows[0].ok && leaf_of(&v, 0, 0)->follows[1].ok);
    assert_false(leaf_of(&v, 1, 0)->follows[0].ok);
    assert_true(leaf_of(&v, 1, 0)->follows[1].ok);
}

static void a_record_without_a_counterpart_has_seen_nothing(void **state) {
    (void)state;
    struct raw_channel raw = pair_raw(&pair);
    struct verified_channel v;
    raw.parties[1].count = 0;
    uint64_t index = pair_append(&pair, 0, (struct entry){0}); /* has seen their entry 0 */
    raw.parties[0] = pair_raw(&pair).parties[0];
    assert_int_equal(channel_verify(&raw, &pair.arena, &v, NULL), OK);
    assert_true(leaf_of(&v, 0, 0)->seen.ok);
    assert_false(leaf_of(&v, 0, index)->seen.ok);
}

static enum error broken_source(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                                uint64_t *size, struct diag *d) {
    (void)state, (void)name, (void)max, (void)a, (void)front, (void)size;
    return fail(d, ERR_IO, "the disk is gone");
}

static void a_source_that_fails_ends_it(void **state) {
    (void)state;
    struct raw_channel raw = pair_raw(&pair);
    struct verified_channel v;
    raw.blobs.front = broken_source;
    assert_int_equal(channel_verify(&raw, &pair.arena, &v, NULL), ERR_IO);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(two_honest_records_verify),
        TEST(false_and_impossible_seen_are_marked),
        TEST(receipts_by_others_or_of_other_roots_are_marked),
        TEST(one_changed_byte_of_a_cosignature_is_marked),
        TEST(malformed_entries_say_nothing),
        TEST(an_entry_zero_of_another_record_is_malformed),
        TEST(cards_need_the_root_that_was_accepted),
        TEST(another_partys_card_and_a_broken_one_are_not_ok),
        TEST(a_first_blob_of_another_length_is_marked),
        TEST(receipts_by_a_later_key_verify),
        TEST(successors_follow_by_true_roots),
        TEST(a_record_without_a_counterpart_has_seen_nothing),
        TEST(a_source_that_fails_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
