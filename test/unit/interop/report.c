/* Facts collected in any order are a sheet; losses are told once each. */
#include "unit.h"

#include "interop/case_format.h"

static struct fact seen_at(struct arena *a, instant at, const char *domain, uint64_t count) {
    struct fact f = fact_unknown();
    f.first = f.last = at;
    f.object = object_of(a, "domain", text_of(domain));
    f.count = count;
    return f;
}

static void what_is_equal_is_joined_and_the_rest_in_order(void **state) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    struct collect c = collect_in(&a, &losses);
    struct sheet sheet;
    struct fact later = seen_at(&a, 9 * INSTANT_SECOND, "b.example", 1);
    struct fact first = seen_at(&a, 3 * INSTANT_SECOND + 1, "a.example", 2), again = first;
    (void)state;
    again.count = 5;
    collect_fact(&c, &later, "x");
    collect_fact(&c, &first, "x");
    collect_fact(&c, &again, "x");
    assert_int_equal(collect_end(&c, &sheet, NULL), OK);
    assert_int_equal(sheet.count, 2);
    assert_int_equal(sheet.at[0].count, 7);
    assert_true(sheet.at[0].first == 3 * INSTANT_SECOND);
    assert_int_equal(losses.count, 2); /* its fraction, of either time, twice */
    assert_true(text_is(losses.at[0].field, "first_seen") && losses.at[0].count == 2);
    assert_true(text_is(losses.at[1].field, "last_seen") && losses.at[1].count == 2);
    arena_free(&a);
}

static void what_can_not_stand_in_a_sheet_is_a_loss(void **state) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    struct collect c = collect_in(&a, &losses);
    struct fact empty = fact_unknown();
    struct sheet sheet;
    (void)state;
    collect_fact(&c, &empty, "Attribute");
    collect_fact(&c, &empty, "Attribute");
    assert_int_equal(collect_end(&c, &sheet, NULL), OK);
    assert_int_equal(sheet.count, 0);
    assert_int_equal(losses.count, 1);
    assert_int_equal(losses.at[0].count, 2);
    assert_true(text_is(losses.at[0].field, "Attribute"));
    arena_free(&a);
}

static void losses_are_bounded_and_say_that_there_were_more(void **state) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    (void)state;
    for (int i = 0; i < 3 * LOSSES_MAX; i++)
        losses_add(&losses, LOSS_GUESSED, arena_format(&a, "field %d", i).at, TEXT("é"), "why");
    assert_int_equal(losses.count, LOSSES_MAX + 1);
    assert_int_equal(losses.at[LOSSES_MAX].count, 2 * LOSSES_MAX);
    arena_free(&a);
}

static void a_value_is_cut_between_characters(void **state) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    char long_value[2 * LOSS_VALUE_MAX + 1];
    (void)state;
    long_value[0] = 'x';
    for (size_t i = 1; i < sizeof long_value; i += 2) memcpy(long_value + i, "é", 2);
    losses_add(&losses, LOSS_DROPPED, "f", (struct text){long_value, sizeof long_value}, "why");
    assert_int_equal(losses.at[0].value.size, LOSS_VALUE_MAX - 1);
    json_t *list = losses_json(&losses);
    assert_int_equal(json_array_size(list), 1);
    assert_true(json_text(json_array_get(list, 0), "value").size > 0);
    json_decref(list);
    arena_free(&a);
}

static void an_object_is_of_a_known_kind(void **state) {
    struct arena a = {0};
    struct text value;
    (void)state;
    assert_true(text_is(object_of(&a, "url", TEXT("https://x.example/")), "url:https://x.example/"));
    assert_int_equal(object_of(&a, "planet", TEXT("x")).size, 0);
    assert_true(object_is(TEXT("domain:x.example"), "domain", &value));
    assert_true(text_is(value, "x.example"));
    assert_false(object_is(TEXT("domain:x.example"), "url", &value));
    assert_false(object_is((struct text){0}, "url", &value));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_equal_is_joined_and_the_rest_in_order),
        cmocka_unit_test(what_can_not_stand_in_a_sheet_is_a_loss),
        cmocka_unit_test(losses_are_bounded_and_say_that_there_were_more),
        cmocka_unit_test(a_value_is_cut_between_characters),
        cmocka_unit_test(an_object_is_of_a_known_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
