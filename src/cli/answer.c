/* answer: findings, fact by fact, to a claim, from a file or written in an editor; or words to an inquiry. */
#include "finding/answer.h"
#include "base/codec.h"
#include "claim/claim.h"
#include "cli/fill_in.h"
#include "cli/sheets.h"
#include "cli/speech.h"
#include "cli/waiver.h"
#include "desk/possible.h"
#include "finding/coverage_file.h"

struct answering {
    const char *text, *text_file, *sheet, *coverage, *tlp, *by, *findings, *done, *reason, *own_number;
    struct words covers, logs;
    struct log_options log;
    struct waiver waiver;
    bool edit, yes;
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

/* All of an answer but its findings. */
static enum error read_words(struct cli *c, const struct answering *q, struct answer *out) {
    enum error result = cli_text(c, q->text, q->text_file, &out->text);
    if (!result) result = read_coverage(c, q, out);
    if (!result) result = cli_word(c, "--done", q->done, &words_done, &out->done);
    if (!result) result = cli_word(c, "--reason", q->reason, &words_decline, &out->reason);
    out->own_number = text_of(q->own_number);
    return result;
}

static enum error send_answer(struct cli *c, const struct answering *q, enum tlp tlp, struct talk *t,
                              const struct matter *m, const struct answer *answer, struct bytes file) {
    struct say_attach attach = {ROLE_FINDINGS, TEXT("text/csv"), TEXT("findings.csv"), file};
    return cli_say(c, t,
                   &(struct say){.kind = KIND_ANSWER,
                                 .matter = m->name,
                                 .tlp = tlp,
                                 .by = text_of(q->by),
                                 .draft = q->draft,
                                 .attach = &attach,
                                 .attach_count = answer->sheet.size ? 1 : 0,
                                 .body = say_answer,
                                 .what = answer});
}

static enum error answer_inquiry(struct cli *c, struct answering *q, enum tlp tlp, struct talk *t,
                                 const struct matter *m) {
    struct answer answer = {0};
    if (q->findings || q->edit || q->logs.count) return cli_usage(c, _("an inquiry is answered in words: --text"));
    enum error result = read_words(c, q, &answer);
    return result ? result : send_answer(c, q, tlp, t, m, &answer, (struct bytes){0});
}

/* A sheet that is not here, or was erased, is looked at by nobody any more. */
static enum error look_again(struct cli *c, const struct answering *q, struct talk *t, struct answer *answer) {
    struct buf sheet = {.max = SHEET_BYTES_MAX};
    enum error result = OK;
    if (!talk_sheet(t, answer->sheet, &sheet, NULL))
        result =
            waiver_findings(c, &q->waiver, talk_card(t, t->own), buf_as_bytes(&sheet), answer->findings, &answer->text);
    buf_free(&sheet);
    return result;
}

static enum error answer_claim(struct cli *c, struct answering *q, enum tlp tlp, struct talk *t,
                               const struct matter *m) {
    struct answer answer = {0};
    struct bytes file = {0};
    struct fill_in form = {
        .cli = c, .talk = t, .matter = m, .findings = q->findings, .logs = q->logs, .log = q->log, .yes = q->yes};
    bool edit = q->edit || q->logs.count || (!q->findings && cli_can_ask());
    enum error result = read_words(c, q, &answer);
    if (!result) result = cli_sheet(c, m, q->sheet, &form.sheet);
    if (!result && !form.sheet) result = fail(&c->diag, ERR_USAGE, _("the case has no facts to answer"));
    if (!result && !edit && !q->findings)
        result = cli_usage(c, _("a claim is answered by a findings sheet, as `parley check` suggests one, or in an "
                                "editor: --edit"));
    if (!result) result = edit ? fill_in(&form, &answer, &file) : read_findings(c, q, form.sheet, &file, &answer);
    if (!result) result = look_again(c, q, t, &answer);
    if (!result) result = send_answer(c, q, tlp, t, m, &answer, file);
    fill_in_end(&form, !result);
    return result;
}

/* With --logs all words but the first are logs, as of `check`. */
static enum error take_words(struct cli *c, struct answering *q) {
    size_t more = c->words.count - 1, count = q->logs.count + more;
    const char **at = ARENA_ARRAY(&c->arena, const char *, count + 1);
    if (!q->logs.count && more > 1) return cli_usage(c, _("more words than expected: “%s”"), c->words.at[2]);
    if (!q->logs.count) {
        q->findings = more ? c->words.at[1] : NULL;
        return OK;
    }
    for (size_t i = 0; i < count; i++) at[i] = i < q->logs.count ? q->logs.at[i] : c->words.at[1 + i - q->logs.count];
    q->logs = (struct words){at, count};
    return cli_logs(c, &q->logs, NULL);
}

enum error cli_answer(struct cli *c) {
    struct answering q = {0};
    struct desk *k = NULL;
    struct talk *t = NULL;
    const struct matter *m;
    enum tlp tlp = TLP_NONE;
    const struct word_list *done = &words_done, *why = &words_decline;
    const struct option_row rows[] = {
        {"--text", OPTION_WORD, &q.text, "T", N_("the answer in words")},
        {"--text-file", OPTION_WORD, &q.text_file, "FILE", N_("the same from a file, or - for standard input")},
        {"--edit", OPTION_FLAG, &q.edit, NULL,
         N_("write the findings in an editor, which begins with FINDINGS, if they are given")},
        {"--logs", OPTION_WORDS, &q.logs, "FILE…", N_("the same, beginning with what `check` suggests by these logs")},
        LOG_ROWS(&q.log),
        {"--yes", OPTION_FLAG, &q.yes, NULL, N_("send what was written in the editor without being asked")},
        {"--coverage", OPTION_WORD, &q.coverage, "FILE",
         N_("what was looked at, as `parley check --coverage` wrote it")},
        {"--covers", OPTION_WORDS, &q.covers, "NAME=FROM/UNTIL", N_("a source of records and its times, by hand")},
        WAIVER_ROWS(q.waiver),
        {"--sheet", OPTION_WORD, &q.sheet, "SHA256", N_("the sheet that is answered (else the last one)")},
        {"--done", OPTION_WORD, &q.done, "WORD", N_("what became of the action that an inquiry asks for")},
        {"--reason", OPTION_WORD, &q.reason, "WORD", N_("why it was not done, or done in part")},
        {"--own-number", OPTION_WORD, &q.own_number, "OURS", N_("the number of the case in one's own files")},
        {"--tlp", OPTION_WORD, &q.tlp, "L", N_("another level than the case's")},
        {"--officer", OPTION_WORD, &q.by, "OFFICER", N_("who signs, if not the officer of this home")},
        DRAFT_ROW(q.draft),
        {"", OPTION_MEANINGS, &done, "--done", ""},
        {"", OPTION_MEANINGS, &why, "--reason", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, SCAN_FILES_MAX);
    if (!result) result = take_words(c, &q);
    if (!result) result = cli_tlp(c, q.tlp, &tlp);
    if (!result) result = cli_open_desk(c, &k);
    if (!result)
        result = talk_open_case(k, text_of(c->words.at[0]), &(struct talk_at){.as_of = c->now}, &t, &m, &c->diag);
    if (!result) result = say_may(t, m, KIND_ANSWER, &c->diag);
    if (!result) result = (m->opening->kind == KIND_INQUIRY ? answer_inquiry : answer_claim)(c, &q, tlp, t, m);
    talk_close(t);
    desk_close(k);
    return result;
}
