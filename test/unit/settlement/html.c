/* Settlement texts as tables: what others wrote stays text, and very many facts are cut between two numbers. */
#include "unit.h"

#include "settlement/html.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
static const char head[] = "parley minutes v1\ncase cert.north.example/5b2c4c0e-5b2c-4c0e-8b2c-5b2c4c0e5b2c\n"
                           "between cert.north.example cert.south.example\nsheet " HEX "\n";

/* What a page shows of these lines. */
static struct text shown(struct arena *a, const char *outcomes) {
    struct minutes m;
    struct buf text = {.max = 1 << 20}, out = {.max = 1 << 20};
    buf_format(&text, "%s%s", head, outcomes);
    buf_string(&text, "undertaking 1 cert.south.example/abuse 2026-04-01T23:59:59Z\nwhat en Block <it> & tell\n"
                      "text en\n| One <b>.\n|\n| Two.\ntext fr\n| Un.\n");
    assert_int_equal(minutes_read(arena_bytes(a, buf_as_bytes(&text)), a, &m, NULL), OK);
    minutes_html(&m, TEXT("TLP:AMBER"), &out);
    assert_false(out.failed);
    struct text page = arena_text(a, buf_as_text(&out));
    buf_free(&text);
    buf_free(&out);
    return page;
}

static void assert_has(struct text page, const char *words) {
    if (text_search(page, text_of(words)) == SIZE_MAX) print_error("no “%s” in %.*s", words, TEXT_ARG(page));
    assert_true(text_search(page, text_of(words)) != SIZE_MAX);
}

static void each_party_keeps_its_wording(void **state) {
    (void)state;
    struct arena a = {0};
    struct text page = shown(&a, "outcome 0-3,9 agreed\noutcome 4 disputed\nsays cert.north.example It <was> there\n"
                                 "says cert.south.example Not so\noutcome 5-8 unverifiable\nwhy no & records\n");
    assert_has(page, "agreed</th>\n<td class=\"number\">5</td><td><span class=\"rows\">0-3, 9</span>");
    assert_has(page, "<bdi>cert.north.example</bdi>: <bdi>It &lt;was&gt; there</bdi>");
    assert_has(page, "<bdi>cert.south.example</bdi>: <bdi>Not so</bdi>");
    assert_has(page, "<bdi>no &amp; records</bdi>");
    assert_has(page, "<div lang=\"en\"><bdi>Block &lt;it&gt; &amp; tell</bdi>");
    assert_has(page, "2026-04-01 23:59:59 UTC");
    assert_has(page, "<div lang=\"en\">\n<p class=\"said\">One &lt;b&gt;.</p>\n<p class=\"said\">Two.</p>");
    assert_has(page, "<div lang=\"fr\">\n<p class=\"said\">Un.</p>");
    assert_has(page, "TLP:AMBER");
    arena_free(&a);
}

static void very_many_facts_are_cut_between_two_numbers(void **state) {
    (void)state;
    struct arena a = {0};
    struct buf rows = {.max = 1 << 20};
    buf_string(&rows, "outcome 0");
    for (unsigned i = 2; i < 1000; i += 2) buf_format(&rows, ",%u", i);
    buf_string(&rows, " agreed\n");
    buf_char(&rows, 0);
    struct text page = shown(&a, (const char *)rows.at);
    assert_has(page, "<td class=\"number\">500</td><td><span class=\"rows\">0, 2, 4, ");
    assert_has(page, "…</span>");
    assert_true(text_search(page, TEXT("998")) == SIZE_MAX);
    buf_free(&rows);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_party_keeps_its_wording),
        cmocka_unit_test(very_many_facts_are_cut_between_two_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
