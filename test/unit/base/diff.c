/* Differences of lines: they rebuild both texts, and are no longer than they must be. */
#include "unit.h"

#include "base/buf.h"
#include "base/diff.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct text shown(struct diff d) {
    struct text out = {0};
    for (size_t i = 0; i < d.count; i++)
        out = arena_format(&arena, "%.*s%c%.*s\n", TEXT_ARG(out), (char)d.at[i].sign, TEXT_ARG(d.at[i].line));
    return out;
}

static void what_differs_is_said_line_by_line(void **state) {
    (void)state;
    static const struct {
        const char *before, *after, *says;
    } rows[] = {
        {"", "", ""},
        {"a\n", "a\n", " a\n"},
        {"a", "a\n", " a\n"},
        {"", "a\nb\n", "+a\n+b\n"},
        {"a\nb\n", "", "-a\n-b\n"},
        {"a\nb\nc\n", "a\nc\n", " a\n-b\n c\n"},
        {"a\nc\n", "a\nb\nc\n", " a\n+b\n c\n"},
        {"a\nb\nc\n", "a\nx\nc\n", " a\n-b\n+x\n c\n"},
        {"a\n\nb\n", "a\nb\n", " a\n-\n b\n"},
        {"a\nb\n", "b\na\n", "-a\n b\n+a\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text says = shown(diff_of(text_of(rows[i].before), text_of(rows[i].after), &arena));
        if (!text_is(says, rows[i].says)) print_error("row %zu: %.*s\n", i, TEXT_ARG(says));
        assert_true(text_is(says, rows[i].says));
    }
}

/* Lines of two letters, so that many are equal. */
static struct text some_lines(uint32_t *seed, size_t count) {
    struct buf out = {.max = 1 << 16};
    for (size_t i = 0; i < count; i++) {
        *seed = *seed * 1664525 + 1013904223;
        buf_char(&out, (char)('a' + (*seed >> 29)));
        buf_char(&out, '\n');
    }
    struct text t = arena_text(&arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static struct text side(struct diff d, enum diff_sign other) {
    struct buf out = {.max = 1 << 16};
    for (size_t i = 0; i < d.count; i++) {
        if (d.at[i].sign == other) continue;
        buf_text(&out, d.at[i].line);
        buf_char(&out, '\n');
    }
    struct text t = arena_text(&arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

/* The longest common subsequence of single letters, the slow way. */
static size_t longest(struct text a, struct text b) {
    size_t rows = a.size / 2, columns = b.size / 2, best[64][64] = {0};
    for (size_t i = rows; i-- > 0;)
        for (size_t k = columns; k-- > 0;) {
            size_t down = best[i + 1][k], right = best[i][k + 1];
            best[i][k] = down > right ? down : right;
            if (a.at[2 * i] == b.at[2 * k]) best[i][k] = best[i + 1][k + 1] + 1;
        }
    return best[0][0];
}

static void both_sides_come_back_and_nothing_is_said_too_much(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (size_t round = 0; round < 500; round++) {
        struct text before = some_lines(&seed, seed % 30), after = some_lines(&seed, (seed >> 8) % 30);
        struct diff d = diff_of(before, after, &arena);
        assert_true(text_equal(side(d, DIFF_NEW), before));
        assert_true(text_equal(side(d, DIFF_OLD), after));
        assert_int_equal(d.changed, (before.size + after.size) / 2 - 2 * longest(before, after));
    }
}

static void what_is_too_long_is_replaced(void **state) {
    (void)state;
    enum { LINES = 5000 };
    struct buf before = {.max = 1 << 20}, after = {.max = 1 << 20};
    for (int i = 0; i < LINES; i++) {
        buf_format(&before, "%d\n", i);
        buf_format(&after, "%d\n", i ? LINES - i : -1);
    }
    struct diff d = diff_of(buf_as_text(&before), buf_as_text(&after), &arena);
    assert_int_equal(d.count, 2 * LINES);
    assert_int_equal(d.changed, 2 * LINES);
    buf_free(&before);
    buf_free(&after);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_is_said_line_by_line),
        cmocka_unit_test(both_sides_come_back_and_nothing_is_said_too_much),
        cmocka_unit_test(what_is_too_long_is_replaced),
    };
    return cmocka_run_group_tests_name("base/diff", tests, NULL, end);
}
