/* IntelMQ's events, as JSON lines and as CSV: facts come back to the bit, what has no place is told, and what is no
 * event is refused with its line. */
#include "unit.h"

#include "random_sheet.h"
#include "trial.h"

static enum error read_as(struct trial *t, const char *format, struct text file) {
    const struct case_reading how = {.event = {0}, .arena = &t->arena, .losses = &t->losses};
    return case_format_named(text_of(format))->read(bytes_from_text(file), &how, &t->got, &t->diag);
}

static struct report report_of(struct sheet facts) {
    struct report r = REPORT_EMPTY;
    r.title = TEXT("Logins, \"many\"");
    r.text = TEXT("From your network.\nPlease look.");
    r.id = TEXT("cert.north.example/5b2c4c0e-0000-4000-8000-000000000001");
    r.from = TEXT("cert.north.example/incident");
    r.to = TEXT("cert.south.example/abuse");
    r.lang = TEXT("fr");
    r.tlp = TLP_AMBER_STRICT;
    r.severity = TEXT("high");
    r.created = r.changed = 1772348400 * INSTANT_SECOND;
    r.facts = facts;
    return r;
}

static const char *const formats[] = {"intelmq", "intelmq-csv"};

static void facts_and_what_is_around_come_back_to_the_bit(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++)
        for (size_t i = 0; i < COUNT(formats); i++) {
            struct trial *t = trial_new();
            const struct report r = report_of(random_sheet(seed, 40, &t->arena));
            const struct case_writing how = {&t->arena, &t->losses, 0};
            struct buf file = {.max = 1 << 20}, again = {.max = 1 << 20};
            const struct case_format *f = case_format_named(text_of(formats[i]));
            assert_int_equal(f->write(&r, &how, &file, &t->diag), OK);
            assert_int_equal(f->write(&r, &how, &again, &t->diag), OK);
            assert_true(text_equal(buf_as_text(&file), buf_as_text(&again)));
            assert_ptr_equal(case_format_seen(buf_as_bytes(&file)), f);
            assert_int_equal(t->losses.count, 0);
            assert_int_equal(read_as(t, formats[i], buf_as_text(&file)), OK);
            assert_int_equal(t->losses.count, 0);
            assert_int_equal(t->got.count, 1);
            const struct report *b = &t->got.at[0];
            assert_true(same_sheet(r.facts, b->facts));
            assert_true(text_equal(b->title, r.title) && text_equal(b->text, r.text) && text_equal(b->id, r.id));
            assert_true(text_equal(b->from, r.from) && text_equal(b->to, r.to) && text_equal(b->lang, r.lang));
            assert_true(text_equal(b->severity, r.severity) && b->tlp == r.tlp && b->created == r.created);
            buf_free(&file);
            buf_free(&again);
            trial_end(t);
        }
}

