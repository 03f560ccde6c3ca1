/* Scanning: nothing is lost, everything is counted, and the number of threads does not show. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include "folder.h"
#include "scan/facts.h"
#include "scan/report.h"

static const char *put(struct world *w, const char *name, struct text content) {
    const char *path = arena_format(&w->arena, "%s/%s", w->folder, name).at;
    assert_int_equal(os_write(path, bytes_from_text(content), 0600, NULL), OK);
    return path;
}

static const char *put_gzip(struct world *w, const char *name, struct text content) {
    const char *path = arena_format(&w->arena, "%s/%s", w->folder, name).at;
    gzFile file = gzopen(path, "wb1");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, content.at, (unsigned)content.size), (int)content.size);
    assert_int_equal(gzclose(file), Z_OK);
    return path;
}

#define FAILED(time, source) time " gate sshd[7]: Failed password for root from " source " port 50022 ssh2"
#define AN_HOUR_OF "Jun 21 16:47:48"

/* Some MiB of lines, a few of which say nothing and a few of which can't be read. */
static struct text many_lines(struct world *w, size_t count) {
    struct buf out = {.max = 64 << 20};
    for (size_t i = 0; i < count; i++) {
        unsigned second = (unsigned)(i * 40000 / count);
        buf_format(&out, "Jun 21 %02u:%02u:%02u gate sshd[%zu]: ", second / 3600, second / 60 % 60, second % 60,
                   i % 999);
        if (i % 11 == 7)
            buf_format(&out, "Server listening on 0.0.0.0 port 22.\n");
        else if (i % 1013 == 5)
            buf_format(&out, "Failed password for root from host-%zu.south.example port 22 ssh2\n", i);
        else
            buf_format(&out, "Failed password for root from 192.0.2.%zu port %zu ssh2\n", i * 7919 % 251,
                       1024 + i % 6000);
    }
    struct text kept = arena_text(&w->arena, buf_as_text(&out));
    buf_free(&out);
    return kept;
}

/* ---- what comes out of a scan, as a text that can be compared */

struct heard {
    pthread_mutex_t lock;
    uint64_t sum, lines; /* of all lines with their places: the order of the calls does not matter */
};

static enum error hear(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    struct heard *h = state;
    struct sha256 hash = sha256_of(bytes_from_text(s->line));
    uint64_t word;
    (void)thread;
    (void)d;
    memcpy(&word, hash.at, sizeof word);
    pthread_mutex_lock(&h->lock);
    h->sum += word * (s->part * 1000003 + s->line_number * 31 + (uint64_t)s->reason + 1);
    h->lines++;
    pthread_mutex_unlock(&h->lock);
    return OK;
}

static struct scan_options options_of(unsigned threads) {
    return (struct scan_options){
        .stamps = {.year = 2026, .until = INSTANT_NONE}, .threads = threads, .keep_rejects = true};
}

static void describe(const struct scan_report *r, struct buf *out) {
    for (size_t i = 0; i < r->file_count; i++)
        buf_format(out, "%s %llu %llu %d\n", r->files[i].format ? r->files[i].format->name : "none",
                   (unsigned long long)r->files[i].lines, (unsigned long long)r->files[i].bytes, r->files[i].cut);
    for (int i = 0; i < REASON_COUNT; i++)
        if (r->counts[i])
            buf_format(out, "%s %llu %zu:%llu %.*s\n", reasons[i].name, (unsigned long long)r->counts[i],
                       r->examples[i].file, (unsigned long long)r->examples[i].line, TEXT_ARG(r->examples[i].text));
    scan_rejects_write(r, out);
}

static struct text outcome_of(struct world *w, const char *const *names, size_t count, unsigned threads,
                              const struct sift *sift) {
    struct heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct scan_options o = options_of(threads);
    struct scan_report report;
    struct buf out = {.max = 64 << 20};
    struct diag d = {0};
    o.line = hear;
    o.state = &heard;
    o.sift = sift;
    assert_int_equal(scan_files(names, count, &o, &w->arena, &report, &d), OK);
    assert_int_equal(heard.lines, report.lines);
    buf_format(&out, "%llx\n", (unsigned long long)heard.sum);
    describe(&report, &out);
    struct text kept = arena_text(&w->arena, buf_as_text(&out));
    buf_free(&out);
    return kept;
}

