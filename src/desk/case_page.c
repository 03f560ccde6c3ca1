/* A case as a page that one would print. */
#include <string.h>

#include "desk/brief.h"
#include "desk/case_view.h"
#include "desk/possible.h"
#include "party/officers.h"

struct page {
    const struct case_view *view;
    struct arena *arena;
    struct buf *out;
};

static void put_label(struct buf *out, const char *label) { buf_pad(out, text_of(label), 12); }

/* ---- parts that lists use, too */

void case_state_line(const struct matter *m, struct buf *out) {
    struct case_brief brief = brief_of(m);
    brief_state_words(&brief, m->proposal.word, m->lapsed, out);
}

void case_standing_line(struct talk *t, const struct matter *m, const struct sheet_state *s, struct buf *out) {
    uint64_t totals[FINDING_COUNT] = {0}, rows = s->message->statement->meaning.rows;
    struct text by = t->parties[1 - m->opener];
    for (size_t i = 0; i < s->standing.answered; i++) totals[s->standing.findings[i].word]++;
    buf_format(out,
               _n("%s, by the findings of %.*s: %zu of %llu fact answered",
                  "%s, by the findings of %.*s: %zu of %llu facts answered", rows),
               gettext(standing_word_text(s->standing.word)), TEXT_ARG(by), s->standing.answered,
               (unsigned long long)rows);
    const char *before = " (";
    for (enum finding_word w = 0; w < FINDING_COUNT; w++) {
        if (!totals[w]) continue;
        buf_format(out, "%s%llu %s", before, (unsigned long long)totals[w], word_shown("finding", finding_name(w)));
        before = ", ";
    }
    if (before[0] == ',') buf_char(out, ')');
}

struct text case_start(struct text matter) {
    size_t slash = text_find(matter, '/');
    return text_first(text_sub(matter, slash < matter.size ? slash + 1 : 0, matter.size), 8);
}

struct text matter_title(struct talk *t, const struct matter *m) {
    struct text title = {0}, text = {0};
    const struct said *s = talk_said(t, m->opening);
    if (s) said_text(s, &t->arena, &title, &text);
    return title.size ? title : text_sub(text, 0, text_find(text, '\n'));
}

void cut_line(const struct text parties[2], struct cut cut, instant as_of, struct buf *out) {
    for (unsigned p = 0; p < 2; p++)
        buf_format(out, "%s%.*s %llu", p ? ", " : "", TEXT_ARG(parties[p]), (unsigned long long)cut.of[p]);
    buf_format(out, ", %s ", _("as of"));
    buf_instant_or_dash(out, as_of);
}

void talk_cut_line(struct talk *t, struct buf *out) {
    const struct channel_verdict *c = &t->state.channel;
    struct cut cut = c->generations ? c->cuts[c->generations - 1] : (struct cut){{0, 0}};
    cut_line(t->parties, cut, t->state.as_of, out);
}

/* ---- the head */

bool deadline_words(const struct deadline *d, struct buf *out) {
    if (d->due == INSTANT_NONE && !d->paused) return false; /* no terms, no deadline */
    if (d->paused)
        buf_string(out, _("paused: declared unreadable, until it is sent again"));
    else
        buf_instant_or_dash(out, d->due);
    if (d->met != INSTANT_NONE) {
        buf_format(out, ", %s ", _("met"));
        buf_instant_or_dash(out, d->met);
    }
    if (d->lapsed) buf_format(out, ", %s", _("lapsed"));
    return true;
}

static void put_deadline(struct page *p, const char *what, const struct deadline *d) {
    struct buf words = {.max = 4096};
    if (deadline_words(d, &words)) {
        put_label(p->out, _("Deadline"));
        buf_format(p->out, "%s: %.*s\n", what, TEXT_ARG(buf_as_text(&words)));
    }
    buf_free(&words);
}

static void put_numbers(struct page *p) {
    struct talk *t = p->view->talk;
    struct text numbers[2];
    matter_numbers(t, p->view->matter, numbers);
    for (unsigned party = 0; party < 2; party++) {
        if (!numbers[party].size) continue;
        put_label(p->out, _("Number"));
        buf_line(p->out, numbers[party]);
        buf_format(p->out, _(", in the files of %.*s\n"), TEXT_ARG(t->parties[party]));
    }
}

