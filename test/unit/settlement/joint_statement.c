/* Joint statements: one spelling, one name for all languages. */
#include "unit.h"

#include "settlement/joint_statement.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define TOP "parley statement v1\n"
static const char full[] = TOP "text en\n| Both say so.\n|\n| Signed.\ntext fr\n| Les deux le disent.\n";

static void a_statement_comes_back_byte_for_byte(void **state) {
    (void)state;
    struct joint_statement s;
    struct diag d = {0};
    struct buf again = {.max = JOINT_STATEMENT_MAX_BYTES};
    assert_int_equal(joint_statement_read(bytes_from_text(TEXT(full)), &arena, &s, &d), OK);
    assert_int_equal(s.text_count, 2);
    assert_true(text_is(s.texts[0].lines, "Both say so.\n\nSigned."));
    assert_true(text_is(s.texts[1].lang, "fr"));
    assert_int_equal(joint_statement_write(&s, &again, &d), OK);
    assert_true(text_is(buf_as_text(&again), full));
    buf_free(&again);
}

static void what_is_not_canonical_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "parley statement v2\ntext en\n| x\n",
        TOP,
        TOP "text en\n",
        TOP "text en\n|\n",
        TOP "text e\n| x\n",
        TOP "text en fr\n| x\n",
        TOP "text en\n| x",
        TOP "text en\n| x\ntext en\n| y\n",
        TOP "text en\n| x\nheld 2026-03-05T10:00:00Z\n",
        TOP "text en\n| x\r\n",
        TOP "text en\n| \xff\n",
        TOP "\ntext en\n| x\n",
        TOP "text en\n| \n| x\n",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct joint_statement s;
        struct diag d = {0};
        enum error result = joint_statement_read(bytes_from_text(text_of(bad[i])), &arena, &s, &d);
        if (!result) print_error("row %zu was read\n", i);
        assert_int_equal(result, ERR_INPUT);
        assert_true(d.text[0]);
    }
}

static void what_would_not_read_back_is_not_written(void **state) {
    (void)state;
    static const struct minutes_text bad[] = {
        {TEXT("en"), {0}}, {TEXT("e n"), TEXT("x")}, {TEXT("en"), TEXT("x\r")}, {{0}, TEXT("x")}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct buf out = {.max = JOINT_STATEMENT_MAX_BYTES};
        struct joint_statement s = {&bad[i], 1};
        assert_int_equal(joint_statement_write(&s, &out, NULL), ERR_INPUT);
        assert_int_equal(out.size, 0);
        buf_free(&out);
    }
    struct minutes_text form = {TEXT("en"), TEXT("text fr\n| x")}; /* a line that looks like the form stays a line */
    struct joint_statement s = {&form, 1}, read;
    struct buf out = {.max = JOINT_STATEMENT_MAX_BYTES};
    assert_int_equal(joint_statement_write(&s, &out, NULL), OK);
    assert_int_equal(joint_statement_read(buf_as_bytes(&out), &arena, &read, NULL), OK);
    assert_true(read.text_count == 1 && text_equal(read.texts[0].lines, form.lines));
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_comes_back_byte_for_byte),
        cmocka_unit_test(what_is_not_canonical_is_refused),
        cmocka_unit_test(what_would_not_read_back_is_not_written),
    };
    return cmocka_run_group_tests_name("settlement/joint_statement", tests, NULL, end);
}
