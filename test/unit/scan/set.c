/* Log files of one source: which they are, and in which order they are read. */
#include "unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "scan/set.h"

static const char *put(struct world *w, const char *name) {
    const char *path = arena_format(&w->arena, "%s/%s", w->folder, name).at;
    assert_int_equal(os_write(path, bytes_from_text(text_of(name)), 0600, NULL), OK);
    return path;
}

/* The names that come out, without the folder. */
static void comes_to(struct world *w, const char *const *typed, size_t count, const char *expected) {
    struct logs found;
    struct buf out = {.max = 4096};
    struct diag d = {0};
    assert_int_equal(logs_find(typed, count, &w->arena, &found, &d), OK);
    for (size_t i = 0; i < found.count; i++) {
        const char *slash = strrchr(found.names[i], '/');
        buf_format(&out, "%s%s", i ? " " : "", slash ? slash + 1 : found.names[i]);
    }
    buf_char(&out, 0);
    assert_string_equal((const char *)out.at, expected);
    buf_free(&out);
}

static void oldest_come_first(void **state) {
    struct world *w = *state;
    const char *files[] = {
        "auth.log", "auth.log.1",        "auth.log.10.xz",       "auth.log.2.gz",         "auth.log.9.zst",
        "mail.log", "auth.log-20260301", "auth.log-20260228.gz", "access_log.2026-03-01", "access_log"};
    for (size_t i = 0; i < COUNT(files); i++) put(w, files[i]);
    put(w, ".hidden");
    assert_int_equal(mkdir(arena_format(&w->arena, "%s/below", w->folder).at, 0700), 0);
    const char *folder = w->folder, *pattern = arena_format(&w->arena, "%s/auth.log*", w->folder).at;
    comes_to(w, &folder, 1,
             "access_log.2026-03-01 access_log auth.log-20260228.gz auth.log-20260301 auth.log.10.xz auth.log.9.zst "
             "auth.log.2.gz auth.log.1 auth.log mail.log");
    comes_to(w, &pattern, 1,
             "auth.log-20260228.gz auth.log-20260301 auth.log.10.xz auth.log.9.zst auth.log.2.gz auth.log.1 auth.log");
    const char *named[] = {put(w, "mail.log"), put(w, "auth.log"), put(w, "access_log"), put(w, "auth.log.1")};
    comes_to(w, named, COUNT(named), "mail.log auth.log.1 auth.log access_log");
    const char *mixed[] = {named[1], "-", pattern};
    comes_to(w, mixed, COUNT(mixed),
             "auth.log-20260228.gz auth.log-20260301 auth.log.10.xz auth.log.9.zst auth.log.2.gz auth.log.1 auth.log "
             "-");
}

static void a_file_is_read_once(void **state) {
    struct world *w = *state;
    const char *name = put(w, "auth.log"), *other = arena_format(&w->arena, "%s/link.log", w->folder).at;
    const char *typed[] = {name, name, other, "-", "-"};
    struct logs found;
    assert_int_equal(symlink("auth.log", other), 0);
    assert_int_equal(logs_find(typed, COUNT(typed), &w->arena, &found, NULL), OK);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.repeated, 2);
}

static void what_is_not_there_is_told(void **state) {
    struct world *w = *state;
    const char *folder = w->folder, *pattern = arena_format(&w->arena, "%s/*.log", w->folder).at;
    struct logs found;
    struct diag d = {0};
    assert_int_equal(logs_find(&pattern, 1, &w->arena, &found, &d), ERR_MISSING);
    assert_string_equal(d.where, pattern);
    assert_int_equal(logs_find(&folder, 1, &w->arena, &found, &d), ERR_MISSING);
    /* A name with a star is a name where there is such a file, and one that is absent is told by who opens it. */
    const char *star = put(w, "a*.log"), *absent = arena_format(&w->arena, "%s/absent", w->folder).at;
    put(w, "ab.log");
    comes_to(w, &star, 1, "a*.log");
    comes_to(w, &absent, 1, "absent");
}

static void only_newer_files_of_one_source_follow(void **state) {
    (void)state;
    static const struct {
        const char *older, *newer;
        bool follows;
    } rows[] = {
        {"/var/log/auth.log.1", "/var/log/auth.log", true},    {"/var/log/auth.log.2.gz", "/var/log/auth.log.1", true},
        {"/var/log/auth.log", "/var/log/auth.log.1", false},   {"/var/log/auth.log.1.gz", "/var/log/auth.log.1", false},
        {"/srv/a/auth.log.1", "/srv/b/auth.log", false},       {"auth.log-20251231", "auth.log-20260101.xz", true},
        {"auth.log-20260101-2", "auth.log-20260101-10", true}, {"auth.log", "mail.log", false},
        {"host-192.0.2.1", "host-192.0.2.2", false},           {"-", "-", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(log_follows(rows[i].older, rows[i].newer), rows[i].follows);
}

static void a_missing_number_is_seen(void **state) {
    (void)state;
    static const struct {
        const char *older, *newer;
        bool lacks;
    } rows[] = {
        {"/var/log/auth.log.1", "/var/log/auth.log", false},
        {"/var/log/auth.log.2.gz", "/var/log/auth.log", true},
        {"/var/log/auth.log.0", "/var/log/auth.log", false},
        {"/var/log/auth.log.3", "/var/log/auth.log.1.gz", true},
        {"/var/log/auth.log.2.gz", "/var/log/auth.log.1", false},
        {"/srv/a/auth.log.4", "/srv/b/auth.log", false},
        {"auth.log-20251231", "auth.log-20260105", false}, /* how often a log is rotated by the day is not known */
    };
    for (size_t i = 0; i < COUNT(rows); i++) assert_int_equal(log_lacks(rows[i].older, rows[i].newer), rows[i].lacks);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(oldest_come_first),
        TEST(a_file_is_read_once),
        TEST(what_is_not_there_is_told),
        cmocka_unit_test(only_newer_files_of_one_source_follow),
        cmocka_unit_test(a_missing_number_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