static struct text outcome(struct world *w, const char *const *names, size_t count, unsigned threads) {
    return outcome_of(w, names, count, threads, NULL);
}

static void neither_the_threads_nor_the_processor_show(void **state) {
    struct world *w = *state;
    struct text lines = many_lines(w, 60000);
    assert_true(lines.size > 4 * SCAN_PART_SIZE);
    const char *names[] = {put(w, "a.log", lines), put(w, "empty.log", TEXT("")),
                           put(w, "b.log", text_sub(lines, 0, lines.size / 2)), put_gzip(w, "c.log.gz", lines)};
    struct text one = outcome(w, names, COUNT(names), 1);
    for (unsigned threads = 2; threads <= 5; threads++)
        assert_true(text_equal(one, outcome(w, names, COUNT(names), threads)));
    for (size_t i = 0; i < sift_count; i++)
        if (sifts[i].supported()) assert_true(text_equal(one, outcome_of(w, names, COUNT(names), 2, &sifts[i])));
    assert_true(text_search(one, TEXT("host-name ")) != SIZE_MAX);
    assert_true(text_search(one, TEXT("none 0 0 0\n")) != SIZE_MAX);
}

static void what_is_compressed_is_read_as_what_it_holds(void **state) {
    struct world *w = *state;
    struct text lines = many_lines(w, 20000);
    const char *name = put(w, "log", lines);
    struct text plain = outcome(w, &name, 1, 2);
    assert_string_equal(put_gzip(w, "log", lines), name);
    assert_true(text_equal(plain, outcome(w, &name, 1, 2)));
}

static enum error append(void *to, struct bytes piece, struct diag *d) {
    buf_bytes(to, piece);
    return buf_check(to, d);
}

/* The sheet, and the evidence behind it, whose parts agree. */
static struct text written(struct world *w, struct facts_scanned *f) {
    static const uint8_t key[EVIDENCE_KEY_SIZE] = {7};
    struct buf out = {.max = SHEET_BYTES_MAX};
    struct evidence evidence;
    struct sha256 root;
    assert_int_equal(facts_write_sheet(f, append, &out, NULL), OK);
    assert_true(sha256_equal(f->sheet, sheet_hash(buf_as_bytes(&out))));
    assert_int_equal(f->sheet_bytes, out.size);
    assert_int_equal(facts_write_evidence(f, key, append, &out, &root, NULL), OK);
    struct bytes file = bytes_of(out.at + f->sheet_bytes, out.size - (size_t)f->sheet_bytes);
    assert_int_equal(evidence_read(file, &w->arena, &evidence, NULL), OK);
    assert_int_equal(evidence.count, f->sums.count);
    assert_int_equal(evidence_check(&evidence, NULL), OK);
    assert_true(sha256_equal(evidence_root(&evidence), root));
    struct text kept = arena_text(&w->arena, buf_as_text(&out));
    buf_free(&out);
    return kept;
}

/* With little memory nearly all is put aside, in many parts. */
static void neither_threads_nor_memory_show_in_facts(void **state) {
    struct world *w = *state;
    const char *name = put(w, "log", many_lines(w, 60000));
    static const size_t memories[] = {0, 1 << 20, 200000};
    struct text before = {0};
    for (size_t m = 0; m < COUNT(memories); m++)
        for (unsigned threads = 1; threads <= 4; threads++) {
            const struct facts_options o = {.scan = options_of(threads),
                                            .window = 170 * INSTANT_SECOND,
                                            .keep_lines = true,
                                            .seed = threads,
                                            .max_bytes = memories[m],
                                            .folder = w->folder};
            struct facts_scanned scanned;
            assert_int_equal(facts_from_files(&name, 1, &o, &w->arena, &scanned, NULL), OK);
            struct text now = written(w, &scanned);
            if (before.size) assert_true(text_equal(before, now));
            before = now;
            assert_true(scanned.sums.count > 251);
            facts_scanned_free(&scanned);
        }
}

/* Without evidence, all may stay in memory: the same sheet. */
static void what_is_put_aside_and_what_is_not_are_the_same(void **state) {
    struct world *w = *state;
    const char *name = put(w, "log", many_lines(w, 20000));
    struct sha256 before = {0};
    for (size_t memory = 0; memory <= 100000; memory += 100000) {
        const struct facts_options o = {.scan = options_of(2), .window = INSTANT_SECOND, .max_bytes = memory};
        struct facts_scanned scanned;
        assert_int_equal(facts_from_files(&name, 1, &o, &w->arena, &scanned, NULL), OK);
        if (memory) assert_true(sha256_equal(before, scanned.sheet) && scanned.sums.count > 251);
        before = scanned.sheet;
        facts_scanned_free(&scanned);
    }
}

