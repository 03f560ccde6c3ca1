/* Members without values: the same as the values give, and nothing that json_read refuses. */
#include "unit.h"

#include "base/random.h"
#include "json/fields.h"

static const struct json_wanted wanted[] = {
    {NULL, "event_type"}, {NULL, "src_port"}, {"flow", "start"}, {"alert", "category"}, {NULL, "flow"}};
enum { WANTED = COUNT(wanted) };

static const char *const everyday[] = {
    "{\"event_type\":\"alert\",\"src_port\":22,\"alert\":{\"category\":\"Misc Attack\",\"gid\":1},\"x\":[{},[],1.5]}",
    "{ \"event_type\" : \"flow\" ,\"flow\":{\"start\":\"2026-03-01T00:00:00Z\",\"n\":{\"start\":\"no\"}},\"f\":false}",
    "{\"http\":{\"url\":\"\\/a\\\"b\",\"ok\":true},\"src_port\":-3,\"flow\":[{\"start\":\"no\"}],\"n\":null}",
    "{}",
    "{\"src_port\":999999999999999,\"event_type\":7}",
};

/* Whether the scan answers; what it answers is held against the values. */
static bool scan(struct text t) {
    struct json_field fast[WANTED], slow[WANTED];
    json_t *value = NULL;
    if (!json_fields_scan(t, wanted, WANTED, fast)) return false;
    assert_int_equal(json_read(bytes_from_text(t), &value, NULL), OK);
    json_fields_of(value, wanted, WANTED, slow);
    for (size_t i = 0; i < WANTED; i++) {
        assert_int_equal(fast[i].there, slow[i].there);
        assert_int_equal(fast[i].is_number, slow[i].is_number);
        assert_int_equal(fast[i].number, slow[i].number);
        assert_true(text_equal(fast[i].text, slow[i].text));
    }
    json_decref(value);
    return true;
}

static void everyday_lines_are_scanned(void **state) {
    (void)state;
    struct json_field f[WANTED];
    for (size_t i = 0; i < COUNT(everyday); i++) assert_true(scan(text_of(everyday[i])));
    assert_true(json_fields_scan(text_of(everyday[0]), wanted, WANTED, f));
    assert_true(f[1].number == 22 && text_is(f[3].text, "Misc Attack") && !f[2].there);
}

static void what_is_not_everyday_is_left_alone(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "{",
                                      "{\"a\":1,}",
                                      "{\"a\":01}",
                                      "{\"a\":1e3}",
                                      "{\"a\":1}x",
                                      "{\"a\":\"\xc3\xa9\"}",
                                      "{\"a\":\"\\u0041\"}",
                                      "{\"a\":1,\"b\":{\"a\":1,\"a\":2}}",
                                      "{\"src_port\":1,\"src_port\":2}",
                                      "{\"event_type\":\"a\\/b\"}",
                                      "{\"a\":1234567890123456}",
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
        cmocka_unit_test(what_is_not_everyday_is_left_alone),
        cmocka_unit_test(broken_lines_are_read_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
