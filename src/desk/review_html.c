/* A review as one page for browsers: tables, and plots of the same numbers as SVG.  No script, nothing fetched. */
#include <math.h>

#include "desk/case_view.h"
#include "desk/review.h"
#include "finding/html.h"

enum { WIDTH = 720, LEFT = 170, STRIP = 44, LINE = 14, LINES_MAX = 80 };

struct html {
    const struct review *review;
    struct buf *out;
};

static void put(struct html *h, struct text t) { buf_markup(h->out, t); }
static void put_string(struct html *h, const char *s) { put(h, text_of(s)); }

static struct text party(const struct html *h, unsigned p) { return h->review->state->channel.view->parties[p].party; }

static void put_length(struct html *h, int64_t length) { buf_length(h->out, length); }

/* Opens a plot with the sentence that says what it shows, for those who don't see it. */
static void open_figure(struct html *h, const char *title, const char *sentence) {
    buf_string(h->out, "<figure><figcaption>");
    html_text(h->out, "h2", NULL, text_of(title));
    html_text(h->out, "p", "class=\"quiet\"", text_of(sentence));
    buf_string(h->out, "</figcaption>\n");
}
static void open_plot(struct html *h, const char *title, const char *sentence, unsigned height) {
    open_figure(h, title, sentence);
    buf_format(h->out, "<svg class=\"plot\" viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"", WIDTH, height);
    put_string(h, title);
    buf_string(h->out, "\">\n");
}
static void close_plot(struct html *h) { buf_string(h->out, "</svg></figure>\n"); }

static void put_name(struct html *h, unsigned p, unsigned y) {
    buf_format(h->out, "<text x=\"%d\" y=\"%u\" class=\"name\">", LEFT - 8, y);
    put(h, party(h, p));
    buf_string(h->out, "</text>\n");
}

/* ---- findings: one bar a party */

static void put_findings(struct html *h) {
    open_figure(h, _("Findings"), _("What each party found of the facts that the other claimed."));
    for (unsigned p = 0; p < 2; p++) {
        const struct review_party *by = &h->review->by[p];
        html_text(h->out, "h3", NULL, party(h, p));
        finding_bar(h->out, by->findings, by->facts);
    }
    html_text(h->out, "p", "class=\"quiet fine\"", text_of(_("Silent is neither agreement nor disagreement.")));
    html_end(h->out, "figure");
}

/* ---- answer times: one point a case, on a scale of powers of ten from a minute on */

static double place(int64_t length, int64_t longest) {
    double least = log10((double)(60 * INSTANT_SECOND)), most = log10((double)longest);
    double at = length > 60 * INSTANT_SECOND ? log10((double)length) : least;
    return LEFT + (WIDTH - LEFT - 20) * (most > least ? (at - least) / (most - least) : 0);
}

static void put_scale(struct html *h, int64_t longest, unsigned bottom) {
    static const int64_t marks[] = {60 * INSTANT_SECOND, 10 * 60 * INSTANT_SECOND, INSTANT_HOUR,     6 * INSTANT_HOUR,
                                    INSTANT_DAY,         3 * INSTANT_DAY,          10 * INSTANT_DAY, 30 * INSTANT_DAY,
                                    100 * INSTANT_DAY,   365 * INSTANT_DAY};
    for (size_t i = 0; i < COUNT(marks) && marks[i] <= longest; i++) {
        double x = place(marks[i], longest);
        buf_format(h->out,
                   "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%u\"/><text class=\"tick\" x=\"%.1f\" "
                   "y=\"%u\">",
                   x, x, bottom, x, bottom + 14);
        put_length(h, marks[i]);
        buf_string(h->out, "</text>\n");
    }
}

static void put_times(struct html *h) {
    int64_t longest = INSTANT_HOUR;
    for (unsigned p = 0; p < 2; p++) {
        const struct spread *s = &h->review->by[p].answer.taken;
        if (s->count && s->at[s->count - 1] > longest) longest = s->at[s->count - 1];
    }
    open_plot(h, _("Time to answer"),
              _("From the delivery of a claim or an inquiry to its whole answer; the upright line is the median."),
              2 * STRIP + 20);
    put_scale(h, longest, 2 * STRIP);
    for (unsigned p = 0; p < 2; p++) {
        const struct spread *s = &h->review->by[p].answer.taken;
        unsigned y = p * STRIP + STRIP / 2;
        put_name(h, p, y + 5);
        for (size_t i = 0; i < s->count; i++) {
            buf_format(h->out, "<circle class=\"p%u\" cx=\"%.1f\" cy=\"%u\" r=\"5\"><title>", p,
                       place(s->at[i], longest), y);
            put_length(h, s->at[i]);
            buf_string(h->out, "</title></circle>\n");
        }
        if (!s->count) continue;
        double x = place(spread_percentile(s, 50), longest);
        buf_format(h->out, "<line class=\"median\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%u\" y2=\"%u\"/>\n", x, x, y - 16,
                   y + 16);
    }
    close_plot(h);
}

/* ---- what ran when: one line a sheet, from delivery to the answer or to the end of what is known */

struct span {
    instant first, last;
};

static double when(instant at, struct span all) {
    double width = WIDTH - LEFT - 20;
    return LEFT + (all.last > all.first ? width * (double)(at - all.first) / (double)(all.last - all.first) : 0);
}

static void put_run(struct html *h, const struct review_sheet *s, struct span all, unsigned p, unsigned y) {
    const struct deadline *d = &s->state->deadline;
    instant from = s->state->message->delivered, until = d->met == INSTANT_NONE ? all.last : d->met;
    double x = when(from, all), width = when(until, all) - x;
    buf_format(h->out, "<text class=\"name\" x=\"%d\" y=\"%u\">", LEFT - 8, y + 10);
    put(h, case_start(s->matter->name));
    buf_format(h->out, "</text><rect class=\"p%u%s\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"8\"><title>", p,
               d->met == INSTANT_NONE ? " open" : "", x, y + 2, width > 2 ? width : 2);
    put(h, s->matter->name);
    buf_string(h->out, ", ");
    put(h, party(h, p));
    buf_string(h->out, ": ");
    put_length(h, until > from ? until - from : 0);
    if (d->met == INSTANT_NONE) put_string(h, _(", not answered yet"));
    if (d->lapsed) put_string(h, _(", past its deadline"));
    buf_string(h->out, "</title></rect>\n");
    if (d->due == INSTANT_NONE || d->due > all.last || d->due < all.first) return;
    buf_format(h->out, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%u\" y2=\"%u\"/>\n",
               d->lapsed ? "lapsed" : "due", when(d->due, all), when(d->due, all), y, y + 12);
}

static void put_runs(struct html *h) {
    struct span all = {INSTANT_NONE, h->review->state->as_of};
    size_t first[2] = {0, 0}, lines = 0;
    for (unsigned p = 0; p < 2; p++) {
        const struct review_party *by = &h->review->by[p];
        while (first[p] < by->sheet_count && by->sheets[first[p]].state->message->delivered == INSTANT_NONE) first[p]++;
        if (by->sheet_count - first[p] > LINES_MAX / 2) first[p] = by->sheet_count - LINES_MAX / 2;
        lines += by->sheet_count - first[p];
        if (first[p] == by->sheet_count) continue;
        instant begins = by->sheets[first[p]].state->message->delivered;
        if (all.first == INSTANT_NONE || begins < all.first) all.first = begins;
    }
    if (!lines || all.last < all.first) return;
    open_plot(
        h, _("What ran when"),
        _("One line a claim or inquiry, from its delivery to the whole answer or to now; the mark is its deadline. "
          "Of many the last ones are shown."),
        (unsigned)(lines + 2) * LINE + 24);
    unsigned y = 0;
    for (unsigned p = 0; p < 2; p++) {
        const struct review_party *by = &h->review->by[p];
        if (first[p] == by->sheet_count) continue;
        buf_format(h->out, "<text class=\"group\" x=\"0\" y=\"%u\">", y + 10);
        put(h, party(h, p));
        buf_string(h->out, "</text>\n");
        y += LINE;
        for (size_t i = first[p]; i < by->sheet_count; i++, y += LINE) put_run(h, &by->sheets[i], all, p, y);
    }
    buf_format(h->out, "<text class=\"from\" x=\"%d\" y=\"%u\">", LEFT, y + 16);
    buf_instant(h->out, all.first - all.first % INSTANT_SECOND);
    buf_format(h->out, "</text><text class=\"until\" x=\"%d\" y=\"%u\">", WIDTH - 20, y + 16);
    buf_instant(h->out, all.last - all.last % INSTANT_SECOND);
    buf_string(h->out, "</text>\n");
    close_plot(h);
}

/* ---- the table */

static void put_cells(struct html *h, const struct measure *m) {
    struct buf cell = {.max = 4096};
    for (unsigned p = 0; p < 2 && m->name; p++) {
        buf_clear(&cell);
        measure_cell(m, &h->review->by[p], &cell);
        html_text(h->out, "td", NULL, cell.size ? buf_as_text(&cell) : TEXT("–"));
    }
    buf_free(&cell);
}

static void put_table(struct html *h, struct text above) {
    html_text(h->out, "h2", NULL, text_of(_("In numbers")));
    html_table(h->out, NULL);
    html_table_line(h->out, 3, above);
    buf_string(h->out, "<tr><td></td>");
    for (unsigned p = 0; p < 2; p++) {
        buf_string(h->out, "<th scope=\"col\">");
        put(h, party(h, p));
        buf_string(h->out, "</th>");
    }
    buf_string(h->out, "</tr>\n");
    html_table_body(h->out);
    for (size_t i = 0; i < review_measure_count; i++) {
        const struct measure *m = &review_measures[i];
        buf_string(h->out,
                   m->name ? "<tr><th scope=\"row\">" : "<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"3\">");
        put_string(h, measure_label(m));
        buf_string(h->out, "</th>");
        put_cells(h, m);
        buf_string(h->out, "</tr>\n");
    }
    html_table_end(h->out);
}

/* ---- the page */

/* Parties stand apart by filled and hollow, in the order of their names. */
static const char style[] =
    ".plot text{font-size:12px;fill:#16191d}.plot .name{text-anchor:end}.plot .tick,.plot .from{fill:#43494f}"
    ".plot .tick{text-anchor:middle}.plot .until{text-anchor:end;fill:#43494f}.plot .group{font-weight:600}"
    ".grid{stroke:#e0e2dd}.median,.due{stroke:#16191d;stroke-width:2}.lapsed{stroke:#9e2019;stroke-width:4}"
    ".p0{fill:#43494f}.p1{fill:#fff;stroke:#43494f;stroke-width:1.4}.open{opacity:.5}"
    "td{font-variant-numeric:tabular-nums}";

/* What is counted is under the level of the most restricted case. */
static const char *level_of(const struct review *r) {
    enum tlp most = TLP_NONE;
    for (size_t i = 0; i < r->state->matter_count; i++)
        if (r->state->matters[i].tlp > most) most = r->state->matters[i].tlp;
    return most == TLP_NONE ? NULL : tlp_name(most);
}

static struct text cut_of(struct html *h, struct buf *line) {
    const struct channel_verdict *c = &h->review->state->channel;
    for (unsigned p = 0; p < 2; p++) {
        buf_text(line, party(h, p));
        for (size_t g = 0; g < c->generations; g++) buf_format(line, " %llu", (unsigned long long)c->cuts[g].of[p]);
        buf_string(line, ", ");
    }
    buf_format(line, "%s ", _("as of"));
    buf_instant(line, h->review->state->as_of - h->review->state->as_of % INSTANT_SECOND);
    return buf_as_text(line);
}

void review_html(const struct review *r, struct buf *out) {
    struct html h = {r, out};
    struct buf title = {.max = 4096}, cut = {.max = 1 << 16};
    struct text above = cut_of(&h, &cut);
    buf_format(&title, "%s: %.*s · %.*s%s", _("Review"), TEXT_ARG(party(&h, 0)), TEXT_ARG(party(&h, 1)),
               r->state->channel.drill ? _(" (drill)") : "");
    html_open(out,
              &(struct html_page){
                  .title = buf_as_text(&title), .tlp = level_of(r), .style = {style, finding_style}, .name = "review"});
    finding_shapes(out);
    html_format(out, "p", NULL, "%s %.*s.", _("The state at this cut and time, which both sides compute alike:"),
                TEXT_ARG(above));
    html_text(out, "p", NULL,
              text_of(_("The numbers weigh nothing: to have no records is not to hide, and to be quick is not to be "
                        "right.")));
    put_findings(&h);
    put_times(&h);
    put_runs(&h);
    put_table(&h, above);
    html_close(out);
    buf_free(&cut);
    buf_free(&title);
}
