/* What an amended text changes. */
#include "unit.h"

#include "settlement/amend.h"
#include "spoken.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define TOP "parley minutes v1\ncase " SPOKEN_MATTER "\nbetween cert.north.example cert.south.example\n"
#define SHEET_A "sheet aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
#define SHEET_B "sheet bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
#define EN "text en\n| One.\n"
#define DUE "2030-04-01T00:00:00Z\n"

static struct text amended(const char *before, const char *after) {
    struct minutes of[2];
    struct amendment *all;
    size_t count = 0;
    struct text out = {0};
    assert_int_equal(minutes_read(bytes_from_text(text_of(before)), &arena, &of[0], NULL), OK);
    assert_int_equal(minutes_read(bytes_from_text(text_of(after)), &arena, &of[1], NULL), OK);
    minutes_amended(&of[0], &of[1], &arena, &all, &count);
    for (size_t i = 0; i < count; i++) {
        out = arena_format(&arena, "%.*s@%s%.*s\n", TEXT_ARG(out), amended_section_name(all[i].section),
                           TEXT_ARG(all[i].lang));
        for (size_t k = 0; k < all[i].lines.count; k++)
            out = arena_format(&arena, "%.*s%c%.*s\n", TEXT_ARG(out), (char)all[i].lines.at[k].sign,
                               TEXT_ARG(all[i].lines.at[k].line));
    }
    return out;
}

static void each_section_tells_what_it_changes(void **state) {
    (void)state;
    static const struct {
        const char *before, *after, *says;
    } rows[] = {
        {TOP EN, TOP EN, ""},
        /* The same outcomes, grouped otherwise. */
        {TOP SHEET_A "outcome 0-9 agreed\n" EN, TOP SHEET_A "outcome 5-9 agreed\noutcome 0-4 agreed\n" EN, ""},
        {TOP SHEET_A "outcome 0-9 agreed\n" EN,
         TOP SHEET_A "outcome 0-3,6-9 agreed\noutcome 4-5 unverifiable\nwhy Gone.\n" EN,
         "@outcomes\n-aaaaaaaaaaaa… 4-5 agreed\n+aaaaaaaaaaaa… 4-5 unverifiable: Gone.\n"},
        {TOP SHEET_A "outcome 2-4 agreed\n" EN, TOP SHEET_A "outcome 0-2 agreed\n" SHEET_B "outcome 7 agreed\n" EN,
         "@outcomes\n+aaaaaaaaaaaa… 0-1 agreed\n-aaaaaaaaaaaa… 3-4 agreed\n+bbbbbbbbbbbb… 7 agreed\n"},
        {TOP SHEET_A "outcome 0 disputed\nsays cert.north.example x\nsays cert.south.example y\n" EN,
         TOP SHEET_A "outcome 0 disputed\nsays cert.north.example x\nsays cert.south.example z\n" EN,
         "@outcomes\n-aaaaaaaaaaaa… 0 disputed; cert.north.example: x; cert.south.example: y\n"
         "+aaaaaaaaaaaa… 0 disputed; cert.north.example: x; cert.south.example: z\n"},
        {TOP "undertaking 1 cert.north.example " DUE "what en Keep it\n" EN,
         TOP "undertaking 1 cert.south.example/abuse " DUE "what en Block it\n"
             "undertaking 2 cert.north.example " DUE "what en Keep it\nwhat fr Le garder\n" EN,
         "@undertakings\n+cert.south.example/abuse 2030-04-01T00:00:00Z en: Block it\n"
         " cert.north.example 2030-04-01T00:00:00Z en: Keep it\n"
         "+cert.north.example 2030-04-01T00:00:00Z fr: Le garder\n"},
        {TOP EN "text fr\n| Un.\n",
         TOP "text en\n| One.\n| Two.\n"
             "text ru\n| Раз.\n",
         "@texten\n One.\n+Two.\n@textru\n+Раз.\n@textfr\n-Un.\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text says = amended(rows[i].before, rows[i].after);
        if (!text_is(says, rows[i].says)) print_error("row %zu: %.*s\n", i, TEXT_ARG(says));
        assert_true(text_is(says, rows[i].says));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_section_tells_what_it_changes),
    };
    return cmocka_run_group_tests_name("settlement/amend", tests, NULL, end);
}
