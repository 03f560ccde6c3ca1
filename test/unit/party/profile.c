/* RFC 2350 and security.txt: written from a card, read into what a card can say; what is left out is told. */
#include "card_lines.h"

#include "party/profile.h"

#define CARD                                                                                                           \
    "department abuse Abuse desk\nremit abuse class:fraud\nremit abuse network:192.0.2.0/24\n"                         \
    "languages abuse en,fr\nhours abuse Mo-Fr 08:00-18:00 Europe/Paris\nhours abuse else by telephone\n"               \
    "holiday abuse 2026-12-25 A feast\nabout * 3.4 By law.\nabout * contact https://north.example/report\n"            \
    "about abuse 2.3 Clocks are changed as in Europe/Paris\nabout abuse 3.1 First.\nabout abuse 3.1 7 Second.\n"       \
    "about abuse contact mailto:abuse@north.example\nabout abuse expires 2027-01-01T00:00:00Z\n"

static void same_names(struct names found, const char *const *expected, size_t count) {
    assert_int_equal(found.count, count);
    for (size_t i = 0; i < count; i++) assert_true(text_is(found.at[i], expected[i]));
}

static void about_is(const struct profile *p, size_t i, const char *key, const char *value) {
    assert_true(i < p->about_count);
    assert_true(text_is(p->abouts[i].key, key));
    assert_true(text_is(p->abouts[i].value, value));
}

static void a_card_is_read_back_from_its_document(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of(CARD "date 2026-03-01\n", &a);
    struct buf out = {.max = 1 << 20};
    struct profile p;
    rfc2350_write(&c, TEXT("abuse"), &out);
    assert_int_equal(rfc2350_read(buf_as_text(&out), &a, &p, NULL), OK);
    assert_true(text_is(p.title, "Abuse desk") && text_is(p.languages, "en,fr"));
    same_names(p.remits, (const char *[]){"network:192.0.2.0/24", "class:fraud"}, 2);
    same_names(p.hours, (const char *[]){"Mo-Fr 08:00-18:00 Europe/Paris", "else by telephone"}, 2);
    same_names(p.holidays, (const char *[]){"2026-12-25 A feast"}, 1);
    assert_int_equal(p.about_count, 4);
    about_is(&p, 0, "2.3", "Clocks are changed as in Europe/Paris");
    about_is(&p, 1, "3.1", "First.");
    about_is(&p, 2, "3.1", "7 Second."); /* no heading: it is text, and indented */
    about_is(&p, 3, "3.4", "By law.");
    assert_int_equal(p.left_count, 1); /* the date */
    buf_free(&out);
    arena_free(&a);
}

#define DOCUMENT                                                                                                       \
    "RFC 2350 of a team\r\n\r\n1. Document Information\r\n1.1 Date of Last Update\r\n2.1. Name of the Team\r\n"        \
    "7. Disclaimers\r\n"                                                                                               \
    "1. Document Information\r\n1.1. Date of Last Update\r\nVersion 2 of 2026.\r\n"                                    \
    "## 2.1 Name of the Team\n  The Team\n  at North\n2.8 Public Keys\nage1abc\n2.11 Points of Contact\n"              \
    "Hours: whenever\nClosed: sometimes\n\n1.2 is no heading here\n5.1 Incident Response\n5.1.1 Triage\nWe sort.\n"    \
    "5.9 Not in the table\na\ttab\n5.2\tProactive\nbell\a\n"

static void a_document_of_others_is_read_as_far_as_it_goes(void **state) {
    (void)state;
    struct arena a = {0};
    struct profile p;
    assert_int_equal(rfc2350_read(TEXT(DOCUMENT), &a, &p, NULL), OK);
    assert_true(text_is(p.title, "The Team"));
    same_names(p.hours, (const char *[]){"whenever"}, 1);
    assert_int_equal(p.about_count, 6);
    about_is(&p, 0, "2.1", "at North");
    about_is(&p, 1, "2.11", "Closed: sometimes");
    about_is(&p, 2, "2.11", "1.2 is no heading here");
    about_is(&p, 3, "5.1.1", "We sort.");
    about_is(&p, 4, "5.1.1", "5.9 Not in the table");
    about_is(&p, 5, "5.1.1", "a tab");
    assert_int_equal(p.left_count, 4); /* the line before all sections, the date, the key, the bell */
    assert_int_equal(p.left[0].line, 1);
    assert_int_equal(rfc2350_read(TEXT("We are a team.\n2.1"), &a, &p, NULL), ERR_INPUT);
    arena_free(&a);
}

static void of_the_party_all_departments_are_told(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of("department abuse Abuse\ndepartment law Law\nhours abuse Mo 08:00-09:00 UTC\n"
                            "hours law Mo 08:00-09:00 UTC\nabout law 3.1 Of one.\nabout * 3.1 Of all.\n",
                            &a);
    struct buf out = {.max = 1 << 20};
    rfc2350_write(&c, TEXT(""), &out);
    struct text t = buf_as_text(&out);
    assert_true(text_search(t, TEXT("Of all.")) != SIZE_MAX);
    assert_true(text_search(t, TEXT("Of one.")) == SIZE_MAX);
    assert_true(text_search(t, TEXT("    cert.north.example\n")) != SIZE_MAX);
    assert_true(text_search(t, TEXT("2.3 Time Zone\n\n    UTC\n\n2.11")) != SIZE_MAX); /* once */
    buf_free(&out);
    arena_free(&a);
}

