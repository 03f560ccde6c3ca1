/* Hours that can be computed with: their grammar, nights, ranges over the end of a week, holidays. */
#include "card_lines.h"

#include "base/instant.h"
#include "party/hours.h"

static int64_t at(int year, unsigned month, unsigned day, unsigned hour, unsigned minute) {
    instant i;
    assert_true(instant_from_civil(year, month, day, hour, minute, 0, &i));
    return i / INSTANT_SECOND;
}

/* As of a time in the middle of the days that are looked at. */
static bool runs(const struct shift *s, const struct card *c, const char *department, int64_t local) {
    return shift_runs(s, closed_from(c, text_of(department), local_day(local) - 30), local);
}

static void what_is_written_so_is_read(void **state) {
    (void)state;
    struct shift s;
    assert_true(shift_read(TEXT("Mo-Fr 08:00-18:00 Europe/Paris"), &s));
    assert_int_equal(s.days, 0x1f);
    assert_int_equal(s.from, 480);
    assert_int_equal(s.to, 1080);
    assert_true(text_is(s.zone, "Europe/Paris"));
    assert_true(shift_read(TEXT("Sa-Mo,We 22:30-06:00 +03:00"), &s));
    assert_int_equal(s.days, 1 << 5 | 1 << 6 | 1 << 0 | 1 << 2);
    assert_int_equal(s.to, 1800);
    assert_true(shift_read(TEXT("Mo-Su 00:00-24:00 UTC"), &s));
    assert_int_equal(s.days, 0x7f);
    assert_int_equal(s.to, DAY_MINUTES);
}

static void all_else_is_a_text(void **state) {
    (void)state;
    static const char *const texts[] = {"always",
                                        "Mo-Fr 8-18 UTC",
                                        "Mo-Fr 08:00-18:00",
                                        "Mo-Fr 08:00-18:00 ",
                                        "Mo-Fr 08:00-18:00 Central Europe",
                                        "Mo-Fr 08:00-08:00 UTC",
                                        "Mo-Fr 24:00-08:00 UTC",
                                        "Mo-Fr 08:60-09:00 UTC",
                                        "Mo-Fr 08:00-24:01 UTC",
                                        "mo-fr 08:00-18:00 UTC",
                                        "Mo-Fr-Su 08:00-18:00 UTC",
                                        "Mo, 08:00-18:00 UTC",
                                        "-Mo 08:00-18:00 UTC",
                                        " 08:00-18:00 UTC",
                                        ""};
    struct shift s;
    for (size_t i = 0; i < COUNT(texts); i++) assert_false(shift_read(text_of(texts[i]), &s));
}

static void holidays_are_days_with_a_name(void **state) {
    (void)state;
    struct holiday h;
    assert_true(holiday_read(TEXT("2026-12-25"), &h));
    assert_int_equal(h.first, h.last);
    assert_int_equal(h.name.size, 0);
    assert_true(holiday_read(TEXT("2026-12-24/2027-01-02 Year's end"), &h));
    assert_int_equal(h.last - h.first, 9);
    assert_true(text_is(h.name, "Year's end"));
    static const char *const texts[] = {
        "2026-02-29", "2026-12-25/", "2026-12-25/2026-12-24", "25 December", "0000-01-01", "2026-12-25-", "2026-12-2x"};
    for (size_t i = 0; i < COUNT(texts); i++) assert_false(holiday_read(text_of(texts[i]), &h));
}

static void a_shift_runs_by_its_days(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of("department abuse Abuse\n", &a);
    struct shift day, night;
    assert_true(shift_read(TEXT("Mo-Fr 08:00-18:00 UTC"), &day));
    assert_true(shift_read(TEXT("Su 22:00-06:00 UTC"), &night));
    assert_true(runs(&day, &c, "abuse", at(2026, 3, 2, 8, 0))); /* a Monday */
    assert_false(runs(&day, &c, "abuse", at(2026, 3, 2, 7, 59)));
    assert_false(runs(&day, &c, "abuse", at(2026, 3, 2, 18, 0)));
    assert_false(runs(&day, &c, "abuse", at(2026, 3, 1, 12, 0)));
    assert_true(runs(&night, &c, "abuse", at(2026, 3, 1, 23, 0)));
    assert_true(runs(&night, &c, "abuse", at(2026, 3, 2, 5, 59)));
    assert_false(runs(&night, &c, "abuse", at(2026, 3, 1, 5, 0)));
    assert_true(runs(&night, &c, "abuse", at(1969, 12, 28, 23, 0))); /* days before 1970 count, too */
    arena_free(&a);
}

/* A night that begins before a holiday runs to its end; one that would begin on it does not. */
static void on_a_holiday_nothing_begins(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of("department abuse Abuse\nholiday abuse 2026-03-02 A feast\nholiday law 2026-03-03\n", &a);
    struct shift all, night;
    assert_true(shift_read(TEXT("Mo-Su 08:00-18:00 UTC"), &all));
    assert_true(shift_read(TEXT("Mo-Su 22:00-06:00 UTC"), &night));
    assert_false(runs(&all, &c, "abuse", at(2026, 3, 2, 12, 0)));
    assert_true(runs(&all, &c, "law", at(2026, 3, 2, 12, 0)));
    assert_true(runs(&all, &c, "abuse", at(2026, 3, 3, 12, 0)));
    assert_true(runs(&night, &c, "abuse", at(2026, 3, 2, 3, 0)));
    assert_false(runs(&night, &c, "abuse", at(2026, 3, 3, 3, 0)));
    arena_free(&a);
}

static void closed_days_are_those_of_a_stretch(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of("department abuse Abuse\nholiday abuse 2020-01-01/2026-03-02\nholiday abuse 2026-03-04\n"
                            "holiday abuse 2026-05-04/2099-01-01\n",
                            &a);
    int64_t first = local_day(at(2026, 3, 1, 0, 0));
    struct closed_days closed = closed_from(&c, TEXT("abuse"), first);
    assert_true(closed.first == first && closed.days == (UINT64_C(0xb)));
    assert_true(closed_from(&c, TEXT("abuse"), first + 1).days == (UINT64_C(1) << 63 | 0x5));
    assert_true(closed_from(&c, TEXT("law"), first).days == 0);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_so_is_read),    cmocka_unit_test(all_else_is_a_text),
        cmocka_unit_test(holidays_are_days_with_a_name), cmocka_unit_test(a_shift_runs_by_its_days),
        cmocka_unit_test(on_a_holiday_nothing_begins),   cmocka_unit_test(closed_days_are_those_of_a_stretch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
