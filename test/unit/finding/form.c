/* The form that a person fills in: what is written, and what is read of what people type. */
#include "unit.h"

#include "finding/form.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static const char sheet[] =
    "# parley facts v1\n"
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n"
    ",,2001:db8::1,,2001:db8::2,443,,tcp,scanner,,\n"
    "2026-03-01T06:55:46Z,2026-03-01T06:55:46Z,,,,,\"url:http://a.example/\",,phishing,,\n"
    "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2\n";

static struct sheet facts(void) {
    struct sheet s;
    struct diag d = {0};
    struct text t = text_of(sheet);
    struct buf plain = {.max = sizeof sheet};
    /* The object needs no quotes, and a sheet has one spelling. */
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] != '"') buf_char(&plain, t.at[i]);
    assert_int_equal(sheet_read(arena_bytes(&arena, buf_as_bytes(&plain)), &arena, &s, &d), OK);
    buf_free(&plain);
    return s;
}

static struct text written(struct blank_form form) {
    struct buf out = {.max = 1 << 20};
    findings_form_write(&form, &out);
    struct text t = arena_text(&arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static struct filled_form read(struct text t) {
    struct filled_form out;
    struct diag d = {0};
    assert_int_equal(findings_form_read(bytes_from_text(t), 3, &arena, &out, &d), OK);
    return out;
}

static bool holds(struct text t, const char *part) { return text_search(t, text_of(part)) != SIZE_MAX; }

static void each_fact_stands_beside_its_line(void **state) {
    (void)state;
    const enum finding_word said[] = {FINDING_COUNT, FINDING_NOT_SEEN, FINDING_COUNT};
    struct text form = written((struct blank_form){.facts = facts(), .said = said});
    assert_true(text_starts(form, TEXT("# parley findings v1\nfact,finding,count,")));
    assert_true(holds(form, "# 0: time unknown; from 2001:db8::1; to 2001:db8::2 port 443; tcp; scanner\n0,,,,,,\n"));
    assert_true(holds(form, "# 1: 2026-03-01T06:55:46Z; url:http://a.example/; phishing\n"
                            "# answered before: not-seen\n1,,,,,,\n"));
    assert_true(holds(form, "# 2: 2026-03-01T06:55:46Z to 2026-03-01T06:55:48Z; from 192.0.2.17; to :22; tcp; "
                            "brute-force; count 2\n2,,,,,,\n"));
    struct filled_form empty = read(form);
    assert_int_equal(empty.findings.count + empty.fault_count + empty.unconfirmed, 0);
}

static void a_suggestion_is_no_answer(void **state) {
    (void)state;
    struct finding given[] = {
        {0, FINDING_CONFIRMED, 3, INSTANT_NONE, INSTANT_NONE, false, {{0}}, TEXT("")},
        {2, FINDING_NO_RECORDS, FINDING_NO_COUNT, INSTANT_NONE, INSTANT_NONE, false, {{0}}, TEXT("a, b")}};
    struct blank_form form = {.facts = facts(), .given = {given, COUNT(given)}, .suggested = true};
    struct text suggested = written(form);
    assert_true(holds(suggested, "\n0,?confirmed,3,,,,\n"));
    assert_true(holds(suggested, "\n2,?no-records,,,,,\"a, b\"\n"));
    struct filled_form filled = read(suggested);
    assert_int_equal(filled.unconfirmed, 2);
    assert_int_equal(filled.findings.count + filled.fault_count, 0);
    form.suggested = false;
    filled = read(written(form));
    assert_int_equal(filled.findings.count, 2);
    assert_int_equal(filled.findings.at[0].count, 3);
    assert_true(text_is(filled.findings.at[1].note, "a, b"));
    assert_int_equal(filled.unconfirmed + filled.fault_count, 0);
}

static void what_people_type_is_taken(void **state) {
    (void)state;
    struct filled_form f = read(TEXT("\n# a thought\r\n 0 , confirmed\r\n1,relayed,2,,,198.51.100.7, seen there \n"
                                     "fact,finding,count,first_seen,last_seen,upstream_ip,note\n2,not-seen"));
    assert_int_equal(f.fault_count, 0);
    assert_int_equal(f.findings.count, 3);
    assert_int_equal(f.findings.at[0].word, FINDING_CONFIRMED);
    assert_true(f.findings.at[1].has_upstream);
    assert_true(text_is(f.findings.at[1].note, "seen there"));
    assert_int_equal(f.findings.at[2].word, FINDING_NOT_SEEN);
}

static void every_fault_is_told_by_its_line(void **state) {
    (void)state;
    static const struct {
        const char *line, *words;
    } faults[] = {
        {"0,perhaps", "as “not-seen”"},
        {"x,confirmed", "the number of a fact"},
        {"0,confirmed,many", "a number or nothing"},
        {"0,,,,,,a note alone", "as “not-seen”"},
        {"3,confirmed", "the sheet has no fact 3"},
        {"0,confirmed,1,2026-03-01,,,", "RFC 3339"},
        {"0,confirmed,1,,,nowhere,", "an IP address"},
        {"0,confirmed,,,,,\"open", ""},
        {"0,confirmed,,,,,,more", ""},
        {"0,confirmed,,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,,", "times in their order"},
    };
    struct buf form = {.max = 1 << 20};
    for (size_t i = 0; i < COUNT(faults); i++) buf_format(&form, "%s\n", faults[i].line);
    struct filled_form f = read(buf_as_text(&form));
    assert_int_equal(f.fault_count, COUNT(faults));
    for (size_t i = 0; i < COUNT(faults); i++) {
        assert_int_equal(f.faults[i].line, i + 1);
        assert_true(f.faults[i].words.size && holds(f.faults[i].words, faults[i].words));
    }
    f = read(TEXT("1,confirmed\n1,refuted\n0,refuted\n"));
    assert_int_equal(f.fault_count, 2);
    buf_clear(&form);
    for (size_t i = 0; i < 2 * FORM_FAULTS_MAX; i++) buf_string(&form, "bad\n");
    assert_int_equal(read(buf_as_text(&form)).fault_count, FORM_FAULTS_MAX);
    buf_free(&form);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fact_stands_beside_its_line),
        cmocka_unit_test(a_suggestion_is_no_answer),
        cmocka_unit_test(what_people_type_is_taken),
        cmocka_unit_test(every_fault_is_told_by_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
