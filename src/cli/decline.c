/* decline: declines an inquiry or a claim, with a reason. */
#include "cli/speech.h"

enum error cli_decline(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const char *reason = NULL;
    const struct word_list *reasons = &words_decline;
    const struct option_row rows[] = {
        {"--reason", OPTION_WORD, &reason, "WORD", N_("why, as not-competent; required")},
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
        {"", OPTION_MEANINGS, &reasons, "--reason", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (result) return result;
    if (!reason) reason = "";
    result = cli_word(c, "--reason", reason, &words_decline, &d.reason);
    return result ? result : speech_in_case(&s, KIND_DECLINE, &d);
}
