/* `fsck --retain`: erases what is past the days of the terms, and drops what the other sides erased. */
#ifndef PARLEY_CLI_RETENTION_H
#define PARLEY_CLI_RETENTION_H

#include "cli/cli.h"
#include "desk/desk.h"

struct retain_options {
    bool dry_run, yes;
    const char *as_of; /* a time; NULL: now.  With dry_run alone. */
};
enum error cli_retain(struct cli *c, struct desk *desk, const struct retain_options *o) MUST_USE;

#endif
