/* Times of long logs: years that turn, and events that stand out of order, wherever parts and files are cut. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "folder.h"
#include "scan/report.h"
#include "scan/scan.h"

enum { LINES = 60000, FILES = 3 };

static const char *put(struct world *w, const char *name, const struct buf *content) {
    const char *path = arena_format(&w->arena, "%s/%s", w->folder, name).at;
    assert_int_equal(os_write(path, buf_as_bytes(content), 0600, NULL), OK);
    return path;
}

/* A line whose user is its time. */
static void put_line(instant at, struct buf *out) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t year, second = at / INSTANT_SECOND % 86400;
    unsigned month, day;
    instant_to_civil(at, &year, &month, &day);
    buf_format(out, "%.3s %2u %02d:%02d:%02d gate sshd[7]: Failed password for t%lld from 192.0.2.7 port 22 ssh2\n",
               months + (size_t)3 * (month - 1), day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60),
               (long long)(at / INSTANT_SECOND));
}

/* What an event's user says is what its time must be. */
static enum error compare_time(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    uint64_t *wrong = state, seconds;
    struct text user = text_sub(s->line, text_search(s->line, TEXT(" for t")) + 6, s->line.size), digits;
    (void)thread;
    (void)d;
    bool good = s->reason == REASON_FACT && text_cut(&user, ' ', &digits) && text_u64(digits, &seconds) &&
                s->observation->first == (instant)seconds * INSTANT_SECOND;
    if (!good) __atomic_add_fetch(wrong, 1, __ATOMIC_RELAXED);
    return OK;
}

static void scan(const char *const *names, size_t count, int64_t year, unsigned threads, struct arena *a,
                 struct scan_report *out) {
    uint64_t wrong = 0;
    struct diag d = {0};
    struct scan_options o = {.stamps = {.year = year, .until = INSTANT_NONE},
                             .threads = threads,
                             .slack = SCAN_SLACK,
                             .line = compare_time,
                             .state = &wrong};
    assert_int_equal(scan_files(names, count, &o, a, out, &d), OK);
    assert_int_equal(wrong, 0);
}

/* Eleven years from the middle of 2019 on, the 29th of February of three of them among them, and around each New Year,
 * and here and there, a line that comes late. */
static void put_years(size_t from, size_t to, struct buf *out) {
    instant begin;
    assert_true(instant_read(TEXT("2019-06-01T00:00:00Z"), &begin));
    for (size_t i = from; i < to; i++) {
        instant at = begin + (instant)i * (4000 * INSTANT_DAY / LINES / INSTANT_SECOND) * INSTANT_SECOND;
        if (i % 13 == 5) at -= 3 * INSTANT_HOUR;
        put_line(at, out);
    }
}

static void years_turn_in_long_logs(void **state) {
    struct world *w = *state;
    struct buf out = {.max = 64 << 20};
    struct scan_report report;
    put_years(0, LINES, &out);
    assert_true(out.size > 4 * SCAN_PART_SIZE); /* so that parts are cut between years */
    assert_non_null(memmem(out.at, out.size, "Feb 29 ", 7));
    const char *name = put(w, "auth.log", &out);
    for (unsigned threads = 1; threads <= 3; threads++) scan(&name, 1, 2019, threads, &w->arena, &report);
    buf_free(&out);
}

/* The rotated ones go on where the one before ended, and what is late is counted over their border, too. */
static void years_go_on_in_rotated_logs(void **state) {
    struct world *w = *state;
    const char *names[FILES];
    struct scan_report whole, parts;
    struct buf out = {.max = 64 << 20};
    put_years(0, LINES, &out);
    const char *one = put(w, "one.log", &out);
    scan(&one, 1, 2019, 2, &w->arena, &whole);
    for (size_t i = 0; i < FILES; i++) {
        buf_clear(&out);
        put_years(i * LINES / FILES, (i + 1) * LINES / FILES, &out);
        names[i] = put(w, arena_format(&w->arena, i + 1 < FILES ? "auth.log.%zu" : "auth.log", FILES - 1 - i).at, &out);
    }
    for (unsigned threads = 1; threads <= 3; threads++) {
        scan(names, FILES, 2019, threads, &w->arena, &parts);
        assert_int_equal(parts.order.beyond, whole.order.beyond);
        assert_int_equal(parts.order.most_beyond, whole.order.most_beyond);
        assert_int_equal(parts.order.within, 0);
    }
    assert_true(whole.order.beyond > LINES / 14);
    buf_free(&out);
}

