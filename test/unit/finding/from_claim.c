/* Facts to what a check seeks: nothing is lost, nothing is added, and the last second counts to its end. */
#include "unit.h"

#include "finding/from_claim.h"

#define DAY (1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct fact whole_fact(void) {
    return (struct fact){.first = DAY,
                         .last = DAY + 2 * INSTANT_SECOND,
                         .known = KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT,
                         .src = ip_from_v4(0xc0000211u),
                         .dst = ip_from_v4(0xc6336407u),
                         .src_port = 40000,
                         .dst_port = 22,
                         .object = TEXT("account:root"),
                         .protocol = TEXT("tcp"),
                         .event = TEXT("brute-force"),
                         .count = 2,
                         .evidence = 2};
}

static void all_of_a_fact_is_sought(void **state) {
    (void)state;
    struct fact f = whole_fact();
    struct check_fact c = check_fact_of(&f);
    assert_int_equal(c.trace.known,
                     TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT | TRACE_PROTOCOL | TRACE_OBJECT);
    assert_int_equal(ip_compare(c.trace.src, f.src), 0);
    assert_int_equal(ip_compare(c.trace.dst, f.dst), 0);
    assert_int_equal(c.trace.src_port, 40000);
    assert_int_equal(c.trace.dst_port, 22);
    assert_true(text_is(c.trace.object, "account:root"));
    assert_true(text_is(c.trace.protocol, "tcp"));
    assert_true(text_is(c.trace.event, "brute-force"));
    assert_true(c.first == f.first);
}

static void what_a_fact_does_not_know_is_not_sought(void **state) {
    (void)state;
    struct fact f = {.first = DAY, .last = DAY, .known = KNOWN_DST_PORT, .dst_port = 25, .object = TEXT("mail:a@b")};
    struct check_fact c = check_fact_of(&f);
    assert_int_equal(c.trace.known, TRACE_DST_PORT | TRACE_OBJECT);
    f = (struct fact){.first = INSTANT_NONE, .last = INSTANT_NONE, .known = KNOWN_SRC};
    c = check_fact_of(&f);
    assert_int_equal(c.trace.known, TRACE_SRC);
    assert_true(c.first == INSTANT_NONE && c.last == INSTANT_NONE);
}

/* A log with fractions of seconds shows an event at .9 of the second that the sheet names. */
static void the_last_second_counts_to_its_end(void **state) {
    (void)state;
    struct fact facts[] = {whole_fact(), whole_fact()};
    const struct check_fact *sought = check_facts_of((struct sheet){facts, 2}, &arena);
    struct random r = random_seeded(TEXT("from_claim"));
    struct check_options o = {.skew = 0, .gap = CHECK_GAP};
    struct check *c = check_new(sought, 2, &o, &r);
    size_t source;
    assert_int_equal(check_source(c, TEXT("sensor"), true, &source, NULL), OK);
    struct sighting inside = {.trace = sought[0].trace, .at = facts[0].last + 900000, .count = 1}, outside = inside;
    outside.at = facts[0].last + INSTANT_SECOND;
    check_see(c, source, &inside);
    check_see(c, source, &outside);
    struct checked checked = check_end(c, &arena);
    assert_int_equal(checked.findings.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(checked.findings.at[i].row, i);
        assert_int_equal(checked.findings.at[i].word, FINDING_CONFIRMED);
        assert_int_equal(checked.findings.at[i].count, 1);
    }
    check_free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(all_of_a_fact_is_sought, end),
        cmocka_unit_test_teardown(what_a_fact_does_not_know_is_not_sought, end),
        cmocka_unit_test_teardown(the_last_second_counts_to_its_end, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
