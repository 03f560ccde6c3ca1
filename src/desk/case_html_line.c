/* The time line of a case on its page for browsers: a lane a record, the opener's above, and the messages as a table,
 * the opener's left of the rule. */
#include "desk/case_html.h"

enum {
    WIDTH = 1000,
    LEFT = 176,
    RIGHT = WIDTH - 24,
    UPPER = 34,
    LOWER = 72,
    HEIGHT = 112,
    DRAWN = 40, /* messages: with more, the table alone is readable */
    LETTER = 7, /* of a label, in width */
    MARKS = 9
};

struct lanes {
    struct case_paper *p;
    instant first, last;
    double free[2]; /* from where a label of each lane may begin */
};

/* ---- the scale */

static void stretch(struct lanes *l, instant at) {
    if (at == INSTANT_NONE) return;
    if (l->first == INSTANT_NONE || at < l->first) l->first = at;
    if (l->last == INSTANT_NONE || at > l->last) l->last = at;
}

static double place(const struct lanes *l, instant at) {
    double length = (double)(l->last - l->first);
    return LEFT + (length > 0 ? (RIGHT - LEFT) * (double)(at - l->first) / length : 0);
}

static instant open_deadline(const struct case_view *v) {
    instant due = INSTANT_NONE;
    for (size_t i = 0; i < v->matter->sheet_count; i++) {
        const struct deadline *d = &v->matter->sheets[i].deadline;
        if (d->met == INSTANT_NONE && d->due != INSTANT_NONE && (due == INSTANT_NONE || d->due < due)) due = d->due;
    }
    return due;
}

/* A step by which few marks stand between the ends. */
static instant step_of(const struct lanes *l) {
    static const instant steps[] = {INSTANT_SECOND,   60 * INSTANT_SECOND, 600 * INSTANT_SECOND, INSTANT_HOUR,
                                    6 * INSTANT_HOUR, INSTANT_DAY,         7 * INSTANT_DAY,      30 * INSTANT_DAY,
                                    90 * INSTANT_DAY, 365 * INSTANT_DAY};
    size_t i = 0;
    while (i + 1 < COUNT(steps) && (l->last - l->first) / steps[i] > MARKS) i++;
    instant least = (l->last - l->first) / MARKS; /* clocks are the parties' own: they may say anything */
    return least > steps[i] ? least : steps[i];
}

/* A mark's date or time stands right of it; at the right edge left of it, where there is room. */
static void put_mark(const struct lanes *l, double x, struct text t, double *free) {
    double width = LETTER * (double)t.size;
    bool late = x + width > WIDTH;
    double from = late ? x - width : x;
    buf_format(l->p->out, "<path class=\"tick\" d=\"M%.1f 12V92\"/>", x);
    if (from >= *free) {
        buf_format(l->p->out, "<text class=\"less%s\" x=\"%.1f\" y=\"106\">%.*s</text>", late ? " late" : "", x,
                   TEXT_ARG(t));
        *free = from + width + LETTER;
    }
    buf_char(l->p->out, '\n');
}

static void put_scale(const struct lanes *l) {
    instant step = step_of(l);
    double free = 0;
    for (instant at = l->first - l->first % step; at <= l->last; at += step) {
        char written[INSTANT_TEXT_MAX];
        struct text time = instant_write(at, written), date = {0};
        if (at < l->first) continue;
        text_cut(&time, 'T', &date);
        struct text shown = step < INSTANT_DAY ? text_first(time, step < 60 * INSTANT_SECOND ? 8 : 5) : date;
        put_mark(l, place(l, at), shown, &free);
    }
}

/* ---- messages */

/* A label that would touch the one before it is left out: the table has them all.  At the right edge it ends at its
 * dot. */
static void put_label(struct lanes *l, unsigned lane, double x, struct text t) {
    double width = LETTER * (double)text_columns(t);
    bool ends = x + width > WIDTH;
    double from = ends ? x - width : x - 4;
    if (from < l->free[lane]) return;
    l->free[lane] = from + width + LETTER;
    buf_format(l->p->out, "<text class=\"%s\" x=\"%.1f\" y=\"%d\">", ends ? "late" : "early", ends ? x + 4 : x - 4,
               lane ? LOWER + 18 : UPPER - 10);
    buf_markup(l->p->out, t);
    buf_string(l->p->out, "</text>\n");
}

