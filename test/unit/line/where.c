/* Selections: what they mean, what a line does not say, and where a mistake stands. */
#include "unit.h"

#include <stdio.h>

#include "line/where.h"

FORMAT(1, 2) static void failed(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    assert_true(false);
}

static bool asked(const char *expression, const char *format, const char *line) {
    static const struct stamp_options options = {.year = 2026, .until = INSTANT_NONE};
    struct arena a = {0};
    struct where w;
    struct observation o;
    struct diag d = {0};
    struct reader *r = calloc(1, sizeof *r);
    assert_non_null(r);
    if (where_read(text_of(expression), &a, &w, &d)) failed("%s: %s", expression, d.text);
    reader_start(r, format_find(text_of(format)), NULL, &options, (struct chain){0}, (struct text){0});
    r->logins.asked = true;
    reader_line(r, text_of(line), &o);
    bool holds = where_holds(&w, &r->logins, text_of(line), &o);
    arena_free(&a);
    free(r);
    return holds;
}

#define FAILED "Mar  1 06:55:46 gate sshd[14]: Failed password for invalid user admin x from 192.0.2.17 port 50022 ssh2"

static void tests_mean_what_they_say(void **state) {
    (void)state;
    static const struct {
        const char *expression;
        bool holds;
    } rows[] = {
        {"src = 192.0.2.17", true},
        {"src = 192.0.2.18", false},
        {"src != 192.0.2.18", true},
        {"src in 192.0.2.0/24", true},
        {"src in 192.0.2.16/31", true},
        {"src in 192.0.2.18/31", false},
        {"src in (2001:db8::/32, 192.0.2.16/30)", true},
        {"src in ::/0", true},
        {"src in 0.0.0.0/0", true},
        {"dst = 192.0.2.17", false},
        {"dst != 192.0.2.17", true},
        {"port = 22", true},
        {"port in (23, 22)", true},
        {"port < 22 or port > 22", false},
        {"port <= 22 and port >= 22", true},
        {"src_port = 50022", true},
        {"count = 1", true},
        {"event = brute-force", true},
        {"event in (scanner, brute-force)", true},
        {"protocol = tcp", true},
        {"object = \"account:a\"", false},
        {"user = \"admin x\"", true},
        {"user contains min", true},
        {"user = admin", false},
        {"text contains \"Failed password\"", true},
        {"text contains \"failed password\"", false},
        {"text contains \"\\\"\"", false},
        {"time >= 2026-03-01T00:00:00Z and time < 2026-03-02T00:00:00Z", true},
        {"time > 2026-03-01T06:55:46Z", false},
        {"not port = 22", false},
        {"not (port = 23 or port = 24)", true},
        {"not not port = 22", true},
        {"port = 23 or port = 22 and user != root # a comment\n", true},
        {"(port = 23 or port = 22) and user = root", false},
        {"port=22 and src=192.0.2.17", true},
        {" \n port # the port\n = 22", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (asked(rows[i].expression, "sshd", FAILED) != rows[i].holds) failed("%s", rows[i].expression);
}

static void mistakes_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *expression;
        uint64_t line;
        const char *told;
        enum error code;
    } rows[] = {
        {"", 1, "column 1: expected a field", ERR_INPUT},
        {"port", 1, "column 5: expected =", ERR_INPUT},
        {"port = ", 1, "column 8: expected a value", ERR_INPUT},
        {"port = x", 1, "column 8: expected a number", ERR_INPUT},
        {"port = 22 23", 1, "column 11: expected “and”", ERR_INPUT},
        {"port = 22 and\n  srce = 1", 2, "column 3: expected a field", ERR_INPUT},
        {"src in 192.0.2.0/33", 1, "column 8: expected an address", ERR_INPUT},
        {"src in (192.0.2.1", 1, "column 18: expected “,” or “)”", ERR_INPUT},
        {"src = (192.0.2.1)", 1, "column 7: expected a value", ERR_INPUT},
        {"src > 192.0.2.1", 1, "column 5: only numbers", ERR_INPUT},
        {"src contains 192.0.2.1", 1, "column 5: only a text", ERR_INPUT},
        {"text contains \"é” x", 1, "column 15: this quote", ERR_INPUT},
        {"(port = 22", 1, "column 11: expected “and”", ERR_INPUT},
        {"time = 2026", 1, "column 8: expected a time", ERR_INPUT},
    };
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct where w;
        struct diag d = {0};
        assert_int_equal(where_read(text_of(rows[i].expression), &a, &w, &d), rows[i].code);
        assert_int_equal(d.line, rows[i].line);
        if (strncmp(d.text, rows[i].told, strlen(rows[i].told))) failed("%s: %s", rows[i].expression, d.text);
    }
    arena_free(&a);
}

static void size_and_depth_are_bounded(void **state) {
    (void)state;
    struct arena a = {0};
    struct where w;
    struct buf deep = {.max = 1 << 20}, many = {.max = 1 << 20};
    for (int i = 0; i < 40000; i++) buf_string(&deep, i % 2 ? "(" : "not ");
    for (int i = 0; i <= WHERE_TESTS_MAX; i++) buf_format(&many, "%sport=%d", i ? " or " : "", i);
    assert_int_equal(where_read(text_first(buf_as_text(&deep), 60000), &a, &w, NULL), ERR_LIMIT);
    assert_int_equal(where_read(buf_as_text(&deep), &a, &w, NULL), ERR_LIMIT);
    assert_int_equal(where_read(buf_as_text(&many), &a, &w, NULL), ERR_LIMIT);
    buf_free(&deep);
    buf_free(&many);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_mean_what_they_say),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(size_and_depth_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
