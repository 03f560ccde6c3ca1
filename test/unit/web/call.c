#include "unit.h"

#include "base/os.h"
#include "web/call.h"

/* The words of a body, joined by spaces. */
static const char *words_of(const char *body, struct arena *a) {
    struct call c;
    struct diag d = {0};
    struct buf line = {.max = 4096};
    if (call_read(bytes_from_text(text_of(body)), a, &c, &d)) {
        call_close(&c);
        return arena_format(a, "refused: %s", d.text).at;
    }
    for (size_t i = 0; i < c.count; i++) buf_format(&line, "%s%s", i ? " " : "", c.words[i]);
    assert_null(c.words[c.count]);
    call_close(&c);
    const char *out = arena_string(a, buf_as_text(&line));
    buf_free(&line);
    return out;
}

static void options_come_before_words(void **state) {
    (void)state;
    struct arena a = {0};
    assert_string_equal(words_of("", &a), "--");
    assert_string_equal(words_of("{\"words\":[\"5b2c\",\"--json\"]}", &a), "-- 5b2c --json");
    assert_string_equal(words_of("{\"options\":{\"tlp\":\"RED\",\"draft\":true,\"yes\":false,\"covers\":[\"a\",\"b\"],"
                                 "\"rows\":7,\"o\":\"-\"},\"words\":[\"x y\"]}",
                                 &a),
                        "--tlp RED --draft --covers a --covers b --rows 7 -o - -- x y");
    arena_free(&a);
}

static void what_is_the_desks_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "{\"options\":{\"home\":\"/tmp\"}}",
        "{\"options\":{\"passphrase-file\":\"f\"}}",
        "{\"options\":{\"json\":true}}",
        "{\"options\":{\"-tlp\":\"RED\"}}",
        "{\"options\":{\"tlp=RED\":true}}",
        "{\"options\":{\"\":true}}",
        "{\"options\":{\"tlp\":{}}}",
        "{\"options\":{\"tlp\":{\"content\":1}}}",
        "{\"options\":{\"tlp\":1.5}}",
        "{\"words\":[true]}",
        "{\"words\":{}}",
        "{\"option\":{}}",
        "{\"words\":[[\"a\"]]}",
        "{\"words\":[{\"base64\":\"?\"}]}",
        "{\"words\":[{\"content\":\"x\",\"language\":1}]}",
        "{\"words\":[{\"content\":\"x\",\"base64\":\"AAEC\",\"language\":\"fr\"}]}",
    };
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(bad); i++)
        if (strncmp(words_of(bad[i], &a), "refused", 7)) assert_string_equal(bad[i], "refused");
    arena_free(&a);
}

static void content_is_a_file(void **state) {
    (void)state;
    struct arena a = {0};
    struct call c;
    struct buf out = {.max = 100};
    const char *body = "{\"options\":{\"text-file\":{\"content\":\"as it is\"}},\"words\":[{\"base64\":\"AAEC\"}]}";
    assert_int_equal(call_read(bytes_from_text(text_of(body)), &a, &c, NULL), OK);
    assert_int_equal(c.count, 4);
    assert_int_equal(os_read(c.words[1], 100, &out, NULL), OK);
    assert_true(text_is(buf_as_text(&out), "as it is"));
    buf_clear(&out);
    assert_int_equal(os_read(c.words[3], 100, &out, NULL), OK);
    assert_int_equal(out.size, 3);
    assert_memory_equal(out.at, "\0\1\2", 3);
    call_close(&c);
    assert_int_equal(os_read(c.words[1], 100, &out, NULL) != OK, true);
    buf_free(&out);
    arena_free(&a);
}

static void content_has_a_language(void **state) {
    (void)state;
    struct arena a = {0};
    struct call c;
    struct buf out = {.max = 100};
    const char *body = "{\"options\":{\"text\":[{\"content\":\"oui\",\"language\":\"fr\"}]}}";
    assert_int_equal(call_read(bytes_from_text(text_of(body)), &a, &c, NULL), OK);
    assert_int_equal(c.count, 3); /* the option, its value, and what ends options */
    assert_int_equal(strncmp(c.words[1], "fr=/", 4), 0);
    assert_int_equal(os_read(c.words[1] + 3, 100, &out, NULL), OK);
    assert_true(text_is(buf_as_text(&out), "oui"));
    call_close(&c);
    buf_free(&out);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_come_before_words),
        cmocka_unit_test(what_is_the_desks_is_refused),
        cmocka_unit_test(content_is_a_file),
        cmocka_unit_test(content_has_a_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
