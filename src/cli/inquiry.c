/* inquiry: asks the competent department of the other side something, in a new case. */
#include "claim/claim.h"
#include "cli/speech.h"

enum error cli_inquiry(struct cli *c) {
    struct speech s = {.cli = c};
    struct inquiry q = INQUIRY_EMPTY;
    const char *to = NULL, *title = NULL, *action = NULL, *by = NULL;
    const struct word_list *actions = &words_action;
    const struct option_row rows[] = {
        {"--to", OPTION_WORD, &to, "PARTY/DEPARTMENT", N_("the competent department of the other side")},
        {"--title", OPTION_WORD, &title, "LINE", N_("the inquiry in one line")},
        {"--action", OPTION_WORD, &action, "WORD", N_("what is asked for, as investigate (RFC 7970, 3.15)")},
        {"--by", OPTION_WORD, &by, "TIME", N_("when an answer is wished for: a wish, and no deadline")},
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
        SPEECH_DRILL(s),
        {"", OPTION_MEANINGS, &actions, "--action", ""},
    };
    struct say what = {.kind = KIND_INQUIRY, .tlp = TLP_NONE, .body = say_inquiry, .what = &q};
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (!result && (!to || !title || !s.tlp)) result = cli_usage(c, _("--to, --title and --tlp are needed"));
    if (!result) result = cli_word(c, "--action", action, &words_action, &q.action);
    if (!result) result = cli_time(c, "--by", by, &q.by);
    if (!result) result = speech_text(&s, 0);
    if (!result && !s.text.size) result = cli_usage(c, _("the question is missing"));
    q.title = text_of(title);
    q.question = s.text;
    q.own_number = text_of(s.own_number);
    what.to = text_of(to);
    if (!result) result = speech_with(&s, to);
    if (!result && !c->quiet && text_find(what.to, '/') == what.to.size)
        fprintf(stderr, "%s\n",
                _("No department is named, so all of theirs can open it; `parley route` finds the competent one."));
    if (!result) result = speech_say(&s, &what);
    speech_end(&s);
    return result;
}
