/* serve: runs the node of a home until it is stopped, with one line on standard error for what happens. */
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "desk/home.h"
#include "node/run.h"
#include "node/service.h"
#include "json/fields.h"

enum { INTERVAL_MAX_SECONDS = 86400 };

struct serving {
    struct cli *cli;
    bool json, journal;
    uint64_t interval; /* 0: as the config says */
};

static const struct {
    const char *word;
    int priority; /* of syslog(3), which the journal takes in front of a line */
} events[] = {
    [NODE_LISTENS] = {"listens", 6},   [NODE_SYNCED] = {"synced", 6}, [NODE_FAILED] = {"failed", 4},
    [NODE_RELOADED] = {"reloaded", 5}, [NODE_STOPS] = {"stops", 5},
};

static void write_json(const struct node_told *what, struct text at, struct text words, struct buf *out) {
    json_t *o = json_object();
    json_put_text(o, "at", at);
    json_put_text(o, "event", text_of(events[what->event].word));
    json_put_text(o, "level", text_of(what->event == NODE_FAILED ? "warning" : "info"));
    json_put_text_if(o, "party", what->party);
    json_put_text(o, "words", words);
    json_canonical(o, out);
    json_decref(o);
}

/* A line is written at once, so that those of several threads don't mix. */
static void tell(void *state, const struct node_told *what) {
    const struct serving *s = state;
    char now[INSTANT_TEXT_MAX];
    struct buf words = {.max = 1 << 16}, line = {.max = 1 << 17};
    if (s->cli->quiet && what->event != NODE_FAILED) return;
    struct text at = instant_write(os_now(), now);
    buf_line(&words, text_of(what->words));
    if (s->journal) buf_format(&line, "<%d>", events[what->event].priority);
    if (s->json)
        write_json(what, at, buf_as_text(&words), &line);
    else if (s->journal)
        buf_text(&line, buf_as_text(&words));
    else
        buf_format(&line, "%.*s %.*s", TEXT_ARG(at), TEXT_ARG(buf_as_text(&words)));
    fprintf(stderr, "%.*s\n", TEXT_ARG(buf_as_text(&line)));
    buf_free(&words);
    buf_free(&line);
}

/* In a thread of the node: with nothing of the command's but what does not change. */
static enum error read_again(void *state, struct node_settings *out, struct diag *d) {
    const struct serving *s = state;
    struct arena a = {0};
    struct home home;
    enum error result = home_open(s->cli->home, &a, &home, d);
    if (!result) {
        *out = home.settings;
        if (s->interval) out->interval_s = s->interval;
    }
    arena_free(&a);
    return result;
}

static const char *given(struct cli *c, const char *typed, struct text configured) {
    return typed ? typed : configured.size ? arena_string(&c->arena, configured) : NULL;
}

static enum error run(struct serving *s, const struct home *home, struct node_options *o, const char *log) {
    struct cli *c = s->cli;
    if (!log) log = home->log.size ? arena_string(&c->arena, home->log) : "text";
    s->json = !strcmp(log, "json");
    s->journal = service_has_journal();
    if (!s->json && strcmp(log, "text") != 0) return cli_usage(c, _("--log: expected text or json, found “%s”"), log);
    o->folder = home_path(home, &c->arena, "node");
    o->listen = given(c, o->listen, home->listen);
    o->desk_listen = given(c, o->desk_listen, home->desk_listen);
    o->metrics = given(c, o->metrics, home->metrics);
    o->metrics_names = text_is(home->metrics_names, "yes");
    o->settings = home->settings;
    if (s->interval) o->settings.interval_s = s->interval;
    return node_run(o, &c->diag);
}

enum error cli_serve(struct cli *c) {
    struct home home;
    struct serving s = {.cli = c};
    struct node_options o = {
        .passphrase = cli_passphrase(c), .random = &c->random, .reload = read_again, .told = tell, .state = &s};
    const char *log = NULL;
    uint64_t interval = UINT64_MAX; /* as the config says */
    const struct option_row rows[] = {
        {"--listen", OPTION_WORD, &o.listen, "ADDRESS:PORT",
         N_("where counterparties reach it (else: as the home says)")},
        {"--desk-listen", OPTION_WORD, &o.desk_listen, "ADDRESS:PORT",
         N_("where desks on other machines reach it (else: as the home says)")},
        {"--metrics", OPTION_WORD, &o.metrics, "ADDRESS:PORT",
         N_("where it tells its numbers and whether it is well, on this machine (else: as the home says)")},
        {"--interval", OPTION_NUMBER, &interval, "SECONDS", N_("between exchanges (else: as the home says, or 180)")},
        {"--log", OPTION_WORD, &log, "text|json", N_("how it writes what happens (else: as the home says, or text)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (interval != UINT64_MAX && (!interval || interval > INTERVAL_MAX_SECONDS))
        return cli_usage(c, _("--interval: expected 1 to %d seconds"), INTERVAL_MAX_SECONDS);
    if (interval != UINT64_MAX) s.interval = interval;
    result = home_open(c->home, &c->arena, &home, &c->diag);
    if (result) return result;
    if (home.node.size)
        return fail(&c->diag, ERR_USAGE, _("this home is a desk alone: its node is %.*s"), TEXT_ARG(home.node));
    return run(&s, &home, &o, log);
}
