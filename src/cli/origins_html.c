/* Origins as a page for browsers and paper: the answer, the ranking, what it is to be read with, map and slope. */
#include "base/html.h"
#include "cli/origin_words.h"
#include "cli/origins_print.h"
#include "cli/speak.h"

enum { ROWS_PRINTED = 2000, CUT_MAX = 1 << 16 };

/* The figure takes a sheet of its own, as large as it may be. */
static const char style[] = ".ranking{max-width:none}.plots svg{width:100%;max-width:760px;height:auto}"
                            "@media print{.plots{break-before:page}.plots svg{max-width:100%;max-height:250mm}}";

struct paper {
    struct cli *c;
    struct asked *q;
    struct buf *out;
    struct text above; /* stands on each sheet of paper */
};

static const struct origins *first(const struct paper *p) { return &p->q->of[0]; }

static char letter(size_t table) { return (char)('A' + table); }

/* ---- the head */

static struct text hex_of(struct paper *p, struct sha256 sha) {
    char hex[SHA256_HEX];
    return arena_text(&p->c->arena, sha256_hex(&sha, hex));
}

static struct text cut_line_of(struct paper *p, const struct origins_cut *cut) {
    return arena_format(&p->c->arena, "%.*s %llu, %.*s %llu", TEXT_ARG(cut->parties[0]),
                        (unsigned long long)cut->sizes[0], TEXT_ARG(cut->parties[1]),
                        (unsigned long long)cut->sizes[1]);
}

static struct text on_each_sheet(struct paper *p) {
    struct buf line = {.max = CUT_MAX};
    const struct origins_cut *cut = first(p)->options.cut;
    if (p->q->tlp != TLP_NONE) buf_format(&line, "TLP:%s · ", tlp_name(p->q->tlp));
    if (cut) {
        buf_line(&line, cut->matter);
        buf_format(&line, " · %.*s · ", TEXT_ARG(cut_line_of(p, cut)));
    }
    buf_format(&line, "%s %.*s", _("sheet"), TEXT_ARG(hex_of(p, first(p)->sheet)));
    struct text kept = arena_text(&p->c->arena, buf_as_text(&line));
    buf_free(&line);
    return kept;
}

static void put_table_pair(struct paper *p, size_t t) {
    char time[INSTANT_TEXT_MAX];
    const struct territory_meta *m = &p->q->of[t].table->meta;
    struct buf line = {.max = CUT_MAX};
    buf_line(&line, m->name);
    buf_string(&line, ", ");
    buf_format(&line, _("basis %.*s, of %.*s, %s"), TEXT_ARG(cli_shown(p->c, m->basis)),
               TEXT_ARG(instant_write(m->date, time)), hex_of(p, m->hash).at);
    struct text term = arena_format(&p->c->arena, _("table %c"), letter(t));
    html_pair(p->out, p->q->count > 1 ? term.at : _("table"), buf_as_text(&line));
    buf_free(&line);
}

static void put_pairs(struct paper *p) {
    const struct origins *o = first(p);
    const uint64_t *total = o->total.counts;
    html_start(p->out, "dl", "class=\"pairs\"");
    if (o->options.cut) {
        html_pair(p->out, _("case"), o->options.cut->matter);
        html_pair(p->out, _("cut"), cut_line_of(p, o->options.cut));
    }
    html_pair(p->out, _("sheet"), hex_of(p, o->sheet));
    html_pair(p->out, _("unit counted"), text_of(origin_unit_word(o->options.unit)));
    html_pair_format(p->out, _("total"), _("sources: %llu, events: %llu, targets: %llu; facts: %llu"),
                     (unsigned long long)total[ORIGINS_SOURCES], (unsigned long long)total[ORIGINS_EVENTS],
                     (unsigned long long)total[ORIGINS_TARGETS], (unsigned long long)o->total.facts);
    if (o->total.first != INSTANT_NONE && o->total.last != INSTANT_NONE) {
        html_text(p->out, "dt", NULL, text_of(_("period")));
        html_start(p->out, "dd", NULL);
        html_instant(p->out, o->total.first);
        buf_string(p->out, " / ");
        html_instant(p->out, o->total.last);
        html_end(p->out, "dd");
    }
    for (size_t t = 0; t < p->q->count; t++) put_table_pair(p, t);
    html_end(p->out, "dl");
}

/* ---- rankings */

/* The head of a column; one that has none is under that before it. */
static size_t put_head_cell(struct paper *p, const struct grid *g, size_t i, size_t skip) {
    bool two = i + 1 < g->count && i + 1 != skip && !g->cells[i + 1].size;
    const char *number = g->right & 1u << i ? " class=\"number\"" : "";
    buf_format(p->out, "<th scope=\"col%s\"%s%s>", two ? "group" : "", two ? " colspan=\"2\"" : "", number);
    buf_markup(p->out, g->cells[i]);
    buf_string(p->out, "</th>\n");
    return i + 1 + two;
}

/* A row of a grid; `skip`: a column of bars, which the figure draws. */
static void put_grid_row(struct paper *p, const struct grid *g, size_t row, size_t skip) {
    const struct text *cells = g->cells + row * g->count;
    buf_string(p->out, "<tr>");
    for (size_t i = 0; i < g->count;) {
        if (i == skip)
            i++;
        else if (!row)
            i = put_head_cell(p, g, i, skip);
        else {
            html_text(p->out, "td", g->right & 1u << i ? "class=\"number\"" : NULL, cells[i]);
            i++;
        }
    }
    buf_string(p->out, "</tr>\n");
}

