/* The manual's pages come from the tables: every kind has its row, every word of a case its place. */
#include "unit.h"

#include "matter/matter.h"
#include "matter/page.h"

static bool has(const struct buf *page, const char *words) {
    return text_search(buf_as_text(page), text_of(words)) != SIZE_MAX;
}

static void every_kind_has_a_row(void **state) {
    (void)state;
    struct buf page = {.max = 1 << 16};
    page_write_kinds(&page);
    assert_int_equal(buf_check(&page, NULL), OK);
    size_t lines = 0;
    for (struct text left = buf_as_text(&page), line; text_line(&left, &line);) lines++;
    assert_int_equal(lines, KIND_COUNT + 2);
    assert_true(has(&page, "| `claim` | yes | yes | who opens the case | nothing |\n"));
    assert_true(has(&page, "| `unreadable` | no | no | either | the entry that it names |\n"));
    buf_free(&page);
}

static void every_word_has_its_place(void **state) {
    (void)state;
    struct buf page = {.max = 1 << 16};
    page_write_states(&page);
    assert_int_equal(buf_check(&page, NULL), OK);
    for (enum state_word w = 0; w < STATE_COUNT; w++) assert_true(has(&page, state_word_text(w)));
    assert_true(has(&page, "state \"withdrawn\" as opener_withdrawn\n    opener --> opener_withdrawn: withdraw\n    "
                           "opener_withdrawn --> opener: reopen\n"));
    assert_true(has(&page, "answerer_sent --> answerer_delivered: receipt, or first entry that saw it\n"));
    assert_true(has(&page, "        joint_in_consultation --> joint_settled: agree (by both)\n"));
    assert_true(has(&page, "    opener_closed --> opener_withdrawn: withdraw\n"));
    assert_false(has(&page, "answerer --> answerer_withdrawn:"));
    buf_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_row),
        cmocka_unit_test(every_word_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
