/* A case as a page for browsers and paper.  Nothing in it depends on whose desk prints it: no `us`, no clock of the
 * reader, no draft, no suggestion. */
#include "desk/case_html.h"
#include "desk/settle.h"
#include "finding/html.h"
#include "settlement/html.h"

static const char style[] =
    ".ends{display:grid;grid-template-columns:1fr auto 1fr;gap:16px;align-items:end;border-bottom:1px solid #b7bbb6;"
    "padding:0 0 8px;margin:0 0 12px}.ends>:nth-child(2){text-align:center;font-weight:600}"
    ".ends>:nth-child(3){text-align:right}.ends b{display:block}"
    ".delta{display:inline-block;min-width:2.4em;color:#43494f;font-size:12px;border-bottom:1px dotted #737a81}"
    ".facts td:last-child{min-width:9em}.line td{width:42%}.line td:first-child,.line td:last-child{width:auto}"
    ".parts{max-width:60rem}.parts p::first-line{font-weight:600}.line p{margin:2px 0 0}.lanes "
    "text{font-size:12px;fill:#16191d}.lanes .less{fill:#5c636a;font-size:11px}"
    ".lanes .whose{font-weight:600}.lanes .late{text-anchor:end}.lane{stroke:#b7bbb6}.lanes .tick{stroke:#e0e2dd}"
    ".way{stroke:#16191d;stroke-width:1.2}.way.open{stroke-dasharray:2 2.4}.dot{fill:#16191d;stroke:#16191d;"
    "stroke-width:1.2}.dot.open,.lanes .due{fill:#fff;stroke:#16191d}"
    "@media screen and (max-width:760px){.ends{grid-template-columns:1fr;align-items:start}"
    ".ends>*{text-align:left!important}}";

/* ---- the head */

static struct text level_of(const struct case_paper *p) { return text_of(tlp_name(p->view->matter->tlp)); }

/* Both numbers, the opener's first; the name of the case where neither gives one. */
static struct text numbers_of(struct case_paper *p) {
    struct text of[2];
    unsigned opener = p->view->matter->opener;
    matter_numbers(p->view->talk, p->view->matter, of);
    if (!of[0].size && !of[1].size) return p->view->matter->name;
    return arena_format(p->arena, "%.*s%s%.*s", TEXT_ARG(of[opener]), of[0].size && of[1].size ? " · " : "",
                        TEXT_ARG(of[1 - opener]));
}

static struct text on_each_sheet(struct case_paper *p) {
    struct buf line = {.max = 1 << 16};
    buf_format(&line, "TLP:%.*s · ", TEXT_ARG(level_of(p)));
    buf_line(&line, numbers_of(p));
    buf_string(&line, " · ");
    talk_cut_line(p->view->talk, &line);
    struct text kept = arena_text(p->arena, buf_as_text(&line));
    buf_free(&line);
    return kept;
}

static struct text same_state(struct case_paper *p) {
    const struct talk *t = p->view->talk;
    const struct channel_verdict *c = &t->state.channel;
    char as_of[INSTANT_TEXT_MAX];
    struct cut cut = c->generations ? c->cuts[c->generations - 1] : (struct cut){{0, 0}};
    return arena_format(p->arena, "parley show %.*s --at %llu,%llu --as-of %.*s --html",
                        TEXT_ARG(p->view->matter->name), (unsigned long long)cut.of[0], (unsigned long long)cut.of[1],
                        TEXT_ARG(instant_write(t->state.as_of, as_of)));
}

static void put_end(struct case_paper *p, const char *label, unsigned party, struct text who) {
    struct text slash = who, name = {0};
    html_start(p->out, "div", NULL);
    html_text(p->out, "span", "class=\"quiet fine\"", text_of(label));
    html_text(p->out, "b", NULL, p->view->talk->parties[party]);
    if (text_cut(&slash, '/', &name)) html_text(p->out, "span", NULL, slash);
    html_end(p->out, "div");
}

static void put_ends(struct case_paper *p) {
    const struct matter *m = p->view->matter;
    const struct head *h = m->opening->statement->head;
    struct buf state = {.max = 4096};
    case_state_line(m, &state);
    html_start(p->out, "div", "class=\"ends\"");
    put_end(p, _("Opened by"), m->opener, h->from);
    html_text(p->out, "div", NULL, buf_as_text(&state));
    put_end(p, _("Addressed to"), 1 - m->opener, h->to);
    html_end(p->out, "div");
    buf_free(&state);
}

static void put_pair(void *to, const char *label, struct text words) { html_pair(to, label, words); }

static void put_numbers(struct case_paper *p) {
    const struct talk *t = p->view->talk;
    struct text of[2];
    matter_numbers(p->view->talk, p->view->matter, of);
    for (unsigned i = 0; i < 2; i++) {
        unsigned party = i ? 1 - p->view->matter->opener : p->view->matter->opener;
        if (of[party].size)
            html_pair_format(p->out, _("Number"), _("%.*s, in the files of %.*s"), TEXT_ARG(of[party]),
                             TEXT_ARG(t->parties[party]));
    }
}

