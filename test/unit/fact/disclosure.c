/* Disclosures: what was committed to is shown, and nothing else passes for it. */
#include "unit.h"

#include "shown_evidence.h"

static const uint64_t some[] = {0, 2, 6}, both[] = {0, 1};
static const struct chosen chosen[] = {{1, both, 2}, {2, some, 3}, {3, NULL, 0}};

static enum error open_text(const struct shown *s, struct text t, struct arena *a, struct disclosure *out,
                            struct diag *d) {
    return disclosure_open(bytes_from_text(t), evidence_root(&s->evidence), s->evidence.count, a, out, d);
}

static void chosen_lines_are_shown(void **state) {
    (void)state;
    struct shown s;
    struct buf file = {.max = DISCLOSURE_BYTES_MAX};
    struct disclosure shown;
    struct diag d = {0};
    shown_make(&s);
    assert_int_equal(disclosure_write(&s.evidence, chosen, COUNT(chosen), &file, &d), OK);
    assert_int_equal(open_text(&s, buf_as_text(&file), &s.arena, &shown, &d), OK);
    assert_int_equal(shown.count, COUNT(chosen));
    for (size_t i = 0; i < shown.count; i++) {
        assert_int_equal(shown.at[i].row, chosen[i].row);
        assert_true(fact_same(&shown.at[i].fact, &s.facts.facts[chosen[i].row]));
        assert_int_equal(shown.at[i].count, s.facts.lines[chosen[i].row].count);
        assert_int_equal(shown.at[i].line_count, chosen[i].count);
        for (size_t j = 0; j < chosen[i].count; j++) {
            assert_int_equal(shown.at[i].lines[j].number, chosen[i].lines[j]);
            assert_true(text_equal(shown.at[i].lines[j].line, shown_line(chosen[i].row, chosen[i].lines[j])));
        }
    }
    buf_free(&file);
    shown_free(&s);
}

static void every_choice_of_one_line_is_proved(void **state) {
    (void)state;
    struct shown s;
    shown_make(&s);
    for (uint64_t row = 0; row < s.evidence.count; row++)
        for (uint64_t line = 0; line < s.evidence.rows[row].count; line++) {
            const struct chosen one = {row, &line, 1};
            struct buf file = {.max = DISCLOSURE_BYTES_MAX};
            struct disclosure shown;
            assert_int_equal(disclosure_write(&s.evidence, &one, 1, &file, NULL), OK);
            assert_int_equal(open_text(&s, buf_as_text(&file), &s.arena, &shown, NULL), OK);
            assert_true(text_equal(shown.at[0].lines[0].line, shown_line(row, line)));
            buf_free(&file);
        }
    shown_free(&s);
}

/* No byte of a disclosure can be another and no part be left out: refused, and told with its line. */
static void no_byte_can_be_another(void **state) {
    (void)state;
    struct shown s;
    struct buf file = {.max = DISCLOSURE_BYTES_MAX};
    shown_make(&s);
    assert_int_equal(disclosure_write(&s.evidence, chosen, COUNT(chosen), &file, NULL), OK);
    for (size_t i = 0; i < file.size; i++) {
        struct arena a = {0};
        struct disclosure shown;
        struct diag d = {0};
        file.at[i] ^= 1;
        enum error result = open_text(&s, buf_as_text(&file), &a, &shown, &d);
        if (result != ERR_INPUT && result != ERR_PROOF) print_error("byte %zu: %s\n", i, error_name(result));
        assert_true(result == ERR_INPUT || result == ERR_PROOF);
        assert_true(d.line > 0 && d.text[0]);
        file.at[i] ^= 1;
        arena_free(&a);
    }
    buf_free(&file);
    shown_free(&s);
}

static void a_part_is_only_whole_facts_and_lines(void **state) {
    (void)state;
    struct shown s;
    struct buf file = {.max = DISCLOSURE_BYTES_MAX};
    size_t opened = 0;
    shown_make(&s);
    assert_int_equal(disclosure_write(&s.evidence, chosen, COUNT(chosen), &file, NULL), OK);
    for (size_t size = 0; size < file.size; size++) {
        struct arena a = {0};
        struct disclosure shown;
        if (open_text(&s, (struct text){(const char *)file.at, size}, &a, &shown, NULL) == OK) {
            opened++;
            assert_true(size == 0 || file.at[size - 1] == '\n');
        }
        arena_free(&a);
    }
    assert_int_equal(opened, 8); /* after the head, each fact but the last of all, each line; each is proved alone */
    buf_free(&file);
    shown_free(&s);
}

