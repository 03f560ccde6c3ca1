/* close: ends one's own side of a case. */
#include "cli/speech.h"

enum error cli_close(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const char *reason = NULL;
    const struct word_list *reasons = &words_close;
    const struct option_row rows[] = {
        {"--reason", OPTION_WORD, &reason, "WORD", N_("why, as settled or resolved")},
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
        {"", OPTION_MEANINGS, &reasons, "--reason", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result) result = cli_word(c, "--reason", reason, &words_close, &d.reason);
    return result ? result : speech_in_case(&s, KIND_CLOSE, &d);
}
