/* Where a log is cut does not show: the facts of the samples of each format are the same when the log stands in one
 * file or, cut at a line's end, in two of a rotated set; packed in one piece or, cut at any byte, in two; wherever a
 * part that a thread takes ends; and for any number of threads. */
#include "samples.h"

#include <unistd.h>
#include <zlib.h>

#include "line/map.h"
#include "line/rules.h"
#include "scan/facts.h"

enum { THREADS = 4 };

struct world {
    char folder[64];
    struct arena arena; /* of one sample */
    struct rules rules;
    struct arena rules_arena;
    struct field_map map;

    const struct format *format;
    const char *sample;
    struct text header, lines; /* header: with its line's end; empty where a file needs none */
    struct text all;
    struct text first; /* the line that the columns are seen from; the same */
    struct sha256 whole;
    uint64_t facts; /* of the whole */
    uint64_t number, all_facts;
};

static int start(void **state) {
    struct world *w = calloc(1, sizeof *w);
    strcpy(w->folder, "/tmp/parley-split-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    rules_add_own(&w->rules, &w->rules_arena);
    assert_int_equal(map_read(TEXT("time=ts,end=te,src=src.ip,src-port=sp,dst=dst,dst-port=dp,count=n"), &w->map, NULL),
                     OK);
    *state = w;
    return 0;
}

static int end(void **state) {
    struct world *w = *state;
    assert_int_equal(rmdir(w->folder), 0);
    arena_free(&w->rules_arena);
    free(w);
    return 0;
}

static const char *path_of(struct world *w, const char *name) {
    return arena_format(&w->arena, "%s/%s", w->folder, name).at;
}

static const char *put(struct world *w, const char *name, struct text header, struct text lines) {
    const char *path = path_of(w, name);
    struct buf file = {.max = 4 << 20};
    buf_text(&file, header);
    buf_text(&file, lines);
    assert_int_equal(os_write(path, buf_as_bytes(&file), 0600, NULL), OK);
    buf_free(&file);
    return path;
}

static struct sha256 sheet_of(struct world *w, const char *const *names, size_t count, uint64_t *facts) {
    const struct facts_options o = {.scan = {.stamps = {.year = 2026, .until = INSTANT_NONE},
                                             .format = w->format,
                                             .map = strcmp(w->format->name, "mapped") ? NULL : &w->map,
                                             .event = TEXT("dos"),
                                             .rules = &w->rules,
                                             .threads = (unsigned)(w->number++ % THREADS) + 1},
                                    .window = INSTANT_HOUR};
    struct facts_scanned scanned;
    struct diag d = {0};
    if (facts_from_files(names, count, &o, &w->arena, &scanned, &d)) print_error("%s: %s\n", w->sample, d.text);
    assert_string_equal(d.text, "");
    struct sha256 sheet = scanned.sheet;
    *facts = scanned.sums.count;
    facts_scanned_free(&scanned);
    return sheet;
}

/* The files are gone after it. */
static void check_same(struct world *w, const char *const *names, size_t count, const char *how, size_t at) {
    uint64_t facts;
    struct sha256 sheet = sheet_of(w, names, count, &facts);
    for (size_t i = 0; i < count; i++) assert_int_equal(os_remove(names[i], NULL), OK);
    if (!sha256_equal(sheet, w->whole))
        print_error("%s, %s at byte %zu, threads %d: %d facts, not %d\n", w->sample, how, at,
                    (int)((w->number - 1) % THREADS) + 1, (int)facts, (int)w->facts);
    assert_true(sha256_equal(sheet, w->whole));
}

static void cut_into_files(struct world *w, size_t at) {
    const char *names[] = {put(w, "log.1", w->header, text_sub(w->lines, 0, at)),
                           put(w, "log", w->header, text_sub(w->lines, at, w->lines.size))};
    check_same(w, names, 2, "two files cut", at);
}

static void pack(gzFile to, struct text t) {
    if (t.size) assert_int_equal(gzwrite(to, t.at, (unsigned)t.size), (int)t.size);
    assert_int_equal(gzclose(to), Z_OK);
}

static void cut_when_packed(struct world *w, size_t at) {
    const char *name = path_of(w, "packed");
    pack(gzopen(name, "wb1"), text_sub(w->all, 0, at));
    pack(gzopen(name, "ab1"), text_sub(w->all, at, w->all.size));
    check_same(w, &name, 1, "packed in two pieces, cut", at);
}

/* Lines that no format reads, as long as it takes that a part ends within the sample. */
static void cut_into_parts(struct world *w, size_t at) {
    enum { WIDTH = 4000 };
    static char fill[SCAN_PART_SIZE];
    struct text rest = text_sub(w->all, w->first.size, w->all.size);
    size_t size = sizeof fill - w->first.size - at;
    memset(fill, 'x', size);
    for (size_t i = WIDTH; i + 1 < size; i += WIDTH) fill[i] = '\n';
    fill[size - 1] = '\n';
    struct buf lines = {.max = 4 << 20};
    buf_text(&lines, (struct text){fill, size});
    buf_text(&lines, rest);
    const char *name = put(w, "long", w->first, buf_as_text(&lines));
    buf_free(&lines);
    check_same(w, &name, 1, "a part that ends", at);
}

static void split_sample(void *state, const struct format *f, const char *path, struct text sample) {
    enum { PACKED = 16, PARTS = 3 };
    struct world *w = state;
    struct text rest = sample, line;
    w->format = f;
    w->sample = path;
    w->all = sample;
    if (f->has_header) assert_true(text_line(&rest, &line));
    w->first = text_sub(sample, 0, sample.size - rest.size);
    if (sample.at[0] == '{') rest = sample; /* JSON has no header */
    w->header = text_sub(sample, 0, sample.size - rest.size);
    w->lines = rest;
    const char *name = put(w, "log", w->header, w->lines);
    w->whole = sheet_of(w, &name, 1, &w->facts);
    w->all_facts += w->facts;
    check_same(w, &name, 1, "one file, cut", 0);
    for (size_t i = 0; i < w->lines.size; i++)
        if (w->lines.at[i] == '\n' && i + 1 < w->lines.size && !f->note)
            cut_into_files(w, i + 1); /* notes hold for all lines behind them */
    for (size_t i = 0; i <= PACKED; i++) cut_when_packed(w, sample.size * i / PACKED);
    for (size_t i = 0; i < PARTS; i++) cut_into_parts(w, (sample.size - w->first.size) * (i + 1) / PARTS);
    arena_free(&w->arena);
}

static void no_cut_shows(void **state) {
    struct world *w = *state;
    for (size_t i = 0; i < line_format_count; i++) {
        uint64_t before = w->number;
        samples_each(line_formats[i].name, split_sample, w);
        assert_true(w->number > before + 10);
    }
    assert_true(w->all_facts > 2 * line_format_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(no_cut_shows, start, end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
