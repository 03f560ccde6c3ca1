/* transfer: passes an inquiry or a claim on, to another department of one's own, or to a body outside. */
#include "cli/speech.h"

/* "cert.south.example/abuse", if one's own card has that department: the other side speaks with it from then on. */
static enum error own_department(struct speech *s, const char *typed, struct text *out) {
    const struct talk *t = s->talk;
    struct text party = t->parties[t->own], department = text_of(typed), known = {0};
    const struct card *card = talk_card(t, t->own);
    if (text_skip(&department, party) && !text_skip(&department, TEXT("/"))) department = TEXT("");
    for (size_t i = 0; card && i < card->department_count; i++) {
        struct text id = card->departments[i].department;
        if (text_equal(id, department)) {
            *out = arena_format(&s->cli->arena, "%.*s/%.*s", TEXT_ARG(party), TEXT_ARG(id));
            return OK;
        }
        known = arena_format(&s->cli->arena, "%.*s%s%.*s", TEXT_ARG(known), i ? ", " : "", TEXT_ARG(id));
    }
    return fail(&s->cli->diag, ERR_USAGE,
                _("your card has no department “%s”, but %.*s; an authority outside is named by --outside, and "
                  "--domestic names none"),
                typed, TEXT_ARG(known));
}

static enum error say_transfer(struct speech *s, const char *typed, const char *outside, bool domestic) {
    struct dialogue d = DIALOGUE_EMPTY;
    enum error result = speech_in(s, s->cli->words.at[0]);
    if (result) return result;
    if (domestic)
        d.department = TEXT(TRANSFER_DOMESTIC);
    else if (outside)
        d.department = text_of(outside);
    else
        result = own_department(s, typed, &d.department);
    return result ? result : speech_dialogue(s, KIND_TRANSFER, &d);
}

enum error cli_transfer(struct cli *c) {
    struct speech s = {.cli = c};
    const char *outside = NULL, *typed = NULL;
    bool domestic = false;
    const struct option_row rows[] = {
        {"--domestic", OPTION_FLAG, &domestic, NULL, N_("to a body of one's own state, which is not named")},
        {"--outside", OPTION_WORD, &outside, "NAME", N_("to an authority that is no department of one's own")},
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 3);
    if (result) return result;
    if (domestic && outside) return cli_usage(c, _("--domestic names nobody, and --outside does"));
    size_t text = domestic || outside ? 1 : 2;
    if (c->words.count < text) return cli_usage(c, _("to whom is missing: a department, --outside or --domestic"));
    if (c->words.count > text + 1) return cli_usage(c, _("too many words: “%s”"), c->words.at[text + 1]);
    if (outside &&
        (text_find(text_of(outside), '/') < text_of(outside).size || text_is(text_of(outside), TRANSFER_DOMESTIC)))
        return cli_usage(c, _("--outside: expected the name of an authority, found “%s”"), outside);
    if (text == 2) typed = c->words.at[1];
    result = speech_text(&s, text);
    if (!result) result = say_transfer(&s, typed, outside, domestic);
    speech_end(&s);
    return result;
}
