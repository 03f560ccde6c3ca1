/* MISP's events: facts come back to the bit, ids are the same each time, and what has no place is told. */
#include "unit.h"

#include "random_sheet.h"
#include "trial.h"

static enum error read_misp(struct trial *t, struct text file) {
    const struct case_reading how = {.arena = &t->arena, .losses = &t->losses};
    return case_format_named(TEXT("misp"))->read(bytes_from_text(file), &how, &t->got, &t->diag);
}

static bool holds(const struct buf *b, const char *words) {
    return text_search(buf_as_text(b), text_of(words)) != SIZE_MAX;
}

static struct report report_of(struct sheet facts, enum tlp tlp) {
    struct report r = REPORT_EMPTY;
    r.title = TEXT("Logins, \"many\"");
    r.text = TEXT("From your network.\nPlease look.");
    r.id = TEXT("cert.north.example/5b2c4c0e-0000-4000-8000-000000000001");
    r.from = TEXT("cert.north.example/incident");
    r.to = TEXT("cert.south.example/abuse");
    r.lang = TEXT("fr");
    r.tlp = tlp;
    r.severity = TEXT("high");
    r.created = r.changed = 1772323200 * INSTANT_SECOND; /* midnight: MISP has the day alone */
    r.facts = facts;
    return r;
}

static void facts_and_what_is_around_come_back_to_the_bit(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct trial *t = trial_new();
        const struct report r = report_of(random_sheet(seed, 40, &t->arena), (enum tlp)(seed % TLP_COUNT));
        const struct case_writing how = {&t->arena, &t->losses, 0};
        struct buf file = {.max = 1 << 20}, again = {.max = 1 << 20};
        const struct case_format *f = case_format_named(TEXT("misp"));
        assert_int_equal(f->write(&r, &how, &file, &t->diag), OK);
        assert_int_equal(f->write(&r, &how, &again, &t->diag), OK);
        assert_true(text_equal(buf_as_text(&file), buf_as_text(&again)));
        assert_ptr_equal(case_format_seen(buf_as_bytes(&file)), f);
        assert_int_equal(t->losses.count, 0);
        assert_int_equal(read_misp(t, buf_as_text(&file)), OK);
        assert_int_equal(t->losses.count, 0);
        assert_int_equal(t->got.count, 1);
        const struct report *b = &t->got.at[0];
        assert_true(same_sheet(r.facts, b->facts));
        assert_true(text_equal(b->title, r.title) && text_equal(b->text, r.text) && text_equal(b->id, r.id));
        assert_true(text_equal(b->from, r.from) && text_equal(b->to, r.to) && text_equal(b->lang, r.lang));
        assert_true(text_equal(b->severity, r.severity) && b->tlp == r.tlp);
        assert_true(b->created == r.created && b->changed == r.changed);
        buf_free(&file);
        buf_free(&again);
        trial_end(t);
    }
}

static void findings_are_sightings_false_positives_and_notes(void **state) {
    struct trial *t = trial_new();
    struct fact facts[3];
    struct finding found[3] = {{.row = 0, .word = FINDING_CONFIRMED},
                               {.row = 1, .word = FINDING_REFUTED},
                               {.row = 2, .word = FINDING_NO_RECORDS, .note = TEXT("kept for a week")}};
    const struct case_writing how = {&t->arena, &t->losses, 0};
    struct buf file = {.max = 1 << 20};
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        facts[i] = fact_unknown();
        facts[i].object = object_of(&t->arena, "domain", arena_format(&t->arena, "%zu.example", i));
        found[i].first_seen = found[i].last_seen = INSTANT_NONE;
    }
    struct report r = report_of((struct sheet){facts, COUNT(facts)}, TLP_AMBER_STRICT);
    r.findings = found;
    r.findings_author = TEXT("cert.south.example/abuse");
    assert_int_equal(case_format_named(TEXT("misp"))->write(&r, &how, &file, NULL), OK);
    assert_true(holds(&file, "\"source\":\"cert.south.example/abuse: confirmed\",\"type\":\"0\""));
    assert_true(holds(&file, "\"source\":\"cert.south.example/abuse: refuted\",\"type\":\"1\""));
    assert_false(holds(&file, "abuse: no-records"));
    assert_true(holds(&file, "no-records (kept for a week)"));
    assert_true(holds(&file, "{\"name\":\"tlp:amber+strict\"}"));
    assert_true(holds(&file, "estimative-language:likelihood-probability=\\\"very-unlikely\\\""));
    assert_true(trial_lost(t, LOSS_AS_WORDS, "finding"));
    assert_int_equal(read_misp(t, buf_as_text(&file)), OK);
    assert_int_equal(t->got.at[0].facts.count, 3);
    assert_non_null(t->got.at[0].findings);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(t->got.at[0].findings[i].word, i == 2 ? FINDING_COUNT : found[i].word);
    assert_false(trial_lost(t, LOSS_GUESSED, "Sighting"));
    buf_free(&file);
    trial_end(t);
}

