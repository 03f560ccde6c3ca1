/* help: the list of commands, from commands.def, or one command's page. */
#include "cli/cli.h"

enum error cli_help(struct cli *c) {
    enum error result = cli_options(c, NULL, 0, 0, 1);
    if (result) return result;
    const struct command *command = c->words.count ? cli_find(c->words.at[0]) : NULL;
    if (command) {
        static char word[] = "--help", *ask[] = {word};
        c->command = cli_name(&c->arena, command).at;
        c->argc = 1;
        c->argv = ask;
        return command->run(c);
    }
    if (c->words.count) return fail(&c->diag, ERR_USAGE, _("no such command; `parley help` lists them"));
    printf("%s\n\n",
           _("parley: a private, tamper-evident channel in which two organisations check facts and answer them"));
    for (size_t i = 0; i < cli_command_count; i++) {
        printf("  ");
        cli_pad(stdout, cli_name(&c->arena, &cli_commands[i]), 14);
        printf("%s\n", gettext(cli_commands[i].summary));
    }
    printf("\n%s\n", _("`parley help COMMAND` explains one.  A first time: `parley init`."));
    return OK;
}
