/* Pages for browsers and paper: whatever others wrote stays text, and the frame forbids what a report has no need of.
 */
#include "unit.h"

#include "base/html.h"

static const char *written(struct buf *out) {
    buf_char(out, 0);
    assert_false(out->failed);
    return (const char *)out->at;
}

static void a_frame_forbids_scripts_and_loads_nothing(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    html_open(&out,
              &(struct html_page){.title = TEXT("A <b> & \"c\""), .tlp = "AMBER+STRICT", .name = "case", .wide = true});
    html_close(&out);
    const char *page = written(&out);
    assert_memory_equal(page, "<!doctype html>\n<html lang=\"en\">\n", 33);
    assert_non_null(strstr(page, "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                                 "form-action 'none'\""));
    assert_non_null(strstr(page, "<title>A &lt;b&gt; &amp; &quot;c&quot;</title>"));
    assert_non_null(strstr(page, "<strong class=\"level A\">TLP:AMBER+STRICT</strong>"));
    assert_non_null(strstr(page, "<h1>A &lt;b&gt; &amp; &quot;c&quot;</h1>"));
    assert_true(strstr(page, "TLP:AMBER") < strstr(page, "<h1>"));
    assert_non_null(strstr(page, "size:landscape"));
    assert_non_null(strstr(page, "thead{display:table-header-group}"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "url("));
    assert_null(strstr(page, "://"));
    buf_free(&out);
}

static void a_page_without_a_level_shows_none(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    html_open(&out, &(struct html_page){.title = TEXT("T"), .name = "origins"});
    const char *page = written(&out);
    assert_null(strstr(page, "TLP:"));
    assert_non_null(strstr(page, "size:portrait"));
    buf_free(&out);
}

static void what_others_wrote_stays_text(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    /* U+202E turns what follows around; it and a control character are left out. */
    html_others(&out, TEXT("<script>\"\xe2\x80\xae&\x1b[2J"));
    html_format(&out, "p", "class=\"said\"", "%s: %d", "<i>", 5);
    html_pair(&out, "a<b", TEXT("c>d"));
    assert_string_equal(written(&out), "<bdi>&lt;script&gt;&quot;&amp;[2J</bdi>"
                                       "<p class=\"said\">&lt;i&gt;: 5</p>\n<dt>a&lt;b</dt>\n<dd>c&gt;d</dd>\n");
    buf_free(&out);
}

static void lines_stay_lines_and_paragraphs_paragraphs(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    html_lines(&out, NULL, TEXT("\n\none\n two \n\n\n<three>\n"));
    html_lines(&out, "class=\"said\"", TEXT(" \n\n"));
    assert_string_equal(written(&out), "<p>one<br>\ntwo</p>\n<p>&lt;three&gt;</p>\n");
    buf_free(&out);
}

static void times_name_their_zone(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    html_instant(&out, 1772366400 * INSTANT_SECOND);
    html_instant(&out, INSTANT_NONE);
    html_instant(&out, 1772366400 * INSTANT_SECOND + 5);
    assert_string_equal(written(&out), "<time datetime=\"2026-03-01T12:00:00Z\">2026-03-01 12:00:00 UTC</time>–"
                                       "<time datetime=\"2026-03-01T12:00:00.000005Z\">2026-03-01 12:00:00.000005 UTC"
                                       "</time>");
    buf_free(&out);
}

static void heads_of_tables_have_a_line_for_paper(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    html_table(&out, NULL);
    html_table_line(&out, 2, TEXT("TLP:RED · <1>"));
    html_column(&out, "class=\"number\"", "#");
    html_table_body(&out);
    html_table_end(&out);
    assert_string_equal(written(&out),
                        "<div class=\"scroll\" tabindex=\"0\"><table><thead>\n"
                        "<tr class=\"onpaper\"><th colspan=\"2\">TLP:RED · &lt;1&gt;</th></tr>\n"
                        "<th scope=\"col\" class=\"number\">#</th>\n</thead>\n<tbody>\n</tbody></table></div>\n");
    buf_free(&out);
}

static void what_does_not_fit_fails(void **state) {
    (void)state;
    struct buf out = {.max = 100};
    html_format(&out, "p", NULL, "%0200d", 1);
    assert_true(out.failed);
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_forbids_scripts_and_loads_nothing),
        cmocka_unit_test(a_page_without_a_level_shows_none),
        cmocka_unit_test(what_others_wrote_stays_text),
        cmocka_unit_test(lines_stay_lines_and_paragraphs_paragraphs),
        cmocka_unit_test(times_name_their_zone),
        cmocka_unit_test(heads_of_tables_have_a_line_for_paper),
        cmocka_unit_test(what_does_not_fit_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
