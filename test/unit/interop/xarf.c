/* X-ARF: what is written comes back, other people's reports are understood, and the rest is refused or told. */
#include "unit.h"

#include "interop/xarf.h"
#include "random_sheet.h"
#include "trial.h"

enum { MIB = 1 << 20 };

static enum error read_text(struct trial *b, struct text t, struct reports *out) {
    const struct case_reading how = {.arena = &b->arena, .losses = &b->losses};
    return xarf_case_read(bytes_from_text(t), &how, out, &b->diag);
}

static enum error write_report(struct trial *b, const struct report *r) {
    const struct case_writing how = {&b->arena, &b->losses, 1700000000 * INSTANT_SECOND};
    return xarf_case_write(r, &how, &b->out, &b->diag);
}

static struct report north(struct sheet facts) {
    struct report r = REPORT_EMPTY;
    r.id = TEXT("cert.north.example/5b2c4c0e-0000-4000-8000-000000000001");
    r.title = TEXT("Logins");
    r.text = TEXT("Many of them.\nOn two days.");
    r.from = TEXT("cert.north.example/incident");
    r.from_mail = TEXT("incident@cert.north.example");
    r.tlp = TLP_AMBER_STRICT;
    r.created = 1700000000 * INSTANT_SECOND;
    r.facts = facts;
    return r;
}

/* ---- round trips */

static struct sheet with_sources(struct sheet all, struct arena *a) {
    struct fact *kept = ARENA_ARRAY(a, struct fact, all.count);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (xarf_source(&all.at[i], a).size) kept[count++] = all.at[i];
    return (struct sheet){kept, count};
}

static void facts_come_back_to_the_bit(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct trial *b = trial_new();
        struct reports reports = {0};
        struct sheet facts = random_sheet(seed, 1 + seed, &b->arena), said = with_sources(facts, &b->arena);
        struct report r = north(facts);
        enum error result = write_report(b, &r);
        assert_int_equal(result, said.count ? OK : ERR_INPUT);
        if (said.count) {
            assert_int_equal(said.count < facts.count, trial_lost(b, LOSS_DROPPED, "fact"));
            b->losses = losses_in(&b->arena);
            assert_true(xarf_case_seen(buf_as_bytes(&b->out)));
            assert_int_equal(read_text(b, buf_as_text(&b->out), &reports), OK);
            assert_int_equal(reports.count, 1);
            assert_true(same_sheet(reports.at[0].facts, said));
            assert_true(text_equal(reports.at[0].title, r.title));
            assert_true(text_equal(reports.at[0].text, r.text));
            assert_int_equal(reports.at[0].tlp, TLP_AMBER_STRICT);
            assert_int_equal(b->losses.count, 0);
        }
        trial_end(b);
    }
}

static void the_same_gives_the_same_bytes(void **state) {
    struct trial *b = trial_new(), *c = trial_new();
    struct report r = north(random_sheet(7, 20, &b->arena));
    (void)state;
    assert_int_equal(write_report(b, &r), OK);
    assert_int_equal(write_report(c, &r), OK);
    assert_true(text_equal(buf_as_text(&b->out), buf_as_text(&c->out)));
    trial_end(b);
    trial_end(c);
}

static void what_the_schema_asks_for_is_there_and_told(void **state) {
    static const char *const members[] = {"xarf_version", "report_id",  "timestamp", "reporter",
                                          "sender",       "category",   "type",      "source_port",
                                          "protocol",     "first_seen", "evidence",  "attempt_count"};
    struct trial *b = trial_new();
    struct fact f = fact_unknown();
    json_t *o = NULL;
    (void)state;
    f.src = ip_from_v4(0xc0000211);
    f.known = KNOWN_SRC;
    f.last = 1700000000 * INSTANT_SECOND;
    f.event = TEXT("brute-force");
    f.count = 12;
    struct report r = north((struct sheet){&f, 1});
    r.from_mail = (struct text){0};
    assert_int_equal(write_report(b, &r), OK);
    assert_int_equal(json_read(buf_as_bytes(&b->out), &o, NULL), OK);
    for (size_t i = 0; i < COUNT(members); i++) assert_non_null(json_object_get(o, members[i]));
    assert_true(text_is(json_text(o, "type"), "login_attack"));
    assert_true(trial_lost(b, LOSS_GUESSED, "source_port"));
    assert_true(trial_lost(b, LOSS_GUESSED, "protocol"));
    assert_true(trial_lost(b, LOSS_GUESSED, "first_seen"));
    assert_true(trial_lost(b, LOSS_GUESSED, "reporter.contact"));
    json_decref(o);
    trial_end(b);
}

