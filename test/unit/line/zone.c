/* Zones against the C library's, around every change of its offset, and TZif files that are damaged. */
#include "real.h"

#include <time.h>

static void read_zone(const char *name, struct arena *a, struct zone *z) {
    struct text file = real_path(arena_format(a, "/usr/share/zoneinfo/%s", name).at, a);
    struct diag d = {0};
    if (zone_read(bytes_from_text(file), a, z, &d)) broken("%s: %s", name, d.text);
}

/* What zone_ask must say, found by trying every offset that is around. */
static struct zone_answer ask_slowly(const struct zone *z, int64_t local) {
    struct zone_answer a = {.fit = ZONE_NEVER};
    int32_t seen[2] = {0};
    int count = 0;
    for (int64_t utc = local - 16 * 3600; utc <= local + 16 * 3600 && count < 2; utc += 900) {
        int32_t offset = zone_offset(z, utc);
        bool fits = zone_offset(z, local - offset) == offset;
        if (fits && (!count || seen[0] != offset)) seen[count++] = offset;
    }
    if (!count) return a;
    a.fit = count == 1 ? ZONE_ONCE : ZONE_TWICE;
    a.offset = count == 2 && seen[1] > seen[0] ? seen[1] : seen[0]; /* the larger offset is the earlier time */
    return a;
}

static void assert_answer(const struct zone *z, const char *name, int64_t local) {
    struct zone_answer a = zone_ask(z, local), b = ask_slowly(z, local);
    bool same = a.fit == b.fit && (a.fit == ZONE_NEVER || a.offset == b.offset);
    if (!same || local < a.from || local >= a.until) broken("%s: %lld", name, (long long)local);
    const int64_t ends[] = {a.from, a.until - 1};
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct zone_answer c = zone_ask(z, ends[i]);
        if (c.fit != a.fit || (a.fit != ZONE_NEVER && c.offset != a.offset))
            broken("%s: %lld is not as %lld", name, (long long)ends[i], (long long)local);
    }
}

/* Steps of 10 hours and 50 minutes, and closely around each change. */
static void compare(const char *name, int64_t from, int64_t until) {
    struct arena a = {0};
    struct zone z;
    read_zone(name, &a, &z);
    setenv("TZ", name, 1);
    tzset();
    int32_t before = zone_offset(&z, from);
    for (int64_t utc = from; utc < until; utc += 39000) {
        time_t t = (time_t)utc;
        struct tm tm;
        localtime_r(&t, &tm);
        int32_t offset = zone_offset(&z, utc);
        if (offset != tm.tm_gmtoff) broken("%s: %lld: %d", name, (long long)utc, offset);
        if (offset != before)
            for (int64_t near = utc - 45000; near < utc + 9000; near += 450) assert_answer(&z, name, near + offset);
        before = offset;
    }
    arena_free(&a);
}

static void zones_agree_with_the_c_library(void **state) {
    (void)state;
    static const char *const names[] = {"Europe/Zurich",
                                        "America/New_York",
                                        "Australia/Lord_Howe",
                                        "Africa/Cairo",
                                        "America/Sao_Paulo",
                                        "Asia/Kathmandu",
                                        "Africa/Casablanca",
                                        "Pacific/Apia",
                                        "Europe/Dublin",
                                        "America/Nuuk",
                                        "UTC"};
    for (size_t i = 0; i < COUNT(names); i++) {
        compare(names[i], 946684800, 1262304000);  /* 2000 to 2010 */
        compare(names[i], 2145916800, 2240611200); /* 2038 to 2041: by the rules of the footers */
    }
    unsetenv("TZ");
    tzset();
}

/* 2026-03-29T02:30 and 2026-10-25T02:30 in Zurich; the day that Apia never had. */
static void a_clock_skips_and_repeats(void **state) {
    (void)state;
    struct arena a = {0};
    struct zone z;
    read_zone("Europe/Zurich", &a, &z);
    struct zone_answer spring = zone_ask(&z, 1774751400), autumn = zone_ask(&z, 1792895400);
    assert_int_equal(spring.fit, ZONE_NEVER);
    assert_int_equal(spring.from, 1774749600);
    assert_int_equal(spring.until, 1774753200);
    assert_int_equal(autumn.fit, ZONE_TWICE);
    assert_int_equal(autumn.offset, 7200);
    assert_int_equal(autumn.from, 1792893600);
    assert_int_equal(autumn.until, 1792897200);
    read_zone("Pacific/Apia", &a, &z);
    assert_int_equal(zone_ask(&z, 1325246400).fit, ZONE_NEVER); /* 2011-12-30T12:00 */
    arena_free(&a);
}

