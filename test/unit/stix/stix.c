/* Ids that the standard prescribes, times, and the bundle. */
#include "unit.h"

#include "stix/stix.h"

static struct ip ip(const char *t) {
    struct ip a;
    assert_true(ip_read(text_of(t), &a));
    return a;
}

static void id_is(json_t *taken, const char *expected) {
    assert_string_equal(json_text(taken, "id").at, expected);
    json_decref(taken);
}

/* The first is the example of STIX 2.1, section 2.9; the others were computed with Python's uuid.  (Many ids in the
 * examples of section 6 do not follow from their objects.) */
static void observables_have_the_ids_of_the_standard(void **state) {
    (void)state;
    id_is(stix_address(ip("198.51.100.3")), "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
    id_is(stix_address(ip("2001:DB8::1")), "ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26");
    id_is(stix_domain(TEXT("example.com")), "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7");
    id_is(stix_autonomous_system(15139, TEXT("Slime Industries")),
          "autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff");
    id_is(stix_file_sha256(TEXT("ceafbfd424be2ca4a5f0402cae090dda2fb0526cf521b60b60077c0f622b285a")),
          "file--70221dbf-52fd-5377-9619-c0ce6b3ffc8c");
    id_is(stix_account(TEXT("root")), "user-account--3d209579-8f71-5179-b6a3-49509efb52cc");
}

static void uuid5_is_that_of_rfc_9562(void **state) {
    (void)state;
    char out[37];
    stix_uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", bytes_from_text(TEXT("www.example.com")), out);
    assert_string_equal(out, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

static void times_have_milliseconds(void **state) {
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {{"2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"},
                {"2026-03-01T12:00:00.123456Z", "2026-03-01T12:00:00.123Z"},
                {"1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        instant t, again;
        char out[STIX_TIME_MAX];
        assert_true(instant_read(text_of(rows[i].in), &t));
        assert_string_equal(stix_time(t, out).at, rows[i].out);
        assert_true(stix_read_time(text_of(out), &again));
        assert_true(stix_read_time(text_of(rows[i].in), &t));
        assert_int_equal(t, again);
    }
    assert_false(stix_read_time(TEXT("2026-03-01 12:00"), &(instant){0}));
}

static void a_bundle_is_canonical_and_repeats(void **state) {
    (void)state;
    struct buf first = {.max = 1 << 16}, second = {.max = 1 << 16};
    for (int round = 0; round < 2; round++) {
        struct stix s = stix_begin(1772366400 * INSTANT_SECOND, TLP_AMBER, TEXT("fr"));
        struct ip source = ip("192.0.2.17"), target = ip("198.51.100.9");
        stix_author(&s, TEXT("cert.north.example"));
        json_t *traffic = stix_traffic(&s, &(struct stix_traffic){.first = s.created,
                                                                  .last = s.created,
                                                                  .source = &source,
                                                                  .target = &target,
                                                                  .source_port = -1,
                                                                  .target_port = 22,
                                                                  .protocol = TEXT("tcp")});
        json_t *refs = json_array();
        json_add_text(refs, stix_id_text(traffic));
        stix_add(&s, traffic);
        stix_add(&s, stix_address(source)); /* again: dropped */
        stix_add(&s, stix_observed(&s, stix_id_of("observed-data", TEXT("row 1")), s.created, s.created, 1, refs));
        assert_int_equal(json_array_size(s.objects), 5);
        stix_write(&s, round ? &second : &first);
        stix_free(&s);
    }
    assert_true(text_equal(buf_as_text(&first), buf_as_text(&second)));
    json_t *bundle;
    assert_int_equal(json_read_canonical(buf_as_bytes(&first), &bundle, NULL), OK);
    size_t at = 0;
    json_t *observed = stix_find(bundle, "observed-data", &at);
    assert_true(text_is(json_text(observed, "created"), "2026-03-01T12:00:00.000Z"));
    assert_true(text_is(json_text(observed, "created_by_ref"), stix_id_of("identity", TEXT("cert.north.example")).at));
    assert_true(text_is(json_text(observed, "lang"), "fr"));
    assert_null(stix_find(bundle, "observed-data", &at));
    json_decref(bundle);
    buf_free(&first);
    buf_free(&second);
}

static void a_bundle_keeps_to_the_maximum(void **state) {
    (void)state;
    struct buf small = {.max = 100};
    struct stix s = stix_begin(0, TLP_NONE, TEXT(""));
    stix_author(&s, TEXT("cert.north.example"));
    stix_write(&s, &small);
    assert_int_equal(buf_check(&small, NULL), ERR_LIMIT);
    stix_free(&s);
    buf_free(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observables_have_the_ids_of_the_standard),
        cmocka_unit_test(uuid5_is_that_of_rfc_9562),
        cmocka_unit_test(times_have_milliseconds),
        cmocka_unit_test(a_bundle_is_canonical_and_repeats),
        cmocka_unit_test(a_bundle_keeps_to_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
