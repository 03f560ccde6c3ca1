/* check-in: asks whether the other side still answers, answers such a question, or shows how each channel stands. */
#include "desk/check_in.h"
#include "cli/speech.h"

struct looking {
    json_t *list;
    struct buf page;
};

/* ---- looking */

static enum error look(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct looking *l = state;
    struct check_in s;
    (void)keep;
    enum error result = check_in_state(t, &s, d);
    if (result) return result;
    json_add(l->list, check_in_json(t, &s));
    size_t before = l->page.size;
    buf_format(&l->page, "%.*s%s\n", TEXT_ARG(t->parties[1 - t->own]), talk_channel(t)->drill ? _(" (drill)") : "");
    size_t after = l->page.size;
    if (s.every_hours != HOURS_NONE)
        buf_format(&l->page, _("  agreed: every %llu h\n"), (unsigned long long)s.every_hours);
    check_in_lines(t, &s, &l->page);
    if (l->page.size == after) buf_format(&l->page, "  %s\n", _("no check-in either way, and no terms ask for one"));
    return l->page.size < before ? ERR_INTERNAL : OK;
}

static enum error show_all(struct cli *c) {
    struct desk *k = NULL;
    struct looking l = {.list = json_array(), .page = {.max = 1 << 26}};
    size_t count = 0;
    enum error result = cli_open_desk(c, &k);
    if (!result) result = talk_each(k, &(struct talk_at){.as_of = c->now}, look, &l, &count, &c->diag);
    if (!result && c->json) {
        json_t *whole = json_object();
        json_put(whole, "channels", json_incref(l.list));
        result = cli_print_json(c, whole);
    } else if (!result) {
        result = cli_print_page(c, &l.page);
    }
    json_decref(l.list);
    buf_free(&l.page);
    desk_close(k);
    return result;
}

/* ---- saying */

/* The period of random check-ins: as typed, or that of the terms. */
static enum error period_of(struct speech *s, const char *every, instant *out) {
    struct check_in state;
    uint64_t hours = HOURS_NONE;
    enum error result = cli_hours(s->cli, "--every", every, &hours);
    if (!result && hours == HOURS_NONE) {
        result = check_in_state(s->talk, &state, &s->cli->diag);
        if (!result) hours = state.every_hours;
    }
    if (!result && hours == HOURS_NONE)
        result = cli_usage(s->cli, _("--random: the terms name no period, so give one with --every"));
    if (!result && hours > 24 * 366) result = cli_usage(s->cli, _("--random: a period of at most 366 days"));
    if (!result) *out = (instant)hours * INSTANT_HOUR;
    return result;
}

static enum error say_one(struct speech *s, const char *answer) {
    struct dialogue d = DIALOGUE_EMPTY;
    const struct said *said;
    enum error result = OK;
    if (answer) {
        result = check_in_find(s->talk, text_of(answer), &said, &s->cli->diag);
        if (!result) d.answers = said->message.head.id;
    }
    return result ? result : speech_dialogue(s, KIND_CHECK_IN, &d);
}

static enum error say_by_lot(struct speech *s, const char *every) {
    instant period;
    bool come = false;
    struct text party = s->talk->parties[1 - s->talk->own];
    enum error result = period_of(s, every, &period);
    if (!result) result = check_in_lot(s->desk, party, period, &come, &s->cli->diag);
    if (!result && come) return say_one(s, NULL);
    if (!result && !s->cli->quiet)
        fprintf(stderr, "%s\n", _("Nothing was sent: the moment that was drawn is still to come."));
    return result;
}

enum error cli_check_in(struct cli *c) {
    struct speech s = {.cli = c};
    const char *answer = NULL, *every = NULL;
    bool random = false;
    const struct option_row rows[] = {
        {"--answer", OPTION_WORD, &answer, "ID|last", N_("answer a check-in of theirs, as a person")},
        {"--random", OPTION_FLAG, &random, NULL,
         N_("ask at a random moment of each period: run it often, as by cron; it sends once the moment has come")},
        {"--every", OPTION_WORD, &every, "SPAN", N_("with --random: the period, as 7d (else: that of the terms)")},
        SPEECH_ROWS(s),
        SPEECH_DRILL(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 2);
    if (result) return result;
    if (!c->words.count) {
        if (answer || random || every) return cli_usage(c, _("the party is missing"));
        return show_all(c);
    }
    if (random && (answer || s.drill)) return cli_usage(c, _("--random goes with neither --answer nor --drill"));
    if (every && !random) return cli_usage(c, _("--every goes with --random"));
    result = speech_text(&s, 1);
    if (!result) result = speech_with(&s, c->words.at[0]);
    if (!result) result = random ? say_by_lot(&s, every) : say_one(&s, answer);
    speech_end(&s);
    return result;
}
