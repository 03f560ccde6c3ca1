/* remark: says something in a case, on it or on one of its messages; or consents to a lower level. */
#include "cli/speech.h"

static enum error find_message(struct speech *s, const char *id, struct text *out) {
    const struct said *on;
    enum error result = talk_find_said(s->talk, text_of(id), &on, &s->cli->diag);
    if (result) return result;
    if (!text_equal(on->message.head.matter, s->matter->name))
        return fail(&s->cli->diag, ERR_USAGE, _("the message %s is of another case"), id);
    *out = on->message.head.id;
    return OK;
}

enum error cli_remark(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const char *on = NULL, *consent = NULL;
    const struct option_row rows[] = {
        {"--on", OPTION_WORD, &on, "ID", N_("the message that it is about (else: the case)")},
        {"--consent", OPTION_WORD, &consent, "LEVEL", N_("the level to which the other side may lower one's words")},
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result) result = cli_tlp(c, consent, &d.consent);
    if (!result) result = speech_text(&s, 1);
    if (!result && !s.text.size && !consent && !s.own_number) result = cli_usage(c, _("what is to be said is missing"));
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result && on) result = find_message(&s, on, &d.remarks_on);
    if (!result) result = speech_dialogue(&s, KIND_REMARK, &d);
    speech_end(&s);
    return result;
}
