/* IODEF 2.0: facts to the bit and back, foreign documents, and what is refused. */
#include "unit.h"

#include "interop/iodef.h"
#include "random_sheet.h"
#include "trial.h"

#define START                                                                                                          \
    "<IODEF-Document version=\"2.00\" xml:lang=\"en\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">"                     \
    "<Incident purpose=\"reporting\" status=\"new\" restriction=\"amber\">"                                            \
    "<IncidentID name=\"csirt.example\">189493</IncidentID>"                                                           \
    "<GenerationTime>2026-03-01T09:00:00+01:00</GenerationTime>"
#define END "</Incident></IODEF-Document>"

static enum error read_bytes(struct trial *r, struct bytes file, const char *event) {
    *r = (struct trial){0};
    r->losses = losses_in(&r->arena);
    const struct case_reading how = {.event = text_of(event), .arena = &r->arena, .losses = &r->losses};
    return iodef_case_read(file, &how, &r->got, &r->diag);
}
static enum error read_words(struct trial *r, const char *words) {
    return read_bytes(r, bytes_from_text(text_of(words)), NULL);
}

static void facts_come_back_to_the_bit(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct arena a = {0};
        struct losses losses = losses_in(&a);
        struct report report = REPORT_EMPTY;
        struct buf first = {.max = 1 << 24}, again = {.max = 1 << 24};
        const struct case_writing how = {&a, &losses, 1772000000 * INSTANT_SECOND};
        struct trial r;
        report.id = TEXT("cert.north.example/5b2c");
        report.title = TEXT("Logins <from> \"there\" & elsewhere");
        report.text = TEXT("One.\n\nTwo.");
        report.tlp = (enum tlp)(seed % TLP_COUNT);
        report.facts = random_sheet(seed, 40, &a);
        assert_int_equal(iodef_case_write(&report, &how, &first, NULL), OK);
        assert_int_equal(read_bytes(&r, buf_as_bytes(&first), NULL), OK);
        assert_int_equal(r.got.count, 1);
        assert_true(same_sheet(report.facts, r.got.at[0].facts));
        assert_int_equal(r.got.at[0].tlp, report.tlp);
        assert_true(text_equal(r.got.at[0].title, report.title));
        assert_true(text_equal(r.got.at[0].text, report.text));
        assert_true(text_equal(r.got.at[0].id, report.id));
        assert_int_equal(iodef_case_write(&report, &how, &again, NULL), OK);
        assert_true(text_equal(buf_as_text(&first), buf_as_text(&again)));
        buf_free(&first);
        buf_free(&again);
        arena_free(&r.arena);
        arena_free(&a);
    }
}

static void a_foreign_document_gives_its_facts_and_its_losses(void **state) {
    struct trial r;
    (void)state;
    assert_int_equal(
        read_words(&r, "<?xml version=\"1.0\"?>\n" START
                       "<Description>Scans</Description><Description>Of many ports.</Description>"
                       "<Contact role=\"creator\" type=\"organization\"><ContactName>CSIRT</ContactName>"
                       "<Email><EmailTo>csirt@csirt.example</EmailTo></Email></Contact>"
                       "<EventData><DetectTime>2026-03-01T08:00:00Z</DetectTime>"
                       "<Assessment><IncidentCategory>information-gathering:scanner</IncidentCategory>"
                       "<SystemImpact type=\"unknown\"/></Assessment>"
                       "<Flow><System category=\"source\"><Node><Address category=\"ipv4-addr\">\n 192.0.2.200 "
                       "</Address><Counter type=\"count\" unit=\"event\">57</Counter></Node></System>"
                       "<System category=\"target\"><Node><Address category=\"ipv4-net\">192.0.2.16/28</Address></Node>"
                       "<Service ip-protocol=\"6\"><Port>80</Port></Service></System>"
                       "<System category=\"sensor\"><Node/></System></Flow></EventData>" END),
        OK);
    assert_int_equal(r.got.count, 1);
    const struct report *report = &r.got.at[0];
    assert_true(text_is(report->title, "Scans"));
    assert_true(text_is(report->text, "Of many ports."));
    assert_true(text_is(report->from, "CSIRT"));
    assert_true(text_is(report->from_mail, "csirt@csirt.example"));
    assert_true(text_is(report->id, "csirt.example/189493"));
    assert_int_equal(report->tlp, TLP_AMBER);
    assert_int_equal(report->facts.count, 1);
    const struct fact *f = &report->facts.at[0];
    char written[IP_TEXT_MAX];
    assert_true(text_is(ip_write(f->src, written), "192.0.2.200"));
    assert_int_equal(f->known, KNOWN_SRC | KNOWN_DST_PORT);
    assert_int_equal(f->dst_port, 80);
    assert_int_equal(f->count, 57);
    assert_true(text_is(f->event, "scanner"));
    assert_true(text_is(f->protocol, "tcp"));
    assert_true(trial_lost(&r, LOSS_GUESSED, "DetectTime"));
    assert_true(trial_lost(&r, LOSS_DROPPED, "Address"));
    assert_true(trial_lost(&r, LOSS_DROPPED, "System"));
    arena_free(&r.arena);
}

