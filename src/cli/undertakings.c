/* undertakings: what was undertaken in settled texts, and saying what became of one. */
#include "desk/undertakings.h"
#include "cli/speech.h"

struct asking { /* as typed */
    const char *of;
};

static void put_case(struct talk *t, const struct undertaken *u, struct buf *page) {
    unsigned waits = undertaken_waits_for(u);
    buf_format(page, "%.*s  ", TEXT_ARG(u->matter->name));
    buf_format(page, _("text %.12s"), u->settlement.at);
    if (waits < 2) {
        buf_string(page, ", ");
        buf_format(page, _("waits for %.*s"), TEXT_ARG(t->parties[waits]));
    }
    buf_string(page, "\n  ");
    undertaken_line(u, t->desk->home.lang, page);
    buf_char(page, '\n');
}

struct listing {
    struct cli *cli;
    json_t *array;
    struct buf page;
    size_t count;
};

static void list(struct listing *l, struct talk *t, const struct undertaken *all, size_t count) {
    for (size_t i = 0; i < count; i++) {
        put_case(t, &all[i], &l->page);
        json_add(l->array, undertaken_json(t, &all[i]));
    }
    l->count += count;
}

static enum error print(struct listing *l) {
    if (l->cli->json) {
        buf_free(&l->page);
        return cli_print_json(l->cli, l->array);
    }
    json_decref(l->array);
    if (!l->count) buf_format(&l->page, "%s\n", _("nothing was undertaken that waits for anybody"));
    return cli_print_page(l->cli, &l->page);
}

static enum error list_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct undertaken *all;
    size_t count = 0;
    (void)keep;
    if (t->state.channel.drill) return OK; /* what was undertaken in a drill binds nobody: its case shows it */
    enum error result = talk_undertakings(t, &all, &count, d);
    if (!result) list(state, t, all, count);
    return result;
}

static enum error list_all(struct cli *c) {
    struct listing l = {.cli = c, .array = json_array(), .page = {.max = 1 << 28}};
    struct desk *k = NULL;
    size_t talks;
    enum error result = cli_open_desk(c, &k);
    if (!result) result = talk_each(k, &(struct talk_at){.as_of = c->now}, list_talk, &l, &talks, &c->diag);
    if (!result) {
        result = print(&l);
    } else {
        buf_free(&l.page);
        json_decref(l.array);
    }
    desk_close(k);
    return result;
}

static enum error list_case(struct speech *s) {
    struct listing l = {.cli = s->cli, .array = json_array(), .page = {.max = 1 << 28}};
    struct undertaken *all;
    size_t count = 0;
    enum error result = case_undertakings(s->talk, s->matter, &all, &count, &s->cli->diag);
    if (result) {
        json_decref(l.array);
        return result;
    }
    list(&l, s->talk, all, count);
    return print(&l);
}

/* The undertaking of that number: of the text that is named, or of the only one that has it. */
static enum error find(struct speech *s, const struct asking *q, struct undertaken *out) {
    struct cli *c = s->cli;
    struct undertaken *all;
    const struct undertaken *found = NULL;
    size_t count = 0;
    uint64_t number;
    if (!text_u64(text_of(c->words.at[1]), &number))
        return cli_usage(c, _("expected the number of an undertaking, found “%s”"), c->words.at[1]);
    enum error result = case_undertakings(s->talk, s->matter, &all, &count, &c->diag);
    for (size_t i = 0; i < count && !result; i++) {
        if (all[i].number != number || !text_starts(all[i].settlement, text_of(q->of))) continue;
        if (found) return cli_usage(c, _("several texts have an undertaking %s: name one with --of"), c->words.at[1]);
        found = &all[i];
    }
    if (!result && !found)
        result = fail(&c->diag, ERR_MISSING, _("no settled text of the case has an undertaking %s"), c->words.at[1]);
    if (!result) *out = *found;
    return result;
}

/* What would not count is not said. */
static enum error check_turn(struct speech *s, const struct undertaken *u, struct text word) {
    const struct talk *t = s->talk;
    struct diag *d = &s->cli->diag;
    bool owner = u->party == t->own, done = text_is(word, "done");
    if (done && !owner)
        return fail(d, ERR_USAGE, _("not sent: only its owner, %.*s, says that it is done"), TEXT_ARG(u->what.owner));
    if (!done && owner)
        return fail(d, ERR_USAGE, _("not sent: %.*s accepts or disputes that, not its owner"),
                    TEXT_ARG(t->parties[1 - u->party]));
    if (done && (u->word == UNDERTAKING_DONE || u->word == UNDERTAKING_ACCEPTED))
        return fail(d, ERR_USAGE, _("not sent: that is said already"));
    if (!done && u->word == UNDERTAKING_OPEN)
        return fail(d, ERR_USAGE, _("not sent: its owner, %.*s, has not said that it is done"),
                    TEXT_ARG(u->what.owner));
    return OK;
}

static enum error tell(struct speech *s, const struct asking *q) {
    struct undertaken u = {0};
    struct dialogue d = DIALOGUE_EMPTY;
    const char *typed = s->cli->words.at[2];
    if (!word_find(&words_undertaking, text_of(typed)))
        return cli_usage(s->cli, _("expected done, accepted or disputed, found “%s”"), typed);
    enum error result = find(s, q, &u);
    if (!result) result = check_turn(s, &u, text_of(typed));
    if (result) return result;
    d.settlement = u.settlement;
    d.undertaking = u.number;
    d.progress = text_of(typed);
    return speech_dialogue(s, KIND_REMARK, &d);
}

enum error cli_undertakings(struct cli *c) {
    struct speech s = {.cli = c};
    struct asking q = {0};
    const struct option_row rows[] = {
        {"--of", OPTION_WORD, &q.of, "SHA256", N_("the settled text that holds the undertaking, where several do")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 4);
    if (result) return result;
    if (!c->words.count) return list_all(c);
    if (c->words.count == 2) return cli_usage(c, _("what became of it is missing: done, accepted or disputed"));
    result = speech_text(&s, 3);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = c->words.count == 1 ? list_case(&s) : tell(&s, &q);
    speech_end(&s);
    return result;
}
