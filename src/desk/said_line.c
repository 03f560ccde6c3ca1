/* What a message says beyond its text, in a line: one function a kind that has something to say. */
#include "claim/claim.h"
#include "desk/case_view.h"
#include "desk/terms.h"
#include "matter/dialogue.h"
#include "settlement/settlement.h"

/* Hashes are shown by their first digits: enough to tell one case's sheets and texts apart. */
static void put_short(struct text hex, struct buf *out) {
    buf_format(out, "%.*s…", (int)(hex.size < 12 ? hex.size : 12), hex.at);
}

static void between(struct buf *out, size_t from) {
    if (out->size > from) buf_string(out, "; ");
}

/* "; energy, health"; `list` gives the words their context, NULL: they are shown as they came. */
static void put_list(const char *list, const struct member_list *words, struct buf *out) {
    const struct text *at = words->at;
    for (size_t i = 0; i < words->count; i++) {
        buf_string(out, i ? ", " : "; ");
        buf_line(out, list ? word_text(list, at[i]) : at[i]);
    }
}

static void line_claim(const struct message *m, struct arena *a, struct buf *out) {
    struct claim c;
    if (claim_from_message(m, a, &c, NULL) || !c.sheet.size) return;
    buf_format(out, _n("%llu fact, sheet ", "%llu facts, sheet ", c.rows), (unsigned long long)c.rows);
    put_short(c.sheet, out);
    if (c.evidence_root.size) {
        buf_string(out, _(", evidence "));
        put_short(c.evidence_root, out);
    }
    const struct text words[] = {word_text("severity", c.severity), word_text("claim-class", c.class)};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!words[i].size) continue;
        buf_string(out, "; ");
        buf_line(out, words[i]);
    }
    put_list("sector", &c.sectors, out);
    put_list(NULL, &c.states, out);
}

/* What is asked for, and until when an answer is wished for. */
static void line_inquiry(const struct message *m, struct arena *a, struct buf *out) {
    struct inquiry q;
    if (inquiry_from_message(m, a, &q, NULL)) return;
    size_t from = out->size;
    if (q.action.size) {
        buf_format(out, "%s: ", _("asks"));
        buf_line(out, word_text("action", q.action));
    }
    if (q.by == INSTANT_NONE) return;
    between(out, from);
    buf_format(out, "%s ", _("an answer is wished for by"));
    buf_instant(out, q.by);
}

static void put_rows(struct row_set rows, struct buf *out) {
    buf_format(out, "%s ", _("facts"));
    row_set_write(rows, out);
}

static void line_ask(const struct message *m, struct arena *a, struct buf *out) {
    struct ask s;
    if (!ask_from_message(m, a, &s, NULL) && s.rows.count) put_rows(s.rows, out);
}

static void line_disclose(const struct message *m, struct arena *a, struct buf *out) {
    struct disclose s;
    if (disclose_from_message(m, a, &s, NULL) || !s.rows.count) return;
    put_rows(s.rows, out);
    if (s.ask.size) buf_format(out, _(", as asked for by %.8s"), arena_string(a, s.ask));
}

static void put_totals(const struct findings *f, struct buf *out) {
    struct finding_totals totals = findings_total(*f);
    size_t from = out->size;
    for (enum finding_word w = 0; w < FINDING_COUNT; w++) {
        if (!totals.of[w]) continue;
        if (out->size > from) buf_string(out, ", ");
        buf_format(out, "%llu %s", (unsigned long long)totals.of[w], word_shown("finding", finding_name(w)));
    }
}

static void line_answer(const struct message *m, struct arena *a, struct buf *out) {
    struct answer w;
    if (answer_from_message(m, a, &w, NULL)) return;
    size_t from = out->size;
    put_totals(&w.findings, out);
    const struct text words[] = {word_text("done", w.done), word_text("decline", w.reason)};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!words[i].size) continue;
        between(out, from);
        buf_line(out, words[i]);
    }
    const struct coverage *coverage = w.coverage.at;
    for (size_t i = 0; i < w.coverage.count; i++) {
        between(out, from);
        buf_string(out, _("looked at "));
        buf_line(out, coverage[i].source);
        if (coverage[i].from == INSTANT_NONE || coverage[i].until == INSTANT_NONE) continue;
        buf_char(out, ' ');
        buf_instant(out, coverage[i].from);
        buf_string(out, "/");
        buf_instant(out, coverage[i].until);
    }
}

