/* Real logs, as many as there are: each line of each is a fact, or is counted with its reason. */
#include "unit.h"

#include <stdio.h>

#include "base/os.h"
#include "scan/scan.h"

enum { REAL_BYTES_MAX = 64 << 20 };

static const char *folder_of_data(void) {
    const char *folder = getenv("PARLEY_DATA");
    if (!folder) {
        print_message("PARLEY_DATA names no folder with real logs\n");
        skip();
    }
    return folder;
}

/* Lines as anybody would count them: what is between two LF, or behind the last one. */
static uint64_t count_lines(const char *path) {
    struct buf b = {.max = REAL_BYTES_MAX};
    uint64_t lines = 0;
    assert_int_equal(os_read(path, REAL_BYTES_MAX, &b, NULL), OK);
    for (size_t i = 0; i < b.size; i++) lines += b.at[i] == '\n';
    if (b.size && b.at[b.size - 1] != '\n') lines++;
    buf_free(&b);
    return lines;
}

struct sums {
    uint64_t lines, of[VERDICT_REJECT + 1];
    size_t files, unknown;
};

static void check_file(const char *path, const char *shown, struct sums *sums) {
    struct scan_options o = {.threads = 2, .slack = SCAN_SLACK, .takes_any = true};
    struct scan_report r;
    struct arena a = {0};
    uint64_t of[VERDICT_REJECT + 1] = {0};
    assert_true(instant_read(TEXT("2026-12-01T00:00:00Z"), &o.stamps.until));
    assert_int_equal(scan_files(&path, 1, &o, &a, &r, NULL), OK);
    for (int i = 0; i < REASON_COUNT; i++) of[reasons[i].verdict] += r.counts[i];
    const char *name = r.files[0].format ? r.files[0].format->name : "empty";
    print_message("%-52s %-11s %6llu lines: %6llu facts, %6llu others, %6llu not read\n", shown, name,
                  (unsigned long long)r.lines, (unsigned long long)of[VERDICT_FACT],
                  (unsigned long long)of[VERDICT_OTHER], (unsigned long long)of[VERDICT_REJECT]);
    assert_int_equal(r.lines, count_lines(path));
    assert_int_equal(of[VERDICT_FACT] + of[VERDICT_OTHER] + of[VERDICT_REJECT], r.lines);
    for (int i = 0; i < REASON_COUNT; i++) /* who counts a line has one to show */
        assert_true(i == REASON_FACT || !r.counts[i] || r.examples[i].line);
    for (int i = 0; i <= VERDICT_REJECT; i++) sums->of[i] += of[i];
    sums->lines += r.lines;
    sums->files++;
    sums->unknown += r.files[0].format == &line_unknown;
    arena_free(&a);
}

static bool is_log(const char *name) {
    struct text t = text_of(name);
    return text_ends(t, TEXT(".log")) || text_ends(t, TEXT("json")) || text_ends(t, TEXT("sessions_20k.csv")) ||
           text_is(t, "apache_logs");
}

static void check_folder(const char *folder, struct sums *sums) {
    struct buf names = {.max = 1 << 20};
    char whole[OS_PATH_MAX], path[OS_PATH_MAX], shown[OS_PATH_MAX];
    os_path(whole, folder_of_data(), folder);
    assert_int_equal(os_list(whole, &names, NULL), OK);
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.at + at) + 1) {
        const char *name = (const char *)names.at + at;
        if (is_log(name) && !strstr(name, "facts.json") && os_is_file(os_path(path, whole, name)))
            check_file(path, os_path(shown, folder, name), sums);
    }
    buf_free(&names);
}

static void each_line_is_read_or_counted(void **state) {
    (void)state;
    static const char *const folders[] = {"fail2ban", "weblogs", "suricata", "honeypot", "zeek/tsv", "zeek/json"};
    struct sums sums = {0};
    for (size_t i = 0; i < COUNT(folders); i++) check_folder(folders[i], &sums);
    print_message("%zu files, %llu lines: %llu facts, %llu others, %llu not read\n", sums.files,
                  (unsigned long long)sums.lines, (unsigned long long)sums.of[VERDICT_FACT],
                  (unsigned long long)sums.of[VERDICT_OTHER], (unsigned long long)sums.of[VERDICT_REJECT]);
    assert_int_equal(sums.files, 71);
    assert_int_equal(sums.unknown, 5); /* Guacamole, and Suricata's alerts as lists over several lines */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_line_is_read_or_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
