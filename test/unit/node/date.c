/* Times of HTTP: both ends measure the other clock by them. */
#include "unit.h"

#include "node/date.h"

static void what_is_written_is_taken(void **state) {
    (void)state;
    char out[HTTP_DATE_MAX];
    instant ahead = 0, at = 0;
    assert_true(instant_read(TEXT("1994-11-06T08:49:37Z"), &at));
    assert_string_equal(http_date_write(at, out), "Sun, 06 Nov 1994 08:49:37 GMT"); /* of RFC 9110, section 5.6.7 */
    for (uint64_t days = 0; days < 20000; days += 7) {
        at = (instant)days * INSTANT_DAY + (instant)(days % 86400) * INSTANT_SECOND;
        assert_true(http_date_ahead(http_date_write(at, out), at - 5 * INSTANT_SECOND, &ahead));
        assert_int_equal(ahead, 5 * INSTANT_SECOND);
        assert_true(http_date_ahead(out, at + 3600 * INSTANT_SECOND, &ahead));
        assert_int_equal(ahead, -3600 * INSTANT_SECOND);
    }
}

static void what_is_no_time_tells_nothing(void **state) {
    (void)state;
    static const char *const others[] = {"", "yesterday", "Sun, 99 Nov 1994 08:49:37 GMT", "\xff\xfe", "GMT"};
    instant ahead = 7;
    for (size_t i = 0; i < COUNT(others); i++) assert_false(http_date_ahead(others[i], 0, &ahead));
    assert_int_equal(ahead, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_taken),
        cmocka_unit_test(what_is_no_time_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