static void line_consult(const struct message *m, struct arena *a, struct buf *out) {
    struct consult c;
    if (consult_from_message(m, a, &c, NULL)) return;
    size_t from = out->size;
    const struct meeting_time *times = c.times.at;
    for (size_t i = 0; i < c.times.count; i++) {
        between(out, from);
        buf_instant(out, times[i].from);
        if (times[i].until == INSTANT_NONE) continue;
        buf_char(out, '/');
        buf_instant(out, times[i].until);
    }
    if (c.cancelled) {
        between(out, from);
        buf_string(out, _("comes at no time named before"));
    }
    const struct text parts[] = {c.place, c.link};
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!parts[i].size) continue;
        between(out, from);
        buf_line(out, parts[i]);
    }
    const struct text *agenda = c.agenda.at;
    for (size_t i = 0; i < c.agenda.count; i++) {
        between(out, from);
        buf_line(out, agenda[i]);
    }
}

static void line_minutes(const struct message *m, struct arena *a, struct buf *out) {
    struct offered_minutes o;
    if (minutes_from_message(m, a, &o, NULL)) return;
    buf_string(out, _("text "));
    put_short(o.settlement, out);
    for (enum outcome_word w = 0; w < OUTCOME_COUNT; w++)
        if (o.outcomes[w] != MEMBER_NO_NUMBER && o.outcomes[w])
            buf_format(out, ", %llu %s", (unsigned long long)o.outcomes[w], word_shown("outcome", outcome_name(w)));
}

static void line_commit(const struct message *m, struct arena *a, struct buf *out) {
    struct commit c;
    if (commit_from_message(m, a, &c, NULL)) return;
    buf_string(out, _("commitment "));
    put_short(c.commitment, out);
}

static void line_agree(const struct message *m, struct arena *a, struct buf *out) {
    struct agree g;
    if (agree_from_message(m, a, &g, NULL)) return;
    buf_string(out, _("to the text "));
    put_short(g.settlement, out);
}

/* ---- dialogue */

static void line_dialogue(const struct message *m, struct arena *a, struct buf *out) {
    struct dialogue s;
    if (dialogue_from_message(m, a, &s, NULL)) return;
    size_t from = out->size;
    const char *reasons = text_is(m->head.kind, "close")        ? "close"
                          : text_is(m->head.kind, "unreadable") ? "unreadable"
                                                                : "decline";
    const struct text words[] = {
        word_text("reply", s.reply),
        word_text("about", s.about),
        word_text(reasons, s.reason),
        s.own_number,
        text_is(s.department, TRANSFER_DOMESTIC) ? text_of(_("to a domestic body that is not named")) : s.department,
        word_text("link", s.relation),
        s.other,
        s.basis};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!words[i].size) continue;
        between(out, from);
        buf_line(out, words[i]);
    }
    if (s.progress.size) {
        between(out, from);
        buf_format(out, _("undertaking %llu: %.*s"), (unsigned long long)s.undertaking,
                   TEXT_ARG(word_text("undertaking", s.progress)));
    }
    terms_line(&s.terms, from, out);
    if (s.until != INSTANT_NONE) {
        between(out, from);
        buf_string(out, _("until "));
        buf_instant(out, s.until);
    }
    if (s.entry != ENTRY_NONE) {
        between(out, from);
        buf_format(out, _("entry %llu"), (unsigned long long)s.entry);
    }
    if (s.consent != TLP_NONE) {
        between(out, from);
        buf_format(out, _("consents to TLP:%s"), tlp_name(s.consent));
    }
}

void said_line(const struct said *s, struct arena *a, struct buf *out) {
    static void (*const of[KIND_COUNT])(const struct message *, struct arena *, struct buf *) = {
        [KIND_CLAIM] = line_claim,       [KIND_CORRECT] = line_claim,     [KIND_ANSWER] = line_answer,
        [KIND_CONSULT] = line_consult,   [KIND_AGREE] = line_agree,       [KIND_MINUTES] = line_minutes,
        [KIND_PROPOSAL] = line_dialogue, [KIND_REPLY] = line_dialogue,    [KIND_ACKNOWLEDGE] = line_dialogue,
        [KIND_DECLINE] = line_dialogue,  [KIND_TRANSFER] = line_dialogue, [KIND_REMARK] = line_dialogue,
        [KIND_LINK] = line_dialogue,     [KIND_CLOSE] = line_dialogue,    [KIND_UNREADABLE] = line_dialogue,
        [KIND_ORIGINS] = line_dialogue,  [KIND_ASK] = line_ask,           [KIND_DISCLOSE] = line_disclose,
        [KIND_INQUIRY] = line_inquiry,   [KIND_COMMIT] = line_commit,     [KIND_REVEAL] = line_commit,
    };
    enum kind kind;
    if (kind_read(s->message.head.kind, &kind) && of[kind]) of[kind](&s->message, a, out);
}

void said_text(const struct said *s, struct arena *a, struct text *title, struct text *text) {
    *title = *text = (struct text){0};
    if (!s->understood || frame_read(&s->message, FRAME_ANY_KIND, NULL, a, NULL, title, text, NULL))
        *title = *text = (struct text){0};
}
