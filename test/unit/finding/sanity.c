/* Sanity: which addresses are doubtful, in claims and in findings, and how they are told. */
#include "unit.h"

#include "finding/sanity.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct fact fact_of(const char *src, const char *dst) {
    struct fact f = {.first = 0, .last = 0, .count = 1, .evidence = SHEET_NO_COUNT};
    if (*src != '-' && ip_read(text_of(src), &f.src)) f.known |= KNOWN_SRC;
    if (*dst != '-' && ip_read(text_of(dst), &f.dst)) f.known |= KNOWN_DST;
    return f;
}

static struct address_list list_of(const char *lines) {
    struct address_list l = {0};
    assert_int_equal(address_list_read(bytes_from_text(text_of(lines)), &arena, &l, NULL), OK);
    return l;
}

static void lines_are(struct doubts d, const char *expected) {
    struct buf out = {.max = 1 << 16};
    doubts_put(d, &out);
    buf_char(&out, 0);
    assert_string_equal((const char *)out.at, expected);
    buf_free(&out);
}

static void doubtful_addresses_of_a_claim_are_told(void **state) {
    (void)state;
    const struct address_list known = list_of("11.0.0.0/24 a scanner\n"), own = list_of("12.0.0.0/8 incident\n");
    const struct sanity_lists lists = {&known, &own};
    const struct fact facts[] = {
        fact_of("192.0.2.7", "203.0.113.1"),
        fact_of("13.0.0.1", "12.0.0.1"),
        fact_of("10.0.0.1", "-"),
        fact_of("10.0.0.1", "10.9.9.9"),
        fact_of("8.8.8.8", "-"),
        fact_of("11.0.0.9", "-"),
        fact_of("12.0.0.5", "-"),
        fact_of("-", "8.8.8.8"),
        fact_of("fe80::1", "-"),
    };
    struct doubts d = sanity_claim((struct sheet){facts, COUNT(facts)}, &lists, &arena);
    assert_true(d.to_waive);
    lines_are(d, "  source 10.0.0.1: a special-purpose address (private use); 2 facts, first row 2\n"
                 "  target 10.9.9.9: a special-purpose address (private use); 1 fact, first row 3\n"
                 "  source 8.8.8.8: a public resolver (Google Public DNS); 1 fact, first row 4\n"
                 "  source 11.0.0.9: in a list of known ones (a scanner); 1 fact, first row 5\n"
                 "  source 12.0.0.5: in one's own networks (incident); 1 fact, first row 6\n"
                 "  source fe80::1: a special-purpose address (link local); 1 fact, first row 8\n"
                 "  source 192.0.2.7: an address for documentation; 1 fact, first row 0\n"
                 "  target 203.0.113.1: an address for documentation; 1 fact, first row 0\n");
    const struct sanity_lists none = {0};
    d = sanity_claim((struct sheet){facts, 2}, &none, &arena);
    assert_int_equal(d.count, 2);
    assert_false(d.to_waive);
    d = sanity_claim((struct sheet){facts + 1, 1}, &none, &arena);
    assert_int_equal(d.count, 0);
}

static void doubtful_findings_are_told(void **state) {
    (void)state;
    const struct address_list known = list_of("11.0.0.0/24 a scanner\n"), own = list_of("12.0.0.0/8 abuse\n");
    const struct sanity_lists lists = {&known, &own};
    const struct fact facts[] = {fact_of("11.0.0.1", "-"), fact_of("11.0.0.2", "-"), fact_of("12.0.0.1", "-"),
                                 fact_of("12.0.0.2", "-"), fact_of("12.0.0.3", "-")};
    struct ip inside;
    assert_true(ip_read(TEXT("10.0.0.7"), &inside));
    const struct finding said[] = {
        {.row = 0, .word = FINDING_CONFIRMED},
        {.row = 1, .word = FINDING_NOT_SEEN},
        {.row = 2, .word = FINDING_NOT_OURS},
        {.row = 3, .word = FINDING_CONFIRMED},
        {.row = 4, .word = FINDING_RELAYED, .has_upstream = true, .upstream = inside},
    };
    struct doubts d =
        sanity_findings((struct sheet){facts, COUNT(facts)}, (struct findings){said, COUNT(said)}, &lists, &arena);
    lines_are(d, "  source 11.0.0.1: in a list of known ones (a scanner); 1 fact, first row 0\n"
                 "  source 12.0.0.1: in one's own networks (abuse); 1 fact, first row 2\n"
                 "  upstream 10.0.0.7: a special-purpose address (private use); 1 fact, first row 4\n");
    struct buf out = {.max = 1 << 16};
    doubts_put_waived(d, TEXT("our own scanner was hijacked"), &out);
    buf_char(&out, 0);
    assert_string_equal((const char *)out.at, "Waived before sending: our own scanner was hijacked\n"
                                              "- source 11.0.0.1, known (a scanner): rows 0 and on, 1 in all\n"
                                              "- source 12.0.0.1, own: rows 2 and on, 1 in all\n"
                                              "- upstream 10.0.0.7, special-purpose (private use): rows 4 and on, 1 in "
                                              "all");
    buf_free(&out);
    json_t *list = doubts_json(d);
    assert_int_equal(json_array_size(list), 3);
    assert_true(text_is(json_text(json_array_get(list, 2), "address"), "10.0.0.7"));
    json_decref(list);
}

static void many_are_counted(void **state) {
    (void)state;
    struct fact facts[DOUBTS_TOLD + 5];
    const struct sanity_lists none = {0};
    for (unsigned i = 0; i < COUNT(facts); i++) {
        facts[i] = fact_of("10.0.0.1", "-");
        facts[i].src = ip_from_v4(0x0a000000u + i);
    }
    struct doubts d = sanity_claim((struct sheet){facts, COUNT(facts)}, &none, &arena);
    struct buf told = {.max = 1 << 16}, waived = {.max = 1 << 16};
    doubts_put(d, &told);
    doubts_put_waived(d, TEXT("why"), &waived);
    assert_true(text_ends(buf_as_text(&told), TEXT("  and 5 more addresses\n")));
    assert_true(text_ends(buf_as_text(&waived), TEXT("\n- and 5 more")));
    buf_free(&told);
    buf_free(&waived);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubtful_addresses_of_a_claim_are_told),
        cmocka_unit_test(doubtful_findings_are_told),
        cmocka_unit_test(many_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
