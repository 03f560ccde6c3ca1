/* Members without values: the same as the values give, and nothing that json_read refuses. */
#include "unit.h"

#include "base/random.h"
#include "json/fields.h"

/* As records ask: names with the dots of objects around them, three deep. */
static struct json_answer find(const void *of, const struct json_path *path) {
    static const char *const asked[] = {"event_type", "src_port", "flow.start", "alert.category", "flow", "hosts.1.ip"};
    (void)of;
    struct json_answer answer = {JSON_NOT_ASKED, path->depth < 3, text_starts(path->name, TEXT("hosts"))};
    for (size_t i = 0; i < COUNT(asked); i++)
        if (text_is(path->name, asked[i])) answer.which = (uint16_t)(i + 100 * path->ends);
    return answer;
}
static const struct json_asked asked = {find, NULL};
static struct json_names names;
static struct json_members fast, slow;
static char fast_room[4096], slow_room[4096];

static const char *const everyday[] = {
    "{\"event_type\":\"alert\",\"src_port\":22,\"alert\":{\"category\":\"Misc Attack\",\"gid\":1},\"x\":[{},[],1.5]}",
    "{ \"event_type\" : \"flow\" ,\"flow\":{\"start\":\"2026-03-01T00:00:00Z\",\"n\":{\"start\":\"no\"}},\"f\":false}",
    "{\"http\":{\"url\":\"\\/a\\\"b\",\"ok\":true},\"src_port\":-3,\"flow\":[{\"start\":\"no\"}],\"n\":null}",
    "{}",
    "{\"src_port\":999999999999999,\"event_type\":7}",
};

/* Whether the scan answers; what it answers is held against the values. */
static bool scan(struct text t) {
    json_t *value = NULL;
    if (!json_members_scan(t, &asked, &names, fast_room, sizeof fast_room, &fast)) return false;
    assert_int_equal(json_read(bytes_from_text(t), &value, NULL), OK);
    assert_true(json_members_of(value, &asked, slow_room, sizeof slow_room, &slow));
    assert_int_equal(fast.count, slow.count);
    for (size_t i = 0; i < fast.count; i++) {
        assert_int_equal(fast.at[i].which, slow.at[i].which);
        assert_int_equal(fast.at[i].kind, slow.at[i].kind);
        assert_true(text_equal(fast.at[i].text, slow.at[i].text));
    }
    json_decref(value);
    return true;
}

static void everyday_lines_are_scanned(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(everyday); i++) assert_true(scan(text_of(everyday[i])));
    for (size_t i = 0; i < COUNT(everyday); i++) assert_true(scan(text_of(everyday[COUNT(everyday) - 1 - i])));
    assert_true(scan(text_of(everyday[0])));
    assert_int_equal(fast.count, 3);
    assert_true(fast.at[1].which == 1 && fast.at[1].kind == JSON_KIND_INTEGER && text_is(fast.at[1].text, "22"));
    assert_true(fast.at[2].which == 103 && text_is(fast.at[2].text, "Misc Attack"));
}

static void values_are_told_as_columns_would_be(void **state) {
    (void)state;
    static const struct {
        const char *value, *text;
        enum json_kind kind;
    } rows[] = {
        {"1772348146.25", "1772348146.250000", JSON_KIND_REAL},
        {"-0.5", "-0.500000", JSON_KIND_REAL},
        {"8589934590.123456", "8589934590.123456", JSON_KIND_REAL},
        {"0.026214122772216797", "0.026214", JSON_KIND_REAL},
        {"0.0000005", "0.000000", JSON_KIND_REAL},
        {"1e3", "1000.000000", JSON_KIND_REAL},
        {"123456789012345678901234.5", "", JSON_KIND_REAL},
        {"-0", "0", JSON_KIND_INTEGER},
        {"-12", "-12", JSON_KIND_INTEGER},
        {"999999999999999999", "999999999999999999", JSON_KIND_INTEGER},
        {"\"a\\/b\\u00e9\\ud83d\\ude00\\n\"", "a/b\xc3\xa9\xf0\x9f\x98\x80\n", JSON_KIND_TEXT},
        {"\"\xc3\xa9\"", "\xc3\xa9", JSON_KIND_TEXT},
        {"true", "", JSON_KIND_TRUE},
        {"false", "", JSON_KIND_FALSE},
        {"null", "", JSON_KIND_NULL},
        {"[1,{\"x\":[]}]", "", JSON_KIND_LIST},
        {"{\"x\":1}", "", JSON_KIND_OBJECT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[128];
        int size = snprintf(line, sizeof line, "{\"src_port\":%s}", rows[i].value);
        assert_true(scan((struct text){line, (size_t)size}));
        assert_int_equal(fast.count, 1);
        assert_int_equal(fast.at[0].kind, rows[i].kind);
        if (i != 6) assert_true(text_is(fast.at[0].text, rows[i].text));
    }
}

/* What printf makes of the double next to a number, whatever its digits: as they come, or about the half of the last
 * place that is printed. */
static void reals_are_printed_alike(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("reals"));
    for (size_t round = 0; round < 40000; round++) {
        static const char *const ends[] = {"", "5", "4999999999", "5000000001", "4", "6", "99", "0", "3", "45", "55"};
        char line[128];
        uint64_t draw[3];
        random_fill(&r, (uint8_t *)draw, sizeof draw);
        const unsigned long long whole = draw[0] % (round % 2 ? 3000000000 : 1000), part = draw[1] % 1000000;
        int size =
            snprintf(line, sizeof line, "{\"src_port\":%s%llu.%0*llu%s}", draw[2] % 2 ? "-" : "", whole,
                     round % 3 ? 6 : 9, part * (round % 3 ? 1 : 1000) + part % 7, ends[draw[2] / 2 % COUNT(ends)]);
        assert_true(scan((struct text){line, (size_t)size}));
    }
    assert_true(scan(TEXT("{\"src_port\":999999.9999997}")));
    assert_true(text_is(fast.at[0].text, "1000000.000000"));
}

