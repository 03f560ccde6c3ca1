#include "desk/case_report.h"
#include "claim/claim.h"
#include "desk/gate.h"
#include "party/profile.h"

/* The list of a body, of struct text each. */
static struct names names_of(struct member_list l) { return (struct names){l.at, l.count}; }

static void take_claim(const struct said *s, struct arena *a, struct report *out) {
    struct claim claim;
    if (claim_from_message(&s->message, a, &claim, NULL)) return;
    out->severity = claim.severity;
    out->states = names_of(claim.states);
    out->sectors = names_of(claim.sectors);
    out->own_number = claim.own_number;
}

static void take_inquiry(const struct said *s, struct arena *a, struct report *out) {
    struct inquiry inquiry;
    if (inquiry_from_message(&s->message, a, &inquiry, NULL)) return;
    out->action = inquiry.action;
    out->own_number = inquiry.own_number;
}

static void take_answer(const struct said *s, struct arena *a, struct text sheet, struct report *r,
                        struct report_said *said) {
    struct answer answer;
    if (answer_from_message(&s->message, a, &answer, NULL)) return;
    said->request = answer.done;
    said->why = answer.reason;
    if (!text_equal(answer.sheet, sheet)) return;
    r->coverage = answer.coverage.at;
    r->coverage_count = answer.coverage.count;
    r->findings_author = said->author;
}

static void take_decline(const struct said *s, struct arena *a, struct report_said *said) {
    struct dialogue decline;
    if (!dialogue_from_message(&s->message, a, &decline, NULL)) said->why = decline.reason;
}

/* What counts and opens here, by time. */
static void take_line(const struct case_view *v, struct text sheet, struct report *out) {
    struct arena *a = &v->talk->arena;
    struct report_said *all = ARENA_ARRAY(a, struct report_said, v->line_count);
    for (size_t i = 0; i < v->line_count; i++) {
        const struct message_verdict *m = v->line[i];
        const struct said *s = m->why ? NULL : talk_said(v->talk, m);
        if (!s || !s->understood) continue;
        const struct head *h = &s->message.head;
        struct report_said *said = &all[out->said_count++];
        *said = (struct report_said){.id = h->id,
                                     .kind = h->kind,
                                     .author = h->from,
                                     .lang = h->lang,
                                     .tlp = gate_level(v->talk, s),
                                     .time = m->entry->leaf->time,
                                     .body = bytes_from_text(s->message.body)};
        said_text(s, a, &said->title, &said->text);
        if (m->kind == KIND_ANSWER) take_answer(s, a, sheet, out, said);
        if (m->kind == KIND_DECLINE) take_decline(s, a, said);
        out->changed = said->time;
    }
    out->said = all;
}

struct text card_mail(const struct card *c, struct text department, struct arena *a) {
    struct names lines = c ? about_lines(c, department, "contact", a) : (struct names){0};
    for (size_t i = 0; i < lines.count; i++)
        if (text_starts(lines.at[i], TEXT("mailto:"))) return text_sub(lines.at[i], 7, lines.at[i].size);
    return (struct text){0};
}

static struct text department_of(struct text place) {
    struct text rest = place, party;
    return text_cut(&rest, '/', &party) ? rest : (struct text){0};
}

static bool answered(const struct case_sheet *s) {
    for (size_t i = 0; i < s->facts.count; i++)
        if (s->findings[i].word != FINDING_COUNT) return true;
    return false;
}

enum error case_report(const struct case_view *v, const struct case_sheet *sheet, struct report *out, struct diag *d) {
    struct arena *a = &v->talk->arena;
    const struct matter *m = v->matter;
    const struct said *opening = talk_said(v->talk, m->opening);
    if (sheet && sheet->why.size)
        return fail(d, ERR_MISSING, _("the facts of the case can't be opened: %.*s"), TEXT_ARG(sheet->why));
    *out = REPORT_EMPTY;
    out->id = m->name;
    out->title = v->title;
    out->text = v->text;
    out->tlp = m->tlp;
    out->created = m->opening->entry->leaf->time;
    if (opening) {
        const struct head *h = &opening->message.head;
        out->lang = h->lang;
        out->from = h->from;
        out->to = h->to;
        out->from_mail = card_mail(talk_card(v->talk, m->opener), department_of(h->from), a);
        if (m->opening->kind == KIND_CLAIM) take_claim(opening, a, out);
        if (m->opening->kind == KIND_INQUIRY) take_inquiry(opening, a, out);
    }
    if (sheet) out->facts = sheet->facts;
    if (sheet && answered(sheet)) out->findings = sheet->findings;
    take_line(v, sheet ? sheet->state->message->statement->meaning.sheet : (struct text){0}, out);
    return OK;
}

enum tlp report_level(const struct report *r) {
    enum tlp most = r->tlp;
    for (size_t i = 0; i < r->said_count; i++)
        if (r->said[i].tlp > most) most = r->said[i].tlp;
    return most;
}
