/* Refusals: for each kind, each order of steps that the rules refuse has words of its own. */
#include "unit.h"

#include "desk/possible.h"

static const char *refusal(struct diag *d, enum kind kind, enum void_reason why) {
    *d = (struct diag){0};
    assert_int_equal(say_refuse(kind, why, d), ERR_USAGE);
    return d->text;
}

static void each_wrong_order_says_what_is_missing(void **state) {
    (void)state;
    struct diag d;
    size_t special = 0;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct kind_rule *rule = &kind_rules[kind];
        const char *party = rule->sender == OPENER ? "the side that opened the case" : "the side that was addressed";
        assert_non_null(strstr(refusal(&d, kind, VOID_NOT_TO_SAY), party));
        assert_non_null(strstr(refusal(&d, kind, VOID_SECOND_OPENING), "opens a case of its own"));
        assert_non_null(strstr(refusal(&d, kind, VOID_CASE), "belongs to no case"));
        assert_non_null(strstr(refusal(&d, kind, VOID_TLP_LOWERED), "a more restricted level"));
        const char *start = "(nothing before it): ", *text = strstr(refusal(&d, kind, VOID_NOTHING_BEFORE), start);
        assert_non_null(text);
        /* Where the table of kinds asks for more than any message of the case, the sentence says what leads there. */
        bool any = !rule->belongs || rule->opens || !strcmp(rule->after, "any message of the case");
        bool own = strcmp(text + strlen(start), rule->after) != 0;
        assert_true(any || own);
        special += own;
    }
    assert_true(special >= 12);
}

static void a_reason_without_a_sentence_stands_alone(void **state) {
    (void)state;
    struct diag d;
    assert_string_equal(refusal(&d, KIND_COUNT, VOID_KIND), "not sent: it would not count (kind)");
    assert_string_equal(refusal(&d, KIND_CLAIM, VOID_AUTHOR), "not sent: it would not count (author)");
}

static void without_a_case_nothing_is_added(void **state) {
    (void)state;
    struct diag d = {.text = "not sent"};
    assert_int_equal(say_instead(NULL, NULL, ERR_USAGE, &d), ERR_USAGE);
    assert_string_equal(d.text, "not sent");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_wrong_order_says_what_is_missing),
        cmocka_unit_test(a_reason_without_a_sentence_stands_alone),
        cmocka_unit_test(without_a_case_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
