/* reopen: undoes one's own withdraw or close. */
#include "cli/speech.h"

enum error cli_reopen(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const struct option_row rows[] = {SPEECH_ROWS(s)};
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    return result ? result : speech_in_case(&s, KIND_REOPEN, &d);
}
