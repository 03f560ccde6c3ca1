/* Gathering what a case shows. */
#include "desk/case_view.h"

#include <stdlib.h>
#include <string.h>

#include "claim/claim.h"
#include "desk/told.h"

/* ---- sheets and findings */

/* What all sheets of a case may take together once they are read: one side alone chooses how many and how large. */
#define SHEETS_BYTES_MAX ((size_t)2 << 30)

struct viewing {
    struct talk *talk;
    const struct matter *matter;
    size_t left; /* of SHEETS_BYTES_MAX */
};

static size_t line_count(const struct buf *plain) {
    size_t count = 0;
    for (struct text rest = buf_as_text(plain), line; text_line(&rest, &line);) count++;
    return count;
}

static bool take_room(struct viewing *v, size_t bytes) {
    if (bytes > v->left) return false;
    v->left -= bytes;
    return true;
}

/* The findings sheet that an answer attaches, if it says the same and is no larger than what it is about. */
static bool read_detailed(struct viewing *v, const struct said *s, const struct answer *answer, size_t rows,
                          struct arena *a, struct findings *out) {
    enum { HEADER_LINES = 2 };
    struct buf plain = {.max = FINDINGS_MAX_BYTES};
    const struct attach *attach = head_attachment(&s->message.head, ROLE_FINDINGS, answer->findings_sheet);
    bool good = answer->findings_sheet.size && attach && !talk_attachment(v->talk, attach, &plain, NULL) &&
                line_count(&plain) <= rows + HEADER_LINES && take_room(v, plain.size) &&
                !findings_read(arena_bytes(a, buf_as_bytes(&plain)), a, out, NULL) && !answer_fits(answer, *out, NULL);
    buf_free(&plain);
    return good;
}

static void note_answer(struct viewing *v, const struct said *s, struct case_sheet *into) {
    struct arena a = {.max_bytes = SIZE_MAX / 2};
    struct answer answer;
    struct findings sheet = {0};
    if (answer_from_message(&s->message, &a, &answer, NULL) == OK) {
        const struct findings *said =
            read_detailed(v, s, &answer, into->facts.count, &a, &sheet) ? &sheet : &answer.findings;
        for (size_t i = 0; i < said->count; i++) {
            if (said->at[i].row >= into->facts.count) continue;
            struct finding *f = &into->findings[said->at[i].row];
            *f = said->at[i];
            f->note = arena_text(&v->talk->arena, f->note);
        }
    }
    arena_free(&a);
}

static void gather_findings(struct viewing *v, struct case_sheet *into) {
    struct text hash = into->state->message->statement->meaning.sheet;
    const struct said_by *answerer = &v->matter->said[1 - v->matter->opener];
    for (size_t i = 0; i < answerer->count; i++) {
        const struct message_verdict *m = answerer->at[i];
        const struct said *s = m->kind == KIND_ANSWER ? talk_said(v->talk, m) : NULL;
        if (s && text_equal(m->statement->meaning.sheet, hash)) note_answer(v, s, into);
    }
}

static enum error read_sheet(struct viewing *v, const struct buf *plain, struct case_sheet *out, struct diag *d) {
    struct arena *a = &v->talk->arena;
    size_t row_bytes = sizeof(struct fact) + sizeof(struct finding), rows = line_count(plain);
    if (!take_room(v, 2 * plain->size + rows * row_bytes)) /* both far from the end of size_t: SHEET_BYTES_MAX */
        return fail(d, ERR_LIMIT, _("the sheets of the case are too large to be shown together"));
    return sheet_read(arena_bytes(a, buf_as_bytes(plain)), a, &out->facts, d);
}

static void check_claim(struct talk *t, struct case_sheet *out) {
    struct claim claim;
    const struct said *s = talk_said(t, out->state->message);
    if (s && claim_from_message(&s->message, &t->arena, &claim, NULL) == OK)
        checklist_of(&claim, out->facts, &out->checklist);
}

static void open_sheet(struct viewing *v, const struct sheet_state *state, struct case_sheet *out) {
    struct arena *a = &v->talk->arena;
    struct diag why = {0};
    struct buf plain = {.max = SHEET_BYTES_MAX};
    *out = (struct case_sheet){.state = state};
    enum error result = talk_sheet(v->talk, state->message->statement->meaning.sheet, &plain, &why);
    if (!result) result = read_sheet(v, &plain, out, &why);
    buf_free(&plain);
    if (result) {
        out->why = arena_text(a, text_of(why.text));
        return;
    }
    check_claim(v->talk, out);
    out->findings = ARENA_ARRAY(a, struct finding, out->facts.count);
    for (size_t i = 0; i < out->facts.count; i++) out->findings[i].word = FINDING_COUNT;
    gather_findings(v, out);
}

