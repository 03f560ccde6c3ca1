/* link: says how a case relates to another one. */
#include "cli/speech.h"

/* The shape of a case's name: PARTY/UUID. */
static bool is_whole_name(struct text t) {
    enum { UUID_SIZE = 36 };
    struct text party;
    return text_cut(&t, '/', &party) && party.size && t.size == UUID_SIZE;
}

/* The other case is found with whichever party it is; one that is not known here is taken by its whole name alone. */
static enum error find_other(struct speech *s, const char *typed, bool third, struct text *out) {
    struct cli *c = s->cli;
    struct talk *t = NULL;
    const struct matter *m = NULL;
    struct diag why = {0};
    enum error result = talk_open_case(s->desk, text_of(typed), &(struct talk_at){.as_of = c->now}, &t, &m, &why);
    if (result == ERR_MISSING && is_whole_name(text_of(typed))) {
        if (!c->quiet) fprintf(stderr, _("The case %s is not known here; it is named all the same.\n"), typed);
        *out = text_of(typed);
        return OK;
    }
    if (result) {
        c->diag = why;
    } else if (text_equal(m->name, s->matter->name)) {
        result = cli_usage(c, _("a case is not linked with itself"));
    } else if (!third && !text_equal(t->parties[1 - t->own], s->talk->parties[1 - s->talk->own])) {
        result =
            cli_usage(c, _("the other case is with %.*s, and %.*s would come to know of it: --third-party allows it"),
                      TEXT_ARG(t->parties[1 - t->own]), TEXT_ARG(s->talk->parties[1 - s->talk->own]));
    } else {
        *out = arena_text(&c->arena, m->name);
    }
    talk_close(t);
    return result;
}

enum error cli_link(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    bool third = false;
    const struct word_list *relations = &words_link;
    const struct option_row rows[] = {
        {"--third-party", OPTION_FLAG, &third, NULL, N_("name a case that one has with somebody else")},
        SPEECH_ROWS(s),
        {"", OPTION_MEANINGS, &relations, "RELATION", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 3, 4);
    if (!result) result = cli_word(c, _("the relation"), c->words.at[1], &words_link, &d.relation);
    if (!result) result = speech_text(&s, 3);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = find_other(&s, c->words.at[2], third, &d.other);
    if (!result) result = speech_dialogue(&s, KIND_LINK, &d);
    speech_end(&s);
    return result;
}
