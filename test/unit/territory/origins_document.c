/* Documents of origins: read, refused, compared. */
#include "unit.h"

#include "territory/origins_document.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define HASH(digit) "\"" digit digit digit digit digit digit digit digit "\""
#define EIGHT(c) c c c c c c c c
#define ROW(name, sources) "{\"events\":9,\"origin\":\"" name "\",\"rank\":1,\"sources\":" sources ",\"targets\":1}"
#define FRAME(case, rows, sheet, table)                                                                                \
    "{\"$kind\":\"parley origins v1\",\"by\":\"country\"," case "\"rows\":[" rows "],\"sheet\":" HASH(                 \
        EIGHT(sheet)) ","                                                                                              \
                      "\"table\":{\"basis\":\"registry\",\"hash\":" HASH(                                              \
                          EIGHT(table)) ",\"name\":\"t\"},\"unit\":\"sources\"}\n"
#define CUT(a, b)                                                                                                      \
    "\"case\":\"cert.north.example/1\",\"cut\":{\"cert.north.example\":" a ",\"cert.south.example\":" b "},"

static enum error read(const char *text, struct origins_document *out, struct diag *d) {
    return origins_read(bytes_from_text(text_of(text)), &arena, out, d);
}

static struct origins_document must_read(const char *text) {
    struct origins_document of = {0};
    struct diag d = {0};
    if (read(text, &of, &d)) print_error("%s\n", d.text);
    assert_int_equal(d.code, OK);
    return of;
}

static void a_document_is_read(void **state) {
    (void)state;
    struct origins_document of = must_read(FRAME(CUT("9", "8"), ROW("AQ", "4") "," ROW("none", "2"), "a", "b"));
    assert_true(of.has_cut && text_is(of.cut.matter, "cert.north.example/1"));
    assert_true(of.cut.sizes[0] == 9 && of.cut.sizes[1] == 8);
    assert_int_equal(of.row_count, 2);
    assert_true(text_is(of.rows[1].name, "none") && of.rows[0].counts[ORIGINS_SOURCES] == 4);
    assert_true(text_is(of.table_name, "t") && !of.findings.size);
    assert_false(must_read(FRAME("", "", "a", "b")).has_cut);
}

static void what_is_no_document_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "{}\n",
        "{\"$kind\":\"parley origins v1\"}\n",
        "[]\n",
        FRAME("\"case\":\"cert.north.example/1\",", "", "a", "b"), /* no cut */
        FRAME("\"cut\":{\"a\":1,\"b\":2},", "", "a", "b"),         /* of no case */
        FRAME("\"case\":\"x\",\"cut\":{\"a\":1},", "", "a", "b"),
        FRAME(CUT("9", "\"8\""), "", "a", "b"),
        FRAME("", ROW("AQ", "4") "," ROW("AQ", "2"), "a", "b"), /* one origin twice */
        FRAME("", ROW("AQ", "-1"), "a", "b"),
        FRAME("", ROW("", "1"), "a", "b"),
        FRAME("", "{}", "a", "b"),
        FRAME("", "7", "a", "b"),
        FRAME("", "", "A", "b"),
        FRAME("", "", "a", ""),
        FRAME("", "", "a", "b") "\n",
        " " FRAME("", "", "a", "b"),
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct origins_document of;
        struct diag d = {0};
        if (!read(bad[i], &of, &d)) print_error("row %zu was read\n", i);
        assert_int_equal(d.code, ERR_INPUT);
    }
    struct text whole = TEXT(FRAME("", "", "a", "b"));
    for (size_t size = 0; size < whole.size; size++)
        assert_int_equal(origins_read(bytes_of(whole.at, size), &arena, &(struct origins_document){0}, NULL),
                         ERR_INPUT);
}

static void what_differs_is_told_with_why(void **state) {
    (void)state;
    const char *of = FRAME(CUT("9", "8"), ROW("AQ", "4") "," ROW("BV", "2"), "a", "b");
    const struct {
        const char *other;
        unsigned reasons;
        size_t count;
    } rows[] = {
        {of, 0, 0},
        {FRAME(CUT("9", "9"), ROW("AQ", "4") "," ROW("BV", "2"), "a", "b"), 1u << ORIGINS_CUT_DIFFERS, 0},
        {FRAME(CUT("9", "8"), ROW("AQ", "4") "," ROW("BV", "3"), "a", "b"), 1u << ORIGINS_COUNTING_DIFFERS, 1},
        {FRAME(CUT("9", "8"), ROW("BV", "2") "," ROW("AQ", "4"), "a", "b"), 1u << ORIGINS_COUNTING_DIFFERS, 0},
        {FRAME(CUT("9", "8"), ROW("AQ", "4") "," ROW("GS", "2"), "a", "c"), 1u << ORIGINS_TABLE_DIFFERS, 2},
        {FRAME("", ROW("AQ", "4"), "c", "b"), 1u << ORIGINS_SHEET_DIFFERS | 1u << ORIGINS_CUT_DIFFERS, 1},
    };
    struct origins_document first = must_read(of);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct origins_document second = must_read(rows[i].other);
        struct origins_compared how = origins_compare(&first, &second, &arena);
        assert_int_equal(how.same, !rows[i].reasons);
        assert_int_equal(how.reasons, rows[i].reasons);
        assert_int_equal(how.count, rows[i].count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(what_differs_is_told_with_why),
    };
    return cmocka_run_group_tests_name("territory/origins_document", tests, NULL, end);
}
