#include "settlement/html.h"

enum { ROWS_SHOWN = 240 }; /* bytes of the numbers of facts: the signed text has them all */

const char minutes_style[] =
    ".texts{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:0 24px;margin:8px 0}"
    ".texts>div{border-left:2px solid #b7bbb6;padding:0 0 0 10px;break-inside:avoid;hyphens:auto}";

/* ---- outcomes */

/* "0-3,9 …" ends between two numbers. */
static void put_rows(struct row_set rows, struct buf *out) {
    struct buf all = {.max = MINUTES_MAX_BYTES};
    row_set_write(rows, &all);
    struct text shown = buf_as_text(&all);
    if (shown.size > ROWS_SHOWN) {
        shown = text_first(shown, ROWS_SHOWN);
        shown = text_sub(shown, 0, text_behind_last(shown, ','));
    }
    html_start(out, "span", "class=\"rows\"");
    for (struct text part; text_cut(&shown, ',', &part);) buf_format(out, "%.*s, ", TEXT_ARG(part));
    buf_text(out, shown);
    buf_string(out, all.size > ROWS_SHOWN ? "…</span>" : "</span>");
    buf_free(&all);
}

static void put_says(const struct minutes *m, const struct outcome *o, struct buf *out) {
    html_start(out, "td", NULL);
    for (unsigned p = 0; p < 2 && o->word == OUTCOME_DISPUTED; p++) {
        html_start(out, "div", NULL);
        html_others(out, m->between[p]);
        buf_string(out, ": ");
        html_others(out, o->says[p]);
        html_end(out, "div");
    }
    if (o->word == OUTCOME_UNVERIFIABLE) html_others(out, o->why);
    html_end(out, "td");
}

static void put_outcomes(const struct minutes *m, struct text above, struct buf *out) {
    if (!m->outcome_count) return;
    html_table(out, NULL);
    html_table_line(out, 4, above);
    buf_string(out, "<tr>");
    html_column(out, NULL, _("outcome"));
    html_column(out, "class=\"number\"", _("facts"));
    html_column(out, NULL, _("which"));
    html_column(out, NULL, _("in whose words, or why"));
    buf_string(out, "</tr>\n");
    html_table_body(out);
    for (size_t i = 0; i < m->outcome_count; i++) {
        const struct outcome *o = &m->outcomes[i];
        buf_string(out, "<tr>");
        html_text(out, "th", "scope=\"row\"", text_of(word_shown("outcome", outcome_name(o->word))));
        buf_format(out, "<td class=\"number\">%llu</td><td>", (unsigned long long)row_set_count(o->rows));
        put_rows(o->rows, out);
        buf_string(out, "</td>");
        put_says(m, o, out);
        buf_string(out, "</tr>\n");
    }
    html_table_end(out);
}

/* ---- undertakings and texts */

static void put_undertakings(const struct minutes *m, struct text above, struct buf *out) {
    if (!m->undertaking_count) return;
    html_table(out, NULL);
    html_table_line(out, 4, above);
    buf_string(out, "<tr>");
    html_column(out, "class=\"number\"", "#");
    html_column(out, NULL, _("undertaken by"));
    html_column(out, NULL, _("until"));
    html_column(out, NULL, _("what"));
    buf_string(out, "</tr>\n");
    html_table_body(out);
    for (size_t i = 0; i < m->undertaking_count; i++) {
        const struct undertaking *u = &m->undertakings[i];
        buf_format(out, "<tr><th scope=\"row\" class=\"number\">%zu</th>", i + 1);
        html_text(out, "td", NULL, u->owner);
        html_start(out, "td", NULL);
        html_instant(out, u->due);
        buf_string(out, "</td><td>");
        for (size_t k = 0; k < u->what_count; k++) {
            buf_format(out, "<div lang=\"%.*s\">", TEXT_ARG(u->what[k].lang)); /* text_lang_valid */
            html_others(out, u->what[k].lines);
            html_end(out, "div");
        }
        buf_string(out, "</td></tr>\n");
    }
    html_table_end(out);
}

static void put_texts(const struct minutes *m, struct buf *out) {
    html_start(out, "div", "class=\"texts\"");
    for (size_t i = 0; i < m->text_count; i++) {
        html_start(out, "div", NULL);
        html_text(out, "p", "class=\"quiet fine\"", m->texts[i].lang);
        buf_format(out, "<div lang=\"%.*s\">\n", TEXT_ARG(m->texts[i].lang));
        html_lines(out, "class=\"said\"", m->texts[i].lines);
        buf_string(out, "</div></div>\n");
    }
    html_end(out, "div");
}

void minutes_html(const struct minutes *m, struct text above, struct buf *out) {
    put_texts(m, out);
    put_outcomes(m, above, out);
    put_undertakings(m, above, out);
}
