/* With whom one speaks in a case, what it asks for, and by which numbers both sides file it. */
#include "claim/claim.h"
#include "desk/case_view.h"

struct text said_action(const struct said *s, struct arena *a) {
    struct inquiry q = INQUIRY_EMPTY;
    if (!text_is(s->message.head.kind, "inquiry") || inquiry_from_message(&s->message, a, &q, NULL))
        return (struct text){0};
    return q.action;
}

struct text matter_action(struct talk *t, const struct matter *m) {
    const struct said *s = talk_said(t, m->opening);
    return s ? said_action(s, &t->arena) : (struct text){0};
}

struct text title_shown(struct text title, struct text action, struct arena *a) {
    if (!action.size) return title;
    return arena_format(a, _("%.*s (asks: %.*s)"), TEXT_ARG(title), TEXT_ARG(word_text("action", action)));
}

struct text matter_line(struct talk *t, const struct matter *m) {
    return title_shown(matter_title(t, m), matter_action(t, m), &t->arena);
}

/* The department of a party that an own transfer of it names: an authority outside can't be spoken to here. */
static bool passed_to(struct talk *t, const struct matter *m, unsigned party, struct text *out) {
    const struct said_by *said = &m->said[party];
    for (size_t i = said->count; i-- > 0;) {
        const struct said *s = said->at[i]->kind == KIND_TRANSFER ? talk_said(t, said->at[i]) : NULL;
        struct dialogue d;
        if (!s || dialogue_from_message(&s->message, &t->arena, &d, NULL)) continue;
        struct text rest = d.department;
        if (!text_skip(&rest, t->parties[party]) || !text_skip(&rest, TEXT("/"))) return false;
        const struct card *card = talk_card(t, party);
        for (size_t k = 0; card && k < card->department_count; k++)
            if (text_equal(card->departments[k].department, rest)) {
                *out = d.department;
                return true;
            }
        return false;
    }
    return false;
}

struct text case_addressee(struct talk *t, const struct matter *m) {
    const struct head *opening = m->opening->statement->head;
    struct text to = m->opener == t->own ? opening->to : opening->from;
    (void)passed_to(t, m, 1 - t->own, &to);
    return to;
}

static const struct member of_number[] = {{.name = "own_number", .type = MEMBER_LINE, .offset = 0}};
static const struct member_table number_members = {of_number, COUNT(of_number), sizeof(struct text)};

struct text said_number(const struct said *s, struct arena *a) {
    struct text number = {0};
    if (!s->understood || frame_read(&s->message, FRAME_ANY_KIND, &number_members, a, &number, NULL, NULL, NULL))
        number = (struct text){0};
    return number;
}

void matter_numbers(struct talk *t, const struct matter *m, struct text out[static 2]) {
    for (unsigned p = 0; p < 2; p++) {
        out[p] = (struct text){0};
        for (size_t i = m->said[p].count; i-- > 0 && !out[p].size;) {
            const struct said *s = talk_said(t, m->said[p].at[i]);
            if (s) out[p] = said_number(s, &t->arena);
        }
    }
}
