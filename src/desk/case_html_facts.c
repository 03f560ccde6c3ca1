/* The facts of a case on its page for browsers: the opener's words left of the rule, the answerer's right of it. */
#include "desk/case_html.h"
#include "fact/html.h"
#include "finding/html.h"

enum { LINES_PRINTED = 200, ANSWERER_COLUMNS = 3 };

/* ---- which facts are printed */

static bool has_finding(const struct case_sheet *s, size_t row) { return s->findings[row].word != FINDING_COUNT; }

static bool counted_otherwise(const struct case_sheet *s, size_t row) {
    const struct finding *f = &s->findings[row];
    uint64_t count = s->facts.at[row].count;
    return has_finding(s, row) && f->count != FINDING_NO_COUNT && count != SHEET_NO_COUNT && f->count != count;
}

/* What a reader of very many facts looks for; the page of the desk asks the same. */
static bool differs(const struct case_sheet *s, size_t row) {
    return s->findings[row].word == FINDING_REFUTED || counted_otherwise(s, row);
}

static size_t differing(const struct case_sheet *s) {
    size_t count = 0;
    for (size_t i = 0; i < s->facts.count; i++) count += differs(s, i);
    return count;
}

/* ---- cells */

static void put_said_count(struct buf *out, const struct case_sheet *s, size_t row) {
    const struct finding *f = &s->findings[row];
    buf_string(out, "<td class=\"number\">");
    if (has_finding(s, row) && f->count != FINDING_NO_COUNT) buf_u64(out, f->count);
    if (counted_otherwise(s, row)) {
        uint64_t stated = s->facts.at[row].count;
        bool more = f->count > stated;
        buf_format(out, " <span class=\"delta\">%s%llu</span>", more ? "+" : "−",
                   (unsigned long long)(more ? f->count - stated : stated - f->count));
    }
    buf_string(out, "</td>");
}

static void put_seen(struct buf *out, const struct finding *f) {
    if (f->first_seen == INSTANT_NONE && f->last_seen == INSTANT_NONE) return;
    buf_string(out, "<span class=\"quiet\">");
    html_instant(out, f->first_seen);
    buf_string(out, " – ");
    html_instant(out, f->last_seen);
    buf_string(out, "</span> ");
}

static void put_note(struct buf *out, const struct finding *f) {
    if (f->has_upstream) {
        char written[IP_TEXT_MAX];
        html_format(out, "span", "class=\"address\"", "%s %.*s", _("from"), TEXT_ARG(ip_write(f->upstream, written)));
    }
    put_seen(out, f);
    if (f->note.size) html_others(out, f->note);
}

/* What was revealed stands beside an answer that says something else, or none. */
static void put_found(struct buf *out, const struct case_sheet *s, size_t row) {
    const struct finding *f = &s->findings[row], *r = s->revealed ? &s->revealed[row] : NULL;
    buf_string(out, "<td class=\"sides\">");
    finding_mark(out, f->word);
    if (r && r->word != FINDING_COUNT && r->word != f->word) {
        html_text(out, "div", "class=\"quiet\"", text_of(_("revealed")));
        finding_mark(out, r->word);
    }
    buf_string(out, "</td>");
    put_said_count(out, s, row);
    buf_string(out, "<td>");
    if (f->word != FINDING_COUNT) put_note(out, f);
    buf_string(out, "</td>");
}

/* ---- the table */

static void put_heads(struct case_paper *p, const struct case_sheet *s) {
    struct buf *out = p->out;
    const struct text *parties = p->view->talk->parties;
    unsigned opener = p->view->matter->opener, left = FACT_HTML_COLUMNS + (s->evidence->facts != NULL);
    html_table_line(out, left + ANSWERER_COLUMNS,
                    arena_format(p->arena, "%.*s · %s %.*s", TEXT_ARG(p->above), _("sheet"),
                                 TEXT_ARG(s->state->message->statement->meaning.sheet)));
    buf_format(out, "<tr><th scope=\"colgroup\" colspan=\"%u\">", left);
    buf_markup(out, arena_format(p->arena, _("%.*s states"), TEXT_ARG(parties[opener])));
    buf_format(out, "</th><th scope=\"colgroup\" colspan=\"%d\" class=\"sides\">", ANSWERER_COLUMNS);
    buf_markup(out, arena_format(p->arena, _("%.*s finds"), TEXT_ARG(parties[1 - opener])));
    buf_string(out, "</th></tr>\n<tr>");
    fact_html_heads(out);
    if (s->evidence->facts) html_column(out, NULL, _("lines"));
    html_column(out, "class=\"sides\"", _("finding"));
    html_column(out, "class=\"number\"", _("count"));
    html_column(out, NULL, _("note"));
    buf_string(out, "</tr>");
}

