/* What a message says, to STIX and back. */
#include "unit.h"

#include "stix/body.h"

#define MATTER TEXT("cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01")

static struct body claim(void) {
    json_t *extension = json_object(), *objects = json_array();
    json_put_text(extension, "sheet", TEXT("f1c2b01"));
    json_put_u64(extension, "rows", 12);
    struct ip source = ip_from_v4(0xc0000211);
    json_add(objects, stix_address(source));
    return (struct body){.kind = TEXT("claim"),
                         .title = TEXT("Login attempts against mail servers"),
                         .text = TEXT("Twelve rows,\nall from one network."),
                         .lang = TEXT("en"),
                         .author = TEXT("cert.north.example/incident"),
                         .matter = MATTER,
                         .tlp = TLP_AMBER,
                         .created = 1772366400 * INSTANT_SECOND,
                         .extension = extension,
                         .objects = objects};
}

static struct body answer(void) {
    json_t *extension = json_object();
    json_put_text(extension, "findings", TEXT("a1b2"));
    return (struct body){.kind = TEXT("answer"),
                         .lang = TEXT("fr"),
                         .author = TEXT("cert.south.example/abuse"),
                         .matter = MATTER,
                         .tlp = TLP_NONE,
                         .created = 1772452800 * INSTANT_SECOND,
                         .opinion = BODY_NEUTRAL,
                         .extension = extension};
}

static struct body check_in(void) {
    return (struct body){.kind = TEXT("check-in"),
                         .text = TEXT("Here."),
                         .author = TEXT("cert.south.example/abuse"),
                         .tlp = TLP_CLEAR,
                         .created = 1772452800 * INSTANT_SECOND + 5000};
}

static void same(const struct body *a, const struct body *b) {
    assert_true(text_equal(a->kind, b->kind));
    assert_true(text_equal(a->title, b->title));
    assert_true(text_equal(a->text, b->text));
    assert_true(text_equal(a->lang, b->lang));
    assert_true(text_equal(a->author, b->author));
    assert_true(text_equal(a->matter, b->matter));
    assert_int_equal(a->tlp, b->tlp);
    assert_int_equal(a->created, b->created);
    assert_int_equal(a->opinion, b->opinion);
}

static void what_is_written_is_read(void **state) {
    (void)state;
    struct body (*const makers[])(void) = {claim, answer, check_in};
    for (size_t i = 0; i < COUNT(makers); i++) {
        struct body b = makers[i](), read;
        struct buf out = {.max = BODY_MAX_BYTES}, again = {.max = BODY_MAX_BYTES};
        struct diag d;
        assert_int_equal(body_write(&b, &out, &d), OK);
        assert_null(b.extension);
        assert_int_equal(body_read(buf_as_bytes(&out), &read, &d), OK);
        same(&b, &read);
        /* Written again from what was read: the same bytes. */
        struct body copy = read;
        copy.extension = json_incref(read.extension);
        copy.objects = json_incref(read.objects);
        assert_int_equal(body_write(&copy, &again, &d), OK);
        assert_true(text_equal(buf_as_text(&out), buf_as_text(&again)));
        body_free(&read);
        buf_free(&out);
        buf_free(&again);
    }
}

static void a_claim_is_an_incident_in_a_grouping(void **state) {
    (void)state;
    struct body b = claim(), read;
    struct buf out = {.max = BODY_MAX_BYTES};
    assert_int_equal(body_write(&b, &out, NULL), OK);
    assert_int_equal(body_read(buf_as_bytes(&out), &read, NULL), OK);
    size_t at = 0;
    json_t *incident = stix_find(read.bundle, "incident", &at);
    assert_true(text_is(json_text(incident, "name"), "Login attempts against mail servers"));
    at = 0;
    json_t *grouping = stix_find(read.bundle, "grouping", &at);
    assert_true(text_is(stix_id_text(grouping), stix_id_of("grouping", MATTER).at));
    assert_int_equal(json_array_size(json_list(grouping, "object_refs")), 2);
    assert_true(text_is(json_text(read.extension, "sheet"), "f1c2b01"));
    assert_int_equal(json_array_size(read.objects), 4);
    body_free(&read);
    buf_free(&out);
}

/* An answer's note and opinion point to the grouping that the claim made, without having seen the claim's bundle. */
static void an_answer_is_a_note_and_an_opinion(void **state) {
    (void)state;
    struct body b = answer(), read;
    struct buf out = {.max = BODY_MAX_BYTES};
    assert_int_equal(body_write(&b, &out, NULL), OK);
    assert_int_equal(body_read(buf_as_bytes(&out), &read, NULL), OK);
    const char *types[] = {"note", "opinion"};
    for (size_t i = 0; i < COUNT(types); i++) {
        size_t at = 0;
        json_t *object = stix_find(read.bundle, types[i], &at);
        assert_true(text_is(json_as_text(json_array_get(json_list(object, "object_refs"), 0)),
                            stix_id_of("grouping", MATTER).at));
    }
    assert_int_equal(read.text.size, 0); /* the note's content is the kind's name, which means no text */
    body_free(&read);
    buf_free(&out);
}

