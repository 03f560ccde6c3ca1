/* No line takes more than linear time: lines of each format are stretched, at many places, by what has been the ruin of
 * others' readers (quotes that don't close, brackets within brackets, the words that a message is cut at, over and
 * over), and reading what is eight times as long takes about eight times as long.
 *
 * Time is that of the thread, and noisy.  So what looks slow in short lines is read again in the longest that there
 * are, several times, and the best of these must be far from what is linear: a square would be 64 times. */
#include "samples.h"

#include <time.h>

#include "line/map.h"
#include "own_rules.h"

enum { SHORT = 1 << 10, MIDDLE = 32 << 10, LONG = LINE_BYTES_MAX };
enum { SUSPECT = 48, SLOW = 24, SLOW_NS = 2000000, AGAIN = 5 };
enum { PLACES = 3, TOKENS_MAX = 256, EACH_DETECTED = 16 };

static const char *const units[] = {
    "\"",    "\\\"",   "\\",     " ",        "\t",      "[",      "(",        "{",
    "<",     "'",      "%25",    "..",       "/",       "=",      ":",        ",",
    ";",     "a",      "9",      "::",       "[[",      "] [",    "{\"a\":",  "\",\"",
    "\"\",", "[1,",    "\\u00",  " - ",      "->",      "#",      "@",        " for ",
    "from ", " from ", " port ", " port 1:", " rhost=", " user=", "1.1.1.1 ", " from 1.1.1.1 port 1 ssh2",
};

struct job { /* something that reads a line */
    const char *name;
    void (*read)(void *state, struct text line);
    void *state;
};

static char room[LONG + 4096];

/* The line with a run of a unit put in, as long as `goal` or a little less. */
static struct text stretch(struct text line, size_t at, struct text unit, size_t goal) {
    size_t size = at;
    memcpy(room, line.at, at);
    while (size + unit.size + (line.size - at) <= goal) {
        memcpy(room + size, unit.at, unit.size);
        size += unit.size;
    }
    memcpy(room + size, line.at + at, line.size - at);
    return (struct text){room, size + line.size - at};
}

static uint64_t took(const struct job *j, struct text line) {
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    j->read(j->state, line);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    return (uint64_t)(after.tv_sec - before.tv_sec) * 1000000000 + (uint64_t)after.tv_nsec - (uint64_t)before.tv_nsec;
}

static uint64_t best(const struct job *j, struct text line) {
    uint64_t least = took(j, line);
    for (int i = 1; i < AGAIN; i++) {
        uint64_t again = took(j, line);
        if (again < least) least = again;
    }
    return least;
}

static uint64_t cases, suspects, slow;

static void try_unit(const struct job *j, struct text line, size_t at, struct text unit) {
    if (cases++ % STRETCH_ONE_OF) return;
    uint64_t few = took(j, stretch(line, at, unit, SHORT)), many = took(j, stretch(line, at, unit, MIDDLE));
    if (many <= SUSPECT * few) return;
    suspects++;
    few = best(j, stretch(line, at, unit, MIDDLE));
    many = best(j, stretch(line, at, unit, LONG));
    if (many <= SLOW * few || many < SLOW_NS) return;
    slow++;
    print_error("%s: with “%.*s” over and over at byte %zu, %d KiB take %llu µs, and %d KiB take %llu µs: %.*s\n",
                j->name, TEXT_ARG(unit), at, MIDDLE >> 10, (unsigned long long)few / 1000, LONG >> 10,
                (unsigned long long)many / 1000, TEXT_ARG(text_first(line, 200)));
}

