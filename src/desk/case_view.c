/* Gathering what a case shows. */
#include "desk/case_view.h"

#include <stdlib.h>
#include <string.h>

#include "claim/claim.h"

/* ---- sheets and findings */

static void note_answer(struct talk *t, const struct said *s, struct case_sheet *into) {
    struct arena *a = &t->arena;
    struct answer answer;
    struct findings sheet = {0};
    struct buf plain = {.max = FINDINGS_MAX_BYTES};
    if (answer_from_message(&s->message, a, &answer, NULL)) return;
    const struct attach *attach = head_attachment(&s->message.head, ROLE_FINDINGS, answer.findings_sheet);
    bool detailed = answer.findings_sheet.size && attach && !talk_attachment(t, attach, &plain, NULL) &&
                    !findings_read(arena_bytes(a, buf_as_bytes(&plain)), a, &sheet, NULL) &&
                    !answer_fits(&answer, sheet, NULL);
    const struct findings *said = detailed ? &sheet : &answer.findings;
    for (size_t i = 0; i < said->count; i++)
        if (said->at[i].row < into->facts.count) into->findings[said->at[i].row] = said->at[i];
    buf_free(&plain);
}

static void gather_findings(struct talk *t, const struct matter *m, struct case_sheet *into) {
    struct text hash = into->state->message->statement->meaning.sheet;
    const struct said_by *answerer = &m->said[1 - m->opener];
    for (size_t i = 0; i < answerer->count; i++) {
        const struct message_verdict *v = answerer->at[i];
        const struct said *s = v->kind == KIND_ANSWER ? talk_said(t, v) : NULL;
        if (s && text_equal(v->statement->meaning.sheet, hash)) note_answer(t, s, into);
    }
}

static void open_sheet(struct talk *t, const struct matter *m, const struct sheet_state *state,
                       struct case_sheet *out) {
    struct arena *a = &t->arena;
    struct diag why = {0};
    struct buf plain = {.max = SHEET_BYTES_MAX};
    *out = (struct case_sheet){.state = state};
    enum error result = talk_sheet(t, state->message->statement->meaning.sheet, &plain, &why);
    if (!result) result = sheet_read(arena_bytes(a, buf_as_bytes(&plain)), a, &out->facts, &why);
    buf_free(&plain);
    if (result) {
        out->why = arena_text(a, text_of(why.text));
        return;
    }
    out->findings = ARENA_ARRAY(a, struct finding, out->facts.count);
    for (size_t i = 0; i < out->facts.count; i++) out->findings[i].word = FINDING_COUNT;
    gather_findings(t, m, out);
}

/* ---- the time line */

static int compare_times(const void *a, const void *b) {
    const struct message_verdict *x = *(const struct message_verdict *const *)a,
                                 *y = *(const struct message_verdict *const *)b;
    instant at = x->entry->leaf->time, other = y->entry->leaf->time;
    if (at != other) return at < other ? -1 : 1;
    if (x->entry->party != y->entry->party) return x->entry->party < y->entry->party ? -1 : 1;
    return x->entry->position < y->entry->position ? -1 : x->entry->position > y->entry->position;
}

static void gather_line(struct case_view *v, struct arena *a) {
    const struct matter_state *s = &v->talk->state;
    v->line = ARENA_ARRAY(a, const struct message_verdict *, s->message_count);
    for (size_t i = 0; i < s->message_count; i++)
        if (text_equal(s->messages[i].statement->head->matter, v->matter->name))
            v->line[v->line_count++] = &s->messages[i];
    qsort(v->line, v->line_count, sizeof *v->line, compare_times);
}

enum error case_view(struct talk *t, const struct matter *m, struct case_view *out, struct diag *d) {
    struct arena *a = &t->arena;
    struct case_view v = {.talk = t, .matter = m, .sheet_count = m->sheet_count};
    const struct said *opening = talk_said(t, m->opening);
    if (!opening) return fail(d, ERR_INTERNAL, _("a case without its opening"));
    said_text(opening, a, &v.title, &v.text);
    v.sheets = ARENA_ARRAY(a, struct case_sheet, m->sheet_count);
    for (size_t i = 0; i < m->sheet_count; i++) {
        v.sheets[i] = (struct case_sheet){.state = &m->sheets[i]};
        if (m->sheets[i].message->kind != KIND_INQUIRY) open_sheet(t, m, &m->sheets[i], &v.sheets[i]);
    }
    gather_line(&v, a);
    *out = v;
    return OK;
}