static void put_grid(struct paper *p, const struct grid *g, size_t skip) {
    size_t shown = g->rows > ROWS_PRINTED && !p->q->typed->all ? ROWS_PRINTED : g->rows;
    html_table(p->out, "class=\"ranking\"");
    html_table_line(p->out, (unsigned)g->count, p->above);
    put_grid_row(p, g, 0, skip);
    html_table_body(p->out);
    for (size_t i = 1; i < shown; i++) put_grid_row(p, g, i, skip);
    html_table_end(p->out);
    if (shown == g->rows) return;
    html_format(p->out, "p", NULL, _("Origins: %zu. Printed here: %zu. All are printed with:"), g->rows - 1, shown - 1);
    html_text(p->out, "pre", "class=\"command log\"", TEXT("parley origins … --html --all"));
}

static void put_both(struct paper *p) {
    struct buf agreement = {.max = CUT_MAX};
    struct grid g = origins_side_by_side(p->c, p->q);
    html_text(p->out, "h2", NULL, text_of(_("Ranks by each table")));
    origins_agreement(p->c, p->q, &agreement);
    html_lines(p->out, NULL, buf_as_text(&agreement));
    buf_free(&agreement);
    put_grid(p, &g, SIZE_MAX);
}

static void put_ranking(struct paper *p, size_t t) {
    struct grid g = origins_grid(p->c, p->q, t, 0);
    if (p->q->count > 1)
        html_format(p->out, "h2", NULL, _("Table %c"), letter(t));
    else
        html_text(p->out, "h2", NULL, text_of(_("Ranking")));
    put_grid(p, &g, g.count - 2);
}

/* ---- what no number is shown without */

static void put_caveats(struct paper *p) {
    html_start(p->out, "div", "class=\"note whole\"");
    html_start(p->out, "ul", NULL);
    for (unsigned i = 0; i < CAVEAT_COUNT; i++) {
        struct buf letters = {.max = 4 * TABLES_MAX};
        size_t holds = 0;
        for (size_t t = 0; t < p->q->count; t++)
            if (p->q->of[t].caveats & 1u << i) buf_format(&letters, "%s%c", holds++ ? " " : "", letter(t));
        bool by_some = holds && holds < p->q->count;
        if (holds)
            html_format(p->out, "li", NULL, "%s%s%.*s%s", gettext(origins_caveats[i].sentence), by_some ? " (" : "",
                        by_some ? (int)letters.size : 0, (const char *)letters.at, by_some ? ")" : "");
        buf_free(&letters);
    }
    html_end(p->out, "ul");
    html_end(p->out, "div");
}

static void put_marks(struct paper *p) {
    unsigned marks = 0;
    for (size_t t = 0; t < p->q->count; t++)
        for (size_t i = 0; i < p->q->of[t].count; i++) marks |= p->q->of[t].at[i].marks;
    if (!marks) return;
    html_start(p->out, "dl", "class=\"pairs fine\"");
    for (unsigned i = 0; i < MARK_COUNT; i++)
        if (marks & 1u << i)
            html_pair(p->out, gettext(origin_marks[i].word), text_of(gettext(origin_marks[i].sentence)));
    html_end(p->out, "dl");
}

static void put_lists(struct paper *p) {
    struct buf words = {.max = 1 << 20};
    const struct asked *q = p->q;
    if (q->options.relays) origins_put_list(first(p), true, &words);
    buf_char(&words, '\n');
    if (q->options.shared) origins_put_list(first(p), false, &words);
    for (size_t t = 0; q->options.below && t < q->count; t++) {
        buf_char(&words, '\n');
        origins_put_few(&q->of[t], &words);
        if (q->count > 1) buf_format(&words, " (%c)", letter(t));
    }
    html_lines(p->out, "class=\"fine\"", buf_as_text(&words));
    buf_free(&words);
    for (size_t t = 0; t < q->count; t++)
        for (size_t i = 0; i < q->of[t].table->meta.credit_count; i++) {
            const struct territory_meta *m = &q->of[t].table->meta;
            html_format(p->out, "p", "class=\"fine quiet\"", _("Data of the table %.*s: %.*s"),
                        TEXT_ARG(cli_shown(p->c, m->name)), TEXT_ARG(cli_shown(p->c, m->credits[i])));
        }
}

/* ---- the page */

static void put_answer(struct paper *p) {
    struct buf line = {.max = CUT_MAX};
    if (!p->q->typed->rank) return;
    origins_rank_sentence(p->c, p->q, text_of(p->q->typed->rank), &line);
    html_start(p->out, "p", NULL);
    html_text(p->out, "b", NULL, buf_as_text(&line));
    html_end(p->out, "p");
    buf_free(&line);
}

void origins_html(struct cli *c, struct asked *q, struct buf *out) {
    struct paper p = {.c = c, .q = q, .out = out};
    p.above = on_each_sheet(&p);
    html_open(out, &(struct html_page){.title = text_of(origins_heading(&q->of[0])),
                                       .above = q->options.cut ? q->options.cut->matter : (struct text){0},
                                       .tlp = q->tlp == TLP_NONE ? NULL : tlp_name(q->tlp),
                                       .style = {style},
                                       .name = "origins"});
    put_answer(&p);
    put_pairs(&p);
    put_caveats(&p);
    if (q->count > 1) put_both(&p);
    for (size_t t = 0; t < q->count; t++) put_ranking(&p, t);
    put_marks(&p);
    put_lists(&p);
    html_start(out, "figure", "class=\"plots\"");
    origins_figure(q->of, q->count, text_of(q->typed->rank), out);
    html_end(out, "figure");
    html_close(out);
}