static void a_sheet_that_says_otherwise_is_not_believed(void **state) {
    struct trial *b = trial_new();
    struct reports reports;
    struct fact f = fact_unknown();
    char *forged, *address;
    (void)state;
    f.src = ip_from_v4(0xc0000211);
    f.known = KNOWN_SRC;
    struct report r = north((struct sheet){&f, 1});
    assert_int_equal(write_report(b, &r), OK);
    forged = arena_string(&b->arena, buf_as_text(&b->out));
    address = strstr(forged, "192.0.2.17");
    assert_non_null(address);
    address[9] = '8';
    assert_int_equal(read_text(b, text_of(forged), &reports), OK);
    assert_true(ip_v4(reports.at[0].facts.at[0].src) == 0xc0000212);
    assert_true(trial_lost(b, LOSS_DROPPED, "evidence"));
    trial_end(b);
}

/* ---- what others write */

#define WHO "\"reporter\":{\"org\":\"N\",\"contact\":\"a@n.example\",\"domain\":\"n.example\"}"
#define HEAD "{\"xarf_version\":\"4.2.0\",\"report_id\":\"1\"," WHO ","

static void a_report_of_others_is_understood(void **state) {
    struct trial *b = trial_new();
    struct reports reports;
    (void)state;
    assert_int_equal(read_text(b,
                               TEXT(HEAD "\"category\":\"connection\",\"type\":\"login_attack\","
                                         "\"source_identifier\":\"192.0.2.7\",\"source_port\":4711,"
                                         "\"destination_ip\":\"203.0.113.9\",\"destination_port\":\"22\","
                                         "\"protocol\":\"TCP\",\"timestamp\":\"2026-03-01T12:00:00+02:00\","
                                         "\"first_seen\":\"2026-03-01T09:00:00.5Z\",\"attempt_count\":17,"
                                         "\"tags\":[\"tlp:amber\",\"x:y\"],\"bot_id\":\"z\"}"),
                               &reports),
                     OK);
    assert_int_equal(reports.count, 1);
    const struct fact *f = &reports.at[0].facts.at[0];
    assert_int_equal(f->known, KNOWN_SRC | KNOWN_SRC_PORT | KNOWN_DST | KNOWN_DST_PORT);
    assert_int_equal(f->src_port, 4711);
    assert_int_equal(f->dst_port, 22);
    assert_true(text_is(f->event, "brute-force"));
    assert_true(text_is(f->protocol, "tcp"));
    assert_true(f->last - f->first == 3600 * INSTANT_SECOND);
    assert_int_equal(f->count, 17);
    assert_int_equal(reports.at[0].tlp, TLP_AMBER);
    assert_true(trial_lost(b, LOSS_DROPPED, "bot_id"));
    assert_true(trial_lost(b, LOSS_DROPPED, "tags[]"));
    trial_end(b);
}

static void lines_and_lists_of_one_reporter_are_one_report(void **state) {
#define SPAM(ip) HEAD "\"category\":\"messaging\",\"type\":\"spam\",\"source_identifier\":\"" ip "\"}"
    static const char *const files[] = {SPAM("192.0.2.1") "\n" SPAM("192.0.2.2") "\n",
                                        "[" SPAM("192.0.2.1") "," SPAM("192.0.2.2") "]"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct trial *b = trial_new();
        struct reports reports;
        assert_int_equal(read_text(b, text_of(files[i]), &reports), OK);
        assert_int_equal(reports.count, 1);
        assert_int_equal(reports.at[0].facts.count, 2);
        trial_end(b);
    }
}

static void version_3_is_read(void **state) {
    struct trial *b = trial_new();
    struct reports reports;
    (void)state;
    assert_int_equal(read_text(b,
                               TEXT("{\"Version\":\"3\",\"ReporterInfo\":{\"ReporterOrg\":\"N\","
                                    "\"ReporterOrgEmail\":\"a@n.example\"},\"Report\":{\"ReportClass\":\"Activity\","
                                    "\"ReportType\":\"Login-Attack\",\"Date\":\"2026-03-01T12:00:00Z\","
                                    "\"SourceIp\":\"192.0.2.9\",\"DestinationPort\":22,\"AttackCount\":3,"
                                    "\"AdditionalInfo\":{\"Malware\":\"x\"}}}"),
                               &reports),
                     OK);
    const struct fact *f = &reports.at[0].facts.at[0];
    assert_true(text_is(f->event, "brute-force"));
    assert_int_equal(f->count, 3);
    assert_int_equal(f->dst_port, 22);
    assert_true(text_is(reports.at[0].from, "N"));
    assert_true(trial_lost(b, LOSS_DROPPED, "Report.AdditionalInfo.Malware"));
    trial_end(b);
}

/* ---- what is refused, and in which time */

