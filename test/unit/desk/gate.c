/* What passes the gate, what roles let an officer do, and which rules of clearance one may make. */
#include "unit.h"

#include "desk/clearance_rules.h"
#include "desk/gate.h"
#include "party/officers.h"

static void fewer_get_to_see_what_is_more_restricted(void **state) {
    (void)state;
    for (enum gate_audience to = 0; to < GATE_AUDIENCE_COUNT; to++)
        for (enum tlp level = TLP_GREEN; level < TLP_COUNT; level++)
            assert_true(gate_answer(level, to) >= gate_answer(level - 1, to));
    for (enum tlp level = TLP_CLEAR; level < TLP_COUNT; level++)
        for (enum gate_audience to = 1; to < GATE_BEARER; to++)
            assert_int_equal(gate_answer(level, GATE_DEPARTMENT), GATE_PASSES);
    assert_int_equal(gate_answer(TLP_NONE, GATE_PUBLIC), GATE_PASSES);
    assert_int_equal(gate_answer(TLP_GREEN, GATE_PUBLIC), GATE_REFUSES);
    assert_int_equal(gate_answer(TLP_RED, GATE_PARTY), GATE_REFUSES);
    assert_int_equal(gate_answer(TLP_AMBER, GATE_BEARER), GATE_ASKS);
}

static void only_what_asks_is_agreed_to(void **state) {
    (void)state;
    assert_int_equal(gate_pass(&(struct gate){TLP_AMBER, GATE_BEARER, false}, NULL), ERR_USAGE);
    assert_int_equal(gate_pass(&(struct gate){TLP_AMBER, GATE_BEARER, true}, NULL), OK);
    assert_int_equal(gate_pass(&(struct gate){TLP_AMBER, GATE_PUBLIC, true}, NULL), ERR_NO);
    assert_int_equal(gate_pass(&(struct gate){TLP_RED, GATE_PARTY, true}, NULL), ERR_NO);
    assert_int_equal(gate_pass(&(struct gate){TLP_CLEAR, GATE_PUBLIC, false}, NULL), OK);
}

#define NAMES(...) ((struct names){(const struct text[]){__VA_ARGS__}, COUNT(((const struct text[]){__VA_ARGS__}))})

static void the_widest_role_decides(void **state) {
    (void)state;
    assert_int_equal(roles_part(NAMES(TEXT("auditor"))), PART_READS);
    assert_int_equal(roles_part(NAMES(TEXT("auditor"), TEXT("analyst"))), PART_DRAFTS);
    assert_int_equal(roles_part(NAMES(TEXT("analyst"), TEXT("lead"))), PART_SPEAKS);
    assert_int_equal(roles_part(NAMES(TEXT("officer"))), PART_SPEAKS);
    struct officer officers[] = {
        {TEXT("a"), TEXT("incident"), TEXT("ka"), NAMES(TEXT("auditor"))},
        {TEXT("a"), TEXT("abuse"), TEXT("ka"), NAMES(TEXT("officer"))},
    };
    struct card c = {.officers = officers, .officer_count = 2};
    assert_int_equal(officer_part(&c, TEXT("a"), TEXT("incident")), PART_READS);
    assert_int_equal(officer_part(&c, TEXT("a"), TEXT("")), PART_SPEAKS);
    assert_int_equal(officer_part(&c, TEXT("b"), TEXT("")), PART_NONE);
    assert_int_equal(officer_may_sign(&c, TEXT("a"), TEXT("incident"), NULL), ERR_NO);
    assert_int_equal(officer_may_sign(&c, TEXT("a"), TEXT("abuse"), NULL), OK);
    assert_int_equal(officer_may_sign(&c, TEXT("b"), TEXT("abuse"), NULL), OK);
    assert_int_equal(officer_key_part(&c, TEXT("ka")), PART_SPEAKS);
    assert_int_equal(officer_key_part(&c, TEXT("kb")), PART_NONE);
}

static void who_signed_is_named_once(void **state) {
    (void)state;
    struct arena a = {0};
    struct officer officers[] = {
        {TEXT("a"), TEXT("incident"), TEXT("ka"), NAMES(TEXT("officer"))},
        {TEXT("a"), TEXT("abuse"), TEXT("ka"), NAMES(TEXT("officer"))},
        {TEXT("b"), TEXT("abuse"), TEXT("kb"), NAMES(TEXT("lead"))},
    };
    struct card c = {.officers = officers, .officer_count = 3};
    struct names keys = NAMES(TEXT("kb"), TEXT("ka"), TEXT("kx"));
    assert_int_equal(officer_names(&c, keys, TEXT(""), &a).count, 2);
    struct names others = officer_names(&c, keys, TEXT("a"), &a);
    assert_int_equal(others.count, 1);
    assert_true(text_is(others.at[0], "b"));
    arena_free(&a);
}

static void a_rule_must_be_one_that_can_be_met(void **state) {
    (void)state;
    struct desk k = {0};
    struct officer officers[] = {
        {TEXT("a"), TEXT("incident"), TEXT("ka"), NAMES(TEXT("lead"))},
        {TEXT("a"), TEXT("abuse"), TEXT("ka"), NAMES(TEXT("lead"))}, /* the same key */
        {TEXT("b"), TEXT("abuse"), TEXT("kb"), NAMES(TEXT("minister"))},
    };
    struct card c = {.officers = officers, .officer_count = 3};
    struct clearance rule = {NAMES(TEXT("claim")), TLP_AMBER, 1, NAMES(TEXT("lead"))};
    assert_int_equal(clearance_keys(&c, rule.roles), 1);
    assert_int_equal(clearance_add(&k, &c, &rule, NULL), OK);
    rule.number = 2;
    assert_int_equal(clearance_add(&k, &c, &rule, NULL), ERR_NO);
    rule.roles = NAMES(TEXT("lead"), TEXT("minister"));
    assert_int_equal(clearance_add(&k, &c, &rule, NULL), OK);
    assert_int_equal(c.clearance_count, 1);
    assert_int_equal(c.clearances[0].number, 2);
    rule.kinds = NAMES(TEXT("claims"));
    assert_int_equal(clearance_add(&k, &c, &rule, NULL), ERR_INPUT);
    assert_int_equal(clearance_remove(&c, NAMES(TEXT("claim")), TLP_GREEN, NULL), ERR_MISSING);
    assert_int_equal(clearance_remove(&c, NAMES(TEXT("claim")), TLP_AMBER, NULL), OK);
    assert_int_equal(c.clearance_count, 0);
    arena_free(&k.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_get_to_see_what_is_more_restricted),
        cmocka_unit_test(only_what_asks_is_agreed_to),
        cmocka_unit_test(the_widest_role_decides),
        cmocka_unit_test(who_signed_is_named_once),
        cmocka_unit_test(a_rule_must_be_one_that_can_be_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
