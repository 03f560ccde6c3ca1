#include "unit.h"

#include "web/session.h"

static const instant start = 1000 * INSTANT_SECOND;

static void a_link_works_once(void **state) {
    (void)state;
    struct session s = {0};
    struct random r = random_seeded(TEXT("session"));
    session_invite(&s, &r, start);
    struct session_secret key = s.key;
    assert_int_equal(strlen(key.at), SESSION_SECRET_SIZE);
    assert_false(session_enter(&s, TEXT(""), &r, start));
    assert_false(session_enter(&s, TEXT("ivzb1WuHTy7FlTjR-mU0wZ4sH3bIxhzj701JQnyTOXc"), &r, start));
    assert_true(session_enter(&s, text_of(key.at), &r, start));
    assert_false(session_enter(&s, text_of(key.at), &r, start));
    assert_false(session_enter(&s, TEXT(""), &r, start));
}

static void a_link_grows_old(void **state) {
    (void)state;
    struct session s = {0};
    struct random r = random_seeded(TEXT("session"));
    session_invite(&s, &r, start);
    assert_false(session_enter(&s, text_of(s.key.at), &r, start + SESSION_KEY_SECONDS * INSTANT_SECOND));
    assert_true(session_enter(&s, text_of(s.key.at), &r, start + SESSION_KEY_SECONDS * INSTANT_SECOND - 1));
}

static void only_the_secret_is_admitted(void **state) {
    (void)state;
    struct session s = {0};
    struct random r = random_seeded(TEXT("session"));
    assert_false(session_admits(&s, TEXT(""), start)); /* nobody has entered */
    session_invite(&s, &r, start);
    assert_true(session_enter(&s, text_of(s.key.at), &r, start));
    struct session_secret secret = s.secret, other = s.secret;
    other.at[SESSION_SECRET_SIZE - 1] = other.at[SESSION_SECRET_SIZE - 1] == 'A' ? 'B' : 'A';
    assert_true(session_admits(&s, text_of(secret.at), start + 5));
    assert_int_equal(s.asked, start + 5);
    assert_false(session_admits(&s, text_of(other.at), start + 6));
    assert_int_equal(s.asked, start + 5); /* who is refused keeps nothing open */
    session_renew(&s, &r, start);
    assert_false(session_admits(&s, text_of(secret.at), start));
    session_forget(&s);
    assert_false(session_admits(&s, TEXT(""), start));
}

static void a_second_browser_gets_the_same_secret(void **state) {
    (void)state;
    struct session s = {0};
    struct random r = random_seeded(TEXT("session"));
    session_invite(&s, &r, start);
    assert_true(session_enter(&s, text_of(s.key.at), &r, start));
    struct session_secret secret = s.secret;
    session_invite(&s, &r, start);
    assert_true(session_enter(&s, text_of(s.key.at), &r, start));
    assert_string_equal(secret.at, s.secret.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_works_once),
        cmocka_unit_test(a_link_grows_old),
        cmocka_unit_test(only_the_secret_is_admitted),
        cmocka_unit_test(a_second_browser_gets_the_same_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