static void put_deadline(struct case_paper *p, const char *what, const struct deadline *d) {
    struct buf words = {.max = 4096};
    if (deadline_words(d, &words))
        html_pair_format(p->out, _("Deadline"), "%s: %.*s", what, TEXT_ARG(buf_as_text(&words)));
    buf_free(&words);
}

static void put_instant_pair(struct case_paper *p, const char *term, instant i) {
    html_text(p->out, "dt", NULL, text_of(term));
    html_start(p->out, "dd", NULL);
    html_instant(p->out, i);
    html_end(p->out, "dd");
}

static void put_pairs(struct case_paper *p) {
    const struct matter *m = p->view->matter;
    struct buf cut = {.max = 1 << 16};
    talk_cut_line(p->view->talk, &cut);
    html_start(p->out, "dl", "class=\"pairs\"");
    html_pair(p->out, _("Case"), m->name);
    put_numbers(p);
    put_instant_pair(p, _("Opened"), m->opening->entry->leaf->time);
    case_words_each(p->view, put_pair, p->out);
    html_pair(p->out, _("Cut"), buf_as_text(&cut));
    put_deadline(p, _("to acknowledge"), &m->acknowledge);
    html_end(p->out, "dl");
    buf_free(&cut);
}

/* ---- sheets */

static void put_sheet(struct case_paper *p, const struct case_sheet *s) {
    const struct message_verdict *message = s->state->message;
    bool asks = message->kind == KIND_INQUIRY;
    html_start(p->out, "section", NULL);
    html_start(p->out, "dl", "class=\"pairs\"");
    if (!asks) html_pair(p->out, _("Fact sheet"), message->statement->meaning.sheet);
    put_instant_pair(p, _("Delivered"), message->delivered);
    put_deadline(p, _("to answer"), &s->state->deadline);
    if (p->view->matter->terms && erased_of_sheet(p->view, s->state))
        html_pair(p->out, _("Deadline"), text_of(_("to answer: none, for its sender erased what it attached")));
    html_end(p->out, "dl");
    if (!asks) paper_facts(p, s);
    html_end(p->out, "section");
}

/* ---- what it comes to */

/* The texts to which both have agreed, whole and in all of their languages. */
static void put_settled(struct case_paper *p) {
    struct offered_text *all;
    size_t count = 0;
    if (settle_texts(p->view->talk, p->view->matter, &all, &count, NULL)) return;
    for (size_t i = 0; i < count; i++) {
        struct text text;
        struct minutes minutes;
        if (!all[i].agreed[0] || !all[i].agreed[1]) continue;
        html_format(p->out, "h2", NULL, "%s %.*s", _("Settled: both have agreed to the text"),
                    TEXT_ARG(all[i].offer.settlement));
        if (settle_open_text(p->view->talk, p->view->matter, &all[i], &text, NULL)) continue;
        if (!minutes_read(bytes_from_text(text), p->arena, &minutes, NULL)) minutes_html(&minutes, p->above, p->out);
    }
}

static void put_settlement(struct case_paper *p) {
    struct buf words = {.max = p->out->max};
    settlement_words(p->view, text_of(html_language()), &words);
    if (words.size) {
        html_text(p->out, "h2", NULL, text_of(_("Meetings, texts and undertakings")));
        html_start(p->out, "div", "class=\"parts\"");
        html_lines(p->out, NULL, buf_as_text(&words));
        html_end(p->out, "div");
    }
    buf_free(&words);
}

static void put_foot(struct case_paper *p) {
    html_start(p->out, "div", "class=\"note whole\"");
    html_text(p->out, "p", NULL, text_of(_("Both sides get this page, byte for byte, at the same cut and time, by:")));
    html_text(p->out, "pre", "class=\"log\"", p->command);
    html_end(p->out, "div");
}

void case_html(const struct case_view *v, bool all_rows, struct buf *out) {
    struct case_paper p = {.view = v, .arena = &v->talk->arena, .out = out, .all_rows = all_rows};
    const char *kind = word_shown("kind", kind_rules[v->matter->opening->kind].name);
    p.above = on_each_sheet(&p);
    p.command = same_state(&p);
    struct text above = arena_format(p.arena, "%s · %.*s%s", kind, TEXT_ARG(numbers_of(&p)),
                                     v->talk->state.channel.drill ? _(" (drill)") : "");
    html_open(out, &(struct html_page){.title = v->title.size ? v->title : text_of(kind),
                                       .above = above,
                                       .tlp = tlp_name(v->matter->tlp),
                                       .style = {style, finding_style, minutes_style},
                                       .name = "case",
                                       .wide = true});
    finding_shapes(out);
    put_ends(&p);
    put_pairs(&p);
    html_lines(out, "class=\"said\"", v->text);
    for (size_t i = 0; i < v->sheet_count; i++) put_sheet(&p, &v->sheets[i]);
    put_settlement(&p);
    put_settled(&p);
    paper_line(&p);
    put_foot(&p);
    html_close(out);
}
