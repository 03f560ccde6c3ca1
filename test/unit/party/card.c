/* The lines of a card that make it a directory: old cards still read, new lines come out as they went in. */
#include "card_lines.h"

#define RECIPIENT "recipient abuse age1vutsq93lhrgexkt4reqnaccnf0dxfpnlnjnscjh9ckeky636y3useuqpye\n"

static void written_as_read(const char *lines, bool good) {
    struct arena a = {0};
    struct card c;
    struct buf again = {.max = CARD_MAX_BYTES};
    struct text whole = card_with(lines, &a);
    enum error result = card_read_text(whole, &a, &c, NULL);
    assert_int_equal(result, good ? OK : ERR_INPUT);
    if (good) {
        card_write(&c, &again);
        assert_true(text_equal(buf_as_text(&again), whole));
    }
    buf_free(&again);
    arena_free(&a);
}

static void what_is_read_is_written(void **state) {
    (void)state;
    written_as_read("", true);
    written_as_read("department abuse Abuse\nlanguages abuse en\nhours abuse always\n" RECIPIENT "date 2026-03-01\n",
                    true);
    written_as_read("department abuse Abuse\nhours abuse Mo-Fr 08:00-18:00 UTC\nhours abuse at night by telephone\n"
                    "holiday abuse 2026-12-25\nabout * 3.4 By law.\nabout abuse 3.1 One line.\nabout abuse 3.1 Two.\n"
                    "about abuse contact mailto:a@north.example\nabout abuse of-a-later-version Words.\n" RECIPIENT,
                    true);
}

static void lines_out_of_their_order_or_form_are_refused(void **state) {
    (void)state;
    written_as_read(RECIPIENT "holiday abuse 2026-12-25\n", false);
    written_as_read("about abuse 3.1 Words.\nholiday abuse 2026-12-25\n", false);
    written_as_read("holiday * 2026-12-25\n", false);
    written_as_read("holiday abuse \n", false);
    written_as_read("about abuse 3.1\n", false);
    written_as_read("about abuse 3.1 \n", false);
    written_as_read("about Abuse 3.1 Words.\n", false);
    written_as_read("about abuse Mission Words.\n", false);
    written_as_read("about ** 3.1 Words.\n", false);
}

/* A neutral mirror's key stands among the mirrors, or nothing counts by it. */
static void a_neutral_mirror_is_named_by_its_key(void **state) {
    (void)state;
    struct arena a = {0};
    static const char tls[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    struct text key = vkey_of("mirror.example/mirror", KEY_COSIGNATURE, &a);
    const struct {
        const char *name, *url;
        bool good;
    } cases[] = {{"mirror.example/mirror", "https://mirror.example:7445", true},
                 {"cert.north.example/mirror", "https://mirror.example:7445", true},
                 {"other.example/mirror", "https://mirror.example:7445", false},
                 {"mirror.example/mirror", "http://mirror.example:7445", false},
                 {"mirror.example/mirror", "https://mirror.example:7445 x", false},
                 {"mirror.example/mirror", "", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text lines =
            arena_format(&a, "mirror %.*s\nneutral %s %s %s\n", TEXT_ARG(key), cases[i].name, tls, cases[i].url);
        written_as_read(lines.at, cases[i].good);
    }
    struct text five = arena_format(&a, "mirror %.*s\n", TEXT_ARG(key));
    for (size_t i = 0; i < CARD_NEUTRALS_MAX + 1; i++) {
        written_as_read(five.at, true);
        five = arena_format(&a, "%.*sneutral mirror.example/mirror %s https://%zu.example\n", TEXT_ARG(five), tls, i);
    }
    written_as_read(five.at, false);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written),
        cmocka_unit_test(a_neutral_mirror_is_named_by_its_key),
        cmocka_unit_test(lines_out_of_their_order_or_form_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
