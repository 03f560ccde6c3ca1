/* What a dossier opens: messages with what they say, facts, and lines. */
#include "claim/claim.h"
#include "dossier/report_html.h"
#include "fact/html.h"
#include "finding/html.h"
#include "settlement/html.h"
#include "settlement/settlement.h"
#include "vocab/words.h"

/* ---- one message */

static void put_worth(struct cover *c, const struct proved_message *of) {
    struct buf *out = c->out;
    if (of->flaw.size)
        html_format(out, "div", "class=\"attn\"", "! %s: %.*s", _("not understood"), TEXT_ARG(of->flaw));
    else if (!of->verdict)
        html_format(out, "div", "class=\"attn\"", "! %s", _("outside of the cut"));
    else if (of->verdict->why)
        html_format(out, "div", "class=\"attn\"", "! %s: %s", _("does not count"),
                    gettext(void_words(of->verdict->why)));
    else if (of->verdict->delivered == INSTANT_NONE)
        html_format(out, "div", NULL, "%s; %s", _("counts"), _("not delivered by what is here"));
    else {
        html_start(out, "div", NULL);
        buf_markup(out, arena_format(c->arena, "%s; %s ", _("counts"), _("delivered")));
        html_instant(out, of->verdict->delivered);
        html_end(out, "div");
    }
}

static const char *seal_words(const struct proved_message *of) {
    return !of->sealed ? _("signed and not sealed")
           : of->to_addressee
               ? _("sealed to the addressee, who could open it")
               : _("! not sealed to just those whom the cards name: not shown that the addressee could open it");
}

static void put_attachment(struct cover *c, const struct proved_attachment *of) {
    static const char *const states[] = {
        [ATTACHED_CLOSED] = N_("closed"), [ATTACHED_OPEN] = N_("open"), [ATTACHED_ERASED] = N_("erased by its sender")};
    char hex[SHA256_HEX];
    struct buf *out = c->out;
    html_start(out, "li", NULL);
    buf_markup(out, of->attach->role);
    buf_string(out, " “");
    html_others(out, of->attach->name);
    buf_format(out, "” <b>%s</b> <code>%.*s</code>", gettext(states[of->state]),
               TEXT_ARG(sha256_hex(&of->attach->plain, hex)));
    if (of->flaw.size) html_format(out, "div", "class=\"attn\"", "! %.*s", TEXT_ARG(of->flaw));
    if (of->note.size) html_text(out, "div", "class=\"quiet\"", of->note);
    html_end(out, "li");
}

static struct text signers(struct cover *c, struct names names) {
    struct buf line = {.max = MESSAGE_MAX_BYTES};
    for (size_t i = 0; i < names.count; i++) {
        if (i) buf_string(&line, ", ");
        buf_text(&line, names.at[i]);
    }
    struct text kept = arena_text(c->arena, buf_as_text(&line));
    buf_free(&line);
    return kept;
}

static void put_words(struct cover *c, const struct proved_message *of) {
    struct text title = {0}, text = {0};
    if (of->flaw.size || frame_read(of->message, FRAME_ANY_KIND, NULL, c->arena, NULL, &title, &text, NULL)) return;
    if (title.size) html_text(c->out, "p", "class=\"said\"", title);
    if (!text_equal(text, of->message->head.kind) && !text_equal(text, title))
        html_lines(c->out, "class=\"said\"", text);
}

static void put_message(struct cover *c, const struct proved_message *of) {
    const struct head *head = &of->message->head;
    struct buf *out = c->out;
    buf_format(out, "<tr><th scope=\"row\" class=\"number\">%llu</th><td>", (unsigned long long)of->entry->index);
    html_instant(out, of->entry->leaf->time);
    html_text(out, "div", NULL, entry_channel(&c->report->verdict, of->entry));
    buf_string(out, "</td><td><b>");
    buf_markup(out, word_text("kind", head->kind));
    buf_string(out, "</b> ");
    html_format(out, "span", "class=\"quiet\"", _("from %.*s to %.*s; signed by %.*s"), TEXT_ARG(head->from),
                TEXT_ARG(head->to), TEXT_ARG(signers(c, of->signed_by)));
    put_words(c, of);
    if (of->attachment_count) html_start(out, "ul", NULL);
    for (size_t i = 0; i < of->attachment_count; i++) put_attachment(c, &of->attachments[i]);
    if (of->attachment_count) html_end(out, "ul");
    buf_string(out, "</td><td>");
    put_worth(c, of);
    html_text(out, "div", of->sealed && !of->to_addressee ? "class=\"attn\"" : "class=\"quiet\"",
              text_of(seal_words(of)));
    buf_string(out, "</td></tr>\n");
}

void cover_messages(struct cover *c) {
    const struct dossier_report *r = c->report;
    html_text(c->out, "h2", NULL, text_of(_("Messages opened")));
    if (!r->message_count) {
        html_text(c->out, "p", NULL, text_of(_("none")));
        return;
    }
    html_table(c->out, "class=\"opened\"");
    html_table_line(c->out, 4, c->above);
    buf_string(c->out, "<tr>");
    html_column(c->out, "class=\"number\"", _("entry"));
    html_column(c->out, NULL, _("time and record"));
    html_column(c->out, NULL, _("what it says"));
    html_column(c->out, NULL, _("what is shown of it"));
    buf_string(c->out, "</tr>");
    html_table_body(c->out);
    for (size_t i = 0; i < r->message_count; i++) put_message(c, &r->messages[i]);
    html_table_end(c->out);
}

/* ---- facts and lines */

