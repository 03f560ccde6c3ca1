/* The search tree against a plain walk; and tables that use it against tables that don't. */
#include "unit.h"

#include <stdlib.h>

#include "base/random.h"
#include "territory/compile.h"
#include "territory/tree.h"

static uint64_t number(struct random *r, unsigned bits) {
    uint64_t n;
    random_fill(r, (uint8_t *)&n, sizeof n);
    return bits < 64 ? n & ((UINT64_C(1) << bits) - 1) : n;
}

static int by_size(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static size_t by_walk(const uint64_t *sorted, size_t count, uint64_t x) {
    size_t at = count - 1;
    while (sorted[at] > x) at--;
    return at;
}

static void the_last_that_is_not_above_is_found(void **state) {
    (void)state;
    enum { MOST = 2000, ASKED = 200 };
    struct random random = random_seeded(TEXT("tree"));
    static const size_t counts[] = {1, 2, 7, 8, 9, 63, 64, 65, 71, 72, 73, 647, 648, 649, MOST};
    static const unsigned widths[] = {3, 11, 64};
    for (size_t i = 0; i < COUNT(counts) * COUNT(widths); i++) {
        size_t count = counts[i % COUNT(counts)];
        unsigned bits = widths[i / COUNT(counts)];
        uint64_t sorted[MOST] = {0};
        struct arena arena = {0};
        for (size_t n = 1; n < count; n++) sorted[n] = number(&random, bits); /* of few bits: many are equal */
        if (bits == 64 && count > 1) sorted[1] = UINT64_MAX;
        qsort(sorted, count, sizeof *sorted, by_size);
        struct territory_tree *t = tree_make(sorted, count, &arena);
        for (size_t way = 0; way < tree_way_count; way++) {
            if (!tree_ways[way].supported()) continue;
            t->way = &tree_ways[way];
            for (size_t n = 0; n < ASKED; n++) {
                uint64_t x = n < count ? sorted[n] + n % 3 - 1 : number(&random, bits);
                assert_int_equal(tree_find(t, x), by_walk(sorted, count, x));
            }
            assert_int_equal(tree_find(t, 0), by_walk(sorted, count, 0));
            assert_int_equal(tree_find(t, UINT64_MAX), count - 1);
        }
        arena_free(&arena);
    }
}

/* Ranges of all sizes, some thousand of them in one /64. */
static void draw(struct rows *r, struct random *random) {
    static const char *const codes[] = {"AQ", "BV", "HM", "GS", "EU"};
    for (uint32_t i = 0; i < 6000; i++) {
        struct ip first = {{0x2a, (uint8_t)number(random, 2)}}, last;
        for (size_t at = 2; at < (i % 3 ? 8 : 4); at++) first.at[at] = (uint8_t)number(random, 8);
        if (i % 3 == 1) memset(first.at + 1, 0, 13), first.at[14] = (uint8_t)(i >> 8), first.at[15] = (uint8_t)i;
        last = first;
        if (i % 3 != 1) memset(last.at + (i % 3 ? 8 : 4), 0xff, i % 3 ? 8 : 12);
        struct row_says says = {.as_is_said = i % 2, .as = i % 97};
        rows_country(r, text_of(codes[i % COUNT(codes)]), &says);
        assert_int_equal(rows_add(r, first, last, &says, NULL), OK);
    }
}

static void a_prepared_table_says_the_same(void **state) {
    (void)state;
    struct random random = random_seeded(TEXT("prepared"));
    struct rows rows = {0};
    struct buf file = {.max = 1 << 24};
    struct territory plain, prepared;
    struct arena arena = {0};
    draw(&rows, &random);
    struct territory_meta meta = {.name = TEXT("test"), .basis = TEXT("unstated"), .source_count = 1};
    meta.sources[0].name = TEXT("rows");
    assert_int_equal(territory_compile(&rows, &meta, &file, NULL), OK);
    assert_int_equal(territory_open(buf_as_bytes(&file), &plain, NULL), OK);
    prepared = plain;
    territory_prepare(&prepared, &arena);
    for (size_t i = 0; i < 40000; i++) {
        struct ip a = {{0x2a, (uint8_t)number(&random, 2)}};
        for (size_t at = 2; at < sizeof a.at; at++) a.at[at] = i % 2 ? (uint8_t)number(&random, 8) : 0;
        if (i % 2 == 0) a.at[14] = (uint8_t)(i >> 8), a.at[15] = (uint8_t)i;
        if (i % 17 == 0) random_fill(&random, a.at, sizeof a.at);
        struct territory_range one = territory_range_of(&plain, a), other = territory_range_of(&prepared, a);
        assert_int_equal(ip_compare(one.start, other.start), 0);
        assert_int_equal(ip_compare(one.end, other.end), 0);
        assert_true(country_equal(one.place.country, other.place.country) && one.place.as == other.place.as);
        struct place found = territory_lookup(&prepared, a), place = territory_lookup(&plain, a);
        assert_true(country_equal(found.country, place.country) && found.as == place.as);
        assert_true(country_equal(place.country, one.place.country) && place.as == one.place.as);
        assert_true(ip_compare(one.start, a) <= 0 && ip_compare(a, one.end) <= 0);
    }
    arena_free(&arena);
    rows_free(&rows);
    buf_free(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_that_is_not_above_is_found),
        cmocka_unit_test(a_prepared_table_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