/* ---- lines that are not as they should be */

static struct scan_report scan_one(struct world *w, struct text content) {
    const char *name = put(w, "one.log", content);
    struct scan_options o = options_of(2);
    struct scan_report report;
    struct diag d = {0};
    enum error result = scan_files(&name, 1, &o, &w->arena, &report, &d);
    if (result) print_error("%s\n", d.text);
    assert_int_equal(result, OK);
    return report;
}

static void broken_lines_are_counted_and_nothing_else_is_lost(void **state) {
    struct world *w = *state;
    static const char content[] = FAILED(AN_HOUR_OF, "192.0.2.1") "\r\n" /* 1: CRLF */
                                                                  "\r\n" /* 2: empty */
        FAILED(AN_HOUR_OF, "192.0.2.2") "\0\n"                           /* 3: NUL */
                                        "what is this?\n"                /* 4 */
        FAILED(AN_HOUR_OF, "192.0.2.3") "\n"                             /* 5 */
        FAILED(AN_HOUR_OF, "192.0.2.4");                                 /* 6: no LF */
    struct scan_report r = scan_one(w, (struct text){content, sizeof content - 1});
    assert_int_equal(r.lines, 6);
    assert_int_equal(r.counts[REASON_FACT], 3);
    assert_int_equal(r.counts[REASON_EMPTY], 1);
    assert_int_equal(r.counts[REASON_NUL], 1);
    assert_int_equal(r.examples[REASON_NUL].line, 3);
    assert_int_equal(r.reject_count, 2);
    assert_int_equal(r.rejects[1].at.line, 4);
    assert_true(text_is(r.rejects[1].at.text, "what is this?"));
    assert_true(r.files[0].cut && r.bytes == sizeof content - 1);
}

/* Lines from shorter than the limit to longer than a part, at its seams. */
static void long_lines_are_passed_over_and_later_ones_read(void **state) {
    struct world *w = *state;
    static const size_t sizes[] = {LINE_BYTES_MAX,     LINE_BYTES_MAX + 1, SCAN_PART_SIZE - 1,     SCAN_PART_SIZE,
                                   SCAN_PART_SIZE + 1, 3 * SCAN_PART_SIZE, 3 * SCAN_PART_SIZE + 77};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int ended = 0; ended < 2; ended++) {
            struct buf out = {.max = 8 << 20};
            buf_format(&out, "%s\nJun 21 16:47:49 gate sshd[7]: ", FAILED(AN_HOUR_OF, "192.0.2.1"));
            size_t start_of_line = out.size - strlen("Jun 21 16:47:49 gate sshd[7]: ");
            while (out.size - start_of_line < sizes[i]) buf_char(&out, 'x');
            if (ended) buf_format(&out, "\n%s\n", FAILED(AN_HOUR_OF, "192.0.2.3"));
            struct scan_report r = scan_one(w, buf_as_text(&out));
            assert_int_equal(r.lines, 2 + ended);
            assert_int_equal(r.counts[REASON_FACT], 1 + ended);
            assert_int_equal(r.counts[REASON_LONG], sizes[i] > LINE_BYTES_MAX);
            assert_int_equal(r.files[0].cut, !ended);
            assert_int_equal(r.bytes, out.size);
            if (r.counts[REASON_LONG]) {
                assert_int_equal(r.examples[REASON_LONG].line, 2);
                assert_int_equal(r.examples[REASON_LONG].text.size, SCAN_TEXT_MAX);
            }
            buf_free(&out);
        }
}