/* The last finding to each row of a sheet, by row; FINDING_COUNT: none. */
static enum finding_word *findings_of(struct cover *c, const struct proved_message *of, size_t rows) {
    enum finding_word *words = ARENA_ARRAY(c->arena, enum finding_word, rows + 1);
    for (size_t i = 0; i < rows; i++) words[i] = FINDING_COUNT;
    const struct matter *m = of->verdict ? matter_find(&c->report->state, of->message->head.matter) : NULL;
    for (size_t i = 0; m && i < m->sheet_count; i++) {
        if (m->sheets[i].message != of->verdict) continue;
        const struct standing *s = &m->sheets[i].standing;
        for (size_t k = 0; k < s->answered; k++)
            if (s->findings[k].row < rows) words[s->findings[k].row] = s->findings[k].word;
    }
    return words;
}

static size_t refuted_of(const enum finding_word *words, size_t rows) {
    size_t count = 0;
    for (size_t i = 0; i < rows; i++) count += words[i] == FINDING_REFUTED;
    return count;
}

static void put_heads(struct cover *c) {
    struct buf *out = c->out;
    html_table(out, NULL);
    html_table_line(out, FACT_HTML_COLUMNS + 1, c->above);
    buf_string(out, "<tr>");
    fact_html_heads(out);
    html_column(out, "class=\"sides\"", _("finding"));
    buf_string(out, "</tr>");
    html_table_body(out);
}

/* Of very many facts those that are refuted, as the page of a case has those that differ. */
static void put_sheet(struct cover *c, const struct proved_message *of, const struct proved_attachment *attached) {
    struct sheet facts;
    char hex[SHA256_HEX];
    struct buf *out = c->out;
    if (sheet_read(attached->plain, c->arena, &facts, NULL)) return;
    const enum finding_word *words = findings_of(c, of, facts.count);
    bool much = facts.count > DOSSIER_PRINTED && !c->all_rows;
    size_t left = much ? refuted_of(words, facts.count) : facts.count;
    if (much && left > DOSSIER_PRINTED) left = DOSSIER_PRINTED;
    html_format(out, "h2", NULL, "%s %.*s", _("Facts of sheet"), TEXT_ARG(sha256_hex(&attached->attach->plain, hex)));
    if (much) {
        html_format(out, "p", NULL, _("Facts: %zu. Printed here, for they are refuted: %zu. All are printed by:"),
                    facts.count, left);
        html_text(out, "pre", "class=\"command log\"", TEXT("parley verify FILE --html --all --root …"));
    }
    if (!left) return;
    put_heads(c);
    for (size_t i = 0; i < facts.count && left; i++) {
        if (much && words[i] != FINDING_REFUTED) continue;
        buf_string(out, "<tr>");
        fact_html_cells(&facts.at[i], i, out);
        buf_string(out, "<td class=\"sides\">");
        finding_mark(out, words[i]);
        buf_string(out, "</td></tr>\n");
        left--;
    }
    html_table_end(out);
}

static void put_shown(struct cover *c, const struct disclosed *shown) {
    struct buf *out = c->out;
    buf_string(out, "<tr>");
    fact_html_cells(&shown->fact, shown->row, out);
    html_format(out, "td", NULL, _("%zu of %llu"), shown->line_count, (unsigned long long)shown->count);
    buf_string(out, "</tr>\n");
    for (size_t i = 0; i < shown->line_count; i++) {
        buf_format(out, "<tr><td class=\"number quiet\">%llu</td><td class=\"log\" colspan=\"%d\">",
                   (unsigned long long)shown->lines[i].number, FACT_HTML_COLUMNS);
        html_others(out, shown->lines[i].line);
        buf_string(out, "</td></tr>\n");
    }
}

static void put_disclosure(struct cover *c, const struct proved_attachment *attached) {
    struct buf *out = c->out;
    html_text(out, "h2", NULL, text_of(_("Facts and lines that were disclosed")));
    html_text(out, "p", "class=\"quiet\"", attached->note);
    html_table(out, NULL);
    html_table_line(out, FACT_HTML_COLUMNS + 1, c->above);
    buf_string(out, "<tr>");
    fact_html_heads(out);
    html_column(out, NULL, _("lines shown"));
    buf_string(out, "</tr>");
    html_table_body(out);
    for (size_t i = 0; i < attached->lines.count; i++) put_shown(c, &attached->lines.at[i]);
    html_table_end(out);
}

static void put_text(struct cover *c, const struct proved_attachment *attached) {
    char hex[SHA256_HEX];
    struct text text = text_from_bytes(attached->plain);
    struct minutes minutes;
    if (!text_is_utf8(text) || text.size > MESSAGE_MAX_BYTES) return;
    html_format(c->out, "h2", NULL, _("Text %.*s"), TEXT_ARG(sha256_hex(&attached->attach->plain, hex)));
    if (!minutes_read(attached->plain, c->arena, &minutes, NULL))
        minutes_html(&minutes, c->above, c->out);
    else
        html_lines(c->out, "class=\"said\"", text);
}

void cover_facts(struct cover *c) {
    const struct dossier_report *r = c->report;
    for (size_t i = 0; i < r->message_count; i++)
        for (size_t k = 0; k < r->messages[i].attachment_count; k++) {
            const struct proved_attachment *a = &r->messages[i].attachments[k];
            if (a->state != ATTACHED_OPEN || a->flaw.size) continue;
            if (text_is(a->attach->role, ROLE_FACTS)) put_sheet(c, &r->messages[i], a);
            if (text_is(a->attach->role, ROLE_TEXT)) put_text(c, a);
            if (a->lines.count) put_disclosure(c, a);
        }
}
