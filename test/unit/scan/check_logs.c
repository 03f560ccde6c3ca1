/* Log files against facts: sources by their names, and the same outcome for any number of threads. */
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "scan/check_logs.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static void rotated_files_share_a_stem(void **state) {
    (void)state;
    const struct {
        const char *path, *stem;
    } each[] = {
        {"auth.log", "auth.log"},
        {"/var/log/auth.log.1", "auth.log"},
        {"/var/log/auth.log.12.gz", "auth.log"},
        {"access.log-20260301", "access.log"},
        {"access.log-20260301.gz", "access.log"},
        {"access.log.2026-03-01", "access.log"},
        {"access_20260301", "access"},
        {"logs.gz", "logs"},
        {"-", "-"},
        /* numbers that may tell hosts or services apart */
        {"host-1", "host-1"},
        {"10.0.0.1", "10.0.0.1"},
        {"web2", "web2"},
        {"20260301", "20260301"},
        {"-20260301", "-20260301"},
        {"port.8080", "port.8080"},
        {".gz", ".gz"},
    };
    for (size_t i = 0; i < COUNT(each); i++) {
        struct text stem = log_stem(text_of(each[i].path));
        if (!text_is(stem, each[i].stem)) print_error("%s: %.*s\n", each[i].path, TEXT_ARG(stem));
        assert_true(text_is(stem, each[i].stem));
    }
}

/* ---- real files */

enum { LINES = 60000, FILES = 3, FACTS = 200 };

struct files {
    char folder[64], at[FILES][96];
    const char *names[FILES];
};

static void make_folder(struct files *f) {
    snprintf(f->folder, sizeof f->folder, "/tmp/parley-check-%d", (int)getpid());
    assert_int_equal(os_make_folders(f->folder, 0700, NULL), OK);
    static const char *const names[FILES] = {"a/flow.log.1", "a/flow.log", "b/flow.log"};
    for (size_t i = 0; i < FILES; i++) {
        char sub[80];
        snprintf(sub, sizeof sub, "%s/%c", f->folder, names[i][0]);
        assert_int_equal(os_make_folders(sub, 0700, NULL), OK);
        snprintf(f->at[i], sizeof f->at[i], "%s/%s", f->folder, names[i]);
        f->names[i] = f->at[i];
    }
}

static void remove_folder(const struct files *f) {
    for (size_t i = 0; i < FILES; i++) unlink(f->at[i]);
    for (char sub = 'a'; sub <= 'b'; sub++) {
        char path[80];
        snprintf(path, sizeof path, "%s/%c", f->folder, sub);
        rmdir(path);
    }
    rmdir(f->folder);
}

static void put_time(struct buf *out, instant seconds) {
    char written[INSTANT_TEXT_MAX];
    buf_text(out, instant_write((1772366400 + seconds) * INSTANT_SECOND, written));
}

/* A flow each second of a day, of which each file has a third; some through a translation. */
static void write_logs(const struct files *f) {
    for (size_t file = 0; file < FILES; file++) {
        struct buf out = {.max = 32 << 20};
        buf_string(&out, "start,end,src,dst,dport,proto,upstream\n");
        for (unsigned i = 0; i < LINES / FILES; i++) {
            unsigned second = (unsigned)file * LINES / FILES + i, host = i * 7919 % 250;
            put_time(&out, second);
            buf_char(&out, ',');
            put_time(&out, second + i % 90);
            buf_format(&out, ",192.0.2.%u,203.0.113.%u,%u,tcp,", host, i % 3, i % 2 ? 22 : 443);
            if (i % 11 == 0) buf_format(&out, "10.0.0.%u", i % 200);
            buf_char(&out, '\n');
        }
        assert_int_equal(os_write(f->at[file], buf_as_bytes(&out), 0600, NULL), OK);
        buf_free(&out);
    }
}

