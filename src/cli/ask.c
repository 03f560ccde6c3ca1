/* ask: asks to be shown the evidence behind facts; in an inquiry, asks back in words. */
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/evidence.h"
#include "desk/possible.h"

/* What nobody committed to can't be shown so that it proves anything: the question would be one in words. */
static enum error check_evidence(struct speech *s, const struct sheet_state *sheet) {
    if (evidence_commitment(s->talk, sheet).committed) return OK;
    return fail(
        &s->cli->diag, ERR_USAGE,
        _("not sent: the claim commits to no evidence behind the sheet %.12s…, so no line of it could be proved; "
          "`parley remark %.*s TEXT` asks in words"),
        sheet->message->statement->meaning.sheet.at, TEXT_ARG(matter_typed(s->matter)));
}

static enum error ask_for(struct speech *s, const char *rows, const char *typed) {
    struct cli *c = s->cli;
    const struct sheet_state *sheet;
    struct ask ask = {.text = s->text};
    enum error result = cli_sheet(c, s->matter, typed, &sheet);
    if (result) return result;
    if (!sheet && rows) return cli_usage(c, _("the case has no facts to ask about"));
    if (!sheet && !s->text.size) return cli_usage(c, _("what is asked is missing"));
    if (sheet && !rows) return cli_usage(c, _("--rows is needed: the facts whose evidence is asked for, as 0-3,7"));
    if (sheet) {
        const struct meaning *of = &sheet->message->statement->meaning;
        ask.sheet = of->sheet;
        result = cli_rows(c, "--rows", rows, of->rows, &ask.rows);
        if (!result) result = check_evidence(s, sheet);
    }
    return result ? result
                  : speech_say(s, &(struct say){.kind = KIND_ASK, .tlp = TLP_NONE, .body = say_ask, .what = &ask});
}

enum error cli_ask(struct cli *c) {
    struct speech s = {.cli = c};
    const char *rows = NULL, *sheet = NULL;
    const struct option_row options[] = {
        {"--rows", OPTION_WORD, &rows, "FACTS", N_("the facts whose evidence is asked for, as 0-3,7 or all")},
        {"--sheet", OPTION_WORD, &sheet, "SHA256", N_("the sheet of the facts (else: the last one)")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, options, COUNT(options), 1, 2);
    if (!result) result = speech_text(&s, 1);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_ASK);
    if (!result) result = speech_may(&s, KIND_ASK);
    if (!result) result = ask_for(&s, rows, sheet);
    speech_end(&s);
    return result;
}