static const char foreign[] =
    "{\"response\":[{\"Event\":{\"id\":\"7\",\"uuid\":\"11111111-2222-4333-8444-555555555555\",\"info\":\"Campaign\","
    "\"date\":\"2026-03-01\",\"timestamp\":\"1772348400\",\"threat_level_id\":\"2\",\"analysis\":\"1\","
    "\"distribution\":\"3\",\"Orgc\":{\"name\":\"CERT North\"},\"Tag\":[{\"name\":\"tlp:white\"},"
    "{\"name\":\"rsit:fraud=\\\"phishing\\\"\"},{\"name\":\"type:OSINT\"},"
    "{\"name\":\"estimative-language:likelihood-probability=\\\"likely\\\"\"}],\"Galaxy\":[{\"name\":\"x\"}],"
    "\"Attribute\":["
    "{\"type\":\"ip-src|port\",\"value\":\"192.0.2.17|4242\",\"to_ids\":true,\"comment\":\"seen twice\","
    "\"first_seen\":\"2026-03-01T06:55:46.000000+00:00\"},"
    "{\"type\":\"md5\",\"value\":\"d41d8cd98f00b204e9800998ecf8427e\"},"
    "{\"type\":\"ip-dst\",\"value\":\"192.0.2.0/24\"},"
    "{\"type\":\"domain|ip\",\"value\":\"www.north.example|192.0.2.18\",\"Tag\":[{\"name\":\"tlp:green\"}]},"
    "{\"type\":\"target-email\",\"value\":\"someone@south.example\",\"deleted\":true},"
    "{\"type\":\"filename|sha256\",\"value\":\"a.exe|"
    "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855\"}],"
    "\"Object\":[{\"name\":\"url\",\"Attribute\":[{\"object_relation\":\"domain\",\"type\":\"domain\","
    "\"value\":\"www.north.example\"},{\"object_relation\":\"url\",\"type\":\"url\",\"value\":\"http://"
    "www.north.example/x\"},"
    "{\"object_relation\":\"first-seen\",\"type\":\"datetime\",\"value\":\"2026-03-01T07:00:00Z\"}]},"
    "{\"name\":\"person\",\"Attribute\":[]}]}}]}";

static void an_event_of_a_server_is_read_and_its_rest_is_told(void **state) {
    static const char *const dropped[] = {"Attribute.md5",     "Attribute.ip-dst",  "Attribute.to_ids",
                                          "Attribute.comment", "Attribute.deleted", "Attribute.filename|sha256",
                                          "Event.Tag",         "Event.Galaxy",      "Event.distribution",
                                          "Object.person",     "Object.url.value"};
    struct trial *t = trial_new();
    (void)state;
    assert_int_equal(read_misp(t, TEXT(foreign)), OK);
    assert_int_equal(t->got.count, 1);
    const struct report *r = &t->got.at[0];
    assert_true(text_is(r->title, "Campaign") && text_is(r->from, "CERT North") && text_is(r->severity, "medium"));
    assert_int_equal(r->tlp, TLP_GREEN);
    assert_true(text_search(r->text, TEXT("likely")) != SIZE_MAX);
    assert_int_equal(r->facts.count, 4);
    for (size_t i = 0; i < r->facts.count; i++) assert_true(text_is(r->facts.at[i].event, "phishing"));
    for (size_t i = 0; i < COUNT(dropped); i++) {
        if (!trial_lost(t, LOSS_DROPPED, dropped[i])) print_error("%s is not told\n", dropped[i]);
        assert_true(trial_lost(t, LOSS_DROPPED, dropped[i]));
    }
    assert_true(trial_lost(t, LOSS_GUESSED, "Event.Tag") && trial_lost(t, LOSS_GUESSED, "domain|ip"));
    assert_true(trial_lost(t, LOSS_GUESSED, "Tag") && trial_lost(t, LOSS_AS_WORDS, "Tag"));
    trial_end(t);
}

