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

/* ---- several channels: a case in each, and nothing in one that tells of another */

static enum error split(struct cli *c, struct names *out) {
    struct text rest = text_of(c->words.at[0]), one;
    struct text *list = ARENA_ARRAY(&c->arena, struct text, rest.size + 1);
    size_t count = 0;
    for (bool more = true; more;) {
        more = text_cut(&rest, ',', &one);
        list[count++] = more ? one : rest;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) {
            struct text a = text_sub(list[i], 0, text_find(list[i], '/')),
                        b = text_sub(list[j], 0, text_find(list[j], '/'));
            if (!a.size) return cli_usage(c, _("expected parties with a comma between them"));
            if (j < i && text_equal(a, b)) return cli_usage(c, _("%.*s is named twice"), TEXT_ARG(a));
        }
    *out = (struct names){list, count};
    return OK;
}

static enum error propose_to(struct speech *s, struct say *what, struct text to) {
    enum error result = speech_with(s, arena_string(&s->cli->arena, to));
    what->to = to;
    if (!result) result = speech_say(s, what);
    speech_end(s);
    return result;
}

/* What came of one of them: told at once, so that what failed stands beside what did not. */
static void tell(struct speech *s, struct text to, enum error result) {
    struct cli *c = s->cli;
    json_t *one = result ? json_object() : json_array_get(s->into, json_array_size(s->into) - 1);
    const char *why = c->diag.text[0] ? c->diag.text : gettext(error_sentence(result));
    if (c->json) json_put_text(one, "to", to);
    if (!result) return;
    json_put_text(one, "error", text_of(error_name(result)));
    json_put_text(one, "why", text_of(why));
    if (c->json)
        json_add(s->into, one);
    else
        json_decref(one);
    fprintf(stderr, _("parley propose: %.*s: nothing was sent: %s\n"), TEXT_ARG(to), cli_shown(c, text_of(why)).at);
}

static enum error propose_to_each(struct speech *s, struct say *what, struct names to) {
    struct cli *c = s->cli;
    size_t failed = 0;
    enum error last = OK;
    s->into = json_array();
    for (size_t i = 0; i < to.count; i++) {
        c->diag = (struct diag){0};
        enum error result = propose_to(s, what, to.at[i]);
        tell(s, to.at[i], result);
        failed += result != OK;
        if (result) last = result;
    }
    json_t *all = json_object();
    json_put(all, "proposals", s->into);
    enum error result = c->json ? cli_print_json(c, all) : OK;
    if (!c->json) json_decref(all);
    if (result || !failed) return result;
    return fail(&c->diag, last,
                _n("%zu of the proposals was not sent; the others stand",
                   "%zu of the proposals were not sent; the others stand", failed),
                failed);
}

enum error cli_propose(struct cli *c) {
    struct speech s = {.cli = c};
    struct offer_options offer = {.terms = OFFERED_TERMS_EMPTY};
    struct dialogue d = DIALOGUE_EMPTY;
    struct say what = {.kind = KIND_PROPOSAL, .tlp = TLP_AMBER, .body = say_dialogue, .what = &d};
    struct names to;
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
    if (!result) result = split(c, &to);
    if (result) return result;
    d.text = s.text;
    d.own_number = text_of(s.own_number);
    return to.count == 1 ? propose_to(&s, &what, to.at[0]) : propose_to_each(&s, &what, to);
}
