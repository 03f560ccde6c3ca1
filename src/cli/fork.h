/* Where the histories of two record folders part: `verify --fork DIR DIR`. */
#ifndef PARLEY_CLI_FORK_H
#define PARLEY_CLI_FORK_H

#include "cli/cli.h"
#include "note/key.h"

/* Tells the first entry that differs, and writes the equivocation proof into a file where one is named and proves it.
 * ERR_NO where the folders hold one history. */
enum error cli_fork(struct cli *c, const char *const folders[static 2], const struct vkey *logs, size_t count,
                    const char *proof);

#endif