static struct text make_sheet(void) {
    struct fact *facts = ARENA_ARRAY(&arena, struct fact, FACTS);
    size_t *order;
    struct buf out = {.max = 1 << 20};
    for (unsigned i = 0; i < FACTS; i++)
        facts[i] = (struct fact){.first = (1772366400 + (instant)i * 290) * INSTANT_SECOND,
                                 .last = (1772366400 + (instant)i * 290 + 120) * INSTANT_SECOND,
                                 .known = KNOWN_SRC | KNOWN_DST_PORT,
                                 .src = ip_from_v4(0xc0000200u + i),
                                 .dst_port = 22,
                                 .protocol = TEXT("tcp"),
                                 .event = TEXT("brute-force"),
                                 .count = 1,
                                 .evidence = SHEET_NO_COUNT};
    assert_int_equal(sheet_order(facts, FACTS, &arena, &order, NULL), OK);
    assert_int_equal(sheet_write((struct sheet){facts, FACTS}, &out, NULL), OK);
    struct text sheet = arena_text(&arena, buf_as_text(&out));
    buf_free(&out);
    return sheet;
}

/* `first`: which of the files is typed first. */
static struct logs_checked check(struct text sheet, const struct files *f, size_t first, unsigned threads,
                                 const char *seed) {
    struct random r = random_seeded(text_of(seed));
    const struct check_logs_options o = {.scan = {.stamps = {.until = INSTANT_NONE}, .threads = threads},
                                         .check = {.skew = CHECK_SKEW, .gap = CHECK_GAP},
                                         .random = &r};
    struct logs_checked out = {0};
    struct diag d = {0};
    const char *typed[FILES];
    for (size_t i = 0; i < FILES; i++) typed[i] = f->names[(first + i) % FILES];
    enum error result = check_logs(bytes_from_text(sheet), typed, FILES, &o, &arena, &out, &d);
    if (result) print_error("%s: %s\n", d.where, d.text);
    assert_int_equal(result, OK);
    return out;
}

/* The note of a finding that has an upstream names the line that says so. */
static void line_is_named(const struct files *f, const struct finding *found) {
    char address[IP_TEXT_MAX];
    struct text rest = found->note, name = {0};
    uint64_t number = 0;
    assert_true(text_skip(&rest, TEXT("upstream by ")) && text_cut(&rest, ',', &name));
    assert_true(text_skip(&rest, TEXT(" line ")) && text_u64(rest, &number));
    size_t file = text_is(name, "flow.log.1") ? 0 : text_is(name, "flow.log") ? 1 : 2;
    assert_true(file < 2 || text_is(name, "flow.log [2]"));
    struct buf log = {.max = 32 << 20};
    assert_int_equal(os_read(f->at[file], log.max, &log, NULL), OK);
    struct text lines = buf_as_text(&log), line = {0};
    for (uint64_t i = 0; i < number; i++) assert_true(text_line(&lines, &line));
    assert_true(text_ends(line, ip_write(found->upstream, address)));
    buf_free(&log);
}

static void neither_threads_nor_order_matter(void **state) {
    (void)state;
    struct files f;
    make_folder(&f);
    write_logs(&f);
    struct text sheet = make_sheet();
    struct buf once = {.max = 1 << 20};
    struct finding_totals totals = {{0}};
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct buf out = {.max = 1 << 20};
        struct logs_checked done = check(sheet, &f, threads % FILES, threads, threads % 2 ? "one" : "two");
        assert_int_equal(done.report.lines, LINES + FILES);
        assert_int_equal(done.checked.source_count, 2);
        assert_true(text_is(done.checked.coverage[0].source, "flow.log (flow)"));
        assert_true(text_is(done.checked.coverage[1].source, "flow.log [2] (flow)"));
        assert_int_equal(findings_write(done.checked.findings, &out, NULL), OK);
        for (size_t i = 0; i < done.checked.source_count; i++) buf_text(&out, done.checked.coverage[i].note);
        totals = findings_total(done.checked.findings);
        for (size_t i = 0, named = 0; threads == 1 && i < done.checked.findings.count && named < 5; i++)
            if (done.checked.findings.at[i].has_upstream) line_is_named(&f, &done.checked.findings.at[i]), named++;
        if (threads == 1)
            buf_bytes(&once, buf_as_bytes(&out));
        else
            assert_true(text_equal(buf_as_text(&once), buf_as_text(&out)));
        buf_free(&out);
    }
    assert_true(totals.of[FINDING_CONFIRMED] > 10 && totals.of[FINDING_RELAYED] > 1 &&
                totals.of[FINDING_NOT_SEEN] > 10);
    buf_free(&once);
    remove_folder(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotated_files_share_a_stem),
        cmocka_unit_test(neither_threads_nor_order_matter),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
