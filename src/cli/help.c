/* help: the list of commands, from commands.def, or one command's page. */
#include <string.h>

#include "cli/cli.h"

enum error cli_help(struct cli *c) {
    enum error result = cli_options(c, NULL, 0, 0, 1);
    if (result) return result;
    for (size_t i = 0; c->words.count && i < cli_command_count; i++) {
        if (strcmp(cli_commands[i].name, c->words.at[0])) continue;
        static char word[] = "--help", *ask[] = {word};
        c->command = cli_commands[i].name;
        c->argc = 1;
        c->argv = ask;
        return cli_commands[i].run(c);
    }
    if (c->words.count) return fail(&c->diag, ERR_USAGE, _("no such command; `parley help` lists them"));
    printf("%s\n\n",
           _("parley: a private, tamper-evident channel in which two organisations check facts and answer them"));
    for (size_t i = 0; i < cli_command_count; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s", cli_commands[i].name);
        for (char *at = name; *at; at++)
            if (*at == '_') *at = '-';
        printf("  ");
        cli_pad(stdout, text_of(name), 14);
        printf("%s\n", gettext(cli_commands[i].summary));
    }
    printf("\n%s\n", _("`parley help COMMAND` explains one.  A first time: `parley init`."));
    return OK;
}
