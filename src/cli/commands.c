/* The list of commands, from commands.def. */
#include "cli/cli.h"

const struct command cli_commands[] = {
#define COMMAND(name, arguments, summary, needs) {#name, arguments, summary, needs, cli_##name},
#include "cli/commands.def"
#undef COMMAND
};
const size_t cli_command_count = COUNT(cli_commands);

const struct command *cli_find(const char *typed) {
    for (size_t i = 0; i < cli_command_count; i++) {
        const char *a = typed, *b = cli_commands[i].name;
        while (*a && (*a == *b || (*a == '-' && *b == '_'))) a++, b++;
        if (!*a && !*b) return &cli_commands[i];
    }
    return NULL;
}

struct text cli_name(struct arena *a, const struct command *command) {
    char *name = arena_string(a, text_of(command->name));
    for (char *at = name; *at; at++)
        if (*at == '_') *at = '-';
    return text_of(name);
}