static void what_is_no_x_arf_is_refused(void **state) {
    static const char *const files[] = {"",
                                        "{",
                                        "[1]",
                                        "{\"xarf_version\":\"5.0.0\"}",
                                        "{\"xarf_version\":\"4.0.0\"}",
                                        "{\"xarf_version\":\"4.0.0\",\"category\":1,\"type\":\"x\"}",
                                        "{\"Version\":\"2\",\"ReporterInfo\":{}}",
                                        "{\"xarf_version\":\"4.\xff\"}"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct trial *b = trial_new();
        struct reports reports;
        assert_int_equal(read_text(b, text_of(files[i]), &reports), ERR_INPUT);
        assert_true(b->diag.text[0] != 0);
        trial_end(b);
    }
}

static void a_fault_in_a_line_is_named_by_it(void **state) {
    struct trial *b = trial_new();
    struct reports reports;
    (void)state;
    assert_int_equal(read_text(b, TEXT(SPAM("192.0.2.1") "\n\n{}\n"), &reports), ERR_INPUT);
    assert_int_equal(b->diag.line, 3);
    trial_end(b);
}

static void huge_and_deep_files_end_soon(void **state) {
    struct trial *b = trial_new();
    struct buf file = {.max = 128 * MIB};
    struct reports reports;
    (void)state;
    buf_string(&file, HEAD "\"category\":\"content\",\"type\":\"phishing\",\"url\":\"");
    memset(buf_extend(&file, 100 * MIB), 'x', 100 * MIB);
    buf_string(&file, "\"}");
    assert_int_equal(read_text(b, buf_as_text(&file), &reports), ERR_LIMIT);
    buf_clear(&file);
    for (size_t i = 0; i < 100000; i++) buf_string(&file, "{\"xarf_version\":");
    assert_int_equal(read_text(b, buf_as_text(&file), &reports), ERR_LIMIT);
    buf_clear(&file);
    buf_char(&file, '[');
    for (size_t i = 0; i < 70000; i++)
        buf_format(&file, "%s{\"xarf_version\":\"4.0.0\",\"category\":\"x\",\"type\":\"y%zu\"}", i ? "," : "", i);
    buf_char(&file, ']');
    assert_int_equal(read_text(b, buf_as_text(&file), &reports), ERR_LIMIT);
    buf_clear(&file);
    buf_string(&file, HEAD "\"category\":\"content\",\"type\":\"phishing\",\"url\":\"http://x.example/\"");
    for (size_t i = 0; i < 100000; i++) buf_format(&file, ",\"m%zu\":%zu", i, i);
    buf_char(&file, '}');
    assert_int_equal(read_text(b, buf_as_text(&file), &reports), OK);
    assert_true(b->losses.count <= LOSSES_MAX + 1);
    buf_free(&file);
    trial_end(b);
}

static void the_host_of_a_url(void **state) {
    static const struct {
        const char *url, *host;
    } rows[] = {{"https://a.example/x", "a.example"},
                {"https://u:p@a.example:8443?x", "a.example"},
                {"http://[2001:db8::1]:80/", "2001:db8::1"},
                {"http://[2001:db8::1", ""},
                {"nothing", ""}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) assert_true(text_is(xarf_url_host(text_of(rows[i].url)), rows[i].host));
}

static void of_several_levels_the_most_restricted_counts(void **state) {
    struct trial *b = trial_new();
    struct reports reports = {0};
    (void)state;
    assert_int_equal(read_text(b,
                               TEXT("{\"xarf_version\":\"4.2.0\",\"category\":\"messaging\",\"type\":\"spam\","
                                    "\"timestamp\":\"2026-03-01T09:00:00Z\",\"source_identifier\":\"192.0.2.1\","
                                    "\"tags\":[\"tlp:red\",\"tlp:clear\"]}"),
                               &reports),
                     OK);
    assert_int_equal(reports.count, 1);
    assert_int_equal(reports.at[0].tlp, TLP_RED);
    trial_end(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back_to_the_bit),
        cmocka_unit_test(the_same_gives_the_same_bytes),
        cmocka_unit_test(what_the_schema_asks_for_is_there_and_told),
        cmocka_unit_test(a_sheet_that_says_otherwise_is_not_believed),
        cmocka_unit_test(a_report_of_others_is_understood),
        cmocka_unit_test(lines_and_lists_of_one_reporter_are_one_report),
        cmocka_unit_test(version_3_is_read),
        cmocka_unit_test(what_is_no_x_arf_is_refused),
        cmocka_unit_test(a_fault_in_a_line_is_named_by_it),
        cmocka_unit_test(huge_and_deep_files_end_soon),
        cmocka_unit_test(of_several_levels_the_most_restricted_counts),
        cmocka_unit_test(the_host_of_a_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