/* How much is not printed, and what prints it. */
static void put_left_out(struct case_paper *p, size_t facts, size_t shown) {
    html_format(p->out, "p", NULL,
                _("Facts: %zu. Printed here, for they are refuted or counted otherwise: %zu. The rest is printed by:"),
                facts, shown);
    html_format(p->out, "pre", "class=\"command log\"", "%.*s --all", TEXT_ARG(p->command));
}

static void put_table(struct case_paper *p, const struct case_sheet *s) {
    bool much = s->facts.count > CASE_PRINTED && !p->all_rows;
    size_t all = much ? differing(s) : s->facts.count, left = much && all > CASE_PRINTED ? CASE_PRINTED : all;
    if (much) put_left_out(p, s->facts.count, left);
    if (!left) return;
    html_table(p->out, "class=\"facts\"");
    put_heads(p, s);
    html_table_body(p->out);
    for (size_t i = 0; i < s->facts.count && left; i++) {
        if (much && !differs(s, i)) continue;
        buf_string(p->out, "<tr>");
        fact_html_cells(&s->facts.at[i], i, p->out);
        if (s->evidence->facts) html_text(p->out, "td", NULL, evidence_cell(s, i, p->arena));
        put_found(p->out, s, i);
        buf_string(p->out, "</tr>\n");
        left--;
    }
    html_table_end(p->out);
}

/* ---- beside the table */

static void put_lines(struct case_paper *p, const struct case_sheet *s) {
    struct buf *out = p->out;
    size_t count = s->evidence->line_count, shown = count < LINES_PRINTED ? count : LINES_PRINTED;
    if (!count) return;
    html_text(out, "h3", NULL, text_of(_("Lines that were disclosed, each verified")));
    html_table(out, NULL);
    html_table_line(out, 3, p->above);
    buf_string(out, "<tr>");
    html_column(out, "class=\"number\"", _("fact"));
    html_column(out, "class=\"number\"", _("line"));
    html_column(out, NULL, _("as it was kept"));
    buf_string(out, "</tr>");
    html_table_body(out);
    for (size_t i = 0; i < shown; i++) {
        const struct shown_line *line = &s->evidence->lines[i];
        buf_format(out, "<tr><th scope=\"row\" class=\"number\">%llu</th><td class=\"number\">%llu</td>",
                   (unsigned long long)line->row, (unsigned long long)line->number);
        html_text(out, "td", "class=\"log\"", line->line);
        buf_string(out, "</tr>\n");
    }
    html_table_end(out);
    if (shown == count) return;
    html_format(out, "p", NULL, _("Lines: %zu. Printed here: %zu. All are printed by:"), count, shown);
    html_format(out, "pre", "class=\"command log\"", "parley show %.*s --evidence", TEXT_ARG(p->view->matter->name));
}

static void put_standing(struct case_paper *p, const struct case_sheet *s) {
    const struct standing *standing = &s->state->standing;
    uint64_t totals[FINDING_COUNT] = {0}, rows = s->state->message->statement->meaning.rows;
    struct text by = p->view->talk->parties[1 - p->view->matter->opener];
    for (size_t i = 0; i < standing->answered; i++) totals[standing->findings[i].word]++;
    html_start(p->out, "figure", NULL);
    html_format(p->out, "h2", NULL,
                _n("%s by the findings of %.*s, %zu of %llu fact answered",
                   "%s by the findings of %.*s, %zu of %llu facts answered", rows),
                gettext(standing_word_text(standing->word)), TEXT_ARG(by), standing->answered,
                (unsigned long long)rows);
    finding_bar(p->out, totals, rows);
    html_text(p->out, "p", "class=\"quiet fine\"",
              text_of(_("Silent is neither agreement nor disagreement. The origin of traffic is not its author.")));
    html_end(p->out, "figure");
}

static void put_words(struct case_paper *p, const struct case_sheet *s) {
    struct buf words = {.max = MESSAGE_MAX_BYTES};
    missing_words(&s->checklist, &words);
    buf_string(&words, "\n\n");
    evidence_lines(p->view, s, &words);
    html_lines(p->out, NULL, buf_as_text(&words));
    buf_free(&words);
}

void paper_facts(struct case_paper *p, const struct case_sheet *s) {
    put_standing(p, s);
    if (s->why.size)
        html_format(p->out, "p", "class=\"attn\"", "%s: %.*s", _("the sheet can't be shown"), TEXT_ARG(s->why));
    else
        put_table(p, s);
    put_words(p, s);
    put_lines(p, s);
}
