/* watch: tells what comes up, on the terminal, by a hook and by a mail that says nothing more than that there is
 * something. */
#include <signal.h>
#include <time.h>

#include "base/os.h"
#include "base/run.h"
#include "cli/speak.h"
#include "desk/case_view.h"
#include "desk/gate.h"
#include "desk/notice.h"
#include "desk/nudge.h"
#include "desk/possible.h"

enum { INTERVAL_SECONDS = 30, INTERVAL_MAX_SECONDS = 86400, HOOK_SECONDS = 60, MAIL_SECONDS = 120 };

struct watch {
    struct cli *c;
    /* as typed */
    const char *hook, *receipt_within, *mail_from, *sendmail;
    struct words mail;
    uint64_t interval;
    bool once;
    instant within;
    /* of one look */
    struct notice_memory memory;
    json_t *list; /* --json; NULL: for people */
    size_t told;
};

/* ---- one notice */

static void put_line(struct talk *t, const struct notice *n, struct buf *out) {
    buf_pad(out, text_of(gettext(notice_title(n->what))), 0);
    buf_string(out, ": ");
    if (n->kind.size) buf_line(out, word_text("kind", n->kind));
    if (n->duty) buf_string(out, duty_shown(n->duty));
    if (n->kind.size || n->duty) buf_string(out, ", ");
    buf_line(out, n->party);
    if (t->state.channel.drill) buf_string(out, _(" (drill)"));
    if (n->matter) {
        buf_string(out, ", ");
        buf_line(out, case_start(n->matter->name));
    }
    if (n->title.size) {
        buf_string(out, " “");
        buf_line(out, n->title);
        buf_string(out, "”");
    }
    if (n->duty && n->duty->words.size) {
        buf_string(out, ": ");
        buf_line(out, n->duty->words);
    }
    if (n->duty) buf_format(out, ", %s", n->duty->party == t->own ? _("ours to do") : _("theirs to do"));
    if (n->due != INSTANT_NONE) {
        buf_format(out, ", %s ", _("due"));
        buf_instant(out, n->due);
    }
    if (n->words.size) {
        buf_string(out, ": ");
        buf_line(out, n->words);
    }
    buf_char(out, '\n');
}

static const char *variable(struct arena *a, const char *name, struct text value) {
    return arena_format(a, "%s=%.*s", name, TEXT_ARG(value)).at;
}

static struct text whose(const struct talk *t, const struct notice *n) {
    if (!n->duty) return TEXT("");
    return n->duty->party == t->own ? TEXT("yes") : TEXT("no");
}

/* What the other side wrote goes to standard input alone, as JSON: nothing of it can reach a shell by the environment
 * but words of closed lists, plain names of cases and times. */
static enum error run_hook(struct watch *w, struct talk *t, const struct notice *n) {
    char due[INSTANT_TEXT_MAX];
    struct arena *a = &t->arena;
    struct buf input = {.max = 1 << 20};
    json_t *object = notice_json(t, n);
    bool passes = !n->matter || gate_answer(n->matter->tlp, GATE_HOUSE) == GATE_PASSES;
    if (!passes) json_object_del(object, "title"); /* nobody is there to be asked */
    json_canonical(object, &input);
    json_decref(object);
    buf_char(&input, '\n');
    const char *const with[] = {
        variable(a, "PARLEY_NOTICE", text_of(notice_word(n->what))),
        variable(a, "PARLEY_WITH", n->party),
        variable(a, "PARLEY_CASE", n->matter ? matter_typed(n->matter) : TEXT("")),
        variable(a, "PARLEY_DUE", instant_write(n->due, due)),
        variable(a, "PARLEY_SEVERITY", n->severity),
        variable(a, "PARLEY_OURS", whose(t, n)),
        variable(a, "PARLEY_HOME", text_of(w->c->home)),
        NULL,
    };
    const char *const words[] = {w->hook, NULL};
    struct run r = {.words = words,
                    .with = with,
                    .feeds = true,
                    .input = buf_as_bytes(&input),
                    .seconds = HOOK_SECONDS,
                    .quiet = w->list != NULL};
    int status = 0;
    enum error result = run_program(&r, &status, &w->c->diag);
    buf_free(&input);
    if (!result && status)
        result = fail(&w->c->diag, ERR_IO, _("the hook %s ended with %d: it is told the same again at the next look"),
                      w->hook, status);
    return result;
}

static enum error tell(struct watch *w, struct talk *t, const struct notice *n) {
    struct buf line = {.max = 1 << 16};
    enum error result = w->hook ? run_hook(w, t, n) : OK;
    if (!result && w->list) json_add(w->list, notice_json(t, n));
    if (!result && !w->list && !w->c->quiet) {
        char now[INSTANT_TEXT_MAX];
        put_line(t, n, &line);
        printf("%.*s %.*s", TEXT_ARG(instant_write(w->c->now, now)), TEXT_ARG(buf_as_text(&line)));
        fflush(stdout);
    }
    buf_free(&line);
    if (result) return result;
    notice_mark(&w->memory, n);
    w->told++;
    return OK;
}

