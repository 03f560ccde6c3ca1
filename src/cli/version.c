/* version: the version, alone on a line. */
#include "cli/cli.h"

enum error cli_version(struct cli *c) {
    enum error result = cli_options(c, NULL, 0, 0, 0);
    if (!result) printf("parley %s\n", PARLEY_VERSION);
    return result;
}
