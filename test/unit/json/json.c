/* Reading strictly, writing by RFC 8785, and the helpers. */
#include "unit.h"

#include <stdio.h>

#include "json/json.h"

static struct bytes bytes(const char *c_string) { return bytes_from_text(text_of(c_string)); }

/* RFC 8785, appendix B: the bits of a double, and how it is printed. */
static void numbers_print_as_in_ecmascript(void **state) {
    (void)state;
    static const struct {
        uint64_t bits;
        const char *printed;
    } rows[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
        /* Powers of two whose shortest form is not the nearest of its length. */
        {0x0060000000000000, "7.120236347223045e-307"},
        {0x3e70000000000000, "5.960464477539063e-8"},
        {0x4580000000000000, "6.189700196426902e+26"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        double value;
        struct buf out = {.max = 64};
        memcpy(&value, &rows[i].bits, sizeof value);
        json_number(value, &out);
        buf_char(&out, 0);
        assert_string_equal((const char *)out.at, rows[i].printed);
        assert_true(strtod((const char *)out.at, NULL) == value);
        buf_free(&out);
    }
}

static void canonical_is(const char *input, const char *expected) {
    json_t *value;
    struct diag d = {0};
    assert_int_equal(json_read(bytes(input), &value, &d), OK);
    struct buf out = {.max = 4096};
    json_canonical(value, &out);
    json_decref(value);
    assert_int_equal(buf_check(&out, NULL), OK);
    buf_char(&out, 0);
    assert_string_equal((const char *)out.at, expected);
    buf_free(&out);
}

static void objects_are_sorted_and_escaped_least(void **state) {
    (void)state;
    /* RFC 8785, 3.2.3: the order of UTF-16 code units. */
    canonical_is(
        "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\","
        "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
        "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
        "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
        "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
        "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
    /* RFC 8785, 3.2.2. */
    canonical_is("{\n \"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],\n"
                 " \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                 " \"literals\": [null, true, false]\n}",
                 "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                 "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    canonical_is("{\"aa\":1,\"a\":2,\"\":3,\"b\":{\"d\":-0,\"c\":[]}}",
                 "{\"\":3,\"a\":2,\"aa\":1,\"b\":{\"c\":[],\"d\":0}}");
    canonical_is("[9007199254740993,-9007199254740992,9223372036854775807]",
                 "[9007199254740992,-9007199254740992,9223372036854776000]");
}

static void one_spelling_is_read(void **state) {
    (void)state;
    static const char *good[] = {"{}", "[]", "{\"a\":[1,2.5,\"x\"],\"b\":null}", "[1e+30]", "[\"\xc3\xa9/\"]"};
    for (size_t i = 0; i < COUNT(good); i++) {
        json_t *value;
        assert_int_equal(json_read_canonical(bytes(good[i]), &value, NULL), OK);
        json_decref(value);
    }
    static const struct {
        const char *input, *offset;
    } bad[] = {{"{ }", "offset 1:"},           {"{\"b\":1,\"a\":2}", "offset 2:"},
               {"[1.0]", "offset 2:"},         {"[-0]", "offset 1:"},
               {"[1E30]", "offset 2:"},        {"[\"\\u00e9\"]", "offset 2:"},
               {"[\"\\/\"]", "offset 2:"},     {"[9007199254740993]", "offset 16:"},
               {"[\"\\u001F\"]", "offset 7:"}, {"{}\n", "offset 2:"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        json_t *value = NULL;
        struct diag d;
        assert_int_equal(json_read_canonical(bytes(bad[i].input), &value, &d), ERR_INPUT);
        assert_null(value);
        assert_memory_equal(d.text, bad[i].offset, strlen(bad[i].offset));
    }
}

static void what_is_not_json_is_refused(void **state) {
    (void)state;
    static const char *bad[] = {"",
                                " ",
                                "1",
                                "\"text\"",
                                "{\"a\":1,\"a\":1}",
                                "{\"a\":{\"b\":1,\"\\u0062\":2}}",
                                "{} {}",
                                "{}x",
                                "[1,]",
                                "[01]",
                                "[NaN]",
                                "[1e999]",
                                "[99999999999999999999]",
                                "[\"\xff\"]",
                                "[\"\xc0\xaf\"]",
                                "[\"\xed\xa0\x80\"]",
                                "[\"\\ud800\"]",
                                "[\"\\udc00\\ud800\"]",
                                "[\"\\u0000\"]",
                                "{\"\\u0000\":1}",
                                "[\"a\nb\"]",
                                "\xef\xbb\xbf{}",
                                "[\"open",
                                "{\"a\"}",
                                "'a'"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        json_t *value = NULL;
        struct diag d = {0};
        assert_int_equal(json_read(bytes(bad[i]), &value, &d), ERR_INPUT);
        assert_null(value);
        assert_true(d.text[0]);
    }
    assert_int_equal(json_read(bytes_of("[\"a\0\"]", 6), &(json_t *){NULL}, NULL), ERR_INPUT);
}

static void depth_is_bounded(void **state) {
    (void)state;
    char deep[2 * (JSON_DEPTH_MAX + 1) + 1] = {0};
    for (size_t i = 0; i < JSON_DEPTH_MAX; i++) {
        deep[i] = '[';
        deep[JSON_DEPTH_MAX + i] = ']';
    }
    json_t *value;
    assert_int_equal(json_read_canonical(bytes(deep), &value, NULL), OK);
    json_decref(value);
    memset(deep, '[', JSON_DEPTH_MAX + 1);
    memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_int_equal(json_read(bytes(deep), &value, NULL), ERR_LIMIT);
    /* Brackets in a string don't count. */
    char quoted[300] = "[\"\\\"";
    memset(quoted + 4, '[', 100);
    memcpy(quoted + 104, "\"]", 3);
    assert_int_equal(json_read(bytes(quoted), &value, NULL), OK);
    json_decref(value);
}

static void helpers_take_anything(void **state) {
    (void)state;
    json_t *value;
    uint64_t n = 7;
    assert_int_equal(json_read(bytes("{\"t\":\"x\",\"n\":9007199254740992,\"m\":-1,\"r\":1.5,\"big\":9007199254740993,"
                                     "\"l\":[1],\"o\":{},\"b\":true}"),
                               &value, NULL),
                     OK);
    assert_true(text_is(json_text(value, "t"), "x"));
    assert_int_equal(json_text(value, "n").size, 0);
    assert_true(json_u64(value, "n", &n) && n == (uint64_t)1 << 53);
    assert_false(json_u64(value, "m", &n) || json_u64(value, "r", &n) || json_u64(value, "big", &n) ||
                 json_u64(value, "none", &n) || json_u64(NULL, "n", &n) || json_u64(json_list(value, "l"), "n", &n));
    assert_non_null(json_list(value, "l"));
    assert_null(json_list(value, "o"));
    assert_non_null(json_child(value, "o"));
    assert_null(json_child(value, "l"));
    assert_true(json_bool(value, "b"));
    assert_false(json_bool(value, "t"));
    json_put_text(value, "t", TEXT("y"));
    json_put_text_if(value, "none", TEXT(""));
    json_put_u64(value, "n", 5);
    json_add_text(json_list(value, "l"), TEXT("two"));
    assert_true(text_is(json_text(value, "t"), "y"));
    assert_int_equal(json_array_size(json_list(value, "l")), 2);
    assert_null(json_object_get(value, "none"));
    json_decref(value);
    assert_false(json_is_text(TEXT("\xff")));
    assert_false(json_is_text((struct text){"a\0b", 3}));
}

static void many_members_are_sorted(void **state) {
    (void)state;
    json_t *value = json_object();
    for (unsigned i = 100; i-- > 0;) {
        char key[8];
        snprintf(key, sizeof key, "k%02u", i);
        json_put_u64(value, key, i);
    }
    struct buf out = {.max = 4096};
    json_canonical(value, &out);
    assert_true(text_starts(buf_as_text(&out), TEXT("{\"k00\":0,\"k01\":1,")));
    assert_true(text_ends(buf_as_text(&out), TEXT(",\"k98\":98,\"k99\":99}")));
    json_t *again;
    assert_int_equal(json_read_canonical(buf_as_bytes(&out), &again, NULL), OK);
    assert_true(json_equal(value, again));
    json_decref(again);
    json_decref(value);
    buf_free(&out);
}

static void values_are_counted_outside_of_strings(void **state) {
    static const struct {
        const char *text;
        size_t max, end;
    } rows[] = {
        {"[1,2]", 2, 5},        {"[1,2]", 1, 2}, {"{\"a,[\":1}", 1, 9}, {"[\"\\\",\"]", 1, 7},
        {"[\"\\\\\",1]", 1, 5}, {"", 0, 0},      {"\"\\", 0, 2},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(json_values_end(bytes_from_text(text_of(rows[i].text)), rows[i].max), rows[i].end);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_counted_outside_of_strings),
        cmocka_unit_test(numbers_print_as_in_ecmascript),
        cmocka_unit_test(objects_are_sorted_and_escaped_least),
        cmocka_unit_test(one_spelling_is_read),
        cmocka_unit_test(what_is_not_json_is_refused),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(helpers_take_anything),
        cmocka_unit_test(many_members_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