static void put_dot(struct lanes *l, const struct message_verdict *v) {
    unsigned lane = v->entry->party != l->p->view->matter->opener;
    double x = place(l, v->entry->leaf->time);
    int from = lane ? LOWER : UPPER, to = lane ? UPPER : LOWER;
    struct buf *out = l->p->out;
    bool held = v->delivered != INSTANT_NONE;
    double there = held ? place(l, v->delivered) : x;
    buf_format(out, "<path class=\"way%s\" d=\"M%.1f %dL%.1f %d\"/>", held ? "" : " open", x, from, there, to);
    buf_format(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>", x, from);
    buf_format(out, "<circle class=\"dot%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>\n", held ? "" : " open", there, to);
    put_label(l, lane, x, word_text("kind", v->statement->head->kind));
}

static void put_due(struct lanes *l, instant due) {
    if (due == INSTANT_NONE) return;
    double x = place(l, due);
    buf_format(l->p->out, "<path class=\"due\" d=\"M%.1f %d l6 11 h-12 z\"/>\n", x, LOWER - 6);
    put_label(l, 1, x, text_of(_("due")));
}

static void put_lane(struct lanes *l, unsigned party, int y) {
    buf_format(l->p->out, "<path class=\"lane\" d=\"M%d %dH%d\"/><text class=\"whose\" x=\"0\" y=\"%d\">", LEFT - 8, y,
               RIGHT + 8, y + 4);
    buf_markup(l->p->out, l->p->view->talk->parties[party]);
    buf_string(l->p->out, "</text>\n");
}

static void put_lanes(struct case_paper *p) {
    struct lanes l = {.p = p, .first = INSTANT_NONE, .last = INSTANT_NONE};
    const struct case_view *v = p->view;
    instant due = open_deadline(v);
    if (v->line_count > DRAWN) return;
    for (size_t i = 0; i < v->line_count; i++) {
        stretch(&l, v->line[i]->entry->leaf->time);
        stretch(&l, v->line[i]->delivered);
    }
    stretch(&l, due);
    if (l.first == INSTANT_NONE) return;
    buf_format(p->out, "<figure><svg class=\"lanes\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT);
    buf_markup(p->out, text_of(_("Messages by time, each from its author's record to where the other side holds it; "
                                 "the table below has them all.")));
    buf_string(p->out, "\">\n");
    put_scale(&l);
    put_lane(&l, v->matter->opener, UPPER);
    put_lane(&l, 1 - v->matter->opener, LOWER);
    for (size_t i = 0; i < v->line_count; i++)
        if (!v->line[i]->why) put_dot(&l, v->line[i]);
    put_due(&l, due);
    buf_string(p->out, "</svg></figure>\n");
}

/* ---- the table */

static void put_author(struct case_paper *p, const struct message_verdict *v) {
    const struct head *h = v->statement->head;
    struct buf line = {.max = MESSAGE_MAX_BYTES}, cleared = {.max = MESSAGE_MAX_BYTES};
    struct text department = h->from, party;
    if (!text_cut(&department, '/', &party)) department = h->from;
    cleared_words(v, p->arena, &cleared);
    buf_format(&line, "%.8s · ", h->id.at);
    buf_line(&line, department);
    buf_string(&line, ", ");
    buf_line(&line, h->by);
    if (cleared.size) buf_format(&line, " (%.*s)", TEXT_ARG(buf_as_text(&cleared)));
    html_format(p->out, "b", NULL, "%.*s", TEXT_ARG(word_text("kind", h->kind)));
    html_text(p->out, "span", "class=\"quiet fine\"", buf_as_text(&line));
    buf_free(&cleared);
    buf_free(&line);
}

static void put_said(struct case_paper *p, const struct message_verdict *v) {
    const struct said *s = talk_said(p->view->talk, v);
    struct buf line = {.max = 1 << 20}, erased = {.max = 1 << 20};
    struct text title, text;
    put_author(p, v);
    if (s) said_line(s, p->arena, &line);
    if (line.size) html_lines(p->out, NULL, buf_as_text(&line));
    if (v->why) html_format(p->out, "p", NULL, "! %s: %s", _("does not count"), gettext(void_words(v->why)));
    erased_lines(p->view, v, "", &erased);
    html_lines(p->out, NULL, buf_as_text(&erased));
    if (s && v != p->view->matter->opening) {
        said_text(s, p->arena, &title, &text);
        if (!text_is(text, kind_rules[v->kind < KIND_COUNT ? v->kind : 0].name))
            html_lines(p->out, "class=\"said\"", text);
    }
    buf_free(&erased);
    buf_free(&line);
}

static void put_held(struct case_paper *p, const struct message_verdict *v) {
    buf_string(p->out, "<td>");
    if (v->delivered != INSTANT_NONE)
        html_instant(p->out, v->delivered);
    else if (!v->why)
        buf_markup(p->out, text_of(_("sent, no receipt yet")));
    if (v->unopened) html_text(p->out, "div", NULL, text_of(_("declared unreadable")));
    buf_string(p->out, "</td>");
}

static void put_message(struct case_paper *p, const struct message_verdict *v) {
    bool opener = v->entry->party == p->view->matter->opener;
    buf_string(p->out, "<tr><td>");
    html_instant(p->out, v->entry->leaf->time);
    buf_string(p->out, "</td><td>");
    if (opener) put_said(p, v);
    buf_string(p->out, "</td><td class=\"sides\">");
    if (!opener) put_said(p, v);
    buf_string(p->out, "</td>");
    put_held(p, v);
    buf_string(p->out, "</tr>\n");
}

void paper_line(struct case_paper *p) {
    const struct text *parties = p->view->talk->parties;
    unsigned opener = p->view->matter->opener;
    struct buf *out = p->out;
    html_text(out, "h2", NULL, text_of(_("Time line and receipts")));
    html_text(out, "p", "class=\"quiet fine\"", text_of(_("Held is not read, and silence is not agreement.")));
    put_lanes(p);
    html_table(out, "class=\"line\"");
    html_table_line(out, 4, p->above);
    buf_string(out, "<tr>");
    html_column(out, NULL, _("time"));
    html_column(out, NULL, arena_format(p->arena, "%.*s", TEXT_ARG(parties[opener])).at);
    html_column(out, "class=\"sides\"", arena_format(p->arena, "%.*s", TEXT_ARG(parties[1 - opener])).at);
    html_column(out, NULL, _("held by the other side since"));
    buf_string(out, "</tr>");
    html_table_body(out);
    for (size_t i = 0; i < p->view->line_count; i++) put_message(p, p->view->line[i]);
    html_table_end(out);
}