/* ---- the time line */

static struct told told_by(const struct case_view *v, unsigned party, struct arena *a) {
    const struct matter_state *s = &v->talk->state;
    struct told t = {.at = ARENA_ARRAY(a, const struct message_verdict *, s->message_count)};
    for (size_t i = 0; i < s->message_count; i++)
        if (s->messages[i].entry->party == party && text_equal(s->messages[i].statement->head->matter, v->matter->name))
            t.at[t.count++] = &s->messages[i];
    return t;
}

static void gather_line(struct case_view *v, struct arena *a) {
    struct told all = told_together(told_by(v, 0, a), told_by(v, 1, a), a);
    v->line = all.at;
    v->line_count = all.count;
}

/* What is gone is not what fails to open. */
static void explain_erased(struct case_view *v, const struct message_verdict *m, const struct attach *attach,
                           struct text *why) {
    const struct erasure *e = attach ? erasure_of(&v->erasures, m->entry->party, attach->sealed) : NULL;
    struct buf words = {.max = MESSAGE_MAX_BYTES};
    if (!e || !why->size) return;
    erasure_words(e, &words);
    *why = arena_text(&v->talk->arena, buf_as_text(&words));
    buf_free(&words);
}

static void explain_sheets(struct case_view *v) {
    for (size_t i = 0; i < v->sheet_count; i++) {
        const struct message_verdict *m = v->sheets[i].state->message;
        explain_erased(v, m, head_attachment(m->statement->head, ROLE_FACTS, m->statement->meaning.sheet),
                       &v->sheets[i].why);
    }
}

static void gather_evidence(struct case_view *v, struct arena *a) {
    struct sheet *facts = ARENA_ARRAY(a, struct sheet, v->sheet_count);
    for (size_t i = 0; i < v->sheet_count; i++) facts[i] = v->sheets[i].facts;
    evidence_gather(v->talk, v->matter, facts, &v->evidence);
    for (size_t i = 0; i < v->sheet_count; i++) v->sheets[i].evidence = &v->evidence.sheets[i];
    for (size_t i = 0; i < v->evidence.part_count; i++) {
        struct shown_part *p = &v->evidence.parts[i];
        explain_erased(v, p->by, p->attach, &p->why);
    }
}

static void gather_revealed(struct viewing *g, struct case_view *v) {
    commitments_gather(v->talk, v->matter, &g->left, &v->commitments);
    for (size_t i = 0; i < v->commitments.count; i++) {
        struct commitment *c = &v->commitments.at[i];
        if (c->reveal)
            explain_erased(v, c->reveal, head_attachment(c->reveal->statement->head, ROLE_FINDINGS, (struct text){0}),
                           &c->why);
        struct case_sheet *s = c->findings.count ? &v->sheets[c->sheet - v->matter->sheets] : NULL;
        if (!s || !s->facts.count || (!s->revealed && !take_room(g, s->facts.count * sizeof *s->revealed))) continue;
        if (!s->revealed) {
            s->revealed = ARENA_ARRAY(&v->talk->arena, struct finding, s->facts.count);
            for (size_t k = 0; k < s->facts.count; k++) s->revealed[k].word = FINDING_COUNT;
        }
        for (size_t k = 0; k < c->findings.count; k++)
            if (c->findings.at[k].row < s->facts.count) s->revealed[c->findings.at[k].row] = c->findings.at[k];
    }
}

enum error case_view(struct talk *t, const struct matter *m, struct case_view *out, struct diag *d) {
    struct arena *a = &t->arena;
    struct case_view v = {.talk = t, .matter = m, .sheet_count = m->sheet_count};
    const struct said *opening = talk_said(t, m->opening);
    if (!opening) return fail(d, ERR_INTERNAL, _("a case without its opening"));
    said_text(opening, a, &v.title, &v.text);
    struct viewing viewing = {t, m, SHEETS_BYTES_MAX};
    erasures_gather(t, a, &v.erasures);
    v.sheets = ARENA_ARRAY(a, struct case_sheet, m->sheet_count);
    for (size_t i = 0; i < m->sheet_count; i++) {
        v.sheets[i] = (struct case_sheet){.state = &m->sheets[i]};
        if (m->sheets[i].message->kind != KIND_INQUIRY) open_sheet(&viewing, &m->sheets[i], &v.sheets[i]);
    }
    explain_sheets(&v);
    gather_evidence(&v, a);
    gather_revealed(&viewing, &v);
    gather_line(&v, a);
    *out = v;
    return OK;
}
