/* Stamps: what is read, how years follow each other, and that a file reads the same in one part and in many. */
#include "real.h"

static void assert_time(instant i, const char *expected) {
    char text[INSTANT_TEXT_MAX];
    instant_write(i, text);
    assert_string_equal(text, expected);
}

typedef enum reason (*take)(struct stamper *s, struct text *t, struct stamp *out);

static void assert_stamp(take f, const struct stamp_options *o, const char *text, enum reason reason,
                         const char *expected, const char *rest) {
    struct stamper s;
    struct stamp out;
    struct text t = text_of(text);
    stamper_start(&s, o, (struct chain){0});
    enum reason found = f(&s, &t, &out);
    if (found != reason) broken("%s: %s", text, reasons[found].name);
    assert_true(text_is(t, reason ? text : rest));
    if (!reason) assert_time(out.at, expected);
}

static struct stamp_options zurich(struct arena *a) {
    struct stamp_options o = real_zurich(a);
    o.until = INSTANT_NONE;
    return o;
}

static void iso_stamps_are_read(void **state) {
    (void)state;
    struct arena a = {0};
    struct stamp_options o = zurich(&a);
    static const struct {
        const char *text, *expected, *rest;
    } rows[] = {{"2015-04-16T18:02:50.321974+00:00 x", "2015-04-16T18:02:50.321974Z", " x"},
                {"2015-04-16T18:02:50Z", "2015-04-16T18:02:50Z", ""},
                {"2015-04-16 18:02:50-0430,", "2015-04-16T22:32:50Z", ","},
                {"2015-04-16 18:02:50", "2015-04-16T16:02:50Z", ""},
                {"2015-01-16 18:02:50.5 x", "2015-01-16T17:02:50.5Z", " x"},
                {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", ""},
                {"2015-04-16T18:02:50.123456789Z", "2015-04-16T18:02:50.123456Z", ""},
                {"2015-04-16T18:02:50 +0100", "2015-04-16T16:02:50Z", " +0100"}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_stamp(stamp_iso, &o, rows[i].text, REASON_FACT, rows[i].expected, rows[i].rest);
    static const char *const bad[] = {"",
                                      "2015-04-16",
                                      "2015-04-16T18:02",
                                      "2015-04-31T18:02:50Z",
                                      "2015-04-16T24:02:50Z",
                                      "2015-04-16T18:02:61Z",
                                      "2015-04-16T18:02:50.",
                                      "2015-04-16T18:02:50.Z",
                                      "2015-04-16T18:02:50+1",
                                      "2015-04-16T18:02:50+24:00",
                                      "0000-04-16T18:02:50Z",
                                      "2015/04/16 18:02:50"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_stamp(stamp_iso, &o, bad[i], REASON_STAMP, NULL, NULL);
    assert_stamp(stamp_iso, &o, "2026-03-29T02:30:00", REASON_SKIPPED, NULL, NULL);
    assert_stamp(stamp_iso, &o, "2026-10-25T02:30:00", REASON_FACT, "2026-10-25T00:30:00Z", "");
    arena_free(&a);
}

static void clf_stamps_are_read(void **state) {
    (void)state;
    struct arena a = {0};
    struct stamp_options o = zurich(&a);
    assert_stamp(stamp_clf, &o, "17/May/2015:10:05:03 +0000] ", REASON_FACT, "2015-05-17T10:05:03Z", "] ");
    assert_stamp(stamp_clf, &o, "17/May/2015:10:05:03 -0130", REASON_FACT, "2015-05-17T11:35:03Z", "");
    assert_stamp(stamp_clf, &o, "17/May/2015:10:05:03]", REASON_FACT, "2015-05-17T08:05:03Z", "]");
    static const char *const bad[] = {"",
                                      "17/May/2015",
                                      "31/Feb/2015:10:05:03 +0000",
                                      "17/Mai/2015:10:05:03 +0000",
                                      "17/May/2015:10:05:63 +0000",
                                      "17/May/2015 10:05:03 +0000"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_stamp(stamp_clf, &o, bad[i], REASON_STAMP, NULL, NULL);
    arena_free(&a);
}

static void classic_stamps_need_a_year(void **state) {
    (void)state;
    struct stamp_options o = {.until = INSTANT_NONE};
    assert_stamp(stamp_classic, &o, "Jun 21 16:47:48 x", REASON_YEAR, NULL, NULL);
    o.year = 2026;
    assert_stamp(stamp_classic, &o, "Jun 21 16:47:48 x", REASON_FACT, "2026-06-21T16:47:48Z", " x");
    assert_stamp(stamp_classic, &o, "Jun  1 16:47:48", REASON_FACT, "2026-06-01T16:47:48Z", "");
    assert_stamp(stamp_classic, &o, "Jun 1 16:47:48", REASON_FACT, "2026-06-01T16:47:48Z", "");
    assert_stamp(stamp_classic, &o, "Jun 01 16:47:48", REASON_FACT, "2026-06-01T16:47:48Z", "");
    static const char *const bad[] = {"",
                                      "Jun 21 16:47:4",
                                      "Jun 31 16:47:48",
                                      "Feb 29 16:47:48",
                                      "Feb 30 16:47:48",
                                      "Jun 00 16:47:48",
                                      "jun 21 16:47:48",
                                      "Jun 21 24:47:48",
                                      "Jun 21  6:47:48"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_stamp(stamp_classic, &o, bad[i], REASON_STAMP, NULL, NULL);
    assert_true(stamp_is_classic(TEXT("Feb 29 16:47:48")));
    assert_false(stamp_is_classic(TEXT("Feb 30 16:47:48")));
    o.year = 9999;
    assert_stamp(stamp_classic, &o, "Dec 31 16:47:48", REASON_FACT, "9999-12-31T16:47:48Z", "");
}

/* Stamps in the order of a file, and the year of each with `--year 2025`. */
static const struct {
    const char *stamp;
    int year; /* 0: refused */
} year_rows[] = {{"Dec 30 00:00:01", 2025}, {"Dec 31 23:59:59", 2025}, {"Jan  1 00:00:00", 2026},
                 {"Dec 31 23:59:58", 2025}, {"Jan  1 00:00:02", 2026}, {"Feb 29 00:00:00", 0},
                 {"Mar  1 10:00:00", 2026}, {"Mar  1 09:00:00", 2026}, {"Aug 29 00:00:00", 2026},
                 {"Dec  1 00:00:00", 2026}, {"Jan  5 00:00:00", 2027}, {"Jul  1 00:00:00", 2027},
                 {"Jan  1 00:00:00", 2027}, {"Dec 31 00:00:00", 2026}};

static void years_follow_each_other(void **state) {
    (void)state;
    const struct stamp_options o = {.year = 2025, .until = INSTANT_NONE};
    struct stamper s;
    stamper_start(&s, &o, (struct chain){0});
    for (size_t i = 0; i < COUNT(year_rows); i++) {
        struct stamp out;
        struct text t = text_of(year_rows[i].stamp);
        enum reason reason = stamp_classic(&s, &t, &out);
        assert_int_equal(reason, year_rows[i].year ? REASON_FACT : REASON_STAMP);
        if (reason) continue;
        int64_t year;
        unsigned month, day;
        instant_to_civil(out.at, &year, &month, &day);
        if (year != year_rows[i].year) broken("%s: %d", year_rows[i].stamp, (int)year);
    }
}

/* Cut at any line, the second part read with the chain of the first gives what the whole gives. */
static void parts_read_as_the_whole(void **state) {
    (void)state;
    const struct stamp_options o = {.year = 2025, .until = INSTANT_NONE};
    for (size_t cut = 0; cut <= COUNT(year_rows); cut++) {
        struct buf part = {.max = 4096};
        struct chain chain = {0};
        static const char *const befores[] = {"", "<38>", "<5>"};
        for (size_t i = 0; i < cut; i++) {
            buf_format(&part, "%s%s host sshd[1]: x\n", befores[i % 3], year_rows[i].stamp);
            buf_string(&part, i % 2 ? "no stamp\n" : "2030-01-01T00:00:00Z host x: y\n");
        }
        chain_lines(&chain, buf_as_text(&part), false);
        buf_free(&part);
        struct stamper s;
        stamper_start(&s, &o, chain);
        for (size_t i = cut; i < COUNT(year_rows); i++) {
            struct stamp out;
            struct text t = text_of(year_rows[i].stamp);
            int64_t year = 0;
            unsigned month, day;
            if (!stamp_classic(&s, &t, &out)) instant_to_civil(out.at, &year, &month, &day);
            assert_int_equal(year, year_rows[i].year);
        }
    }
}

/* The reader's own lines move the chain as chain_lines does, be they refused or not. */
static void refused_lines_move_the_chain(void **state) {
    (void)state;
    const struct stamp_options o = {.year = 2025, .until = INSTANT_NONE};
    static struct reader reader;
    const struct text lines[] = {TEXT("Dec 31 23:59:59 host sshd[1]: x"), TEXT("Jan  2 00:00:00 host sshd[1]: \0"),
                                 TEXT("Jun  1 00:00:00"), TEXT("<38>Oct  1 00:00:00 host x: y"),
                                 TEXT("Jan  1 00:00:00 host sshd[1]: x")};
    struct buf all = {.max = 4096};
    struct chain chain = {0};
    struct observation out;
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &o, chain, (struct text){0});
    for (size_t i = 0; i < COUNT(lines); i++) {
        reader_line(&reader, lines[i], &out);
        buf_text(&all, lines[i]);
        buf_char(&all, '\n');
        chain = (struct chain){0};
        chain_lines(&chain, buf_as_text(&all), false);
        assert_memory_equal(&chain, &reader.stamper.chain, sizeof chain);
    }
    assert_time(out.first, "2027-01-01T00:00:00Z");
    buf_free(&all);
}

static void the_latest_reading_is_not_after_until(void **state) {
    (void)state;
    struct arena a = {0};
    struct stamp_options o = real_zurich(&a); /* until 2005-08-14T10:00:00Z, which is 12:00 in Zurich */
    static const struct {
        const char *stamp, *expected;
    } rows[] = {{"Aug 14 12:00:00", "2005-08-14T10:00:00Z"}, {"Aug 14 12:00:01", "2004-08-14T10:00:01Z"},
                {"Aug 14 11:59:59", "2005-08-14T09:59:59Z"}, {"Aug 15 00:00:00", "2004-08-14T22:00:00Z"},
                {"Jan  1 00:00:00", "2004-12-31T23:00:00Z"}, {"Feb 29 12:00:00", "2004-02-29T11:00:00Z"},
                {"Dec 31 23:59:59", "2004-12-31T22:59:59Z"}, {"Jun 21 16:47:48", "2005-06-21T14:47:48Z"},
                {"Jun 21 16:47:49", "2005-06-21T14:47:49Z"}, {"Aug 14 12:00:01", "2004-08-14T10:00:01Z"},
                {"Aug 14 12:00:00", "2005-08-14T10:00:00Z"}};
    struct stamper s;
    stamper_start(&s, &o, (struct chain){0});
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stamp out;
        struct text t = text_of(rows[i].stamp);
        assert_int_equal(stamp_classic(&s, &t, &out), REASON_FACT);
        assert_time(out.at, rows[i].expected);
    }
    arena_free(&a);
}

static void local_time_that_came_twice_is_said(void **state) {
    (void)state;
    struct arena a = {0};
    struct stamp_options o = zurich(&a);
    struct stamper s;
    struct stamp out;
    o.year = 2026;
    stamper_start(&s, &o, (struct chain){0});
    static const struct {
        const char *stamp;
        enum reason reason;
        bool twice;
    } rows[] = {{"Mar 29 01:59:59", REASON_FACT, false}, {"Mar 29 02:00:00", REASON_SKIPPED, false},
                {"Mar 29 03:00:00", REASON_FACT, false}, {"Jul  1 00:00:00", REASON_FACT, false},
                {"Oct 25 01:59:59", REASON_FACT, false}, {"Oct 25 02:00:00", REASON_FACT, true},
                {"Oct 25 02:59:59", REASON_FACT, true},  {"Oct 25 03:00:00", REASON_FACT, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t = text_of(rows[i].stamp);
        assert_int_equal(stamp_classic(&s, &t, &out), rows[i].reason);
        if (!rows[i].reason) assert_int_equal(out.twice, rows[i].twice);
    }
    arena_free(&a);
}

static void objects_and_protocols_have_a_form(void **state) {
    (void)state;
    char digest[] = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", longest[OBJECT_MAX + 1];
    assert_true(object_holds(text_of(digest)));
    digest[10] = 'A';
    assert_false(object_holds(text_of(digest)));
    static const char *const good[] = {"url:http://a.example/b?c d", "domain:a.example", "account:\xd0\x98",
                                       "mail:a@b"};
    static const char *const bad[] = {"",         "url",      "url:",     "URL:x",   "path:/a",
                                      "url:a\nb", "url:a\tb", "url:\xc3", "sha256:0"};
    for (size_t i = 0; i < COUNT(good); i++) assert_true(object_holds(text_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(object_holds(text_of(bad[i])));
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "url:", 4);
    assert_true(object_holds((struct text){longest, OBJECT_MAX}));
    assert_false(object_holds((struct text){longest, OBJECT_MAX + 1}));
    assert_true(protocol_holds(TEXT("tcp")) && protocol_holds(TEXT("ipv6-icmp")) &&
                protocol_holds(TEXT("123456789012345")));
    assert_false(protocol_holds(TEXT("")) || protocol_holds(TEXT("TCP")) || protocol_holds(TEXT("1234567890123456")) ||
                 protocol_holds(TEXT("t cp")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_stamps_are_read),
        cmocka_unit_test(clf_stamps_are_read),
        cmocka_unit_test(classic_stamps_need_a_year),
        cmocka_unit_test(years_follow_each_other),
        cmocka_unit_test(parts_read_as_the_whole),
        cmocka_unit_test(refused_lines_move_the_chain),
        cmocka_unit_test(the_latest_reading_is_not_after_until),
        cmocka_unit_test(local_time_that_came_twice_is_said),
        cmocka_unit_test(objects_and_protocols_have_a_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
