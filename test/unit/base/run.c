/* Other programs as they are run: their words, environment, input, exit status, and an end to those that take too long.
 */
#include "base/run.h"

#include "base/os.h"
#include "unit.h"

static int run_shell(const char *script, struct run r, enum error expected) {
    const char *const words[] = {"sh", "-c", script, NULL};
    struct diag d = {0};
    int status = -1;
    r.words = words;
    assert_int_equal(run_program(&r, &status, &d), expected);
    return status;
}

static void the_exit_status_is_that_of_the_program(void **state) {
    (void)state;
    assert_int_equal(run_shell("exit 0", (struct run){0}, OK), 0);
    assert_int_equal(run_shell("exit 7", (struct run){.seconds = 10}, OK), 7);
    assert_int_equal(run_shell("kill -TERM $$", (struct run){0}, OK), 128 + 15);
}

static void it_reads_what_it_is_fed(void **state) {
    (void)state;
    static char large[300000]; /* more than a pipe holds, and the program does not read it all */
    memset(large, 'x', sizeof large);
    struct run r = {.feeds = true, .input = bytes_of("a line\n", 7), .seconds = 10, .quiet = true};
    assert_int_equal(run_shell("read -r line && [ \"$line\" = 'a line' ]", r, OK), 0);
    r.input = bytes_of(large, sizeof large);
    assert_int_equal(run_shell("[ \"$(wc -c)\" -eq 300000 ]", r, OK), 0);
    assert_int_equal(run_shell("true", r, OK), 0);
    r.input = bytes_of("", 0);
    assert_int_equal(run_shell("! read -r line", r, OK), 0);
}

static void names_of_the_environment_are_replaced(void **state) {
    (void)state;
    const char *const with[] = {"PARLEY_TEST=one two", "PATH_OF_NOTHING=", NULL};
    assert_int_equal(setenv("PARLEY_TEST", "before", 1), 0);
    struct run r = {.with = with};
    assert_int_equal(
        run_shell("[ \"$PARLEY_TEST\" = 'one two' ] && [ -n \"$PATH\" ] && [ -z \"$PATH_OF_NOTHING\" ]", r, OK), 0);
    assert_int_equal(run_shell("[ \"$PARLEY_TEST\" = before ]", (struct run){0}, OK), 0);
}

static void one_that_takes_too_long_is_ended_with_its_children(void **state) {
    (void)state;
    instant before = os_now_precise();
    run_shell("sleep 60 & sleep 60", (struct run){.seconds = 1}, ERR_LIMIT);
    assert_true(os_now_precise() - before < 30 * INSTANT_SECOND);
}

static void one_that_is_not_there_is_named(void **state) {
    (void)state;
    const char *const words[] = {"no-such-program-anywhere", NULL};
    struct diag d = {0};
    int status;
    assert_int_equal(run_program(&(struct run){.words = words}, &status, &d), ERR_MISSING);
    assert_non_null(strstr(d.text, "no-such-program-anywhere"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_status_is_that_of_the_program),
        cmocka_unit_test(it_reads_what_it_is_fed),
        cmocka_unit_test(names_of_the_environment_are_replaced),
        cmocka_unit_test(one_that_takes_too_long_is_ended_with_its_children),
        cmocka_unit_test(one_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
