/* Answers, commitments and their revelation to the bodies of messages. */
#include "finding/body.h"

static const struct member of_run[] = {
    {.name = "first_row", .type = MEMBER_NUMBER, .needed = true, .offset = offsetof(struct finding_run, first_row)},
    {.name = "words",
     .type = MEMBER_LINE,
     .needed = true,
     .max = BODY_MAX_BYTES,
     .offset = offsetof(struct finding_run, words)},
};
static const struct member_table run_members = MEMBER_TABLE(of_run, struct finding_run);

static const struct member of_coverage[] = {
    {.name = "source", .type = MEMBER_LINE, .needed = true, .offset = offsetof(struct coverage, source)},
    {.name = "from", .type = MEMBER_TIME, .offset = offsetof(struct coverage, from)},
    {.name = "until", .type = MEMBER_TIME, .offset = offsetof(struct coverage, until)},
    {.name = "sampled", .type = MEMBER_TRUTH, .offset = offsetof(struct coverage, sampled)},
    {.name = "clock_bound_seconds", .type = MEMBER_NUMBER, .offset = offsetof(struct coverage, clock_bound_seconds)},
    {.name = "note", .type = MEMBER_LINE, .offset = offsetof(struct coverage, note)},
};
const struct member_table coverage_members = MEMBER_TABLE(of_coverage, struct coverage);

static const struct member of_answer[] = {
    {.name = "sheet", .type = MEMBER_SHA256, .offset = offsetof(struct spelled_answer, sheet)},
    {.name = "findings", .type = MEMBER_LIST, .items = &run_members, .offset = offsetof(struct spelled_answer, runs)},
    {.name = "findings_sheet", .type = MEMBER_SHA256, .offset = offsetof(struct spelled_answer, findings_sheet)},
    {.name = "coverage",
     .type = MEMBER_LIST,
     .max = 1000,
     .items = &coverage_members,
     .offset = offsetof(struct spelled_answer, coverage)},
    {.name = "territory_table", .type = MEMBER_SHA256, .offset = offsetof(struct spelled_answer, territory_table)},
    {.name = "done", .type = MEMBER_WORD, .words = &words_done, .offset = offsetof(struct spelled_answer, done)},
    {.name = "reason", .type = MEMBER_WORD, .words = &words_decline, .offset = offsetof(struct spelled_answer, reason)},
    {.name = "own_number", .type = MEMBER_LINE, .offset = offsetof(struct spelled_answer, own_number)},
};
static const struct member of_commit[] = {
    {.name = "sheet", .type = MEMBER_SHA256, .offset = offsetof(struct commit, sheet)},
    {.name = "commitment", .type = MEMBER_SHA256, .needed = true, .offset = offsetof(struct commit, commitment)},
};
static const struct member of_reveal[] = {
    {.name = "sheet", .type = MEMBER_SHA256, .offset = offsetof(struct commit, sheet)},
    {.name = "commitment", .type = MEMBER_SHA256, .needed = true, .offset = offsetof(struct commit, commitment)},
    {.name = "salt", .type = MEMBER_SHA256, .needed = true, .offset = offsetof(struct commit, salt)},
};

const struct member_table answer_members = MEMBER_TABLE(of_answer, struct spelled_answer);
const struct member_table commit_members = MEMBER_TABLE(of_commit, struct commit);
const struct member_table reveal_members = MEMBER_TABLE(of_reveal, struct commit);

enum body_opinion findings_opinion(struct findings f) {
    bool support = false, against = false;
    for (size_t i = 0; i < f.count; i++) {
        support |= finding_class_of(f.at[i].word) == FINDING_SUPPORTS;
        against |= finding_class_of(f.at[i].word) == FINDING_AGAINST;
    }
    return support == against ? BODY_NEUTRAL : support ? BODY_AGREE : BODY_DISAGREE;
}

/* "12 confirmed, 3 not-seen": the note's abstract, for tools that know only STIX. */
static void write_totals(struct findings f, struct buf *out) {
    struct finding_totals totals = findings_total(f);
    for (int w = 0; w < FINDING_COUNT; w++) {
        if (!totals.of[w]) continue;
        if (out->size) buf_string(out, ", ");
        buf_format(out, "%llu %s", (unsigned long long)totals.of[w], finding_name((enum finding_word)w));
    }
}

