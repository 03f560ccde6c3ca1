/* What each class of claims asks for, and what of it is found in the sheet; what a correction changes. */
#include "unit.h"

#include "claim/checklist.h"
#include "claim/difference.h"

static struct fact connection(void) {
    return (struct fact){.first = 0,
                         .last = INSTANT_HOUR,
                         .known = KNOWN_SRC | KNOWN_SRC_PORT | KNOWN_DST | KNOWN_DST_PORT,
                         .protocol = TEXT("tcp"),
                         .event = TEXT("brute-force"),
                         .count = 2,
                         .evidence = SHEET_NO_COUNT};
}

static struct fact object(const char *what, const char *event) {
    return (struct fact){.first = 0,
                         .last = INSTANT_HOUR,
                         .object = text_of(what),
                         .event = text_of(event),
                         .count = 1,
                         .evidence = SHEET_NO_COUNT};
}

static const struct checklist_item *item(const struct checklist *l, enum check what) {
    for (size_t i = 0; i < l->count; i++)
        if (l->at[i].what == what) return &l->at[i];
    return NULL;
}

static enum check_state state_of(const struct claim *c, const struct fact *facts, size_t count, enum check what) {
    struct checklist l;
    checklist_of(c, (struct sheet){facts, count}, &l);
    assert_non_null(item(&l, what));
    return item(&l, what)->state;
}

static void a_whole_connection_lacks_nothing(void **state) {
    (void)state;
    struct claim c = CLAIM_EMPTY;
    struct fact f = connection();
    struct checklist l;
    c.summary = TEXT("Logins were tried.");
    c.evidence_root = TEXT("aa");
    checklist_of(&c, (struct sheet){&f, 1}, &l);
    assert_int_equal(l.missing, 0);
    assert_int_equal(item(&l, CHECK_UPSTREAM)->state, CHECK_IN_WORDS);
    assert_null(item(&l, CHECK_TRACE));
}

static void what_is_missing_is_counted_by_fact(void **state) {
    (void)state;
    struct claim c = CLAIM_EMPTY;
    struct fact facts[] = {connection(), connection(), object("url:http://a.example/", "phishing")};
    struct checklist l;
    facts[1].known = KNOWN_SRC;
    facts[1].last = 2 * INSTANT_DAY;
    checklist_of(&c, (struct sheet){facts, COUNT(facts)}, &l);
    /* A phishing site has no port to give: the item is asked of the two connections alone. */
    assert_int_equal(item(&l, CHECK_SOURCE_PORT)->facts, 2);
    assert_int_equal(item(&l, CHECK_SOURCE_PORT)->lacking, 1);
    assert_int_equal(item(&l, CHECK_SPAN)->facts, 3);
    assert_int_equal(item(&l, CHECK_SPAN)->lacking, 1);
    assert_int_equal(item(&l, CHECK_REACH)->state, CHECK_MET);
    assert_int_equal(item(&l, CHECK_SUMMARY)->state, CHECK_MISSING);
    assert_int_equal(item(&l, CHECK_EVIDENCE)->state, CHECK_MISSING);
    size_t missing = 0;
    for (size_t i = 0; i < l.count; i++) missing += l.at[i].state == CHECK_MISSING;
    assert_int_equal(missing, l.missing);
}

static void each_item_of_a_fact_can_be_missed(void **state) {
    (void)state;
    static const struct {
        const char *event;
        enum check what;
    } rows[] = {
        {"spam", CHECK_REACH},          {"phishing", CHECK_REACH},      {"c2-server", CHECK_TRACE},
        {"scanner", CHECK_SOURCE},      {"scanner", CHECK_SOURCE_PORT}, {"scanner", CHECK_TARGET},
        {"scanner", CHECK_TARGET_PORT}, {"scanner", CHECK_PROTOCOL},    {"system-compromise", CHECK_SOURCE},
        {"ddos", CHECK_TARGET},         {"data-leak", CHECK_TARGET},    {"weak-crypto", CHECK_ANY_PLACE},
        {"scanner", CHECK_TIMES},       {"scanner", CHECK_EVENTS},
    };
    struct claim c = CLAIM_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fact f = {.first = INSTANT_NONE, .last = 0, .event = text_of(rows[i].event), .count = SHEET_NO_COUNT};
        assert_int_equal(state_of(&c, &f, 1, rows[i].what), CHECK_MISSING);
        f = connection();
        f.object = TEXT("domain:a.example");
        f.event = text_of(rows[i].event);
        assert_int_equal(state_of(&c, &f, 1, rows[i].what), CHECK_MET);
    }
    struct fact f = connection();
    f.event = (struct text){0};
    assert_int_equal(state_of(&c, &f, 1, CHECK_EVENT), CHECK_MISSING);
}