static void put_head(struct page *p) {
    const struct case_view *v = p->view;
    const struct matter *m = v->matter;
    const struct head *h = m->opening->statement->head;
    struct buf *out = p->out;
    buf_format(out, "%.*s   TLP:%s\n", TEXT_ARG(m->name), tlp_name(m->tlp));
    buf_line(out, v->title.size ? v->title : text_of(word_shown("kind", kind_rules[m->opening->kind].name)));
    buf_string(out, "\n\n");
    put_label(out, _("Opened"));
    buf_instant_or_dash(out, m->opening->entry->leaf->time);
    buf_format(out, _(": %s by %.*s (%.*s) to %.*s\n"), word_shown("kind", kind_rules[m->opening->kind].name),
               TEXT_ARG(h->from), TEXT_ARG(h->by), TEXT_ARG(h->to));
    put_numbers(p);
    case_words(v, out);
    put_label(out, _("State"));
    case_state_line(m, out);
    buf_char(out, '\n');
    put_label(out, _("Cut"));
    talk_cut_line(v->talk, out);
    buf_char(out, '\n');
    put_deadline(p, _("to acknowledge"), &m->acknowledge);
}

static void put_text(struct page *p, struct text t, const char *indent) {
    while (t.size) {
        size_t end = text_find(t, '\n');
        buf_string(p->out, indent);
        buf_line(p->out, text_sub(t, 0, end));
        buf_char(p->out, '\n');
        t = text_sub(t, end < t.size ? end + 1 : end, t.size);
    }
}

/* ---- facts, and what both sides say of them */

enum { COLUMNS = 9, EVIDENCE_COLUMN = 7, CELL_MAX = 64 };
struct cells {
    struct text at[COLUMNS];
};

static struct text cell_time(struct page *p, instant at) {
    char written[INSTANT_TEXT_MAX];
    return at == INSTANT_NONE ? (struct text){0} : arena_text(p->arena, instant_write(at, written));
}

static struct text cell_address(struct page *p, bool known, struct ip ip, bool has_port, unsigned port) {
    char written[IP_TEXT_MAX];
    struct text address = known ? ip_write(ip, written) : (struct text){0};
    if (!has_port) return arena_text(p->arena, address);
    if (known && !ip_is_v4(ip)) return arena_format(p->arena, "[%.*s]:%u", TEXT_ARG(address), port);
    return arena_format(p->arena, "%.*s:%u", TEXT_ARG(address), port);
}

static void put_finding(const struct finding *f, struct buf *out) {
    buf_string(out, word_shown("finding", finding_name(f->word)));
    if (f->count != FINDING_NO_COUNT) buf_format(out, " %llu", (unsigned long long)f->count);
    if (f->has_upstream) {
        char written[IP_TEXT_MAX];
        buf_format(out, " %s %.*s", _("from"), TEXT_ARG(ip_write(f->upstream, written)));
    }
    if (f->note.size) {
        buf_string(out, ": ");
        buf_line(out, f->note);
    }
}

/* What was revealed stands beside an answer that says something else, or none. */
static struct text cell_finding(struct page *p, const struct finding *f, const struct finding *revealed) {
    struct buf out = {.max = 4096};
    bool other = revealed && revealed->word != FINDING_COUNT && revealed->word != f->word;
    if (f->word != FINDING_COUNT) put_finding(f, &out);
    if (other) {
        buf_format(&out, "%s(%s: ", out.size ? " " : "", _("revealed"));
        put_finding(revealed, &out);
        buf_char(&out, ')');
    }
    struct text cell = arena_text(p->arena, buf_as_text(&out));
    buf_free(&out);
    return cell;
}

static struct cells row_cells(struct page *p, const struct case_sheet *s, size_t row) {
    const struct fact *f = &s->facts.at[row];
    struct text target = f->object.size
                             ? f->object
                             : cell_address(p, f->known & KNOWN_DST, f->dst, f->known & KNOWN_DST_PORT, f->dst_port);
    return (struct cells){{
        arena_format(p->arena, "%zu", row),
        cell_time(p, f->first),
        cell_time(p, f->last),
        cell_address(p, f->known & KNOWN_SRC, f->src, f->known & KNOWN_SRC_PORT, f->src_port),
        target,
        word_text("event", f->event),
        f->count == SHEET_NO_COUNT ? (struct text){0} : arena_format(p->arena, "%llu", (unsigned long long)f->count),
        evidence_cell(s, row, p->arena),
        cell_finding(p, &s->findings[row], s->revealed ? &s->revealed[row] : NULL),
    }};
}