static void what_stix_forbids_is_not_written(void **state) {
    (void)state;
    static const char *members[] = {"id", "Sheet", "a-b", "sheet_bin", "data_hex", "1st"};
    for (size_t i = 0; i < COUNT(members); i++) {
        struct body b = claim();
        json_put_u64(b.extension, members[i], 1);
        assert_int_equal(body_write(&b, &(struct buf){.max = 100}, NULL), ERR_INTERNAL);
        assert_null(b.extension);
        assert_null(b.objects);
    }
    struct body b = claim();
    json_put(b.extension, "empty", json_array());
    assert_int_equal(body_write(&b, &(struct buf){.max = 100}, NULL), ERR_INTERNAL);
    b = claim();
    json_put_text(b.extension, "kind", TEXT("answer"));
    assert_int_equal(body_write(&b, &(struct buf){.max = 100}, NULL), ERR_INTERNAL);
    b = claim();
    b.title = TEXT("");
    assert_int_equal(body_write(&b, &(struct buf){.max = 100}, NULL), ERR_INPUT);
    b = claim();
    b.matter = TEXT("");
    assert_int_equal(body_write(&b, &(struct buf){.max = 100}, NULL), ERR_INPUT);
    b = claim();
    b.text = TEXT("\xff");
    assert_int_equal(body_write(&b, &(struct buf){.max = 100}, NULL), ERR_INPUT);
    b = claim();
    struct buf small = {.max = 100};
    assert_int_equal(body_write(&b, &small, NULL), ERR_LIMIT);
    buf_free(&small);
}

/* Replaces the first `from` in the body by `to` and reads. */
static enum error read_changed(struct text body, const char *from, const char *to) {
    struct buf changed = {.max = BODY_MAX_BYTES};
    size_t at = text_search(body, text_of(from));
    assert_true(at != SIZE_MAX);
    buf_text(&changed, text_sub(body, 0, at));
    buf_string(&changed, to);
    buf_text(&changed, text_sub(body, at + strlen(from), body.size));
    struct body read;
    struct diag d = {0};
    enum error result = body_read(buf_as_bytes(&changed), &read, &d);
    if (result == OK) body_free(&read);
    if (result) assert_true(d.text[0]);
    buf_free(&changed);
    return result;
}

static void a_body_of_another_shape_is_refused(void **state) {
    (void)state;
    struct body b = claim();
    struct buf out = {.max = BODY_MAX_BYTES};
    assert_int_equal(body_write(&b, &out, NULL), OK);
    struct text t = buf_as_text(&out);
    static const struct {
        const char *from, *to;
    } rows[] = {{"\"type\":\"bundle\"", "\"type\":\"bundles\""},
                {"c70fd111", "c70fd112"},
                {"\"kind\":\"claim\"", "\"kind\":\"answer\""},
                {"\"kind\":\"claim\"", "\"kind\":5"},
                {"property-extension", "new-sdo"},
                {"\"name\":\"cert.north.example/incident\",", ""},
                {"\"name\":\"Login attempts against mail servers\",\"object_marking", "\"object_marking"},
                {"12:00:00.000Z\",\"created_by", "12:00:00.000\",\"created_by"},
                {"\"spec_version\":\"2.1\",\"type\":\"incident\"", "\"spec_version\":\"2.0\",\"type\":\"incident\""},
                {"{\"id\"", "{ \"id\""},
                {"\"case\":\"cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01\",", ""}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (read_changed(t, rows[i].from, rows[i].to) != ERR_INPUT) {
            print_error("taken: %s\n", rows[i].to);
            assert_true(false);
        }
    assert_int_equal(read_changed(t, "192.0.2.17", "192.0.2.18"), OK); /* another object is not the reader's business */
    /* A second object with the extension. */
    struct body two = check_in();
    json_t *bundle;
    assert_int_equal(json_read_canonical(buf_as_bytes(&out), &bundle, NULL), OK);
    two.objects = json_incref(json_list(bundle, "objects"));
    json_decref(bundle);
    struct buf both = {.max = BODY_MAX_BYTES};
    struct body read;
    assert_int_equal(body_write(&two, &both, NULL), OK);
    assert_int_equal(body_read(buf_as_bytes(&both), &read, NULL), ERR_INPUT);
    buf_free(&both);
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_claim_is_an_incident_in_a_grouping),
        cmocka_unit_test(an_answer_is_a_note_and_an_opinion),
        cmocka_unit_test(what_stix_forbids_is_not_written),
        cmocka_unit_test(a_body_of_another_shape_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
