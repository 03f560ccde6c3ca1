/* Opened messages to claims, inquiries, asks and disclosures. */
#include "claim/body.h"

enum error claim_from_message(const struct message *m, struct arena *a, struct claim *out, struct diag *d) {
    struct claim c = CLAIM_EMPTY;
    bool correct = text_is(m->head.kind, "correct");
    enum error result = frame_read(m, FRAME_KIND(KIND_CLAIM) | FRAME_KIND(KIND_CORRECT),
                                   correct ? &correct_members : &claim_members, a, &c, &c.title, &c.summary, d);
    if (result) return result;
    /* Facts that nobody can look at are none. */
    if (c.rows == MEMBER_NO_NUMBER || !c.sheet.size || !head_attachment(&m->head, ROLE_FACTS, c.sheet)) c.rows = 0;
    if (!c.evidence_root.size || c.evidence_size == MEMBER_NO_NUMBER) {
        c.evidence_root = (struct text){0};
        c.evidence_size = MEMBER_NO_NUMBER;
    }
    *out = c;
    return OK;
}

enum error inquiry_from_message(const struct message *m, struct arena *a, struct inquiry *out, struct diag *d) {
    struct inquiry i = INQUIRY_EMPTY;
    enum error result = frame_read(m, FRAME_KIND(KIND_INQUIRY), &inquiry_members, a, &i, &i.title, &i.question, d);
    if (!result) *out = i;
    return result;
}

static enum error read_rows(const struct message *m, enum kind kind, struct arena *a, struct named_rows *named,
                            struct row_set *rows, struct text *text, struct diag *d) {
    enum error result = frame_read(m, FRAME_KIND(kind), &rows_members, a, named, NULL, text, d);
    return result ? result : row_set_read(named->rows, a, rows, d);
}

enum error ask_from_message(const struct message *m, struct arena *a, struct ask *out, struct diag *d) {
    struct named_rows named = {0};
    struct ask s = {0};
    enum error result = read_rows(m, KIND_ASK, a, &named, &s.rows, &s.text, d);
    s.sheet = named.sheet;
    if (!result) *out = s;
    return result;
}

enum error disclose_from_message(const struct message *m, struct arena *a, struct disclose *out, struct diag *d) {
    struct named_rows named = {0};
    struct disclose s = {0};
    enum error result = read_rows(m, KIND_DISCLOSE, a, &named, &s.rows, &s.text, d);
    s.sheet = named.sheet;
    s.ask = named.ask;
    if (!result) *out = s;
    return result;
}