static void put_row(struct page *p, const struct cells *c, const size_t *widths) {
    buf_string(p->out, "  ");
    for (size_t i = 0; i < COLUMNS; i++) {
        struct text t = c->at[i];
        if (i == EVIDENCE_COLUMN && !widths[i]) continue; /* nothing was asked for or shown */
        if (i + 1 < COLUMNS && t.size > CELL_MAX) t = arena_format(p->arena, "%.*s…", CELL_MAX - 1, t.at);
        buf_pad(p->out, t, i + 1 < COLUMNS ? widths[i] + 2 : 0);
    }
    while (p->out->size && p->out->at[p->out->size - 1] == ' ') p->out->size--;
    buf_char(p->out, '\n');
}

static void put_facts(struct page *p, const struct case_sheet *s, size_t limit) {
    const struct matter *m = p->view->matter;
    struct talk *t = p->view->talk;
    size_t count = s->facts.count < limit ? s->facts.count : limit, widths[COLUMNS] = {0};
    struct cells *rows = ARENA_ARRAY(p->arena, struct cells, count + 1);
    rows[0] = (struct cells){{TEXT("#"), text_of(_("first seen")), text_of(_("last seen")), text_of(_("source")),
                              text_of(_("target")), text_of(_("event")), text_of(_("count")),
                              text_of(s->evidence->facts ? _("lines") : ""),
                              arena_format(p->arena, _("%.*s says"), TEXT_ARG(t->parties[1 - m->opener]))}};
    for (size_t i = 0; i < count; i++) rows[i + 1] = row_cells(p, s, i);
    for (size_t i = 0; i <= count; i++)
        for (size_t k = 0; k < COLUMNS; k++) {
            size_t columns = text_columns(rows[i].at[k]);
            if (columns > CELL_MAX) columns = CELL_MAX;
            if (columns > widths[k]) widths[k] = columns;
        }
    for (size_t i = 0; i <= count; i++) put_row(p, &rows[i], widths);
    if (count < s->facts.count) buf_format(p->out, _("  … and %zu more; --all shows them\n"), s->facts.count - count);
}

/* doc/claims.md says what each means. */
void missing_words(const struct checklist *l, struct buf *out) {
    const char *before = " ";
    if (!l->missing) return;
    buf_format(out, "%s:", _("Not there, and useful to check it"));
    for (size_t i = 0; i < l->count; i++) {
        const struct checklist_item *k = &l->at[i];
        if (k->state != CHECK_MISSING) continue;
        buf_format(out, "%s%s", before, word_shown("checklist", check_name(k->what)));
        if (k->lacking)
            buf_format(out, _n(" (in %llu of %llu fact)", " (in %llu of %llu facts)", k->facts),
                       (unsigned long long)k->lacking, (unsigned long long)k->facts);
        before = ", ";
    }
}

static void put_missing(struct page *p, const struct checklist *l) {
    if (!l->missing) return;
    buf_string(p->out, "  ");
    missing_words(l, p->out);
    buf_char(p->out, '\n');
}

static void put_sheet(struct page *p, const struct case_sheet *s, size_t limit) {
    struct buf *out = p->out;
    const struct sheet_state *state = s->state;
    buf_char(out, '\n');
    if (state->message->kind != KIND_INQUIRY) {
        buf_format(out, "%s %.*s\n", _("Facts of sheet"), TEXT_ARG(state->message->statement->meaning.sheet));
        put_label(out, _("Standing"));
        case_standing_line(p->view->talk, p->view->matter, state, out);
        buf_char(out, '\n');
    }
    put_label(out, _("Delivered"));
    buf_instant_or_dash(out, state->message->delivered);
    buf_char(out, '\n');
    put_deadline(p, _("to answer"), &state->deadline);
    if (p->view->matter->terms && erased_of_sheet(p->view, state)) {
        put_label(out, _("Deadline"));
        buf_format(out, "%s\n", _("to answer: none, for its sender erased what it attached"));
    }
    if (state->message->kind == KIND_INQUIRY) return;
    if (s->why.size) {
        buf_format(out, "  %s: ", _("the sheet can't be shown"));
        buf_line(out, s->why);
        buf_char(out, '\n');
    } else {
        put_facts(p, s, limit);
        put_missing(p, &s->checklist);
    }
    evidence_lines(p->view, s, out);
}

