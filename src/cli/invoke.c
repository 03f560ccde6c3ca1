/* One command from its words to its exit status: for the program, and for the desk's page. */
#include "base/secret.h"
#include "cli/cli.h"

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

int cli_invoke(struct cli *c) {
    const struct command *command = cli_find(c->command);
    if (!command) return finish(c, fail(&c->diag, ERR_USAGE, _("no such command; `parley help` lists them")));
    enum error result = command->run(c);
    if (result == ERR_NO && !c->diag.text[0] && c->words.count == SIZE_MAX) result = OK; /* --help was printed */
    return finish(c, result);
}