static enum error spell_runs(struct findings f, struct arena *a, struct member_list *out, struct diag *d) {
    struct finding_run *runs = NULL;
    size_t count = 0, room = 0;
    char *letters = arena_take(a, f.count, 1);
    for (size_t i = 0; i < f.count; i++) {
        letters[i] = FINDING_LETTERS[f.at[i].word];
        if (i && f.at[i].row <= f.at[i - 1].row) return fail(d, ERR_INPUT, _("expected facts that ascend"));
        if (!i || f.at[i].row != f.at[i - 1].row + 1) {
            runs = arena_grow(a, runs, count, &room, sizeof *runs);
            runs[count++] = (struct finding_run){f.at[i].row, {letters + i, 0}};
        }
        runs[count - 1].words.size++;
    }
    *out = (struct member_list){runs, count};
    return OK;
}

static enum error check_answer(const struct answer *w, const struct head *h, struct diag *d) {
    if (w->sheet.size && !w->findings.count)
        return fail(d, ERR_INPUT, _("an answer to a claim answers facts: expected findings, found none"));
    if (!w->sheet.size && w->findings.count)
        return fail(d, ERR_INPUT, _("findings are about a fact sheet: expected its SHA-256"));
    if (w->sheet.size && (w->done.size || w->reason.size))
        return fail(d, ERR_INPUT, _("only an answer to an inquiry says what was done"));
    if (w->reason.size && (!w->done.size || text_is(w->done, "done")))
        return fail(d, ERR_INPUT, _("a reason is given for what was not done, or done in part"));
    if (!w->sheet.size && !w->text.size) return fail(d, ERR_INPUT, _("an answer to an inquiry says something"));
    if (w->findings_sheet.size && !head_attachment(h, ROLE_FINDINGS, w->findings_sheet))
        return fail(d, ERR_INPUT, _("the message does not attach the findings sheet %.*s"),
                    TEXT_ARG(w->findings_sheet));
    return OK;
}

enum error answer_write(const struct answer *w, const struct head *h, instant created, struct buf *out,
                        struct diag *d) {
    struct arena a = {0};
    struct buf totals = {.max = BODY_TITLE_MAX};
    struct spelled_answer spelled = {.sheet = w->sheet,
                                     .findings_sheet = w->findings_sheet,
                                     .territory_table = w->territory_table,
                                     .done = w->done,
                                     .reason = w->reason,
                                     .own_number = w->own_number,
                                     .coverage = w->coverage};
    enum error result = check_answer(w, h, d);
    if (!result) result = spell_runs(w->findings, &a, &spelled.runs, d);
    write_totals(w->findings, &totals);
    struct wording said = {.title = buf_as_text(&totals),
                           .text = w->text,
                           .opinion = w->sheet.size ? findings_opinion(w->findings) : BODY_NO_OPINION,
                           .members = &answer_members,
                           .from = &spelled};
    if (!result) result = frame_write(h, created, &said, out, d);
    buf_free(&totals);
    arena_free(&a);
    return result;
}

struct sha256 commitment_of(const uint8_t salt[static COMMIT_SALT_SIZE], struct bytes findings_sheet) {
    struct hasher *h = hasher_new();
    hasher_add(h, bytes_of(salt, COMMIT_SALT_SIZE));
    hasher_add(h, findings_sheet);
    return hasher_end(h);
}

enum error commit_write(const struct commit *c, const struct head *h, instant created, struct buf *out,
                        struct diag *d) {
    bool reveal = text_is(h->kind, "reveal");
    struct wording w = {.text = c->text, .members = reveal ? &reveal_members : &commit_members, .from = c};
    if (!reveal && c->salt.size) return fail(d, ERR_INPUT, _("a commitment keeps its salt to itself"));
    if (reveal && !head_attachment(h, ROLE_FINDINGS, (struct text){0}))
        return fail(d, ERR_INPUT, _("what is revealed is a findings sheet: the message attaches none"));
    return frame_write(h, created, &w, out, d);
}
