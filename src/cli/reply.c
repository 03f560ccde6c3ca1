/* reply: accepts, declines or counters an offer. */
#include "cli/speech.h"
#include "desk/limits.h"
#include "desk/offers.h"

static const struct word reply_words[] = {
    {"accept", N_("the offer is accepted")},
    {"decline", N_("the offer is declined")},
    {"counter", N_("another offer takes its place")},
};
static const struct word_list reply_list = {reply_words, COUNT(reply_words)};

static enum error check_offer(struct cli *c, const struct dialogue *d) {
    bool offers = !offered_terms_empty(&d->terms) || d->statement.size || d->until != INSTANT_NONE;
    if (offers && !text_is(d->reply, "counter"))
        return cli_usage(c, _("only a reply that counters offers terms, a statement or a time"));
    if (text_is(d->reply, "counter") && !offers && !d->text.size)
        return cli_usage(c, _("another offer is to take its place, and none is given"));
    if (d->reason.size && !text_is(d->reply, "decline")) return cli_usage(c, _("--reason is that of a decline"));
    return OK;
}

/* An acceptance that would accept nothing is not sent; the rules alone would let it stand. */
static enum error check_standing(struct cli *c, const struct offer *o, const struct dialogue *d) {
    char until[INSTANT_TEXT_MAX];
    if (text_is(d->reply, "decline")) return OK;
    if (o->says.until != INSTANT_NONE && c->now > o->says.until)
        return fail(&c->diag, ERR_USAGE, _("not sent: the offer stood until %.*s"),
                    TEXT_ARG(instant_write(o->says.until, until)));
    if (o->word == PROPOSAL_ACCEPTED) return fail(&c->diag, ERR_USAGE, _("not sent: the offer is accepted already"));
    return OK;
}

/* An acceptance said now has seen all others: its terms hold from here on. */
static enum error take_over(struct speech *s, const struct offer *o) {
    const struct channel_limits limits = limits_of_terms(&o->says.terms);
    if (offered_terms_empty(&o->says.terms)) return OK;
    return link_set_limits(s->desk->link, talk_channel(s->talk)->own_origin, &limits, &s->cli->diag);
}

enum error cli_reply(struct cli *c) {
    struct speech s = {.cli = c};
    struct offer_options typed = {.terms = OFFERED_TERMS_EMPTY};
    struct dialogue d = DIALOGUE_EMPTY;
    struct say what = {.kind = KIND_REPLY, .tlp = TLP_NONE, .body = say_dialogue, .what = &d};
    const struct offer *offer = NULL;
    const char *reason = NULL, *id = NULL;
    const struct word_list *reasons = &words_decline;
    const struct option_row rows[] = {
        {"--reason", OPTION_WORD, &reason, "WORD", N_("why it is declined")},
        {"--offer", OPTION_WORD, &id, "ID", N_("the offer replied to (else: the last one that stands)")},
        OFFER_ROWS(typed),
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
        {"", OPTION_MEANINGS, &reasons, "--reason", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 2, 3);
    if (!result) result = cli_word(c, _("the reply"), c->words.at[1], &reply_list, &d.reply);
    if (!result) result = cli_word(c, "--reason", reason, &words_decline, &d.reason);
    if (!result) result = speech_text(&s, 2);
    d.text = s.text;
    d.own_number = text_of(s.own_number);
    if (!result) result = speech_offer(c, &typed, &d, &what);
    if (!result) result = check_offer(c, &d);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_REPLY);
    if (!result) result = offers_standing(s.talk, s.matter, text_of(id), &offer, &c->diag);
    if (!result) result = check_standing(c, offer, &d);
    if (!result) {
        d.offer = offer->said->message.head.id;
        result = speech_say(&s, &what);
    }
    if (!result && !s.kept && text_is(d.reply, "accept")) result = take_over(&s, offer);
    speech_end(&s);
    return result;
}