static enum error look_at(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct watch *w = state;
    struct notice *list;
    size_t count;
    (void)keep;
    enum error result = notice_list(t, &w->memory, w->within, &list, &count, d);
    if (result) return result;
    for (size_t i = 0; i < count && !result; i++) result = tell(w, t, &list[i]);
    if (!count) return OK;
    /* What was told stays told, also where the rest could not be. */
    struct diag ignored = {0};
    enum error kept = notice_remember(t->desk, &w->memory, false, result ? &ignored : d);
    return result ? result : kept;
}

/* ---- mail */

static enum error send_mail(struct watch *w, const char *to) {
    static const char *const usual = "/usr/sbin/sendmail";
    struct buf mail = {.max = 1 << 16};
    const char *program = w->sendmail ? w->sendmail : usual;
    const char *const words[] = {program, "-i", "--", to, NULL};
    int status = 0;
    nudge_write(text_of(w->mail_from), text_of(to), w->c->now, &w->c->random, &mail);
    struct run r = {
        .words = words, .feeds = true, .input = buf_as_bytes(&mail), .seconds = MAIL_SECONDS, .quiet = w->list != NULL};
    enum error result = run_program(&r, &status, &w->c->diag);
    buf_free(&mail);
    if (!result && status)
        result = fail(&w->c->diag, ERR_IO, _("%s ended with %d: no mail was sent to %s"), program, status, to);
    return result;
}

/* ---- looking, once or again and again */

static enum error look(struct watch *w) {
    struct cli *c = w->c;
    struct desk *k = NULL;
    size_t channels;
    struct talk_at at = {.as_of = c->now};
    w->told = 0;
    enum error result = cli_open_desk(c, &k);
    if (!result) result = notice_recall(k, &w->memory, &c->diag);
    if (result) {
        desk_close(k);
        return result;
    }
    result = talk_each(k, &at, look_at, w, &channels, &c->diag);
    if (!result) result = notice_remember(k, &w->memory, true, &c->diag);
    for (size_t i = 0; i < w->mail.count && w->told && !result; i++) result = send_mail(w, w->mail.at[i]);
    notice_forget(&w->memory);
    desk_close(k);
    return result;
}

static enum error keep_looking(struct watch *w) {
    struct cli *c = w->c;
    const struct timespec pause = {.tv_sec = (time_t)w->interval};
    for (;;) {
        enum error result = look(w);
        if (result == ERR_USAGE || result == ERR_NO_KEY) return result;
        if (result && !c->quiet)
            fprintf(stderr, "parley: %s\n",
                    cli_shown(c, text_of(c->diag.text[0] ? c->diag.text : error_sentence(result))).at);
        c->diag = (struct diag){0};
        nanosleep(&pause, NULL);
        c->now = os_now();
    }
}

static enum error check(struct watch *w) {
    struct cli *c = w->c;
    struct diag why = {0};
    if (w->interval < 1 || w->interval > INTERVAL_MAX_SECONDS)
        return cli_usage(c, _("--interval: expected 1 to %d seconds"), INTERVAL_MAX_SECONDS);
    if (c->json && !w->once) return cli_usage(c, _("--json prints one list: add --once"));
    if (w->receipt_within && !instant_length_read(text_of(w->receipt_within), &w->within))
        return cli_usage(c, _("--receipt-within: expected a length of time as 24h or 2d, found “%s”"),
                         w->receipt_within);
    if (w->mail_from && nudge_check_address(text_of(w->mail_from), &why))
        return cli_usage(c, "--mail-from: %s", why.text);
    for (size_t i = 0; i < w->mail.count; i++)
        if (nudge_check_address(text_of(w->mail.at[i]), &why)) return cli_usage(c, "--mail: %s", why.text);
    return OK;
}

enum error cli_watch(struct cli *c) {
    struct watch w = {.c = c, .interval = INTERVAL_SECONDS, .within = INSTANT_DAY};
    const struct option_row rows[] = {
        {"--once", OPTION_FLAG, &w.once, NULL, N_("look once and end: for timers")},
        {"--interval", OPTION_NUMBER, &w.interval, "SECONDS", N_("between looks (else: 30)")},
        {"--hook", OPTION_WORD, &w.hook, "PROGRAM",
         N_("run it for each notice, with PARLEY_NOTICE, _CASE, _WITH, _DUE, _SEVERITY and _OURS, and JSON on its "
            "standard input")},
        {"--receipt-within", OPTION_WORD, &w.receipt_within, "SPAN",
         N_("tell when a message has no receipt for so long (24h)")},
        {"--mail", OPTION_WORDS, &w.mail, "ADDRESS",
         N_("send a mail that there is something, and no more; any number of times")},
        {"--mail-from", OPTION_WORD, &w.mail_from, "ADDRESS", N_("the sender of these mails")},
        {"--sendmail", OPTION_WORD, &w.sendmail, "PROGRAM", N_("what sends them (/usr/sbin/sendmail)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result) result = check(&w);
    if (result) return result;
    if (!w.once) return keep_looking(&w);
    if (c->json) w.list = json_array();
    result = look(&w);
    /* What was told is told, also where something failed later. */
    enum error printed = w.list ? cli_print_json(c, json_incref(w.list)) : OK;
    json_decref(w.list);
    return result ? result : printed;
}