static void a_security_txt_is_written_and_read(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of(CARD, &a);
    struct buf out = {.max = 1 << 20};
    struct profile p;
    instant expires, expected;
    assert_int_equal(security_txt_write(&c, TEXT("abuse"), &out, &expires, NULL), OK);
    assert_true(instant_read(TEXT("2027-01-01T00:00:00Z"), &expected) && expires == expected);
    assert_true(text_is(buf_as_text(&out), "# cert.north.example/abuse, card 0\nContact: mailto:abuse@north.example\n"
                                           "Expires: 2027-01-01T00:00:00Z\nPreferred-Languages: en, fr\n"));
    assert_int_equal(security_txt_read(buf_as_text(&out), &a, &p, NULL), OK);
    assert_true(p.fields && p.expires == expected && text_is(p.languages, "en,fr"));
    assert_int_equal(p.about_count, 2);
    assert_int_equal(p.left_count, 0);
    buf_clear(&out);
    assert_int_equal(security_txt_write(&c, TEXT(""), &out, &expires, NULL), ERR_MISSING); /* the party has no expiry */
    assert_int_equal(out.size, 0);
    buf_free(&out);
    arena_free(&a);
}

#define SIGNED                                                                                                         \
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# ours\r\ncontact:  mailto:a@north.example\nCONTACT: "        \
    "http://north.example\nContact: a@north.example\nExpires: 2026-12-31T18:37:07-01:00\nPreferred-Languages: "        \
    "en, pt-BR\nHiring: https://north.example/jobs\nCSAF: https://north.example/csaf\nShoe-Size: 42\nwhat\n"           \
    "-----BEGIN PGP SIGNATURE-----\n\nContact: mailto:liar@north.example\n-----END PGP SIGNATURE-----\n"

static void a_signed_one_is_read_without_its_signature(void **state) {
    (void)state;
    struct arena a = {0};
    struct profile p;
    assert_int_equal(security_txt_read(TEXT(SIGNED), &a, &p, NULL), OK);
    assert_int_equal(p.about_count, 4);
    about_is(&p, 0, "contact", "mailto:a@north.example");
    about_is(&p, 1, "expires", "2026-12-31T19:37:07Z");
    about_is(&p, 2, "hiring", "https://north.example/jobs");
    about_is(&p, 3, "csaf", "https://north.example/csaf");
    assert_true(text_is(p.languages, "en"));
    assert_int_equal(p.left_count, 6); /* signature, http, no address, pt-BR, an unknown field, no field */
    assert_int_equal(p.left[1].line, 6);
    arena_free(&a);
}

#define TWICE                                                                                                          \
    "Contact: mailto:a@north.example\nExpires: 2027-01-01T00:00:00Z\nPreferred-Languages: en\nPreferred-Languages: "   \
    "fr\n"

static void contact_and_one_expiry_are_needed(void **state) {
    (void)state;
    struct arena a = {0};
    struct profile p;
    static const char *const bad[] = {
        "",
        "Contact: mailto:a@north.example\n",
        "Expires: 2027-01-01T00:00:00Z\n",
        "Contact: mailto:a@north.example\nExpires: tomorrow\n",
        "Contact: mailto:a@north.example\nExpires: 2027-01-01T00:00:00Z\nExpires: 2027-01-01T00:00:00Z\n",
        TWICE};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(security_txt_read(text_of(bad[i]), &a, &p, NULL), ERR_INPUT);
    arena_free(&a);
}

static void times_have_offsets(void **state) {
    (void)state;
    instant i, noon;
    assert_true(instant_read(TEXT("2026-03-01T12:00:00Z"), &noon));
    assert_true(rfc3339_read(TEXT("2026-03-01t12:00:00z"), &i) && i == noon);
    assert_true(rfc3339_read(TEXT("2026-03-01T14:30:00.123456789+02:30"), &i) && i == noon);
    static const char *const bad[] = {"2026-03-01T12:00:00",
                                      "2026-03-01T12:00:00+0200",
                                      "2026-03-01T12:00:00.Z",
                                      "2026-03-01T12:00:00+24:00",
                                      "2026-03-01",
                                      "2026-03-01T25:00:00Z",
                                      ""};
    for (size_t n = 0; n < COUNT(bad); n++) assert_false(rfc3339_read(text_of(bad[n]), &i));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_read_back_from_its_document),
        cmocka_unit_test(a_document_of_others_is_read_as_far_as_it_goes),
        cmocka_unit_test(of_the_party_all_departments_are_told),
        cmocka_unit_test(a_security_txt_is_written_and_read),
        cmocka_unit_test(a_signed_one_is_read_without_its_signature),
        cmocka_unit_test(contact_and_one_expiry_are_needed),
        cmocka_unit_test(times_have_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