/* ---- order */

static void told(const struct scan_report *r, const char *expected) {
    struct buf page = {.max = 1 << 20};
    scan_report_page(r, &page);
    buf_char(&page, 0);
    if (!strstr((const char *)page.at, expected)) print_error("%s\n", (const char *)page.at);
    assert_non_null(strstr((const char *)page.at, expected));
    buf_free(&page);
}

/* The same by hand, line for line. */
static struct scan_order count_by_hand(const instant *times, size_t count) {
    struct scan_order o = {0};
    for (size_t i = 1; i < count; i++) {
        instant back = times[i - 1] - times[i];
        if (back <= 0) continue;
        instant *most = back <= SCAN_SLACK ? &o.most_within : &o.most_beyond;
        if (back > *most) *most = back;
        if (back > SCAN_SLACK && !o.beyond) o.example.line = i + 1;
        *(back <= SCAN_SLACK ? &o.within : &o.beyond) += 1;
    }
    return o;
}

static void what_is_out_of_order_is_counted_wherever_parts_are_cut(void **state) {
    struct world *w = *state;
    static instant times[LINES];
    struct buf out = {.max = 64 << 20};
    uint64_t random = 7;
    instant begin;
    assert_true(instant_read(TEXT("2026-03-01T00:00:00Z"), &begin));
    for (size_t i = 0; i < LINES; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        times[i] = begin + ((instant)i * 20 - (instant)(random >> 33) % 30) * INSTANT_SECOND;
        if (random >> 40 & 1 && i > 20000) times[i] -= (instant)(random >> 50 & 1) * INSTANT_HOUR;
        put_line(times[i], &out);
    }
    struct scan_order expected = count_by_hand(times, LINES);
    assert_true(expected.within && expected.beyond && expected.example.line > 20000);
    const char *name = put(w, "auth.log", &out);
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct scan_report r;
        scan(&name, 1, 2026, threads, &w->arena, &r);
        assert_int_equal(r.order.within, expected.within);
        assert_int_equal(r.order.beyond, expected.beyond);
        assert_int_equal(r.order.most_within, expected.most_within);
        assert_int_equal(r.order.most_beyond, expected.most_beyond);
        assert_int_equal(r.order.example.line, expected.example.line);
        told(&r, "stand behind later ones by more than the slack, by up to 1h");
    }
    buf_free(&out);
}

/* Two logs that have nothing to do with each other are two. */
static void other_logs_have_their_own_order(void **state) {
    struct world *w = *state;
    struct buf out = {.max = 4096};
    const char *names[2];
    struct scan_report r;
    instant at;
    assert_true(instant_read(TEXT("2026-03-01T00:00:00Z"), &at));
    put_line(at + INSTANT_HOUR, &out);
    names[0] = put(w, "one.log", &out);
    buf_clear(&out);
    put_line(at, &out);
    put_line(at - INSTANT_SECOND, &out);
    names[1] = put(w, "two.log", &out);
    scan(names, 2, 2026, 2, &w->arena, &r);
    assert_int_equal(r.order.within, 1);
    assert_int_equal(r.order.beyond, 0);
    told(&r, "1 event stands behind a later one, by 1s\n");
    buf_free(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(years_turn_in_long_logs),
        TEST(years_go_on_in_rotated_logs),
        TEST(what_is_out_of_order_is_counted_wherever_parts_are_cut),
        TEST(other_logs_have_their_own_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