static bool is_word(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

/* Where words begin and end, from the start of the line to its end. */
static size_t find_places(struct text line, size_t places[static TOKENS_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i <= line.size && count < TOKENS_MAX; i++)
        if (!i || i == line.size || is_word(line.at[i]) != is_word(line.at[i - 1])) places[count++] = i;
    return count;
}

static bool everything(void) { return getenv("PARLEY_SAMPLES") != NULL; }

/* Each unit at some places, other ones for each unit, and what stands between near places over and over; at all places
 * where everything is asked for. */
static void try_line(const struct job *j, struct text line) {
    size_t places[TOKENS_MAX], count = find_places(line, places);
    size_t step = everything() || count <= PLACES ? 1 : count / PLACES;
    if (!line.size || line.size > SHORT / 4 * 3) return;
    for (size_t u = 0; u < COUNT(units); u++)
        for (size_t p = u % step; p < count; p += step) try_unit(j, line, places[p], text_of(units[u]));
    for (size_t width = 1; width <= 4; width++)
        for (size_t p = width % 2; p + width < count; p += everything() ? 1 : 2 * step)
            try_unit(j, line, places[p + width], text_sub(line, places[p], places[p + width]));
}

/* ---- formats */

static void read_line(void *state, struct text line) {
    struct observation o;
    reader_line(state, line, &o);
}

struct heading {
    const struct format *format;
    const struct field_map *map;
};
static void read_head(void *state, struct text line) {
    const struct heading *h = state;
    struct columns columns = {.map = h->map};
    enum error result = h->format->head(line, &columns, NULL);
    (void)result; /* whether it is one is not asked here */
}

static void detect_line(void *state, struct text line) {
    (void)state;
    format_detect(line);
}

static const struct field_map *own_map(void) {
    static struct field_map map;
    if (!map.count)
        assert_int_equal(
            map_read(TEXT("time=ts,end=te,src=src.ip,src-port=sp,dst=dst,protocol=proto,url=u,event=event"), &map,
                     NULL),
            OK);
    return &map;
}

static void try_sample(void *state, const struct format *f, const char *path, struct text sample) {
    static const struct stamp_options stamps = {.year = 2026, .until = INSTANT_NONE};
    static struct reader reader;
    static size_t number;
    struct text line;
    (void)state, (void)path;
    struct columns columns = {.map = strcmp(f->name, "mapped") ? NULL : own_map()};
    if (f->has_header) {
        assert_true(text_line(&sample, &line));
        assert_int_equal(f->head(line, &columns, NULL), OK);
        try_line(&(struct job){f->name, read_head, &(struct heading){f, columns.map}}, line);
    }
    reader_start(&reader, f, &columns, &stamps, (struct chain){0}, (struct text){0});
    reader.rules = &rules;
    while (text_line(&sample, &line)) {
        try_line(&(struct job){f->name, read_line, &reader}, line);
        if (number++ % EACH_DETECTED == 0) try_line(&(struct job){"detection", detect_line, NULL}, line);
    }
}

static void no_line_of_a_format_takes_more_than_linear_time(void **state) {
    (void)state;
    slow = 0;
    for (size_t i = 0; i < line_format_count; i++) samples_each(line_formats[i].name, try_sample, NULL);
    print_message("%llu cases, of which %llu were looked at twice\n", (unsigned long long)cases,
                  (unsigned long long)suspects);
    assert_int_equal(slow, 0);
}

/* ---- patterns of users */

struct judging {
    const struct rules *rules;
    uint64_t sections;
};
static void judge(void *state, struct text line) {
    const struct judging *j = state;
    char scratch[PROTOCOL_MAX];
    struct observation o = {.count = 1};
    rules_apply(j->rules, j->sections, line, scratch, &o);
}

static void no_message_takes_a_pattern_more_than_linear_time(void **state) {
    (void)state;
    static const char *const patterns[] = {
        "<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*>a<*> from <ADDR><*>",
        "<*> from <ADDR> port <PORT><*> from <DST> port <DPORT><*>x",
        "<*>{ab|a|b}<WORD>c<*>{ba|b}<ADDR>",
        "<*>a<NUMBER><*>a<SPACE><*>a<PROTOCOL><*>a<ADDR>",
        "{a|ab|abc}<WORD> <*>: <*>: <*>: <*>: <ADDR>: <*>",
        "<*>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab<ADDR>",
    };
    static const char *const messages[] = {"a b a b from 192.0.2.17 port 7 from 192.0.2.1 port 9x", "abcab 192.0.2.17",
                                           "a1: a : aa: a: 192.0.2.17: b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa192.0.2.17"};
    slow = 0;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        static struct rules own;
        char file[512];
        own.count = own.rule_count = 0;
        snprintf(file, sizeof file, "program x\nevent scanner \"%s\"\n", patterns[i]);
        assert_int_equal(rules_read(&own, text_of(file), NULL, &arena, NULL), OK);
        for (size_t m = 0; m < COUNT(messages); m++)
            try_line(&(struct job){patterns[i], judge, &(struct judging){&own, 1}}, text_of(messages[m]));
    }
    assert_int_equal(slow, 0);
}

/* ---- the test itself */

static void read_square(void *state, struct text line) {
    size_t *sum = state;
    for (size_t i = 0; i < line.size; i++) *sum += text_find(text_sub(line, i, line.size), '\n');
}

static void what_is_a_square_is_seen(void **state) {
    (void)state;
    size_t sum = 0;
    struct job j = {"square", read_square, &sum};
    struct text line = TEXT("a b");
    uint64_t few = best(&j, stretch(line, 1, TEXT("x"), SHORT)), many = best(&j, stretch(line, 1, TEXT("x"), MIDDLE));
    assert_true(many > SUSPECT * few);
    few = best(&j, stretch(line, 1, TEXT("x"), MIDDLE / 2));
    many = took(&j, stretch(line, 1, TEXT("x"), LONG / 2));
    assert_true(many > SLOW * few && many > SLOW_NS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_of_a_format_takes_more_than_linear_time),
        cmocka_unit_test(no_message_takes_a_pattern_more_than_linear_time),
        cmocka_unit_test(what_is_a_square_is_seen),
    };
    return cmocka_run_group_tests(tests, make_rules, drop_rules);
}
