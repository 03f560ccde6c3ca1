/* The exported journal: a line of JSON a record, whatever the pieces it comes in. */
#include "unit.h"

#include "line/export.h"
#include "line/formats.h"

#define RECORD "__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1772348146000000\nSYSLOG_IDENTIFIER=sshd\n"
#define MADE "{\"__CURSOR\":\"s=1;i=1\",\"__REALTIME_TIMESTAMP\":\"1772348146000000\",\"SYSLOG_IDENTIFIER\":\"sshd\""

/* In pieces of some bytes; false: it is refused. */
static bool make(struct text t, size_t piece, struct buf *out) {
    struct journal_export *e = export_new();
    enum export_step step = EXPORT_MORE;
    bool moved = true;
    while (step != EXPORT_WRONG && (t.size || moved)) {
        char bytes[256];
        char *to = bytes;
        const char *why = NULL;
        size_t size = t.size < piece ? t.size : piece, room = piece < sizeof bytes ? piece : sizeof bytes;
        const size_t before = room;
        struct text in = text_sub(t, 0, size);
        step = export_step(e, &in, &to, &room, &why);
        buf_text(out, (struct text){bytes, before - room});
        moved = before != room || size != in.size;
        t = text_sub(t, size - in.size, t.size);
        if (step == EXPORT_RECORD) export_restart(e);
        assert_true(step != EXPORT_WRONG || why);
    }
    export_free(e);
    return step != EXPORT_WRONG;
}

static void assert_made(struct text t, const char *expected) {
    for (size_t piece = 1; piece < 300; piece += piece < 20 ? 1 : 31) {
        struct buf out = {.max = 1 << 20};
        assert_true(make(t, piece, &out));
        assert_true(text_is(buf_as_text(&out), expected));
        buf_free(&out);
    }
}

static void records_become_lines(void **state) {
    (void)state;
    assert_made(TEXT(RECORD "MESSAGE=a \"b\"\t\\=c\n\n" RECORD "\n"),
                MADE ",\"MESSAGE\":\"a \\\"b\\\"\\u0009\\\\=c\"}\n" MADE "}\n");
}

static void values_may_hold_anything(void **state) {
    (void)state;
    assert_made(TEXT(RECORD "MESSAGE\n\4\0\0\0\0\0\0\0a\n\nb\nX=1\n\n"),
                MADE ",\"MESSAGE\":\"a\\u000a\\u000ab\",\"X\":\"1\"}\n");
    assert_made(TEXT(RECORD "MESSAGE\n\3\0\0\0\0\0\0\0a\xff\0\n\n"), MADE ",\"MESSAGE\":[97,255,0]}\n");
    assert_made(TEXT(RECORD "MESSAGE\n\0\0\0\0\0\0\0\0\nX=\xc3\xa9\n\n"),
                MADE ",\"MESSAGE\":\"\",\"X\":\"\xc3\xa9\"}\n");
}

static void of_a_field_that_comes_again_the_first_counts(void **state) {
    (void)state;
    assert_made(TEXT(RECORD "X=1\nX=2\nSYSLOG_IDENTIFIER=other\n\n"), MADE ",\"X\":\"1\"}\n");
}

static void what_does_not_end_gives_no_line(void **state) {
    (void)state;
    assert_made(TEXT(RECORD "X=1\n"), "");
    assert_made(TEXT(RECORD "X=1\n\n" RECORD "MESSAGE\n\377\377\377\377\377\377\377\377abc"), MADE ",\"X\":\"1\"}\n");
}

static void what_is_no_field_is_refused(void **state) {
    (void)state;
    static const struct text bad[] = {TEXT("a=b\n"), TEXT("=b\n"), TEXT("A B\n"), TEXT("X\n\1\0\0\0\0\0\0\0ab\n")};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct buf out = {.max = 1 << 20};
        assert_false(make(bad[i], 3, &out));
        buf_free(&out);
    }
}

/* A record too long is a line too long, and the next one is read. */
static void a_record_too_long_is_a_line_too_long(void **state) {
    (void)state;
    struct buf t = {.max = 8 << 20}, out = {.max = 8 << 20};
    struct text rest, line;
    buf_string(&t, RECORD "MESSAGE=");
    for (size_t i = 0; i <= LINE_BYTES_MAX; i++) buf_char(&t, 'x');
    buf_string(&t, "\n\n" RECORD "\n" RECORD);
    for (unsigned i = 0; i <= EXPORT_FIELDS_MAX; i++) buf_format(&t, "F%u=1\n", i);
    buf_string(&t, "\n" RECORD "\n");
    assert_true(make(buf_as_text(&t), 1 << 16, &out));
    rest = buf_as_text(&out);
    for (size_t i = 0; i < 4; i++) {
        assert_true(text_line(&rest, &line));
        if (i % 2) assert_true(text_is(line, MADE "}"));
        if (i % 2 == 0) assert_true(line.size > LINE_BYTES_MAX);
    }
    assert_int_equal(rest.size, 0);
    buf_free(&t);
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_become_lines),
        cmocka_unit_test(values_may_hold_anything),
        cmocka_unit_test(of_a_field_that_comes_again_the_first_counts),
        cmocka_unit_test(what_does_not_end_gives_no_line),
        cmocka_unit_test(what_is_no_field_is_refused),
        cmocka_unit_test(a_record_too_long_is_a_line_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
