/* propose: offers to open the dialogue, terms of the channel, or a joint statement. */
#include "cli/speech.h"

static const struct word about_words[] = {
    {"dialogue", N_("to open the dialogue")},
    {"terms", N_("terms of the channel")},
    {"statement", N_("a joint statement")},
};
static const struct word_list about_list = {about_words, COUNT(about_words)};

/* What is offered follows from what is given, unless it is said. */
static enum error choose_about(struct cli *c, const char *typed, struct dialogue *d) {
    bool terms = !offered_terms_empty(&d->terms);
    enum error result = cli_word(c, "--about", typed, &about_list, &d->about);
    if (result) return result;
    if (!typed) d->about = terms ? TEXT("terms") : d->statement.size ? TEXT("statement") : TEXT("dialogue");
    if (text_is(d->about, "terms") && !terms) return cli_usage(c, _("terms are offered, and none is given"));
    if (text_is(d->about, "statement") && !d->statement.size)
        return cli_usage(c, _("a joint statement is offered, and --statement does not give it"));
    return OK;
}

enum error cli_propose(struct cli *c) {
    struct speech s = {.cli = c};
    struct offer_options offer = {.terms = OFFERED_TERMS_EMPTY};
    struct dialogue d = DIALOGUE_EMPTY;
    struct say what = {.kind = KIND_PROPOSAL, .tlp = TLP_AMBER, .body = say_dialogue, .what = &d};
    const char *about = NULL;
    const struct option_row rows[] = {
        {"--about", OPTION_WORD, &about, "WHAT", N_("dialogue, terms or statement (else: what is given)")},
        OFFER_ROWS(offer),
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
        SPEECH_DRILL(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result) result = speech_text(&s, 1);
    if (!result) result = speech_offer(c, &offer, &d, &what);
    if (!result) result = choose_about(c, about, &d);
    if (!result && !s.text.size && !d.title.size && text_is(d.about, "dialogue"))
        result = cli_usage(c, _("what is proposed is missing"));
    if (!result) result = speech_with(&s, c->words.at[0]);
    d.text = s.text;
    d.own_number = text_of(s.own_number);
    if (!result) what.to = text_of(c->words.at[0]);
    if (!result) result = speech_say(&s, &what);
    speech_end(&s);
    return result;
}
