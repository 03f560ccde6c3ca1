/* parley: one binary; `parley COMMAND` runs cli_COMMAND of the list in commands.def. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "base/secret.h"
#include "cli/cli.h"

static const char *default_home(struct arena *a) {
    const char *home = getenv("PARLEY_HOME"), *data = getenv("XDG_DATA_HOME"), *user = getenv("HOME");
    if (home && *home) return home;
    if (data && *data) return arena_format(a, "%s/parley", data).at;
    return arena_format(a, "%s/.local/share/parley", user ? user : ".").at;
}

static int finish(struct cli *c, enum error result) {
    if (fflush(stdout)) result = fail_errno(&c->diag, _("standard output"), _("writing"));
    /* What a lookup on the way did not find is no reason of a plain no. */
    bool told = c->diag.text[0] && (result != ERR_NO || c->diag.code == ERR_NO);
    if (result && told) {
        if (c->diag.code != result) c->diag.where[0] = 0;
        fprintf(stderr, "parley %s: ", c->command);
        /* Of a file from others a reason may hold any bytes. */
        if (c->diag.where[0]) fprintf(stderr, "%s: ", cli_shown(c, text_of(c->diag.where)).at);
        if (c->diag.line) fprintf(stderr, _("line %llu: "), (unsigned long long)c->diag.line);
        fprintf(stderr, "%s\n", cli_shown(c, text_of(c->diag.text)).at);
    } else if (result && result != ERR_NO) {
        fprintf(stderr, "parley %s: %s\n", c->command, gettext(error_sentence(result)));
    }
    arena_free(&c->arena);
    secret_free(c->passphrase);
    return error_exit_status(result);
}

int main(int argc, char **argv) {
    cli_language();

    struct cli c = {.command = argc > 1 ? argv[1] : "help", .now = os_now(), .random = random_system()};
    c.home = default_home(&c.arena);
    c.argc = argc > 2 ? argc - 2 : 0;
    c.argv = argv + 2;
    if (!strcmp(c.command, "--help") || !strcmp(c.command, "-h")) c.command = "help";
    if (!strcmp(c.command, "--version")) c.command = "version";
    const struct command *command = cli_find(c.command);
    if (!command) return finish(&c, fail(&c.diag, ERR_USAGE, _("no such command; `parley help` lists them")));
    enum error result = command->run(&c);
    if (result == ERR_NO && !c.diag.text[0] && c.words.count == SIZE_MAX) result = OK; /* --help was printed */
    return finish(&c, result);
}
