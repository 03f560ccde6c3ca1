/* serve: runs the node of a home until it is stopped, with one line on standard error for what happens. */
#include "base/os.h"
#include "cli/cli.h"
#include "desk/home.h"
#include "node/run.h"

enum { INTERVAL_MAX_SECONDS = 86400 };

static void tell(void *state, enum node_event event, const char *words) {
    const struct cli *c = state;
    char now[INSTANT_TEXT_MAX];
    struct buf line = {.max = 1 << 16};
    if (c->quiet && event != NODE_FAILED) return;
    buf_line(&line, text_of(words));
    fprintf(stderr, "%.*s %.*s\n", TEXT_ARG(instant_write(os_now(), now)), TEXT_ARG(buf_as_text(&line)));
    buf_free(&line);
}

enum error cli_serve(struct cli *c) {
    struct home home;
    const char *listen = NULL, *desk_listen = NULL;
    uint64_t interval = NODE_INTERVAL_SECONDS;
    const struct option_row rows[] = {
        {"--listen", OPTION_WORD, &listen, "ADDRESS:PORT",
         N_("where counterparties reach it (else: as the home says)")},
        {"--desk-listen", OPTION_WORD, &desk_listen, "ADDRESS:PORT",
         N_("where desks on other machines reach it (else: as the home says)")},
        {"--interval", OPTION_NUMBER, &interval, "SECONDS", N_("between exchanges (else: 180)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (!interval || interval > INTERVAL_MAX_SECONDS)
        return cli_usage(c, _("--interval: expected 1 to %d seconds"), INTERVAL_MAX_SECONDS);
    result = home_open(c->home, &c->arena, &home, &c->diag);
    if (result) return result;
    if (home.node.size)
        return fail(&c->diag, ERR_USAGE, _("this home is a desk alone: its node is %.*s"), TEXT_ARG(home.node));
    if (!listen && home.listen.size) listen = arena_string(&c->arena, home.listen);
    if (!desk_listen && home.desk_listen.size) desk_listen = arena_string(&c->arena, home.desk_listen);
    struct node_options o = {.folder = home_path(&home, &c->arena, "node"),
                             .listen = listen,
                             .desk_listen = desk_listen,
                             .passphrase = cli_passphrase(c),
                             .random = &c->random,
                             .interval_s = (unsigned)interval,
                             .told = tell,
                             .state = c};
    return node_run(&o, &c->diag);
}
