/* The vocabularies: every word reads back to itself, values are unique, and the ids that others rely on are pinned. */
#include "unit.h"

#include <stdio.h>

#include "vocab/finding.h"
#include "vocab/iso3166.h"
#include "vocab/rsit.h"
#include "vocab/tlp.h"
#include "vocab/words.h"

static void tlp_markings_are_those_of_oasis(void **state) {
    (void)state;
    static const struct {
        const char *name, *marking;
    } rows[] = {{"CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"},
                {"GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
                {"AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
                {"AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"},
                {"RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"}};
    assert_int_equal(TLP_COUNT, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum tlp level;
        assert_true(tlp_read(text_of(rows[i].name), &level));
        assert_int_equal(level, i);
        assert_string_equal(tlp_name(level), rows[i].name);
        assert_string_equal(tlp_marking_id(level), rows[i].marking);
    }
    enum tlp level;
    static const char *bad[] = {"WHITE", "amber", "TLP:AMBER", "AMBER-STRICT", "AMBER STRICT", ""};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(tlp_read(text_of(bad[i]), &level));
}

static void findings_have_their_class(void **state) {
    (void)state;
    static const size_t expected[] = {[FINDING_SUPPORTS] = 3, [FINDING_AGAINST] = 1, [FINDING_SILENT] = 4};
    size_t found[3] = {0};
    for (int i = 0; i < FINDING_COUNT; i++) {
        enum finding_word word;
        assert_true(finding_read(text_of(finding_name((enum finding_word)i)), &word));
        assert_int_equal(word, i);
        assert_true(finding_meaning(word)[0]);
        found[finding_class_of(word)]++;
    }
    assert_memory_equal(found, expected, sizeof found);
    enum finding_word word;
    assert_false(finding_read(TEXT("Confirmed"), &word) || finding_read(TEXT(""), &word));
    assert_true(finding_read(TEXT("not-seen"), &word));
    assert_int_equal(finding_class_of(word), FINDING_SILENT);
}

static void rsit_has_its_classes_and_types(void **state) {
    (void)state;
    assert_int_equal(rsit_type_count, 39);
    size_t classes = 0;
    for (size_t i = 0; i < rsit_type_count; i++) {
        const struct rsit_type *type = &rsit_types[i];
        char pair[120];
        snprintf(pair, sizeof pair, "%s:%s", type->class_value, type->value);
        assert_ptr_equal(rsit_find(text_of(type->value)), type);
        assert_ptr_equal(rsit_find_pair(text_of(pair)), type);
        assert_string_equal(rsit_class_name(text_of(type->class_value)), type->class_name);
        classes += !i || strcmp(type->class_value, rsit_types[i - 1].class_value);
    }
    assert_int_equal(classes, 11);
    assert_null(rsit_find(TEXT("intrusion-attempts")));
    assert_null(rsit_find_pair(TEXT("fraud:brute-force")));
    assert_null(rsit_find_pair(TEXT("brute-force")));
    assert_null(rsit_class_name(TEXT("brute-force")));
    assert_string_equal(rsit_find(TEXT("ids-alert"))->name, "Exploitation of Known Vulnerabilities");
}

static void countries_are_those_that_iso_assigned(void **state) {
    (void)state;
    assert_int_equal(iso3166_count, 249);
    for (size_t i = 0; i < iso3166_count; i++) {
        struct country c;
        assert_true(!i || strcmp(iso3166_rows[i - 1].code, iso3166_rows[i].code) < 0);
        assert_true(iso3166_read(text_of(iso3166_rows[i].code), &c));
        assert_string_equal(iso3166_name(c), iso3166_rows[i].name);
    }
    struct country c = {{'Q', 'Q'}};
    static const char *none[] = {"EU", "AP", "ZZ", "??", "XK", "UK", "AN", "CS", "A1", "fr", "F", "FRA", ""};
    for (size_t i = 0; i < COUNT(none); i++) assert_false(iso3166_read(text_of(none[i]), &c));
    assert_null(iso3166_name(c));
    assert_null(iso3166_name((struct country){{0, 0}}));
    assert_true(country_is_none((struct country){{0, 0}}));
}

static void words_are_found_by_name(void **state) {
    (void)state;
    static const struct word_list *const lists[] = {&words_decline,    &words_action, &words_link,
                                                    &words_unreadable, &words_close,  &words_outcome};
    for (size_t i = 0; i < COUNT(lists); i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            assert_ptr_equal(word_find(lists[i], text_of(lists[i]->at[j].name)), &lists[i]->at[j]);
            assert_true(lists[i]->at[j].meaning[0]);
        }
    assert_int_equal(words_action.count, 23);
    assert_null(word_find(&words_link, TEXT("twin")));
}

/* Words that the other side wrote may be of no list, as long as they like and hold anything. */
static void words_without_a_translation_are_shown_as_they_came(void **state) {
    (void)state;
    static const char long_word[] = "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz";
    const struct text words[] = {TEXT("twin"), TEXT(""), {"not\0seen", 8}, text_of(long_word)};
    for (size_t i = 0; i < COUNT(words); i++)
        assert_true(text_equal(word_text("finding", words[i]), words[i]) &&
                    word_text("finding", words[i]).at == words[i].at);
    assert_string_equal(word_shown("finding", "not-seen"), "not-seen");
    assert_string_equal(word_shown(long_word, long_word), long_word);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tlp_markings_are_those_of_oasis),
        cmocka_unit_test(findings_have_their_class),
        cmocka_unit_test(rsit_has_its_classes_and_types),
        cmocka_unit_test(words_are_found_by_name),
        cmocka_unit_test(countries_are_those_that_iso_assigned),
        cmocka_unit_test(words_without_a_translation_are_shown_as_they_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
