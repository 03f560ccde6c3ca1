/* A review as one page for browsers: tables, and plots of the same numbers as SVG.  No script, nothing fetched. */
#include <math.h>

#include "desk/case_view.h"
#include "desk/review.h"
#include "vocab/words.h"

enum { WIDTH = 720, LEFT = 170, BAR = 26, STRIP = 44, LINE = 14, LINES_MAX = 80 };

struct html {
    const struct review *review;
    struct buf *out;
};

static void put(struct html *h, struct text t) { buf_markup(h->out, t); }
static void put_string(struct html *h, const char *s) { put(h, text_of(s)); }

static struct text party(const struct html *h, unsigned p) { return h->review->state->channel.view->parties[p].party; }

static void put_length(struct html *h, int64_t length) { buf_length(h->out, length); }

/* Opens a plot with the sentence that says what it shows, for those who don't see it. */
static void open_plot(struct html *h, const char *title, const char *sentence, unsigned height) {
    buf_string(h->out, "<figure><figcaption><h2>");
    put_string(h, title);
    buf_string(h->out, "</h2><p>");
    put_string(h, sentence);
    buf_format(h->out, "</p></figcaption>\n<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"", WIDTH, height);
    put_string(h, title);
    buf_string(h->out, "\">\n");
}
static void close_plot(struct html *h) { buf_string(h->out, "</svg></figure>\n"); }

static void put_name(struct html *h, unsigned p, unsigned y) {
    buf_format(h->out, "<text x=\"%d\" y=\"%u\" class=\"name\">", LEFT - 8, y);
    put(h, party(h, p));
    buf_string(h->out, "</text>\n");
}

/* ---- findings: one bar a party, one stretch a word */

static void put_stretch(struct html *h, unsigned word, uint64_t count, double from, double width, unsigned y) {
    const char *name = word_shown("finding", finding_name((enum finding_word)word));
    buf_format(h->out, "<g><rect class=\"w%u\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%d\"/><title>", word, from,
               y, width, BAR);
    put_string(h, name);
    buf_format(h->out, ": %llu</title>", (unsigned long long)count);
    if (width > 24)
        buf_format(h->out, "<text class=\"in\" x=\"%.1f\" y=\"%u\">%llu</text>", from + width / 2, y + 18,
                   (unsigned long long)count);
    buf_string(h->out, "</g>\n");
}

static void put_findings(struct html *h) {
    open_plot(h, _("Findings"), _("What each party found of the facts that the other claimed."), 2 * (BAR + 14));
    for (unsigned p = 0; p < 2; p++) {
        const struct review_party *by = &h->review->by[p];
        unsigned y = p * (BAR + 14);
        double x = LEFT, unit = by->answered ? (WIDTH - LEFT) / (double)by->answered : 0;
        put_name(h, p, y + 18);
        for (unsigned w = 0; w < FINDING_COUNT; w++) {
            if (!by->findings[w]) continue;
            double width = (double)by->findings[w] * unit;
            put_stretch(h, w, by->findings[w], x, width, y);
            x += width;
        }
    }
    close_plot(h);
    buf_string(h->out, "<p class=\"key\">");
    for (unsigned w = 0; w < FINDING_COUNT; w++) {
        buf_format(
            h->out,
            "<span><svg class=\"chip\" viewBox=\"0 0 9 9\"><rect class=\"w%u\" width=\"9\" height=\"9\"/></svg> ", w);
        put_string(h, word_shown("finding", finding_name((enum finding_word)w)));
        buf_string(h->out, "</span> ");
    }
    buf_string(h->out, "</p>\n");
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
                   "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%u\"/><text class=\"mark\" x=\"%.1f\" "
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

static void put_table(struct html *h) {
    struct buf cell = {.max = 4096};
    buf_string(h->out, "<table><thead><tr><td></td>");
    for (unsigned p = 0; p < 2; p++) {
        buf_string(h->out, "<th scope=\"col\">");
        put(h, party(h, p));
        buf_string(h->out, "</th>");
    }
    buf_string(h->out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < review_measure_count; i++) {
        const struct measure *m = &review_measures[i];
        buf_string(h->out,
                   m->name ? "<tr><th scope=\"row\">" : "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"3\">");
        put_string(h, measure_label(m));
        buf_string(h->out, "</th>");
        for (unsigned p = 0; p < 2 && m->name; p++) {
            buf_clear(&cell);
            measure_cell(m, &h->review->by[p], &cell);
            buf_string(h->out, "<td>");
            put(h, cell.size ? buf_as_text(&cell) : TEXT("–"));
            buf_string(h->out, "</td>");
        }
        buf_string(h->out, "</tr>\n");
    }
    buf_string(h->out, "</tbody></table>\n");
    buf_free(&cell);
}

/* Colours that people with any kind of colour vision tell apart (Okabe and Ito, 2008), each also named in its title. */
static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 "
    "1rem;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.4rem}h2{font-size:1.05rem;margin:0}figure{margin:2rem 0}figcaption p{margin:.2rem 0 "
    ".6rem;color:#555}"
    "svg{width:100%;height:auto}text{font-size:12px;fill:currentColor}.name{text-anchor:end}.in{text-anchor:middle}"
    ".mark{text-anchor:middle;fill:#555}.until{text-anchor:end}.group{font-weight:600}"
    ".grid{stroke:#ddd}.median,.due{stroke:#1a1a1a;stroke-width:2}.lapsed{stroke:#d55e00;stroke-width:4}"
    ".p0{fill:#0072b2}.p1{fill:#e69f00}.open{opacity:.45}"
    ".w0{fill:#009e73}.w1{fill:#7fcfb0}.w2{fill:#56b4e9}.w3{fill:#e69f00}.w4{fill:#bbb}.w5{fill:#d9d9d9}.w6{fill:#"
    "ccb3d6}"
    ".w7{fill:#f0e442}.chip{width:.7em;height:.7em}.key span{margin-right:1em;white-space:nowrap}"
    "table{border-collapse:collapse;width:100%}th,td{padding:.25rem .6rem;text-align:left;font-weight:400}"
    "thead th,.group th{font-weight:600}tbody tr{border-top:1px solid #ddd}td{font-variant-numeric:tabular-nums}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}figcaption p,.mark{color:#aaa;fill:#aaa}"
    ".grid{stroke:#333}.median,.due{stroke:#eee}tbody tr{border-color:#333}.in{fill:#111}}";

void review_html(const struct review *r, struct buf *out) {
    struct html h = {r, out};
    const struct channel_verdict *c = &r->state->channel;
    buf_format(
        out,
        "<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
        /* translators: the code of this language, as fr */ _("en"));
    put_string(&h, _("Review"));
    buf_format(out, "</title>\n<style>%s</style>\n<h1>", style);
    put_string(&h, _("Review"));
    buf_string(out, ": ");
    put(&h, party(&h, 0));
    buf_string(out, " · ");
    put(&h, party(&h, 1));
    if (c->drill) put_string(&h, _(" (drill)"));
    buf_string(out, "</h1>\n<p>");
    put_string(&h, _("The state at this cut and time, which both sides compute alike:"));
    for (unsigned p = 0; p < 2; p++) {
        buf_string(out, " ");
        put(&h, party(&h, p));
        for (size_t g = 0; g < c->generations; g++) buf_format(out, " %llu", (unsigned long long)c->cuts[g].of[p]);
        buf_char(out, ',');
    }
    buf_char(out, ' ');
    buf_instant(out, r->state->as_of - r->state->as_of % INSTANT_SECOND);
    buf_string(out, ".</p>\n<p>");
    put_string(&h,
               _("The numbers weigh nothing: to have no records is not to hide, and to be quick is not to be right."));
    buf_string(out, "</p>\n");
    put_findings(&h);
    put_times(&h);
    put_runs(&h);
    put_table(&h);
    buf_string(out, "</html>\n");
}
