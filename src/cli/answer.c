/* answer: findings, fact by fact, to a claim; or words to an inquiry. */
#include "finding/answer.h"
#include "base/codec.h"
#include "claim/claim.h"
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/possible.h"
#include "finding/coverage_file.h"

struct answering {
    const char *text, *text_file, *sheet, *coverage, *tlp, *by, *findings, *done, *reason, *own_number;
    struct words covers;
    bool draft;
};

/* NAME=FROM/UNTIL */
static enum error read_cover(struct cli *c, const char *typed, struct coverage *out) {
    struct text rest = text_of(typed), name, from;
    struct coverage k = {.clock_bound_seconds = MEMBER_NO_NUMBER};
    bool fits = text_cut(&rest, '=', &name) && name.size && text_cut(&rest, '/', &from) &&
                instant_read(from, &k.from) && instant_read(rest, &k.until);
    if (!fits) return cli_usage(c, _("--covers: expected NAME=FROM/UNTIL with times, found “%s”"), typed);
    k.source = name;
    *out = k;
    return OK;
}

static enum error read_coverage(struct cli *c, const struct answering *q, struct answer *out) {
    struct coverage *list;
    struct coverage_file looked = {0};
    struct bytes file;
    enum error result = q->coverage ? cli_file(c, q->coverage, COVERAGE_FILE_MAX_BYTES, &file) : OK;
    if (!result && q->coverage) {
        result = coverage_file_read(file, &c->arena, &looked, &c->diag);
        diag_where(&c->diag, result ? q->coverage : NULL);
    }
    const struct member_list given = looked.coverage;
    list = ARENA_ARRAY(&c->arena, struct coverage, given.count + q->covers.count);
    for (size_t i = 0; i < given.count; i++) list[i] = ((const struct coverage *)given.at)[i];
    for (size_t i = 0; i < q->covers.count && !result; i++)
        result = read_cover(c, q->covers.at[i], &list[given.count + i]);
    out->coverage = (struct member_list){list, given.count + q->covers.count};
    out->territory_table = looked.territory_table;
    return result;
}

static enum error read_findings(struct cli *c, const struct answering *q, const struct sheet_state *s,
                                struct bytes *file, struct answer *out) {
    char hex[SHA256_HEX];
    enum error result = cli_findings(c, q->findings, s->message->statement->meaning.rows, file, &out->findings);
    if (result) return result;
    struct sha256 sha = sha256_of(*file);
    out->sheet = s->message->statement->meaning.sheet;
    out->findings_sheet = arena_text(&c->arena, sha256_hex(&sha, hex));
    return OK;
}

static enum error answer_case(struct cli *c, const struct answering *q, enum tlp tlp, struct talk *t,
                              const struct matter *m) {
    struct answer answer = {0};
    struct bytes file = {0};
    const struct sheet_state *sheet = NULL;
    bool inquiry = m->opening->kind == KIND_INQUIRY;
    enum error result = cli_text(c, q->text, q->text_file, &answer.text);
    if (!result && inquiry != !q->findings)
        return inquiry ? cli_usage(c, _("an inquiry is answered in words: --text"))
                       : cli_usage(c, _("a claim is answered by a findings sheet, as `parley check` suggests one"));
    if (!result && !inquiry) result = cli_sheet(c, m, q->sheet, &sheet);
    if (!result && !inquiry && !sheet) result = fail(&c->diag, ERR_USAGE, _("the case has no facts to answer"));
    if (!result && !inquiry) result = read_findings(c, q, sheet, &file, &answer);
    if (!result) result = read_coverage(c, q, &answer);
    if (!result) result = cli_word(c, "--done", q->done, &words_done, &answer.done);
    if (!result) result = cli_word(c, "--reason", q->reason, &words_decline, &answer.reason);
    answer.own_number = text_of(q->own_number);
    struct say_attach attach = {ROLE_FINDINGS, TEXT("text/csv"), TEXT("findings.csv"), file};
    return result ? result
                  : cli_say(c, t,
                            &(struct say){.kind = KIND_ANSWER,
                                          .matter = m->name,
                                          .tlp = tlp,
                                          .by = text_of(q->by),
                                          .draft = q->draft,
                                          .attach = &attach,
                                          .attach_count = inquiry ? 0 : 1,
                                          .body = say_answer,
                                          .what = &answer});
}

enum error cli_answer(struct cli *c) {
    struct answering q = {0};
    struct desk *k = NULL;
    struct talk *t = NULL;
    const struct matter *m;
    enum tlp tlp = TLP_NONE;
    const struct word_list *done = &words_done, *reasons = &words_decline;
    const struct option_row rows[] = {
        {"--text", OPTION_WORD, &q.text, "T", N_("the answer in words")},
        {"--text-file", OPTION_WORD, &q.text_file, "FILE", N_("the same from a file, or - for standard input")},
        {"--coverage", OPTION_WORD, &q.coverage, "FILE",
         N_("what was looked at, as `parley check --coverage` wrote it")},
        {"--covers", OPTION_WORDS, &q.covers, "NAME=FROM/UNTIL", N_("a source of records and its times, by hand")},
        {"--sheet", OPTION_WORD, &q.sheet, "SHA256", N_("the sheet that is answered (else the last one)")},
        {"--done", OPTION_WORD, &q.done, "WORD", N_("what became of the action that an inquiry asks for")},
        {"--reason", OPTION_WORD, &q.reason, "WORD", N_("why it was not done, or done in part")},
        {"--own-number", OPTION_WORD, &q.own_number, "OURS", N_("the number of the case in one's own files")},
        {"--tlp", OPTION_WORD, &q.tlp, "L", N_("another level than the case's")},
        {"--officer", OPTION_WORD, &q.by, "OFFICER", N_("who signs, if not the officer of this home")},
        DRAFT_ROW(q.draft),
        {"", OPTION_MEANINGS, &done, "--done", ""},
        {"", OPTION_MEANINGS, &reasons, "--reason", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (result) return result;
    q.findings = c->words.count == 2 ? c->words.at[1] : NULL;
    result = cli_tlp(c, q.tlp, &tlp);
    if (!result) result = cli_desk(c, &k);
    if (!result)
        result = talk_open_case(k, text_of(c->words.at[0]), &(struct talk_at){.as_of = c->now}, &t, &m, &c->diag);
    if (!result) result = say_may(t, m, KIND_ANSWER, &c->diag);
    if (!result) result = answer_case(c, &q, tlp, t, m);
    talk_close(t);
    desk_close(k);
    return result;
}
