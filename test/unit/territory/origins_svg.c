/* The page of a report, by two tables made by hand. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "territory/atlas.h"
#include "territory/compile.h"
#include "territory/origins.h"

#define DAY_S (1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */

static struct arena arena;
static struct buf files[2];
static struct territory tables[2];
static struct origins of[2];

static int make_table(const char *rows_text, struct text name, struct buf *file, struct territory *table) {
    struct rows rows = {0};
    uint64_t added;
    struct territory_meta meta = {.name = name,
                                  .date = DAY_S,
                                  .basis = TEXT("registry"),
                                  .sources = {{.name = TEXT("rows.csv")}},
                                  .source_count = 1,
                                  .credits = {TEXT("Me & <you>")},
                                  .credit_count = 1};
    *file = (struct buf){.max = 1 << 24};
    if (rows_read(&rows, text_of(rows_text), &added, NULL) || territory_compile(&rows, &meta, file, NULL)) return 1;
    rows_free(&rows);
    return (int)territory_open(buf_as_bytes(file), table, NULL);
}

/* FR: 9 by both; DE: 4, and 1 by the other; BV: 1, and 4; one address is nowhere. */
static int count_all(void **state) {
    (void)state;
    static const struct origins_options by_sources = {.by = ORIGINS_BY_COUNTRY, .unit = ORIGINS_SOURCES};
    struct fact facts[15] = {0};
    if (make_table("11.0.0.0,11.0.0.8,FR\n11.0.0.9,11.0.0.12,DE\n11.0.0.13,11.0.0.13,BV\n", TEXT("one"), &files[0],
                   &tables[0]) ||
        make_table("11.0.0.0,11.0.0.8,FR\n11.0.0.9,11.0.0.9,DE\n11.0.0.10,11.0.0.13,BV\n", TEXT("other&more"),
                   &files[1], &tables[1]))
        return 1;
    for (size_t i = 0; i < COUNT(facts); i++) {
        char address[16];
        snprintf(address, sizeof address, "11.0.0.%zu", i);
        facts[i] = (struct fact){.first = DAY_S, .last = DAY_S, .count = i + 1, .evidence = SHEET_NO_COUNT};
        facts[i].protocol = TEXT("tcp");
        if (ip_read(text_of(address), &facts[i].src)) facts[i].known |= KNOWN_SRC;
    }
    const struct sha256 hash = sha256_of(bytes_from_text(TEXT("a sheet")));
    for (size_t t = 0; t < 2; t++)
        if (origins_count((struct sheet){facts, COUNT(facts)}, hash, &tables[t], &by_sources, &arena, &of[t], NULL))
            return 1;
    return 0;
}

static int drop_all(void **state) {
    (void)state;
    buf_free(&files[0]);
    buf_free(&files[1]);
    arena_free(&arena);
    return 0;
}

/* A page as a string. */
static const char *page(size_t count, const char *asked) {
    struct buf out = {.max = 1 << 24};
    origins_svg(of, count, text_of(asked), &out);
    assert_false(out.failed);
    char *copy = ARENA_ARRAY(&arena, char, out.size + 1);
    memcpy(copy, out.at, out.size);
    copy[out.size] = 0;
    buf_free(&out);
    return copy;
}

static size_t times(const char *in, const char *what) {
    size_t count = 0;
    for (; (in = strstr(in, what)); in += strlen(what)) count++;
    return count;
}

enum { DEEP = 16 };

/* One tag: its attributes are quoted, and where it is an end it closes the one that is open. */
static const char *follow_tag(const char *at, struct text *open, size_t *depth) {
    bool ends = *at == '/', quoted = false;
    const char *name = at += ends;
    while (*at && !strchr(" >/", *at)) at++;
    struct text tag = {name, (size_t)(at - name)};
    assert_true(tag.size);
    for (; *at && (quoted || *at != '>'); at++) {
        quoted ^= *at == '"';
        assert_true(*at != '<');
    }
    assert_true(*at == '>' && !quoted);
    if (ends) {
        assert_true(*depth && text_equal(open[--*depth], tag));
    } else if (at[-1] != '/') {
        assert_true(*depth < DEEP);
        open[(*depth)++] = tag;
    }
    return at + 1;
}

