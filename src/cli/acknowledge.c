/* acknowledge: tells that an inquiry or a claim has been taken up. */
#include "cli/speech.h"

enum error cli_acknowledge(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const struct option_row rows[] = {
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    return result ? result : speech_in_case(&s, KIND_ACKNOWLEDGE, &d);
}