#define CONNECTION(uuid, to)                                                                                           \
    "{\"name\":\"network-connection\",\"uuid\":\"" uuid "\",\"Attribute\":[{\"object_relation\":\"ip-src\","           \
    "\"type\":\"ip-src\",\"value\":\"192.0.2.1\"}],\"comment\":\"parley: evidence-lines=7 "                            \
    "x=1\",\"ObjectReference\":[{"                                                                                     \
    "\"referenced_uuid\":\"" to "\",\"comment\":\"parley: of the same fact\",\"relationship_type\":\"related-to\"}]}"

/* A reference may come before what it names, and hostile ones name each other or one thing twice. */
static void objects_with_a_reference_are_one_fact(void **state) {
    static const struct {
        const char *objects;
        size_t facts;
        bool lost;
    } rows[] = {
        {CONNECTION("a", "b") ",{\"name\":\"url\",\"uuid\":\"b\",\"Attribute\":[{\"type\":\"url\",\"value\":\"http://"
                              "x.example/\"}]}",
         1, false},
        {"{\"name\":\"url\",\"uuid\":\"b\",\"Attribute\":[{\"type\":\"url\",\"value\":\"http://x.example/"
         "\"}]}," CONNECTION("a", "b"),
         1, false},
        {"{\"name\":\"url\",\"uuid\":\"b\",\"Attribute\":[{\"type\":\"url\",\"value\":\"http://x.example/"
         "\"}]}," CONNECTION("a", "b") "," CONNECTION("c", "b"),
         2, true},
        {CONNECTION("a", "a"), 1, true},
        {CONNECTION("a", "nobody"), 1, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial *t = trial_new();
        struct text file = arena_format(&t->arena, "{\"Event\":{\"info\":\"x\",\"Object\":[%s]}}", rows[i].objects);
        assert_int_equal(read_misp(t, file), OK);
        assert_int_equal(t->got.at[0].facts.count, rows[i].facts);
        assert_int_equal(trial_lost(t, LOSS_DROPPED, "Object.network-connection.ObjectReference"), rows[i].lost);
        assert_true(trial_lost(t, LOSS_DROPPED, "Object.network-connection.comment"));
        if (!rows[i].lost) {
            assert_int_equal(t->got.at[0].facts.at[0].evidence, 7);
            assert_true(text_is(t->got.at[0].facts.at[0].object, "url:http://x.example/"));
        }
        trial_end(t);
    }
}

static void sightings_of_others_are_taken_with_a_word_about_it(void **state) {
    static const char file[] =
        "{\"Event\":{\"info\":\"x\",\"Attribute\":["
        "{\"type\":\"url\",\"value\":\"http://a.example/\",\"Sighting\":[{\"type\":\"0\",\"source\":\"soc\"}]},"
        "{\"type\":\"url\",\"value\":\"http://b.example/\",\"Sighting\":[{\"type\":1},{\"type\":\"2\"}]},"
        "{\"type\":\"url\",\"value\":\"http://c.example/\",\"Sighting\":[{\"type\":\"0\"},{\"type\":\"1\"}],"
        "\"first_seen\":\"2026-03-01T06:55:46.5Z\"},"
        "{\"type\":\"url\",\"value\":\"http://d.example/\"}]}}";
    struct trial *t = trial_new();
    (void)state;
    assert_int_equal(read_misp(t, TEXT(file)), OK);
    const struct finding *f = t->got.at[0].findings;
    assert_non_null(f);
    assert_int_equal(f[0].word, FINDING_CONFIRMED);
    assert_int_equal(f[1].word, FINDING_REFUTED);
    assert_int_equal(f[2].word, FINDING_COUNT);
    assert_int_equal(f[3].word, FINDING_CONFIRMED);
    assert_true(trial_lost(t, LOSS_GUESSED, "Sighting") && trial_lost(t, LOSS_DROPPED, "Sighting.type"));
    assert_true(trial_lost(t, LOSS_DROPPED, "finding") && trial_lost(t, LOSS_DROPPED, "first_seen"));
    trial_end(t);
}

static void parts_without_an_event_are_read(void **state) {
    static const char *const files[] = {
        "{\"Attribute\":{\"type\":\"url\",\"value\":\"http://x.example/\"}}",
        "{\"response\":{\"Attribute\":[{\"type\":\"url\",\"value\":\"http://x.example/\"}]}}",
        "{\"Object\":{\"name\":\"url\",\"Attribute\":[{\"type\":\"url\",\"value\":\"http://x.example/\"}]}}",
        "[{\"Event\":{\"info\":\"x\",\"Attribute\":[{\"type\":\"url\",\"value\":\"http://x.example/\"}]}}]",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct trial *t = trial_new();
        assert_int_equal(read_misp(t, text_of(files[i])), OK);
        assert_int_equal(t->got.count, 1);
        assert_int_equal(t->got.at[0].facts.count, 1);
        assert_true(text_is(t->got.at[0].facts.at[0].object, "url:http://x.example/"));
        trial_end(t);
    }
}

static void what_is_no_event_is_refused(void **state) {
    static const char *const files[] = {"",           "{}", "[1]", "{\"response\":{}}", "{\"Event\":1}", "[[[[[{}]]]]]",
                                        "{\"Event\":"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct trial *t = trial_new();
        assert_int_equal(read_misp(t, text_of(files[i])), ERR_INPUT);
        trial_end(t);
    }
}

static void much_of_anything_takes_bounded_time_and_memory(void **state) {
    enum { MANY = 100000 };
    struct trial *t = trial_new();
    struct buf file = {.max = 1 << 27};
    (void)state;
    buf_string(&file, "{\"Event\":{\"info\":\"x\",\"Attribute\":[{\"type\":\"ip-src\",\"value\":\"192.0.2.1\"}");
    for (int i = 0; i < MANY; i++) buf_format(&file, ",{\"type\":\"t%d\",\"value\":\"\xc3\xa9\"}", i);
    buf_string(&file, ",{\"type\":\"");
    for (int i = 0; i < MANY; i++) buf_string(&file, "\xc3\xa9");
    buf_string(&file, "\",\"value\":1}]}}");
    assert_int_equal(read_misp(t, buf_as_text(&file)), OK);
    assert_true(trial_lost(t, LOSS_DROPPED, "*"));
    assert_int_equal(t->got.at[0].facts.count, 1);
    json_decref(losses_json(&t->losses));
    buf_clear(&file);
    for (int i = 0; i < MANY; i++) buf_string(&file, "{\"Event\":");
    assert_int_equal(read_misp(t, buf_as_text(&file)), ERR_LIMIT);
    buf_clear(&file);
    buf_string(&file, "{\"info\":\"");
    for (int i = 0; i < (100 << 20) / 64; i++)
        buf_string(&file, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    buf_string(&file, "\"}");
    assert_int_equal(read_misp(t, buf_as_text(&file)), ERR_LIMIT);
    buf_free(&file);
    trial_end(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_and_what_is_around_come_back_to_the_bit),
        cmocka_unit_test(findings_are_sightings_false_positives_and_notes),
        cmocka_unit_test(an_event_of_a_server_is_read_and_its_rest_is_told),
        cmocka_unit_test(objects_with_a_reference_are_one_fact),
        cmocka_unit_test(sightings_of_others_are_taken_with_a_word_about_it),
        cmocka_unit_test(parts_without_an_event_are_read),
        cmocka_unit_test(what_is_no_event_is_refused),
        cmocka_unit_test(much_of_anything_takes_bounded_time_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