static void is_well_formed(const char *at) {
    static const char *const spelled[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    struct text open[DEEP];
    size_t depth = 0;
    while (*at) {
        bool is_spelled = *at != '&';
        for (size_t i = 0; i < COUNT(spelled); i++) is_spelled |= !strncmp(at, spelled[i], strlen(spelled[i]));
        assert_true(is_spelled);
        at = *at == '<' ? follow_tag(at + 1, open, &depth) : at + 1;
        assert_true(depth || !*at || *at == '\n');
    }
    assert_int_equal(depth, 0);
}

static void it_is_well_formed(void **state) {
    (void)state;
    is_well_formed(page(1, NULL));
    is_well_formed(page(2, "DE"));
    assert_non_null(strstr(page(2, NULL), "other&amp;more"));
}

/* Area is not guilt: no land is told from another. */
static void all_land_is_one_grey(void **state) {
    (void)state;
    const char *svg = page(2, "DE");
    if (!atlas_count) skip(); /* built without npm's world-atlas */
    assert_int_equal(times(svg, "class=\"land\""), 1);
    assert_int_equal(times(svg, "href=\"#world\""), 1);
    assert_null(strstr(svg, "hatch"));
    assert_null(strstr(svg, "class=\"land "));
    assert_int_equal(times(svg, "#8a4700"), 1); /* the one colour, of one class */
}

/* The radius of the circle of that class with that title; 0 where there is none. */
static double radius(const char *svg, const char *class, const char *title) {
    char end[128];
    snprintf(end, sizeof end, "<title>%s</title></circle>", title);
    for (const char *at = svg; (at = strstr(at, "<circle ")); at++) {
        const char *close = strchr(at, '>'), *found = strstr(at, class), *r = strstr(at, " r=\"");
        assert_non_null(close);
        if (found && found < close && r && !strncmp(close + 1, end, strlen(end))) return strtod(r + 4, NULL);
    }
    return 0;
}

static void areas_are_counts(void **state) {
    (void)state;
    const char *svg = page(2, NULL);
    if (!atlas_count) skip();
    double nine = radius(svg, "class=\"a\"", "France: table A 9, table B 9");
    double four = radius(svg, "class=\"a\"", "Germany: table A 4, table B 1");
    double one = radius(svg, "class=\"b differ\"", "Germany: table A 4, table B 1");
    assert_true(nine > 0);
    assert_true(nine * nine * 4 > four * four * 8.99 && nine * nine * 4 < four * four * 9.01);
    assert_true(nine * nine > one * one * 8.99 && nine * nine < one * one * 9.01);
    /* To the same four decimals. */
    assert_true((long)(radius(svg, "class=\"b\"", "France: table A 9, table B 9") * 1e4) == (long)(nine * 1e4));
    assert_true((long)(radius(svg, "class=\"b differ\"", "Bouvet Island: table A 1, table B 4") * 1e4) ==
                (long)(four * 1e4));
}

static void the_ranking_is_a_slope(void **state) {
    (void)state;
    const char *svg = page(2, "DE");
    assert_int_equal(times(svg, "class=\"way\""), 1);
    assert_int_equal(times(svg, "class=\"way moved\""), 1);
    assert_int_equal(times(svg, "class=\"way asked\""), 1);
    assert_non_null(strstr(svg, ">2 → 3</text>"));
    assert_non_null(strstr(svg, ">3 → 2</text>"));
    assert_int_equal(times(svg, ">no territory</text>"), 2);
    assert_int_equal(times(page(1, NULL), "class=\"way"), 0);
    assert_true(times(page(1, NULL), "class=\"bar\"") > 3);
}

static void caveats_end_the_page(void **state) {
    (void)state;
    const char *svg = page(2, NULL), *rule = strstr(svg, "class=\"ink\"");
    assert_non_null(rule);
    const char *first = strstr(rule, "<text ");
    assert_non_null(first);
    static const char words[] = "<tspan class=\"strong\">The origin of traffic is not its author.</tspan>";
    assert_true(!strncmp(strchr(first, '>') + 1, words, strlen(words)));
    assert_null(strstr(rule, "class=\"end"));
    assert_non_null(strstr(rule, "There are fewer than 100 sources"));
    assert_int_equal(times(svg, "class=\"up\""), 2 * 4); /* three origins and no territory, by each table */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_well_formed),    cmocka_unit_test(all_land_is_one_grey),
        cmocka_unit_test(areas_are_counts),     cmocka_unit_test(the_ranking_is_a_slope),
        cmocka_unit_test(caveats_end_the_page),
    };
    return cmocka_run_group_tests(tests, count_all, drop_all);
}