static void foreign_lines_and_trees_are_refused(void **state) {
    (void)state;
    struct shown s;
    struct evidence other;
    struct disclosure shown;
    struct buf file = {.max = DISCLOSURE_BYTES_MAX}, foreign = {.max = DISCLOSURE_BYTES_MAX};
    static const uint8_t other_key[EVIDENCE_KEY_SIZE] = {9};
    struct diag d = {0};
    shown_make(&s);
    assert_int_equal(evidence_build(&s.facts, s.hash, other_key, &s.arena, &other, NULL), OK);
    assert_int_equal(disclosure_write(&s.evidence, chosen, COUNT(chosen), &file, NULL), OK);
    assert_int_equal(disclosure_write(&other, chosen, COUNT(chosen), &foreign, NULL), OK);
    assert_int_equal(open_text(&s, buf_as_text(&foreign), &s.arena, &shown, &d), ERR_PROOF);
    assert_int_equal(disclosure_open(buf_as_bytes(&file), evidence_root(&s.evidence), 5, &s.arena, &shown, &d),
                     ERR_PROOF);
    assert_non_null(strstr(d.text, "5 were claimed"));
    /* A line of one's own log that was never committed to. */
    struct text lines[] = {TEXT("forged"), s.evidence.rows[1].lines[1]};
    struct evidence_row rows[4];
    memcpy(rows, s.evidence.rows, sizeof rows);
    rows[1].lines = lines;
    struct evidence forged = s.evidence;
    forged.rows = rows;
    buf_clear(&foreign);
    assert_int_equal(disclosure_write(&forged, chosen, 1, &foreign, &d), ERR_PROOF);
    buf_free(&file);
    buf_free(&foreign);
    shown_free(&s);
}

static void wrong_choices_are_told(void **state) {
    (void)state;
    static const uint64_t beyond[] = {2}, twice[] = {1, 1}, back[] = {1, 0};
    static const struct chosen bad[][2] = {
        {{0, NULL, 0}, {0, NULL, 0}},   {{1, NULL, 0}, {0, NULL, 0}},  {{0, NULL, 0}, {4, NULL, 0}},
        {{0, NULL, 0}, {1, beyond, 1}}, {{0, NULL, 0}, {1, twice, 2}}, {{0, NULL, 0}, {1, back, 2}},
    };
    struct shown s;
    shown_make(&s);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct buf file = {.max = DISCLOSURE_BYTES_MAX};
        assert_int_equal(disclosure_write(&s.evidence, bad[i], 2, &file, NULL), ERR_USAGE);
        buf_free(&file);
    }
    shown_free(&s);
}

static void lines_have_one_spelling(void **state) {
    (void)state;
    struct shown s;
    struct buf file = {.max = DISCLOSURE_BYTES_MAX};
    static const uint64_t line[] = {1}; /* of fact 3: "a" comes as text; of fact 1: bytes that are no text */
    const struct chosen one = {3, line, 1};
    struct disclosure shown;
    shown_make(&s);
    assert_int_equal(disclosure_write(&s.evidence, &one, 1, &file, NULL), OK);
    struct text whole = buf_as_text(&file);
    size_t at = text_search(whole, TEXT(" text a\n"));
    assert_true(at != SIZE_MAX);
    struct text changed = arena_format(&s.arena, "%.*s base64 YQ==\n%.*s", (int)at, whole.at,
                                       (int)(whole.size - at - 8), whole.at + at + 8);
    struct diag d = {0};
    assert_int_equal(open_text(&s, changed, &s.arena, &shown, &d), ERR_INPUT);
    assert_non_null(strstr(d.text, "no plain text"));
    buf_free(&file);
    shown_free(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_lines_are_shown),
        cmocka_unit_test(every_choice_of_one_line_is_proved),
        cmocka_unit_test(no_byte_can_be_another),
        cmocka_unit_test(a_part_is_only_whole_facts_and_lines),
        cmocka_unit_test(foreign_lines_and_trees_are_refused),
        cmocka_unit_test(wrong_choices_are_told),
        cmocka_unit_test(lines_have_one_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
