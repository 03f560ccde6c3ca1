/* Cuts and entries, where the vectors of the rules do not reach: large records, shared cuts, what can't be. */
#include "unit.h"

#include "record/judge.h"

enum { MANY = 50000 };

struct pair {
    struct leaf *leaves[2];
    struct record_view records[2];
    struct channel_view view;
};

static struct pair *pair_new(struct arena *a, uint64_t entries) {
    static const struct text parties[2] = {{"cert.north.example", 18}, {"cert.south.example", 18}};
    struct pair *p = ARENA_NEW(a, struct pair);
    for (unsigned i = 0; i < 2; i++) {
        p->leaves[i] = ARENA_ARRAY(a, struct leaf, entries);
        for (uint64_t n = 0; n < entries; n++)
            p->leaves[i][n] = (struct leaf){.time = (instant)n, .seen.ok = true, .blob_ok = true};
        struct text channel = arena_format(a, "%s/to/%s/1", parties[i].at, parties[1 - i].at);
        p->records[i] = (struct record_view){channel, channel, p->leaves[i], entries};
        p->view.parties[i] = (struct party_view){parties[i], &p->records[i], 1};
    }
    return p;
}

/* Each entry has seen the one before it in the other record: cutting one off cuts off all that follow it. */
static struct pair *ladder(struct arena *a) {
    struct pair *p = pair_new(a, MANY);
    for (uint64_t n = 0; n < MANY; n++) {
        p->leaves[0][n].seen.size = n;
        p->leaves[1][n].seen.size = n + 1;
    }
    return p;
}

static void a_long_ladder_is_cut_at_once(void **state) {
    (void)state;
    struct arena a = {0};
    struct pair *p = ladder(&a);
    struct cut cut = cut_reduce(&p->view, 0, (struct cut){{MANY, 1}});
    assert_int_equal(cut.of[0], 2);
    assert_int_equal(cut.of[1], 1);
    cut = cut_reduce(&p->view, 0, (struct cut){{MANY, MANY}});
    assert_int_equal(cut.of[0], MANY);
    assert_int_equal(cut.of[1], MANY);
    arena_free(&a);
}

static void a_shared_cut_is_what_each_has_recorded_of_the_other(void **state) {
    (void)state;
    struct arena a = {0};
    struct pair *p = pair_new(&a, 5);
    p->leaves[0][3].seen.size = 2;
    p->leaves[1][1].seen.size = 3;
    p->leaves[1][4].seen = (struct leaf_seen){5, false};
    struct cut cut;
    cut_shared(&p->view, &cut);
    assert_int_equal(cut.of[0], 3);
    assert_int_equal(cut.of[1], 2);
    arena_free(&a);
}

static void two_entries_that_have_seen_each_other_are_left_out(void **state) {
    (void)state;
    struct arena a = {0};
    struct pair *p = pair_new(&a, 3);
    p->leaves[0][1].seen.size = 2;
    p->leaves[1][1].seen.size = 2;
    struct cut cut = cut_reduce(&p->view, 0, (struct cut){{3, 3}});
    assert_int_equal(cut.of[0], 1);
    assert_int_equal(cut.of[1], 1);
    arena_free(&a);
}

static void entries_are_found_by_their_place(void **state) {
    (void)state;
    struct arena a = {0};
    struct pair *p = ladder(&a);
    struct channel_verdict c;
    struct cut cut = {{10, 20}};
    assert_int_equal(channel_judge(&p->view, &cut, &a, &c, NULL), OK);
    assert_false(c.drill);
    assert_int_equal(c.cuts[0].of[1], 10);
    const struct entry_verdict *e = channel_entry(&c, 1, 0, 9);
    assert_ptr_equal(e->leaf, &p->leaves[1][9]);
    assert_int_equal(entry_seen_size(&c, e), 10);
    assert_true(text_is(entry_channel(&c, e), "cert.south.example/to/cert.north.example/1"));
    assert_null(channel_entry(&c, 1, 0, 10));
    assert_null(channel_entry(&c, 0, 1, 0));
    arena_free(&a);
}

/* Each entry shows a new card with another key, and a receipt by one of the keys so far: none of it takes long. */
static void many_keys_come_and_go(void **state) {
    (void)state;
    struct arena a = {0};
    struct pair *p = ladder(&a);
    for (uint64_t n = 0; n < MANY; n++) {
        struct card *card = ARENA_NEW(&a, struct card);
        struct text *key = ARENA_NEW(&a, struct text);
        struct leaf_receipt *receipt = ARENA_NEW(&a, struct leaf_receipt);
        *key = arena_format(&a, "key %u", (unsigned)n);
        *card = (struct card){.id = *key, .serial = n, .mirrors = {key, 1}};
        if (n) card->previous = p->leaves[1][n - 1].card->id;
        *receipt = (struct leaf_receipt){.size = n / 2, .key = arena_format(&a, "key %u", (unsigned)n / 2), .ok = true};
        p->leaves[0][n].receipts = receipt;
        p->leaves[0][n].receipt_count = 1;
        p->leaves[1][n].card = card;
        p->leaves[1][n].card_ok = true;
    }
    struct channel_verdict c;
    assert_int_equal(channel_judge(&p->view, NULL, &a, &c, NULL), OK);
    assert_ptr_equal(c.chains[1].entries[MANY - 1].card_after, p->leaves[1][MANY - 1].card);
    assert_int_equal(c.chains[0].entries[0].lines[0], VOID_RECEIPT_NOT_EARLIER);
    size_t counted = 0;
    for (uint64_t n = 0; n < MANY; n++) counted += c.chains[0].entries[n].receipt_count;
    assert_int_equal(counted, MANY - 2); /* entry n + 1 of theirs dropped key n after it had seen n + 2 */
    arena_free(&a);
}

static void each_reason_has_words_of_its_own(void **state) {
    (void)state;
    assert_null(void_words(VOID_NONE));
    for (enum void_reason r = VOID_NONE + 1; r < VOID_COUNT; r++)
        for (enum void_reason s = r + 1; s < VOID_COUNT; s++) assert_string_not_equal(void_words(r), void_words(s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_ladder_is_cut_at_once),
        cmocka_unit_test(a_shared_cut_is_what_each_has_recorded_of_the_other),
        cmocka_unit_test(two_entries_that_have_seen_each_other_are_left_out),
        cmocka_unit_test(entries_are_found_by_their_place),
        cmocka_unit_test(many_keys_come_and_go),
        cmocka_unit_test(each_reason_has_words_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
