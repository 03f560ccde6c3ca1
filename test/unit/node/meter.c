/* What a minute allows, by pin: bursts, refills, bytes after the fact, and more pins than are remembered. */
#include "unit.h"

#include <stdio.h>

#include "node/meter.h"

#define NORTH TEXT("0000000000000000000000000000000000000000000000000000000000000001")
#define SOUTH TEXT("0000000000000000000000000000000000000000000000000000000000000002")

static struct node_settings settings(uint64_t requests, uint64_t bytes) {
    struct node_settings s = node_settings_default();
    s.requests_minute = requests;
    s.bytes_minute = bytes;
    return s;
}

static void a_minute_has_its_share(void **state) {
    (void)state;
    struct meter *m = meter_new();
    const struct node_settings s = settings(60, 0);
    unsigned taken = 0;
    for (unsigned i = 0; i < 100; i++) taken += meter_ask(m, &s, NORTH, 1000);
    assert_int_equal(taken, 60);
    assert_true(meter_ask(m, &s, SOUTH, 1000)); /* another's share is his own */
    assert_false(meter_ask(m, &s, NORTH, 1900));
    assert_true(meter_ask(m, &s, NORTH, 2001)); /* one a second comes back */
    assert_false(meter_ask(m, &s, NORTH, 2001));
    taken = 0;
    for (unsigned i = 0; i < 100; i++) taken += meter_ask(m, &s, NORTH, 10000000);
    assert_int_equal(taken, 60); /* and never more than a minute's */
    meter_free(m);
}

static void bytes_are_paid_for_later(void **state) {
    (void)state;
    struct meter *m = meter_new();
    const struct node_settings s = settings(0, 6000);
    assert_true(meter_ask(m, &s, NORTH, 0));
    meter_bytes(m, &s, NORTH, 12000, 0); /* the whole of two minutes */
    assert_false(meter_ask(m, &s, NORTH, 59000));
    assert_true(meter_ask(m, &s, NORTH, 61000));
    meter_free(m);
}

static void without_a_limit_all_may_come(void **state) {
    (void)state;
    struct meter *m = meter_new();
    const struct node_settings s = settings(0, 0);
    for (unsigned i = 0; i < 1000; i++) {
        assert_true(meter_ask(m, &s, NORTH, 0));
        meter_bytes(m, &s, NORTH, UINT32_MAX, 0);
    }
    meter_free(m);
}

/* The time does not stand still for one that is heard all the while: it is the longest unheard of that is forgotten. */
static void of_too_many_the_oldest_is_forgotten(void **state) {
    (void)state;
    struct meter *m = meter_new();
    const struct node_settings s = settings(1, 0);
    char pin[65];
    assert_true(meter_ask(m, &s, NORTH, 1));
    for (unsigned i = 0; i < METER_PINS_MAX + 10; i++) {
        snprintf(pin, sizeof pin, "%064x", i + 16);
        assert_true(meter_ask(m, &s, text_of(pin), 2 + i));
        assert_false(meter_ask(m, &s, NORTH, 3 + i));
    }
    snprintf(pin, sizeof pin, "%064x", 16);
    assert_true(meter_ask(m, &s, text_of(pin), 2000));
    meter_free(m);
}

static void settings_take_what_they_allow(void **state) {
    (void)state;
    struct node_settings s = node_settings_default();
    struct diag d = {0};
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++) {
        const struct node_setting_row *r = &node_settings_rows[i];
        assert_int_equal(*node_setting(&s, i), r->standard);
        assert_true(r->min <= r->standard && r->standard <= r->max);
    }
    assert_int_equal(node_setting_read(&s, NODE_SETTING_interval_s, TEXT("86400"), &d), OK);
    assert_int_equal(s.interval_s, 86400);
    static const char *const refused[] = {"0", "86401", "", "-1", "1 ", "99999999999999999999999"};
    for (size_t i = 0; i < COUNT(refused); i++)
        assert_int_equal(node_setting_read(&s, NODE_SETTING_interval_s, text_of(refused[i]), &d), ERR_INPUT);
    assert_int_equal(s.interval_s, 86400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minute_has_its_share),        cmocka_unit_test(bytes_are_paid_for_later),
        cmocka_unit_test(without_a_limit_all_may_come),  cmocka_unit_test(of_too_many_the_oldest_is_forgotten),
        cmocka_unit_test(settings_take_what_they_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
