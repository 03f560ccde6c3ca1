/* commit: binds oneself to findings before the other side's evidence is opened; `reveal` shows them. */
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/commitments.h"
#include "desk/possible.h"

static bool is_disclosed(const struct matter *m, struct text sheet) {
    const struct said_by *opener = &m->said[m->opener];
    for (size_t i = 0; i < opener->count; i++)
        if (opener->at[i]->kind == KIND_DISCLOSE && text_equal(opener->at[i]->statement->meaning.sheet, sheet))
            return true;
    return false;
}

static enum error commit_to(struct speech *s, const char *path, const char *typed) {
    struct cli *c = s->cli;
    const struct sheet_state *sheet;
    struct bytes file;
    struct findings findings;
    struct commit commit = {.text = s->text};
    enum error result = cli_sheet(c, s->matter, typed, &sheet);
    if (!result && !sheet) return cli_usage(c, _("the case has no facts, and so no findings to commit to"));
    if (!result) result = cli_findings(c, path, sheet->message->statement->meaning.rows, &file, &findings);
    if (!result && !findings.count) return fail(&c->diag, ERR_INPUT, _("%s holds no finding"), path);
    if (!result) result = commitment_make(s->talk, file, &commit.commitment, &c->diag);
    if (result) return result;
    commit.sheet = sheet->message->statement->meaning.sheet;
    result = speech_say(s, &(struct say){.kind = KIND_COMMIT, .tlp = TLP_NONE, .body = say_commit, .what = &commit});
    if (result || c->quiet) return result;
    if (is_disclosed(s->matter, commit.sheet))
        fprintf(stderr, "%s\n",
                _("Lines of this sheet were disclosed before: the commit comes after them, and both sides see that."));
    fprintf(stderr, _("Keep %s as it is, byte for byte: parley reveal %.*s %s\n"), path,
            TEXT_ARG(matter_typed(s->matter)), path);
    return OK;
}

enum error cli_commit(struct cli *c) {
    struct speech s = {.cli = c};
    const char *sheet = NULL;
    const struct option_row rows[] = {
        {"--sheet", OPTION_WORD, &sheet, "SHA256", N_("the sheet of the facts (else: the last one)")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 2, 3);
    if (!result) result = speech_text(&s, 2);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_COMMIT);
    if (!result) result = speech_may(&s, KIND_COMMIT);
    if (!result) result = commit_to(&s, c->words.at[1], sheet);
    speech_end(&s);
    return result;
}