/* Whoever hashes them: lines that are passed over, files of many parts and files of none. */
static void files_are_hashed_whole(void **state) {
    struct world *w = *state;
    struct buf long_lines = {.max = 8 << 20};
    buf_text(&long_lines, TEXT("Jun 21 16:47:48 gate sshd[7]: "));
    buf_fill(&long_lines, 0, (3 << 20) + 17);
    buf_text(&long_lines, TEXT("\n" FAILED(AN_HOUR_OF, "192.0.2.1") "\n"));
    buf_fill(&long_lines, long_lines.size, 2 << 20);
    const struct text content[] = {many_lines(w, 60000), TEXT(""), arena_text(&w->arena, buf_as_text(&long_lines)),
                                   many_lines(w, 10)};
    const char *names[] = {put(w, "a.log", content[0]), put(w, "b.log", content[1]), put(w, "c.log", content[2]),
                           put_gzip(w, "d.log.gz", content[3])};
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct scan_options o = options_of(threads);
        struct scan_report r;
        o.hash_files = true;
        o.format = format_find(TEXT("sshd"));
        assert_int_equal(scan_files(names, COUNT(names), &o, &w->arena, &r, NULL), OK);
        for (size_t i = 0; i < COUNT(names); i++) {
            assert_true(r.files[i].hashed);
            assert_true(sha256_equal(r.files[i].hash, sha256_of(bytes_from_text(content[i]))));
        }
    }
    buf_free(&long_lines);
}

static void years_turn_wherever_parts_are_cut(void **state) {
    struct world *w = *state;
    struct buf out = {.max = 16 << 20};
    enum { LINES = 30000 };
    for (size_t i = 0; i < LINES; i++) /* the turn of the year, a quarter of the file each */
        buf_format(&out, "%s 12:00:00 gate sshd[7]: Failed password for root from 192.0.2.1 port %zu ssh2\n",
                   i * 4 / LINES % 2 ? "Jan  1" : "Dec 31", i % 60000);
    const char *name = put(w, "log", buf_as_text(&out));
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct facts_options o = {.scan = options_of(threads), .window = INSTANT_HOUR};
        struct facts_scanned scanned;
        char first[INSTANT_TEXT_MAX], last[INSTANT_TEXT_MAX];
        assert_int_equal(facts_from_files(&name, 1, &o, &w->arena, &scanned, NULL), OK);
        assert_string_equal(instant_write(scanned.sums.first, first).at, "2026-12-31T12:00:00Z");
        assert_string_equal(instant_write(scanned.sums.last, last).at, "2027-01-01T12:00:00Z");
        assert_int_equal(scanned.sums.count, 2);
        assert_int_equal(scanned.sums.events, LINES);
        facts_scanned_free(&scanned);
    }
    buf_free(&out);
}

/* ---- what ends a scan */

static struct diag refused(struct world *w, const char *name, struct scan_options o, enum error code) {
    struct scan_report report;
    struct diag d = {0};
    assert_int_equal(scan_files(&name, 1, &o, &w->arena, &report, &d), code);
    assert_string_equal(d.where, name);
    return d;
}

static void a_missing_year_is_told_with_its_line(void **state) {
    struct world *w = *state;
    struct buf out = {.max = 16 << 20};
    const char *iso = FAILED("2026-06-21T16:47:48+00:00", "192.0.2.1");
    for (int i = 0; i < 30000; i++) buf_format(&out, "%s\n", i >= 25000 ? FAILED(AN_HOUR_OF, "192.0.2.1") : iso);
    const char *name = put(w, "log", buf_as_text(&out));
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct scan_options o = options_of(threads);
        o.stamps.year = 0;
        struct diag d = refused(w, name, o, ERR_USAGE);
        assert_int_equal(d.line, 25001);
        assert_non_null(strstr(d.text, "--year"));
    }
    buf_free(&out);
}

static enum error refuse_third(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    (void)state;
    (void)thread;
    return s->line_number == 2 ? fail(d, ERR_LIMIT, "enough") : OK;
}

static void a_callback_ends_a_scan(void **state) {
    struct world *w = *state;
    const char *name = put(w, "log", many_lines(w, 60000));
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct scan_options o = options_of(threads);
        o.line = refuse_third;
        struct diag d = refused(w, name, o, ERR_LIMIT);
        assert_int_equal(d.line, 3);
        assert_string_equal(d.text, "enough");
    }
}