static void an_event_of_a_feed_is_a_fact_and_its_rest_is_told(void **state) {
    static const char file[] =
        "{\"__type\":\"Event\",\"source.ip\":\"192.0.2.17\",\"source.port\":4242,\"source.asn\":64496,"
        "\"destination.ip\":\"203.0.113.5\",\"destination.port\":\"22\",\"protocol.transport\":\"TCP\","
        "\"classification.taxonomy\":\"intrusion-attempts\",\"classification.type\":\"brute-force\","
        "\"time.source\":\"2026-03-01T06:55:46+00:00\",\"time.observation\":\"2026-03-01T08:00:00+00:00\","
        "\"feed.provider\":\"Feeds of the North\",\"feed.accuracy\":80.0,\"tlp\":\"AMBER\",\"raw\":\"Zm9v\"}\n"
        "{\"source\":{\"fqdn\":\"www.north.example\",\"url\":\"http://www.north.example/x\"},\"tlp\":\"WHITE\","
        "\"classification\":{\"type\":\"c&c\"},\"time\":{\"source\":\"2026-03-01T07:55:46+01:00\"},"
        "\"extra\":{\"a\":{\"b\":[1,2]}}}\n";
    struct trial *t = trial_new();
    (void)state;
    assert_int_equal(read_as(t, "intelmq", TEXT(file)), OK);
    assert_int_equal(t->got.count, 2);
    const struct report *clear = &t->got.at[0], *amber = &t->got.at[1];
    assert_true(clear->tlp == TLP_CLEAR && amber->tlp == TLP_AMBER);
    assert_int_equal(clear->facts.count, 1);
    assert_true(text_is(clear->facts.at[0].object, "url:http://www.north.example/x"));
    assert_true(text_is(clear->facts.at[0].event, "c2-server"));
    assert_true(clear->facts.at[0].first == amber->facts.at[0].first);
    assert_true(text_is(amber->from, "Feeds of the North"));
    assert_true(text_is(amber->facts.at[0].protocol, "tcp"));
    assert_int_equal(amber->facts.at[0].dst_port, 22);
    assert_true(trial_lost(t, LOSS_DROPPED, "source.asn") && trial_lost(t, LOSS_DROPPED, "raw"));
    assert_true(trial_lost(t, LOSS_DROPPED, "feed.accuracy") && trial_lost(t, LOSS_DROPPED, "extra.a.b"));
    assert_true(trial_lost(t, LOSS_GUESSED, "classification.type") && trial_lost(t, LOSS_DROPPED, "source.fqdn"));
    trial_end(t);
}

static void values_that_can_not_be_read_are_told_and_the_rest_stands(void **state) {
    static const char file[] = "{\"source.ip\":\"192.0.2.300\",\"source.account\":\"root\",\"source.port\":70000,"
                               "\"time.source\":\"yesterday\",\"extra.count\":0,\"tlp\":\"BLUE\","
                               "\"classification.type\":\"magic\",\"protocol.transport\":\"t c p\"}";
    static const char *const lost[] = {"source.ip", "source.port",         "time.source",       "extra.count",
                                       "tlp",       "classification.type", "protocol.transport"};
    struct trial *t = trial_new();
    (void)state;
    assert_int_equal(read_as(t, "intelmq", TEXT(file)), OK);
    assert_int_equal(t->got.at[0].facts.count, 1);
    assert_true(text_is(t->got.at[0].facts.at[0].object, "account:root"));
    for (size_t i = 0; i < COUNT(lost); i++) assert_true(trial_lost(t, LOSS_DROPPED, lost[i]));
    trial_end(t);
}

static void what_was_found_comes_back_beside_its_fact(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct trial *t = trial_new();
        struct report r = report_of(random_sheet(7, 40, &t->arena));
        struct finding *found = ARENA_ARRAY(&t->arena, struct finding, r.facts.count);
        const struct case_writing how = {&t->arena, &t->losses, 0};
        struct buf file = {.max = 1 << 20};
        for (size_t k = 0; k < r.facts.count; k++) found[k].word = (enum finding_word)(k % (FINDING_COUNT + 1));
        r.findings = found;
        assert_int_equal(case_format_named(text_of(formats[i]))->write(&r, &how, &file, NULL), OK);
        assert_int_equal(read_as(t, formats[i], buf_as_text(&file)), OK);
        assert_int_equal(t->losses.count, 0);
        assert_non_null(t->got.at[0].findings);
        for (size_t k = 0; k < r.facts.count; k++) assert_int_equal(t->got.at[0].findings[k].word, found[k].word);
        buf_free(&file);
        trial_end(t);
    }
}

static void a_csv_of_python_is_read(void **state) {
    static const char file[] = "time.source,source.ip,comment,source.asn\r\n"
                               "2026-03-01T06:55:46+00:00,192.0.2.17,\"a\r\nb\",64496\r\n\r\n";
    struct trial *t = trial_new();
    (void)state;
    assert_int_equal(read_as(t, "intelmq-csv", TEXT(file)), OK);
    assert_int_equal(t->got.at[0].facts.count, 1);
    assert_true(text_is(t->got.at[0].text, "a\r\nb"));
    assert_true(trial_lost(t, LOSS_DROPPED, "source.asn"));
    trial_end(t);
}

