/* What commands that list cases have in common: they read indexes, and show how far those have come where they must
 * first be made. */
#ifndef PARLEY_CLI_LISTS_H
#define PARLEY_CLI_LISTS_H

#include "cli/cli.h"
#include "desk/index.h"

/* As index_each. */
enum error cli_index_each(struct cli *c, struct desk *k,
                          enum error (*with)(struct index *x, void *state, bool *keep, struct diag *d), void *state,
                          size_t *count) MUST_USE;

/* What `consult` prints where no case is named (consultations.c). */
enum error list_consultations(struct cli *c) MUST_USE;

#endif