static void what_has_no_place_is_told_by_its_name(void **state) {
    static const char *const lost[] = {
        "Incident.DetectTime",     "Incident.StartTime",      "Incident.EndTime",          "Incident.RecoveryTime",
        "Incident.AdditionalData", "Assessment.SystemImpact", "Assessment.BusinessImpact", "Flow.Sensor",
        "Incident.Unheard",        "IODEF-Document.Beside"};
    struct trial r;
    (void)state;
    assert_int_equal(
        read_words(&r, START "<DetectTime>2026-03-01T08:00:00Z</DetectTime><StartTime>2026-03-01T08:00:00Z</StartTime>"
                             "<EndTime>2026-03-01T08:00:00Z</EndTime><RecoveryTime>2026-03-01T08:00:00Z</RecoveryTime>"
                             "<Description>Scans</Description><EventData><StartTime>2026-03-01T08:00:00Z</StartTime>"
                             "<Assessment><IncidentCategory>moonstruck</IncidentCategory>"
                             "<SystemImpact type=\"takeover-account\"/><BusinessImpact type=\"theft\"/></Assessment>"
                             "<Flow><System category=\"source\"><Node><Address category=\"ipv4-addr\">192.0.2.200"
                             "</Address></Node></System><Sensor/></Flow></EventData>"
                             "<AdditionalData dtype=\"string\">x</AdditionalData><Unheard/>"
                             "</Incident><Beside/><Incident purpose=\"reporting\">" END),
        OK);
    for (size_t i = 0; i < COUNT(lost); i++) {
        bool told = trial_lost(&r, LOSS_DROPPED, lost[i]);
        if (!told) print_message("%s is not told\n", lost[i]);
        assert_true(told);
    }
    assert_true(trial_lost(&r, LOSS_AS_WORDS, "IncidentCategory"));
    assert_true(text_is(r.got.at[0].text, "moonstruck")); /* it is there as words, as was told */
    arena_free(&r.arena);
}

static void an_event_within_another_has_what_that_one_says(void **state) {
    struct trial r;
    (void)state;
    assert_int_equal(read_words(&r,
                                START "<EventData><StartTime>2026-03-01T08:00:00Z</StartTime><EventData><Flow><System>"
                                      "<Node><DomainData system-status=\"unknown\" domain-status=\"unknown\">"
                                      "<Name>c2.example</Name></DomainData></Node></System></Flow></EventData>"
                                      "<EventData><Flow><System category=\"source\"><Node><Address "
                                      "category=\"ipv6-addr\">2001:db8::1</Address></Node></System></Flow></EventData>"
                                      "</EventData>" END),
                     OK);
    assert_int_equal(r.got.at[0].facts.count, 2);
    for (size_t i = 0; i < 2; i++) assert_true(r.got.at[0].facts.at[i].first != INSTANT_NONE);
    arena_free(&r.arena);
}