static void offsets_are_zones(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int32_t offset;
    } good[] = {{"Z", 0}, {"UTC", 0}, {"+01:00", 3600}, {"-0330", -12600}, {"+2359", 86340}};
    static const char *const bad[] = {"",       "z",     "01:00",  "+1:00", "+01:0",
                                      "+24:00", "+0160", "+01-00", "GMT",   "+01:00 "};
    struct zone z;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(zone_fixed(text_of(good[i].text), &z));
        assert_int_equal(zone_offset(&z, 0), good[i].offset);
        assert_int_equal(zone_ask(&z, 1700000000).offset, good[i].offset);
        assert_int_equal(zone_ask(&z, 1700000000).fit, ZONE_ONCE);
    }
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(zone_fixed(text_of(bad[i]), &z));
}

static struct buf tz_file(const char *footer) {
    struct buf b = {.max = 4096};
    for (int version = 0; version < 2; version++) {
        buf_text(&b, TEXT("TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
        for (int i = 0; i < 4; i++) buf_bytes(&b, bytes_of("\0\0\0\0", 4));
        buf_bytes(&b, bytes_of("\0\0\0\1\0\0\0\4", 8));       /* one type, four characters */
        buf_bytes(&b, bytes_of("\0\0\x0e\x10\0\0CET\0", 10)); /* an hour */
    }
    buf_string(&b, footer);
    return b;
}

static enum error read_footer(const char *footer, struct zone *z) {
    struct arena a = {0};
    struct buf b = tz_file(footer);
    enum error result = zone_read(buf_as_bytes(&b), &a, z, NULL);
    buf_free(&b);
    arena_free(&a);
    return result;
}

static void footers_rule_the_future(void **state) {
    (void)state;
    struct zone z;
    assert_int_equal(read_footer("\nCET-1CEST,M3.5.0,M10.5.0/3\n", &z), OK);
    assert_int_equal(zone_offset(&z, 1780000000), 7200);
    assert_int_equal(zone_offset(&z, 1768000000), 3600);
    assert_int_equal(read_footer("\n<-03>3<-02>,J60/0,300/24\n", &z), OK);
    assert_int_equal(zone_offset(&z, 1709262000), -7200); /* 2024-03-01T00:00 there */
    assert_int_equal(zone_offset(&z, 1709262000 - 1), -10800);
    assert_int_equal(read_footer("\nEST5EDT,0/0,J365/25\n", &z), OK); /* summer for ever */
    for (int64_t t = 1700000000; t < 1800000000; t += 86400) assert_int_equal(zone_offset(&z, t), -14400);
    assert_int_equal(read_footer("\nCET-1\n", &z), OK);
    assert_int_equal(read_footer("\n\n", &z), OK);
}

static void bad_footers_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "\nCET-1",
                                      "CET-1\n",
                                      "\nCET-2\n", /* not the offset of the file */
                                      "\nCE-1\n",
                                      "\nCET\n",
                                      "\nCET-1CEST\n",
                                      "\nCET-1CEST,M3.5.0\n",
                                      "\nCET-1CEST,M13.5.0,M10.5.0\n",
                                      "\nCET-1CEST,M3.6.0,M10.5.0\n",
                                      "\nCET-1CEST,M3.5.7,M10.5.0\n",
                                      "\nCET-1CEST,J0,J10\n",
                                      "\nCET-1CEST,366,J10\n",
                                      "\nCET-1CEST,M3.5.0/168,M10.5.0\n",
                                      "\nCET-1CEST,M3.5.0,M10.5.0 \n",
                                      "\n<+01-1\n",
                                      "\nCET-25\n"};
    struct zone z;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (read_footer(bad[i], &z) != ERR_INPUT) broken("%s", bad[i]);
}

static void damaged_files_are_refused(void **state) {
    (void)state;
    struct arena a = {0};
    struct zone z;
    struct diag d = {0};
    struct text file = real_path("/usr/share/zoneinfo/Europe/Zurich", &a);
    for (size_t size = 0; size < file.size; size++)
        if (zone_read(bytes_of(file.at, size), &a, &z, &d) == OK) broken("%zu bytes were enough", size);
    assert_true(d.text[0]);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_agree_with_the_c_library),
        cmocka_unit_test(a_clock_skips_and_repeats),
        cmocka_unit_test(offsets_are_zones),
        cmocka_unit_test(footers_rule_the_future),
        cmocka_unit_test(bad_footers_are_refused),
        cmocka_unit_test(damaged_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
