/* Claims, inquiries, asks and disclosures to the bodies of messages. */
#include "claim/body.h"

#include "vocab/iso3166.h"

#define CLAIM_REST                                                                                                     \
    {.name = "events", .type = MEMBER_LINE, .offset = offsetof(struct claim, events)},                                 \
        {.name = "evidence_root", .type = MEMBER_SHA256, .offset = offsetof(struct claim, evidence_root)},             \
        {.name = "evidence_size", .type = MEMBER_NUMBER, .offset = offsetof(struct claim, evidence_size)},             \
        {.name = "severity",                                                                                           \
         .type = MEMBER_WORD,                                                                                          \
         .words = &words_severity,                                                                                     \
         .offset = offsetof(struct claim, severity)},                                                                  \
        {.name = "claim_class",                                                                                        \
         .type = MEMBER_WORD,                                                                                          \
         .words = &words_claim_class,                                                                                  \
         .offset = offsetof(struct claim, class)},                                                                     \
        {.name = "states", .type = MEMBER_LINES, .max = CLAIM_STATES_MAX, .offset = offsetof(struct claim, states)},   \
        {.name = "sectors",                                                                                            \
         .type = MEMBER_LINES,                                                                                         \
         .max = CLAIM_SECTORS_MAX,                                                                                     \
         .offset = offsetof(struct claim, sectors)},                                                                   \
    {                                                                                                                  \
        .name = "own_number", .type = MEMBER_LINE, .offset = offsetof(struct claim, own_number)                        \
    }

/* What comes in may lack a sheet: such a claim opens its case and is inadmissible. */
static const struct member of_claim[] = {
    {.name = "sheet", .type = MEMBER_SHA256, .offset = offsetof(struct claim, sheet)},
    {.name = "rows", .type = MEMBER_NUMBER, .offset = offsetof(struct claim, rows)},
    CLAIM_REST,
};
static const struct member of_correct[] = {
    {.name = "sheet", .type = MEMBER_SHA256, .needed = true, .offset = offsetof(struct claim, sheet)},
    {.name = "rows", .type = MEMBER_NUMBER, .needed = true, .offset = offsetof(struct claim, rows)},
    {.name = "corrects", .type = MEMBER_SHA256, .offset = offsetof(struct claim, corrects)},
    CLAIM_REST,
};
static const struct member of_inquiry[] = {
    {.name = "action", .type = MEMBER_WORD, .words = &words_action, .offset = offsetof(struct inquiry, action)},
    {.name = "answer_by", .type = MEMBER_TIME, .offset = offsetof(struct inquiry, by)},
    {.name = "own_number", .type = MEMBER_LINE, .offset = offsetof(struct inquiry, own_number)},
};
static const struct member of_rows[] = {
    {.name = "sheet", .type = MEMBER_SHA256, .offset = offsetof(struct named_rows, sheet)},
    {.name = "rows", .type = MEMBER_LINE, .max = 1 << 20, .offset = offsetof(struct named_rows, rows)},
    {.name = "ask", .type = MEMBER_LINE, .max = 64, .offset = offsetof(struct named_rows, ask)},
};

const struct member_table claim_members = MEMBER_TABLE(of_claim, struct claim);
const struct member_table correct_members = MEMBER_TABLE(of_correct, struct claim);
const struct member_table inquiry_members = MEMBER_TABLE(of_inquiry, struct inquiry);
const struct member_table rows_members = MEMBER_TABLE(of_rows, struct named_rows);

/* Codes that ISO has assigned, and sectors of the list: a reader takes any, as later versions may have more. */
static enum error check_places(const struct claim *c, struct diag *d) {
    const struct text *states = c->states.at, *sectors = c->sectors.at;
    struct country ignored;
    for (size_t i = 0; i < c->states.count; i++)
        if (!iso3166_read(states[i], &ignored))
            return fail(d, ERR_INPUT, _("expected a country's code of ISO 3166-1 as FR, found “%.*s”"),
                        TEXT_ARG(states[i]));
    for (size_t i = 0; i < c->sectors.count; i++)
        if (!word_find(&words_sector, sectors[i]))
            return fail(d, ERR_INPUT, _("there is no sector “%.*s”"), TEXT_ARG(sectors[i]));
    return OK;
}

/* "A claim without a checkable fact can't be composed": the sheet was checked when the claim was made of it
 * (from_fact.h); here it must be there. */
static enum error check_sheet(const struct claim *c, const struct head *h, struct diag *d) {
    if (!c->sheet.size || !c->rows || c->rows == MEMBER_NO_NUMBER)
        return fail(d, ERR_INPUT, _("a claim rests on facts: expected a fact sheet, found none"));
    if (!head_attachment(h, ROLE_FACTS, c->sheet))
        return fail(d, ERR_INPUT, _("the message does not attach the fact sheet %.*s"), TEXT_ARG(c->sheet));
    if (!c->evidence_root.size != (c->evidence_size == MEMBER_NO_NUMBER))
        return fail(d, ERR_INPUT, _("evidence has a root and a size"));
    return OK;
}

enum error claim_write(const struct claim *c, const struct head *h, instant created, struct buf *out, struct diag *d) {
    bool correct = text_is(h->kind, "correct");
    enum error result = check_sheet(c, h, d);
    if (!result) result = check_places(c, d);
    struct wording w = {
        .title = c->title, .text = c->summary, .members = correct ? &correct_members : &claim_members, .from = c};
    if (!result && !correct && c->corrects.size)
        result = fail(d, ERR_INPUT, _("only a correction takes the place of a sheet"));
    return result ? result : frame_write(h, created, &w, out, d);
}

enum error inquiry_write(const struct inquiry *i, const struct head *h, instant created, struct buf *out,
                         struct diag *d) {
    struct wording w = {.title = i->title, .text = i->question, .members = &inquiry_members, .from = i};
    if (!i->question.size) return fail(d, ERR_INPUT, _("an inquiry asks something: expected a question"));
    return frame_write(h, created, &w, out, d);
}

static enum error write_rows(struct named_rows named, struct row_set rows, struct text text, const struct head *h,
                             instant created, struct buf *out, struct diag *d) {
    struct buf spelled = {.max = 1 << 20};
    row_set_write(rows, &spelled);
    enum error result = buf_check(&spelled, d);
    if (!result && named.sheet.size && !rows.count) result = fail(d, ERR_INPUT, _("expected rows of the fact sheet"));
    named.rows = buf_as_text(&spelled);
    struct wording w = {.text = text, .members = &rows_members, .from = &named};
    if (!result) result = frame_write(h, created, &w, out, d);
    buf_free(&spelled);
    return result;
}

enum error ask_write(const struct ask *s, const struct head *h, instant created, struct buf *out, struct diag *d) {
    return write_rows((struct named_rows){.sheet = s->sheet}, s->rows, s->text, h, created, out, d);
}

enum error disclose_write(const struct disclose *s, const struct head *h, instant created, struct buf *out,
                          struct diag *d) {
    return write_rows((struct named_rows){.sheet = s->sheet, .ask = s->ask}, s->rows, s->text, h, created, out, d);
}