static void what_is_no_document_of_ours_is_refused_with_its_line(void **state) {
    static const struct {
        const char *words, *says;
        uint64_t line;
    } rows[] = {
        {"<x/>", "IODEF-Document of version 2.00", 0},
        {"<IODEF-Document version=\"1.00\" xmlns=\"urn:ietf:params:xml:ns:iodef-1.0\"/>", "version 2.00", 0},
        {"<IODEF-Document version=\"2.00\"\nxmlns=\"urn:ietf:params:xml:ns:iodef-2.0\">\n<Incident>", "well-formed", 3},
        {START "\n<EventData>\n<StartTime>yesterday</StartTime></EventData>" END, "yesterday", 3},
        {"", "well-formed", 0},
        {"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>", "document type", 0},
        {"<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>", "document type", 0},
        {START "<Description>\xff\xfe</Description>" END, "well-formed", 1},
        {START "<Description>&nosuch;</Description>" END, "well-formed", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial r;
        assert_int_equal(read_words(&r, rows[i].words), ERR_INPUT);
        if (!strstr(r.diag.text, rows[i].says)) print_error("row %zu: %s\n", i, r.diag.text);
        assert_non_null(strstr(r.diag.text, rows[i].says));
        if (rows[i].line) assert_int_equal(r.diag.line, rows[i].line);
        arena_free(&r.arena);
    }
}

/* Both of bounded depth: what the library takes, and what is followed of it. */
static void what_is_nested_deep_or_very_large_is_refused(void **state) {
    struct buf deep = {.max = 1 << 24}, large = {.max = (size_t)128 << 20};
    struct trial r;
    (void)state;
    buf_string(&deep, START);
    for (int i = 0; i < 100; i++) buf_string(&deep, "<EventData>");
    for (int i = 0; i < 100; i++) buf_string(&deep, "</EventData>");
    buf_string(&deep, END);
    assert_int_equal(read_bytes(&r, buf_as_bytes(&deep), NULL), ERR_INPUT);
    arena_free(&r.arena);
    buf_clear(&deep);
    for (int i = 0; i < 100000; i++) buf_string(&deep, "<a>");
    assert_int_equal(read_bytes(&r, buf_as_bytes(&deep), NULL), ERR_INPUT);
    arena_free(&r.arena);
    memset(buf_extend(&large, (size_t)100 << 20), 'x', (size_t)100 << 20);
    assert_int_equal(read_bytes(&r, buf_as_bytes(&large), NULL), ERR_LIMIT);
    arena_free(&r.arena);
    buf_free(&deep);
    buf_free(&large);
}

static void a_request_is_approved_denied_or_pending(void **state) {
    static const struct {
        const char *kind, *done, *reason, *status, *justification;
    } rows[] = {
        {"acknowledge", "", "", "Pending", NULL},
        {"answer", "", "", "Approved", NULL},
        {"answer", "not-done", "resources", "Denied", "SystemResource"},
        {"decline", "", "insufficient", "Denied", "CannotProcess"},
        {"decline", "", "secrecy", "Denied", "Other"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *why;
        const struct report_said said[] = {
            {.kind = TEXT("inquiry")},
            {.kind = text_of(rows[i].kind), .request = text_of(rows[i].done), .why = text_of(rows[i].reason)}};
        struct report report = REPORT_EMPTY;
        report.said = said;
        report.said_count = 2;
        assert_string_equal(iodef_request_status(&report, &why), rows[i].status);
        assert_true(rows[i].justification ? why && !strcmp(why, rows[i].justification) : !why);
    }
}

static void control_characters_are_left_out_and_told(void **state) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    struct report report = REPORT_EMPTY;
    struct buf page = {.max = 1 << 20};
    (void)state;
    report.title = TEXT("a\x01"
                        "b");
    assert_int_equal(iodef_case_write(&report, &(struct case_writing){&a, &losses, 0}, &page, NULL), OK);
    assert_true(text_search(buf_as_text(&page), TEXT(">ab<")) < page.size);
    assert_true(losses.count > 0);
    buf_free(&page);
    arena_free(&a);
}

static void a_part_that_is_more_restricted_raises_the_level(void **state) {
    struct trial r;
    (void)state;
    assert_int_equal(read_words(&r, START
                                "<EventData restriction=\"red\"><StartTime>2026-03-01T09:00:00Z</StartTime><Flow>"
                                "<System category=\"source\"><Node><Address category=\"ipv4-addr\">192.0.2.1</Address>"
                                "</Node></System></Flow></EventData><History restriction=\"red\"/>" END),
                     OK);
    assert_int_equal(r.got.at[0].tlp, TLP_RED);
    assert_true(trial_lost(&r, LOSS_GUESSED, "restriction"));
    arena_free(&r.arena);
    assert_int_equal(read_words(&r, START "<Description restriction=\"green\">x</Description>"
                                          "<History restriction=\"red\"/>" END),
                     OK);
    assert_int_equal(r.got.at[0].tlp, TLP_AMBER);
    arena_free(&r.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back_to_the_bit),
        cmocka_unit_test(a_foreign_document_gives_its_facts_and_its_losses),
        cmocka_unit_test(what_has_no_place_is_told_by_its_name),
        cmocka_unit_test(an_event_within_another_has_what_that_one_says),
        cmocka_unit_test(what_is_no_document_of_ours_is_refused_with_its_line),
        cmocka_unit_test(what_is_nested_deep_or_very_large_is_refused),
        cmocka_unit_test(a_request_is_approved_denied_or_pending),
        cmocka_unit_test(a_part_that_is_more_restricted_raises_the_level),
        cmocka_unit_test(control_characters_are_left_out_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
