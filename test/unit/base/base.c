/* Text, numbers, time, codecs, CSV and addresses: what every other room stands on. */
#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/codec.h"
#include "base/csv.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/ip.h"
#include "base/random.h"

static void numbers_have_one_spelling(void **state) {
    (void)state;
    uint64_t n = 7;
    assert_true(text_u64(TEXT("0"), &n) && n == 0);
    assert_true(text_u64(TEXT("18446744073709551615"), &n) && n == UINT64_MAX);
    static const char *bad[] = {"", "01", "+1", "-1", " 1", "1 ", "18446744073709551616", "1e3"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(text_u64(text_of(bad[i]), &n));
}

static void times_are_utc_with_z(void **state) {
    (void)state;
    static const char *good[] = {"2026-03-01T12:00:00Z", "1970-01-01T00:00:00Z",        "2000-02-29T23:59:59.5Z",
                                 "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59Z"};
    for (size_t i = 0; i < COUNT(good); i++) {
        instant t;
        char out[INSTANT_TEXT_MAX];
        assert_true(instant_read(text_of(good[i]), &t));
        assert_true(text_is(instant_write(t, out), good[i]));
    }
    static const char *bad[] = {
        "2026-02-29T00:00:00Z",      "2026-03-01T24:00:00Z", "2026-03-01T12:00:60Z",  "2026-03-01t12:00:00z",
        "2026-03-01T12:00:00+00:00", "2026-03-01 12:00:00Z", "2026-03-01T12:00:00.Z", ""};
    instant t = 1;
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(instant_read(text_of(bad[i]), &t));
    assert_int_equal(t, 1);
}

static void years_beyond_four_digits_are_written_somehow(void **state) {
    (void)state;
    static const struct {
        instant at;
        const char *written;
    } table[] = {{INT64_MAX, "294247-01-10T04:00:54.775807Z"}, {INT64_MIN + 1, "-290308-12-21T19:59:05.224193Z"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        char out[INSTANT_TEXT_MAX];
        assert_true(text_is(instant_write(table[i].at, out), table[i].written));
    }
}

static void a_date_that_is_kept_changes_nothing(void **state) {
    (void)state;
    static const instant steps[] = {0,
                                    1,
                                    -1,
                                    INSTANT_SECOND,
                                    59 * INSTANT_SECOND,
                                    INSTANT_HOUR,
                                    INSTANT_DAY - 1,
                                    INSTANT_DAY,
                                    -INSTANT_DAY,
                                    366 * INSTANT_DAY,
                                    3652425 * INSTANT_DAY,
                                    -2 * 3652425 * INSTANT_DAY,
                                    INSTANT_NONE};
    struct instant_day day = {0};
    for (size_t i = 0; i < COUNT(steps); i++)
        for (size_t k = 0; k < COUNT(steps); k++) {
            char near[INSTANT_TEXT_MAX], alone[INSTANT_TEXT_MAX];
            instant at = steps[i] == INSTANT_NONE || steps[k] == INSTANT_NONE ? INSTANT_NONE : steps[i] + steps[k];
            assert_true(text_equal(instant_write_near(at, &day, near), instant_write(at, alone)));
        }
}

static void lengths_of_time_have_a_unit(void **state) {
    (void)state;
    static const struct {
        const char *text;
        instant length;
    } good[] = {{"0", 0},
                {"0s", 0},
                {"90s", 90 * INSTANT_SECOND},
                {"30m", INSTANT_HOUR / 2},
                {"1h", INSTANT_HOUR},
                {"7d", 7 * INSTANT_DAY}};
    instant length = 1;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(instant_length_read(text_of(good[i].text), &length));
        assert_true(length == good[i].length);
    }
    static const char *const bad[] = {"", "1", "h", "-1h", "1 h", "01h", "1H", "1w", "1hh", "1.5h", "99999999999d"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(instant_length_read(text_of(bad[i]), &length));
}

static void base64_is_strict(void **state) {
    (void)state;
    struct buf out = {.max = 100};
    buf_base64(&out, bytes_from_text(TEXT("foob")), BASE64_PADDED);
    assert_true(text_is(buf_as_text(&out), "Zm9vYg=="));
    buf_clear(&out);
    assert_true(base64_read(TEXT("Zm9vYg=="), &out, BASE64_PADDED));
    assert_true(text_is(buf_as_text(&out), "foob"));
    buf_clear(&out);
    assert_true(base64_read(TEXT("Zm9vYg"), &out, BASE64_RAW));
    static const char *bad[] = {"Zm9vYg", "Zm9vYh==", "Zm9v\nYg==", "====", "Z===", "Zm9vYg=", "Zm9*"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(base64_read(text_of(bad[i]), &out, BASE64_PADDED));
    buf_free(&out);
}

static void a_buffer_keeps_to_its_maximum(void **state) {
    (void)state;
    struct buf b = {.max = 4};
    buf_string(&b, "abcd");
    assert_int_equal(buf_check(&b, NULL), OK);
    buf_char(&b, 'e');
    struct diag d;
    assert_int_equal(buf_check(&b, &d), ERR_LIMIT);
    assert_int_equal(b.size, 4);
    buf_free(&b);
}

static void csv_rows_come_back(void **state) {
    (void)state;
    struct arena a = {0};
    struct text t = TEXT("a,\"b,\"\"c\"\"\",\n\"x\ny\",z,1\nlast"), fields[4];
    size_t count;
    uint64_t line = 0;
    struct diag d;
    assert_int_equal(csv_row(&t, &a, fields, 4, &count, &line, &d), OK);
    assert_int_equal(count, 3);
    assert_true(text_is(fields[1], "b,\"c\"") && fields[2].size == 0);
    assert_int_equal(csv_row(&t, &a, fields, 4, &count, &line, &d), OK);
    assert_true(text_is(fields[0], "x\ny"));
    assert_int_equal(csv_row(&t, &a, fields, 4, &count, &line, &d), OK);
    assert_int_equal(csv_row(&t, &a, fields, 4, &count, &line, &d), ERR_MISSING);
    struct text open = TEXT("a\n\"b\n");
    line = 0;
    assert_int_equal(csv_row(&open, &a, fields, 4, &count, &line, &d), OK);
    assert_int_equal(csv_row(&open, &a, fields, 4, &count, &line, &d), ERR_INPUT);
    assert_int_equal(d.line, 2);
    struct buf out = {.max = 100};
    csv_field(&out, TEXT("b,\"c\""));
    assert_true(text_is(buf_as_text(&out), "\"b,\"\"c\"\"\""));
    buf_free(&out);
    arena_free(&a);
}

static void addresses_have_one_spelling(void **state) {
    (void)state;
    static const char *pairs[][2] = {{"192.0.2.1", "192.0.2.1"},
                                     {"::ffff:192.0.2.1", "192.0.2.1"},
                                     {"2001:DB8::1", "2001:db8::1"},
                                     {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
                                     {"::", "::"},
                                     {"1::", "1::"},
                                     {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
                                     {"0:0:1::", "0:0:1::"}};
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct ip ip;
        char out[IP_TEXT_MAX];
        assert_true(ip_read(text_of(pairs[i][0]), &ip));
        assert_string_equal(ip_write(ip, out).at, pairs[i][1]);
    }
    static const char *bad[] = {"",      "192.030.0.6",  "256.1.1.1", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "fe80::1%eth0",
                                "[::1]", "::ffff:1.2.3", "12345::",   "1"};
    struct ip ip;
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(ip_read(text_of(bad[i]), &ip));
}

/* RFC 5869, A.1. */
static void hkdf_gives_the_rfc_vector(void **state) {
    (void)state;
    uint8_t ikm[22], salt[13], info[10], out[42], want[42];
    memset(ikm, 0x0b, sizeof ikm);
    assert_true(hex_read(TEXT("000102030405060708090a0b0c"), salt, 13) &&
                hex_read(TEXT("f0f1f2f3f4f5f6f7f8f9"), info, 10));
    assert_true(hex_read(TEXT("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
                         want, 42));
    hkdf_sha256(bytes_of(ikm, 22), bytes_of(salt, 13), bytes_of(info, 10), out, sizeof out);
    assert_memory_equal(out, want, 42);
}

static void parts_hash_as_their_whole(void **state) {
    (void)state;
    const struct bytes parts[] = {bytes_of("a", 1), {NULL, 0}, bytes_of("bc", 2)};
    struct sha256 want; /* FIPS 180-4's example */
    assert_true(sha256_read_hex(TEXT("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &want));
    assert_true(sha256_equal(sha256_of_parts(parts, COUNT(parts)), want));
    assert_true(sha256_equal(sha256_of(bytes_of("abc", 3)), want));
    assert_true(sha256_equal(sha256_of_parts(NULL, 0), sha256_of(bytes_of("", 0))));
}

static void text_of_a_note_is_utf8_without_controls(void **state) {
    (void)state;
    assert_true(text_is_note_text(TEXT("ed è subito sera\n")));
    static const char *bad[] = {"a\tb", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x82", "\r\n"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(text_is_note_text(text_of(bad[i])));
}

static void what_others_wrote_is_shown_and_does_nothing(void **state) {
    (void)state;
    static const struct {
        const char *from, *line, *lines;
    } table[] = {
        {"ed è\tsubito\nsera", "ed è subito sera", "ed è subito\nsera"},
        {"\x1b[2J\x1b]0;t\x07\x7f\r", "[2J]0;t", "[2J]0;t"},
        {"a\xc2\x9b"
         "2Jb\xc2\xa0",
         "a2Jb\xc2\xa0", "a2Jb\xc2\xa0"},                                               /* C1 */
        {"\u202atwo\u202e\u2066owt\u2069\u2028", "twoowt", "twoowt"},                   /* bidi, separators */
        {"\u200fשלום\u2010\u2065", "\u200fשלום\u2010\u2065", "\u200fשלום\u2010\u2065"}, /* their neighbours */
        {"\xffx\xe2\x80", "x", "x"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        struct buf line = {.max = 100}, lines = {.max = 100};
        buf_line(&line, text_of(table[i].from));
        buf_lines(&lines, text_of(table[i].from));
        assert_true(text_is(buf_as_text(&line), table[i].line));
        assert_true(text_is(buf_as_text(&lines), table[i].lines));
        buf_clear(&line);
        buf_pad(&line, text_of(table[i].from), 20);
        assert_int_equal(text_columns(buf_as_text(&line)), 20);
        buf_free(&line);
        buf_free(&lines);
    }
}

static void seeded_randomness_repeats(void **state) {
    (void)state;
    struct random one = random_seeded(TEXT("walk")), two = random_seeded(TEXT("walk"));
    char a[37], b[37];
    random_uuid(&one, a);
    random_uuid(&two, b);
    assert_string_equal(a, b);
    random_uuid(&two, b);
    assert_string_not_equal(a, b);
}

/* Texts that look like addresses, of which a byte may be wrong. */
static size_t near_address(struct random *r, char out[static 80]) {
    static const char bytes[] = "0123456789abcdefABCDEF:::....gx%/- ";
    uint8_t draw[20];
    size_t size = 0;
    random_fill(r, draw, sizeof draw);
    bool v4 = draw[16] % 2;
    size_t parts = v4 ? 4 : 8;
    if (draw[17] % 8 == 0) parts--;
    if (draw[17] % 32 == 1) parts++;
    for (size_t i = 0; i < parts; i++) {
        unsigned value = draw[i];
        value = value % 4 == 0 ? value % 16 : draw[i + 8] % 8 ? value : value * 3;
        if (i) out[size++] = v4 ? '.' : ':';
        if (!v4 && draw[i] % 8 == 0) continue;
        size += (size_t)snprintf(out + size, 8, v4 ? "%u" : draw[i + 8] % 4 ? "%x" : "%04X", v4 ? value : value * 257);
    }
    if (draw[18] % 3 == 0) out[draw[19] % size] = bytes[draw[18] % (sizeof bytes - 1)];
    return size;
}

/* inet_pton is what IPv6's text is, and takes of IPv4's what has no leading zeros, too. */
static bool read_by_library(const char *text, struct ip *out) {
    struct in_addr v4;
    if (inet_pton(AF_INET, text, &v4) != 1) return inet_pton(AF_INET6, text, out->at) == 1;
    *out = ip_from_v4(ntohl(v4.s_addr));
    return true;
}

static void addresses_are_read_the_same_in_all_ways(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("addresses"));
    size_t good = 0;
    for (size_t round = 0; round < 50000; round++) {
        char draft[80] = {0};
        size_t size = near_address(&r, draft);
        char *exact = malloc(size + 1); /* so that a byte too far is seen */
        assert_non_null(exact);
        memcpy(exact, draft, size);
        exact = realloc(exact, size ? size : 1);
        struct ip wide = {0}, plain = {0}, library = {0};
        bool reads = read_by_library(draft, &library);
        assert_int_equal(ip_read((struct text){exact, size}, &wide), reads);
        assert_int_equal(ip_read_plain((struct text){exact, size}, &plain), reads);
        if (reads) assert_memory_equal(wide.at, library.at, sizeof wide.at);
        if (reads) assert_memory_equal(plain.at, library.at, sizeof plain.at);
        good += reads;
        free(exact);
    }
    assert_in_range(good, 10000, 40000);
}

/* Every needle at every place of texts of all sizes around that of a block, of few different bytes. */
static void both_searches_find_the_same(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("search"));
    for (size_t round = 0; round < 20000; round++) {
        char at[80], words[4];
        random_fill(&r, (uint8_t *)at, sizeof at);
        random_fill(&r, (uint8_t *)words, sizeof words);
        for (size_t i = 0; i < sizeof at; i++) at[i] = (char)('a' + (at[i] & (round % 2 ? 1 : 3)));
        struct text t = {at, (uint8_t)words[0] % sizeof at};
        char needle[12];
        size_t size = (uint8_t)words[1] % sizeof needle, from = (uint8_t)words[2] % (sizeof at - sizeof needle);
        memcpy(needle, at + from, size);
        if (size && words[3] < 40) needle[(uint8_t)words[3] % size] = 'c';
        assert_int_equal(text_search(t, (struct text){needle, size}),
                         text_search_plain(t, (struct text){needle, size}));
    }
}

/* What is longer than a diag ends with a whole character, of however many bytes. */
static void the_first_characters_are_whole(void **state) {
    (void)state;
    assert_true(text_is(text_first_whole(TEXT("abc"), 5), "abc"));
    assert_true(text_is(text_first_whole(TEXT("abc"), 2), "ab"));
    assert_true(text_is(text_first_whole(TEXT("a\u00e9"), 3), "a\u00e9"));
    assert_true(text_is(text_first_whole(TEXT("a\u00e9"), 2), "a"));
    assert_true(text_is(text_first_whole(TEXT("\u20ac"), 2), ""));
}

static void what_is_cut_off_is_still_text(void **state) {
    (void)state;
    static const char *const characters[] = {"a", "é", "€", "😀"};
    for (size_t i = 0; i < COUNT(characters); i++)
        for (int before = 0; before < 4; before++) {
            struct diag d;
            char text[4100] = "";
            for (size_t at = 0; at + 5 < sizeof text; at += strlen(characters[i])) strcpy(text + at, characters[i]);
            (void)fail(&d, ERR_INPUT, "%.*s%s", before, "xxx", text);
            assert_true(text_is_note_text(text_of(d.text)));
            assert_true(strlen(d.text) + 4 >= sizeof d.text);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_characters_are_whole),
        cmocka_unit_test(what_is_cut_off_is_still_text),
        cmocka_unit_test(both_searches_find_the_same),
        cmocka_unit_test(addresses_are_read_the_same_in_all_ways),
        cmocka_unit_test(numbers_have_one_spelling),
        cmocka_unit_test(times_are_utc_with_z),
        cmocka_unit_test(years_beyond_four_digits_are_written_somehow),
        cmocka_unit_test(a_date_that_is_kept_changes_nothing),
        cmocka_unit_test(lengths_of_time_have_a_unit),
        cmocka_unit_test(base64_is_strict),
        cmocka_unit_test(a_buffer_keeps_to_its_maximum),
        cmocka_unit_test(csv_rows_come_back),
        cmocka_unit_test(addresses_have_one_spelling),
        cmocka_unit_test(hkdf_gives_the_rfc_vector),
        cmocka_unit_test(parts_hash_as_their_whole),
        cmocka_unit_test(text_of_a_note_is_utf8_without_controls),
        cmocka_unit_test(what_others_wrote_is_shown_and_does_nothing),
        cmocka_unit_test(seeded_randomness_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
