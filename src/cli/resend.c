/* resend: seals a message of one's own anew and sends it again, as an `unreadable` of the other side asks. */
#include "cli/speech.h"

static enum error send_again(struct speech *s, const struct said *said) {
    struct said_at at = {.matter = said->message.head.matter, .id = said->message.head.id};
    enum kind kind;
    enum error result = say_again(s->talk, said, &at.index, &s->cli->diag);
    if (result || !kind_read(said->message.head.kind, &kind)) return result;
    return cli_said(s->cli, s->talk, kind, &at);
}

enum error cli_resend(struct cli *c) {
    struct speech s = {.cli = c};
    const struct said *said;
    enum error result = cli_options(c, NULL, 0, 1, 1);
    if (result) return result;
    result = speech_about(&s, c->words.at[0], &said);
    if (!result) result = send_again(&s, said);
    speech_end(&s);
    return result;
}
