/* Time zones by name. */
#include "unit.h"

#include "scan/timezone.h"

static const int64_t january = 1767225600, july = 1782864000; /* 2026-01-01 and 2026-07-01, UTC */

static void zones_have_their_offsets(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t winter, summer;
    } zones[] = {
        {"Europe/Paris", 3600, 7200},
        {"Asia/Kolkata", 19800, 19800},
        {"America/Argentina/Ushuaia", -10800, -10800},
        {"Etc/GMT+5", -18000, -18000},
        {"UTC", 0, 0},
        {"+01:00", 3600, 3600},
        {"Z", 0, 0},
    };
    for (size_t i = 0; i < COUNT(zones); i++) {
        struct arena a = {0};
        struct zone zone = {0};
        struct diag d = {0};
        assert_int_equal(timezone_load(text_of(zones[i].name), &a, &zone, &d), OK);
        assert_int_equal(zone_offset(&zone, january), zones[i].winter);
        assert_int_equal(zone_offset(&zone, july), zones[i].summer);
        arena_free(&a);
    }
}

static void no_other_file_is_a_zone(void **state) {
    (void)state;
    static const char *const names[] = {"",
                                        "Europe",
                                        "Europe/Nowhere",
                                        "../../../etc/passwd",
                                        "Europe/../Europe/Paris",
                                        "/usr/share/zoneinfo/Europe/Paris",
                                        ".",
                                        "Europe/Paris\n",
                                        "+25:00"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena a = {0};
        struct zone zone = {0};
        struct diag d = {0};
        assert_int_equal(timezone_load(text_of(names[i]), &a, &zone, &d), ERR_USAGE);
        assert_true(d.text[0]);
        arena_free(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_have_their_offsets),
        cmocka_unit_test(no_other_file_is_a_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