static void what_is_no_log_is_refused(void **state) {
    struct world *w = *state;
    const char *prose = put(w, "prose", TEXT("It was a dark and stormy night.\n"));
    struct text lines = many_lines(w, 2000);
    const char *packed = put_gzip(w, "log.gz", lines);
    refused(w, prose, options_of(2), ERR_INPUT);
    refused(w, arena_format(&w->arena, "%s/absent", w->folder).at, options_of(2), ERR_MISSING);
    refused(w, w->folder, options_of(2), ERR_IO);
    struct buf bytes = {.max = 1 << 20};
    assert_int_equal(os_read(packed, bytes.max, &bytes, NULL), OK);
    bytes.at[bytes.size / 2] ^= 0x55;
    bytes.at[bytes.size / 2 + 1] ^= 0x55;
    struct diag d = refused(w, put(w, "damaged.gz", buf_as_text(&bytes)), options_of(2), ERR_INPUT);
    assert_non_null(strstr(d.text, "compressed"));
    buf_free(&bytes);
}

static void compressed_data_that_is_cut_short_ends_there(void **state) {
    struct world *w = *state;
    struct text lines = many_lines(w, 2000);
    struct buf bytes = {.max = 1 << 20};
    assert_int_equal(os_read(put_gzip(w, "log.gz", lines), bytes.max, &bytes, NULL), OK);
    const char *name = put(w, "cut.gz", (struct text){(const char *)bytes.at, bytes.size / 2});
    struct scan_options o = options_of(2);
    struct scan_report report;
    assert_int_equal(scan_files(&name, 1, &o, &w->arena, &report, NULL), OK);
    assert_true(report.files[0].cut);
    assert_true(report.lines > 500 && report.lines < 2000);
    buf_free(&bytes);
}

/* Whoever writes a log chooses how much of it can't be read. */
static void rejects_are_kept_up_to_a_limit(void **state) {
    struct world *w = *state;
    struct buf bytes = {.max = 1 << 24};
    const char *name = "rejects.log";
    for (size_t i = 0; i < 20000; i++) buf_string(&bytes, "x\n");
    assert_int_equal(os_write(name, buf_as_bytes(&bytes), 0600, NULL), OK);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        struct scan_options o = options_of(threads);
        struct scan_report report;
        struct diag d;
        o.format = format_find(TEXT("sshd"));
        o.rejects_bytes_max = 20000 * (SCAN_REJECT_BYTES + 1);
        assert_int_equal(scan_files(&name, 1, &o, &w->arena, &report, &d), OK);
        assert_int_equal(report.reject_count, 20000);
        o.rejects_bytes_max--;
        assert_int_equal(scan_files(&name, 1, &o, &w->arena, &report, &d), ERR_LIMIT);
        o.keep_rejects = false;
        assert_int_equal(scan_files(&name, 1, &o, &w->arena, &report, &d), OK);
    }
    assert_int_equal(os_remove(name, NULL), OK);
    buf_free(&bytes);
}

static void foreign_bytes_are_shown_harmless(void **state) {
    (void)state;
    static const struct {
        struct text from;
        size_t max;
        const char *to;
    } table[] = {
        {{"caf\xc3\xa9 \\ \x1b[2J\n", 13}, 100, "caf\xc3\xa9 \\\\ \\x1b[2J\\x0a"},
        {{"\xff\xc2\x9b\x7f\0", 5}, 100, "\\xff\\xc2\\x9b\\x7f\\x00"},
        {{"a\u202eb", 5}, 100, "a\\xe2\\x80\\xaeb"},
        {{"abcd", 4}, 3, "abc\xe2\x80\xa6"},
        {{"ab\xc3\xa9", 4}, 3, "ab\xe2\x80\xa6"},
        {{"abc", 3}, 3, "abc"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        struct buf out = {.max = 1000};
        scan_show_text(table[i].from, table[i].max, &out);
        assert_true(text_is(buf_as_text(&out), table[i].to));
        buf_free(&out);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(neither_the_threads_nor_the_processor_show),
        TEST(what_is_compressed_is_read_as_what_it_holds),
        TEST(neither_threads_nor_memory_show_in_facts),
        TEST(what_is_put_aside_and_what_is_not_are_the_same),
        TEST(broken_lines_are_counted_and_nothing_else_is_lost),
        TEST(long_lines_are_passed_over_and_later_ones_read),
        TEST(files_are_hashed_whole),
        TEST(years_turn_wherever_parts_are_cut),
        TEST(a_missing_year_is_told_with_its_line),
        TEST(a_callback_ends_a_scan),
        TEST(what_is_no_log_is_refused),
        TEST(compressed_data_that_is_cut_short_ends_there),
        TEST(rejects_are_kept_up_to_a_limit),
        TEST(foreign_bytes_are_shown_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
