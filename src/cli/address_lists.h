/* Lists of addresses that are typed as files. */
#ifndef PARLEY_CLI_ADDRESS_LISTS_H
#define PARLEY_CLI_ADDRESS_LISTS_H

#include "cli/cli.h"
#include "territory/address_list.h"

/* Reads the files as one list, in the order typed: its hash is that of all their bytes, its name those of the files.
 * No files: an empty list. */
enum error cli_address_list(struct cli *c, const struct words *files, struct address_list *out) MUST_USE;

#endif