/* ---- the time line */

void cleared_words(const struct message_verdict *v, struct arena *a, struct buf *out) {
    if (!v->entry->card) return;
    struct names names = officer_names(v->entry->card, v->statement->signatures, v->statement->head->by, a);
    for (size_t i = 0; i < names.count; i++) buf_format(out, "%s%.*s", i ? ", " : "", TEXT_ARG(names.at[i]));
    if (names.count) buf_format(out, ": %s", _("cleared it"));
}

static void put_cleared(struct page *p, const struct message_verdict *v) {
    struct buf words = {.max = MESSAGE_MAX_BYTES};
    cleared_words(v, p->arena, &words);
    if (words.size) buf_format(p->out, "  (%.*s)", TEXT_ARG(buf_as_text(&words)));
    buf_free(&words);
}

static void put_message(struct page *p, const struct message_verdict *v) {
    struct buf *out = p->out;
    const struct said *s = talk_said(p->view->talk, v);
    const struct head *h = v->statement->head;
    struct text title, text;
    struct buf line = {.max = 1 << 20};
    buf_string(out, "  ");
    buf_instant_or_dash(out, v->entry->leaf->time);
    buf_string(out, "  ");
    buf_pad(out, p->view->talk->parties[v->entry->party], 22);
    buf_string(out, "  ");
    buf_pad(out, word_text("kind", h->kind), KIND_COLUMNS);
    buf_format(out, " %.8s", h->id.at);
    if (s) said_line(s, p->arena, &line);
    if (line.size) {
        buf_string(out, "  ");
        buf_text(out, buf_as_text(&line));
    }
    buf_free(&line);
    put_cleared(p, v);
    if (v->why) buf_format(out, "  ! %s: %s", _("does not count"), gettext(void_words(v->why)));
    if (!v->why && v->delivered == INSTANT_NONE) buf_format(out, "  (%s)", _("sent, no receipt yet"));
    if (v->unopened) buf_format(out, "  (%s)", _("declared unreadable"));
    buf_char(out, '\n');
    erased_lines(p->view, v, "      ", out);
    if (!s || v == p->view->matter->opening) return;
    said_text(s, p->arena, &title, &text);
    if (!text_is(text, kind_rules[v->kind < KIND_COUNT ? v->kind : 0].name)) put_text(p, text, "      ");
}

static void put_receipts(struct page *p) {
    struct talk *t = p->view->talk;
    const struct link_channel *c = talk_channel(t);
    struct buf *out = p->out;
    buf_format(out, "\n%s\n", _("Receipts"));
    buf_format(out,
               _n("  of %.*s for our record: %llu of %llu entry", "  of %.*s for our record: %llu of %llu entries",
                  c->own_size),
               TEXT_ARG(c->party), (unsigned long long)c->receipted_size, (unsigned long long)c->own_size);
    if (c->receipted_at != INSTANT_NONE) {
        buf_string(out, ", ");
        buf_instant_or_dash(out, c->receipted_at);
    }
    buf_format(out,
               _n("\n  ours for the record of %.*s: %llu of %llu entry\n",
                  "\n  ours for the record of %.*s: %llu of %llu entries\n", c->their_size),
               TEXT_ARG(c->party), (unsigned long long)c->cosigned_size, (unsigned long long)c->their_size);
}

/* What one can say now, by the rules and as the case stands. */
static void put_possible(struct page *p) {
    struct talk *t = p->view->talk;
    const struct matter *m = p->view->matter;
    struct text commands = say_is_now(t) ? possible_commands(t, m, say_useful(t, m)) : TEXT("");
    if (commands.size) buf_format(p->out, "\n%s\n  %.*s\n", _("What you can do now"), TEXT_ARG(commands));
}

void case_page(const struct case_view *v, bool all_rows, struct buf *out) {
    struct page p = {v, &v->talk->arena, out};
    put_head(&p);
    if (v->text.size) {
        buf_char(out, '\n');
        put_text(&p, v->text, "  ");
    }
    for (size_t i = 0; i < v->sheet_count; i++) put_sheet(&p, &v->sheets[i], all_rows ? SIZE_MAX : CASE_ROWS);
    settlement_page(v, out);
    buf_format(out, "\n%s\n", _("Time line"));
    for (size_t i = 0; i < v->line_count; i++) put_message(&p, v->line[i]);
    put_receipts(&p);
    put_possible(&p);
}