static void what_is_no_event_is_refused_with_its_line(void **state) {
    static const struct {
        const char *format, *file;
        uint64_t line;
    } rows[] = {
        {"intelmq", "{}\n{\"source.ip\":\"192.0.2.1\"\n", 2},
        {"intelmq", "{}\n\n[1]\n", 3},
        {"intelmq", "{\"a\":\"\xff\"}\n", 1},
        {"intelmq", "[{}, 1]", 0},
        {"intelmq-csv", "", 1},
        {"intelmq-csv", "a,b\n1,2\n", 1},
        {"intelmq-csv", "source.ip,source.ip\n", 1},
        {"intelmq-csv", "source.ip,source.port\n192.0.2.1,2\n192.0.2.1\n", 3},
        {"intelmq-csv", "source.ip,source.port\n192.0.2.1,\"2\n", 2},
        {"intelmq-csv", "source.ip\n\xff\n", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial *t = trial_new();
        assert_int_equal(read_as(t, rows[i].format, text_of(rows[i].file)), ERR_INPUT);
        assert_int_equal(t->diag.line, rows[i].line);
        trial_end(t);
    }
}

static void much_of_anything_takes_bounded_time_and_memory(void **state) {
    enum { MANY = 200000 };
    struct trial *t = trial_new();
    struct buf file = {.max = 1 << 27};
    (void)state;
    for (int i = 0; i < MANY; i++) buf_format(&file, "{\"x%d\":1,\"source.ip\":\"192.0.2.1\"}\n", i);
    assert_int_equal(read_as(t, "intelmq", buf_as_text(&file)), OK);
    assert_true(trial_lost(t, LOSS_DROPPED, "*"));
    assert_int_equal(t->got.at[0].facts.count, 1);
    assert_int_equal(t->got.at[0].facts.at[0].count, MANY);
    buf_clear(&file);
    for (int i = 0; i < MANY; i++) buf_string(&file, "{\"a\":");
    assert_int_equal(read_as(t, "intelmq", buf_as_text(&file)), ERR_LIMIT);
    buf_clear(&file);
    buf_string(&file, "{\"comment\":\"");
    for (int i = 0; i < (100 << 20) / 64; i++)
        buf_string(&file, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    buf_string(&file, "\"}\n");
    assert_int_equal(read_as(t, "intelmq", buf_as_text(&file)), ERR_LIMIT);
    assert_int_equal(t->diag.line, 1);
    buf_free(&file);
    trial_end(t);
}

static void the_more_restricted_of_two_levels_counts(void **state) {
    static const struct {
        const char *words;
        enum tlp level;
    } rows[] = {{"\"tlp\":\"RED\",\"extra.tlp\":\"CLEAR\"", TLP_RED},
                {"\"tlp\":\"RED\",\"extra.tlp\":\"BLUE\"", TLP_RED},
                {"\"tlp\":\"GREEN\",\"extra.tlp\":\"AMBER\"", TLP_AMBER},
                {"\"tlp\":\"RED\",\"extra.tlp\":\"AMBER+STRICT\"", TLP_AMBER_STRICT}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial *t = trial_new();
        struct text line = arena_format(&t->arena, "{\"source.ip\":\"192.0.2.1\",%s}\n", rows[i].words);
        assert_int_equal(read_as(t, "intelmq", line), OK);
        assert_int_equal(t->got.count, 1);
        assert_int_equal(t->got.at[0].tlp, rows[i].level);
        trial_end(t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_and_what_is_around_come_back_to_the_bit),
        cmocka_unit_test(an_event_of_a_feed_is_a_fact_and_its_rest_is_told),
        cmocka_unit_test(values_that_can_not_be_read_are_told_and_the_rest_stands),
        cmocka_unit_test(what_was_found_comes_back_beside_its_fact),
        cmocka_unit_test(a_csv_of_python_is_read),
        cmocka_unit_test(what_is_no_event_is_refused_with_its_line),
        cmocka_unit_test(the_more_restricted_of_two_levels_counts),
        cmocka_unit_test(much_of_anything_takes_bounded_time_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