static void a_class_of_the_claim_asks_for_its_own(void **state) {
    (void)state;
    struct text place = TEXT("FR"), energy = TEXT("energy");
    struct fact f = object("account:social.example/@voice", "harmful-speech");
    struct claim c = CLAIM_EMPTY;
    c.class = TEXT("influence-campaign");
    assert_int_equal(state_of(&c, &f, 1, CHECK_ACCOUNT_OR_PLACE), CHECK_MET);
    assert_int_equal(state_of(&c, &f, 1, CHECK_STATES), CHECK_MISSING);
    assert_int_equal(state_of(&c, &f, 1, CHECK_COORDINATION), CHECK_IN_WORDS);
    c.states = (struct member_list){&place, 1};
    assert_int_equal(state_of(&c, &f, 1, CHECK_STATES), CHECK_MET);
    c.class = TEXT("monitoring-of-persons");
    assert_int_equal(state_of(&c, &f, 1, CHECK_TRACE), CHECK_MISSING);
    assert_int_equal(state_of(&c, &f, 1, CHECK_PROTECTION), CHECK_IN_WORDS);
    c.class = TEXT("critical-infrastructure");
    assert_int_equal(state_of(&c, &f, 1, CHECK_SECTORS), CHECK_MISSING);
    assert_int_equal(state_of(&c, &f, 1, CHECK_SEVERITY), CHECK_MISSING);
    c.sectors = (struct member_list){&energy, 1};
    c.severity = TEXT("high");
    assert_int_equal(state_of(&c, &f, 1, CHECK_SECTORS), CHECK_MET);
    assert_int_equal(state_of(&c, &f, 1, CHECK_SEVERITY), CHECK_MET);
    /* A word of a later version asks for nothing more. */
    struct checklist l;
    c.class = TEXT("of-a-later-version");
    checklist_of(&c, (struct sheet){&f, 1}, &l);
    assert_null(item(&l, CHECK_STATES));
}

static void as_json_it_says_the_same(void **state) {
    (void)state;
    struct claim c = CLAIM_EMPTY;
    struct fact f = connection();
    struct checklist l;
    f.known = KNOWN_SRC;
    checklist_of(&c, (struct sheet){&f, 1}, &l);
    json_t *array = checklist_json(&l);
    assert_int_equal(json_array_size(array), l.count);
    for (size_t i = 0; i < l.count; i++) {
        const json_t *o = json_array_get(array, i);
        assert_string_equal(json_string_value(json_object_get(o, "item")), check_name(l.at[i].what));
        assert_int_equal((uint64_t)json_integer_value(json_object_get(o, "lacking")), l.at[i].lacking);
    }
    json_decref(array);
}

/* ---- corrections */

static void a_correction_pairs_what_is_the_same_observation(void **state) {
    (void)state;
    struct arena a = {0};
    struct sheet_difference d;
    struct fact before[] = {connection(), connection(), object("domain:a.example", "c2-server")};
    struct fact after[] = {connection(), connection(), object("domain:b.example", "c2-server")};
    before[1].first = after[1].first = INSTANT_HOUR; /* sheets are sorted */
    before[2].first = after[2].first = before[2].last = after[2].last = 2 * INSTANT_HOUR;
    after[1].count = 7;
    sheet_compare((struct sheet){before, 3}, (struct sheet){after, 3}, &a, &d);
    assert_int_equal(d.same, 1);
    assert_int_equal(d.changed, 1);
    assert_int_equal(d.gone, 1);
    assert_int_equal(d.added, 1);
    assert_int_equal(d.count, 3);
    assert_true(d.at[0].before == 1 && d.at[0].after == 1);
    assert_true(d.at[1].before == 2 && d.at[1].after == DIFFERENCE_NO_ROW);
    assert_true(d.at[2].before == DIFFERENCE_NO_ROW && d.at[2].after == 2);
    arena_free(&a);
}

static void equal_sheets_and_empty_ones_differ_in_nothing(void **state) {
    (void)state;
    struct arena a = {0};
    struct sheet_difference d;
    struct fact f = connection();
    sheet_compare((struct sheet){&f, 1}, (struct sheet){&f, 1}, &a, &d);
    assert_true(d.same == 1 && !d.count);
    sheet_compare((struct sheet){NULL, 0}, (struct sheet){&f, 1}, &a, &d);
    assert_true(d.added == 1 && d.count == 1 && !d.same);
    sheet_compare((struct sheet){&f, 1}, (struct sheet){NULL, 0}, &a, &d);
    assert_true(d.gone == 1 && d.count == 1 && !d.same);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_connection_lacks_nothing),
        cmocka_unit_test(what_is_missing_is_counted_by_fact),
        cmocka_unit_test(each_item_of_a_fact_can_be_missed),
        cmocka_unit_test(a_class_of_the_claim_asks_for_its_own),
        cmocka_unit_test(as_json_it_says_the_same),
        cmocka_unit_test(a_correction_pairs_what_is_the_same_observation),
        cmocka_unit_test(equal_sheets_and_empty_ones_differ_in_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
