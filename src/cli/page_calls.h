/* What the desk's page may ask of the command line, and how that is described to programs. */
#ifndef PARLEY_CLI_PAGE_CALLS_H
#define PARLEY_CLI_PAGE_CALLS_H

#include "cli/cli.h"

/* NULL: no command for the page: it makes or runs things, speaks to a terminal only, or has nothing to do with a desk.
 */
const struct command *page_command(const char *name);
/* The media type of what it prints for the page. */
const char *page_prints(const struct command *command, const char *const *words);
/* The interface as OpenAPI 3.1, from the tables of commands and of their options; the caller frees it. */
json_t *page_openapi(void);

#endif
