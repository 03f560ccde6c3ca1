/* parley: one binary; `parley COMMAND` runs cli_COMMAND of the list in commands.def. */
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"

static const char *default_home(struct arena *a) {
    const char *home = getenv("PARLEY_HOME"), *data = getenv("XDG_DATA_HOME"), *user = getenv("HOME");
    if (home && *home) return home;
    if (data && *data) return arena_format(a, "%s/parley", data).at;
    return arena_format(a, "%s/.local/share/parley", user ? user : ".").at;
}

int main(int argc, char **argv) {
    cli_language();

    struct cli c = {.command = argc > 1 ? argv[1] : "help", .now = os_now(), .random = random_system()};
    c.home = default_home(&c.arena);
    c.argc = argc > 2 ? argc - 2 : 0;
    c.argv = argv + 2;
    if (!strcmp(c.command, "--help") || !strcmp(c.command, "-h")) c.command = "help";
    if (!strcmp(c.command, "--version")) c.command = "version";
    return cli_invoke(&c);
}