static void items_of_lists_have_their_number(void **state) {
    (void)state;
    assert_true(scan(TEXT("{\"hosts\":[{\"ip\":\"a\"},{\"ip\":\"b\",\"x\":[{}]},3]}")));
    assert_int_equal(fast.count, 1);
    assert_true(fast.at[0].which == 305 && text_is(fast.at[0].text, "b"));
    assert_true(scan(TEXT("{\"hosts\":{\"1\":{\"ip\":\"c\"}}}")));
    assert_true(fast.count == 1 && text_is(fast.at[0].text, "c"));
}

/* More names than are kept: those of the next line are kept again. */
static void names_make_room(void **state) {
    (void)state;
    size_t scanned = 0;
    for (unsigned i = 0; i < 1000; i++) {
        char line[256];
        int size =
            snprintf(line, sizeof line, "{\"name-%u\":1,\"%0*u\":2,\"src_port\":3,\"name-%u\":%u}", i, 60, i, i + 1, i);
        scanned += scan((struct text){line, (size_t)size});
        size = snprintf(line, sizeof line, "{\"name-%u\":1,\"x\":{\"name-%u\":1},\"name-%u\":2}", i, i, i);
        assert_false(scan((struct text){line, (size_t)size}));
    }
    assert_true(scanned > 900);
}

static void what_is_not_everyday_is_left_alone(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "{",
                                      "{\"a\":1,}",
                                      "{\"a\":01}",
                                      "{\"a\":1e300}",
                                      "{\"a\":\"\xc3\"}",
                                      "{\"a\":\"\\ud800\"}",
                                      "{\"a\":\"\\u0000\"}",
                                      "{\"\\u0061\":1}",
                                      "{\"a\":1}x",
                                      "{\"a\":1,\"b\":{\"a\":1,\"a\":2}}",
                                      "{\"src_port\":1,\"src_port\":2}",
                                      "{\"a\":1234567890123456789}",
                                      "{\"a\":tru}",
                                      "[1]"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(scan(text_of(bad[i])));
}

/* Bytes that are left out, doubled or changed in everyday lines. */
static void broken_lines_are_read_alike(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("fields"));
    size_t scanned = 0;
    for (size_t round = 0; round < 20000; round++) {
        char line[160];
        uint8_t draw[4];
        random_fill(&r, draw, sizeof draw);
        struct text t = text_of(everyday[draw[0] % COUNT(everyday)]);
        size_t at = draw[1] % t.size;
        memcpy(line, t.at, t.size);
        if (draw[2] % 3 == 0) memmove(line + at, line + at + 1, --t.size - at);
        if (draw[2] % 3 == 1) line[at] = "\"{}[]:,\\0 -.ea"[draw[3] % 14];
        if (draw[2] % 3 == 2) line[at] = line[draw[3] % t.size];
        scanned += scan((struct text){line, t.size});
    }
    assert_true(scanned > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyday_lines_are_scanned),
        cmocka_unit_test(values_are_told_as_columns_would_be),
        cmocka_unit_test(reals_are_printed_alike),
        cmocka_unit_test(items_of_lists_have_their_number),
        cmocka_unit_test(names_make_room),
        cmocka_unit_test(what_is_not_everyday_is_left_alone),
        cmocka_unit_test(broken_lines_are_read_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
