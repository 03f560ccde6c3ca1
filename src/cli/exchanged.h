/* What `export`, `import` and others share that deal with the formats of the neighbours. */
#ifndef PARLEY_CLI_EXCHANGED_H
#define PARLEY_CLI_EXCHANGED_H

#include "cli/speak.h"
#include "interop/case_format.h"

struct exchanged { /* as typed, and what came of it */
    const char *losses;
    const char *file; /* that was written; NULL: standard output */
    uint64_t bytes;
};
#define EXCHANGED_ROWS(x)                                                                                              \
    {                                                                                                                  \
        "--losses", OPTION_WORD, &(x).losses, "FILE",                                                                  \
            N_("write what was guessed, dropped or kept as words there, as JSON")                                      \
    }

/* The names of the formats that are written, or read, with their meanings: for OPTION_MEANINGS. */
const struct word_list *exchanged_words(struct cli *c, bool written);
/* The format with that name: ERR_USAGE names them all.  NULL is refused, too. */
enum error exchanged_format(struct cli *c, const char *typed, bool written, const struct case_format **out) MUST_USE;
/* To a file, or to standard output where `path` is NULL or `-`. */
enum error exchanged_write(struct cli *c, struct exchanged *x, const char *path, struct buf *file) MUST_USE;
/* Tells the losses: a line each on standard error, or with --losses into that file. */
enum error exchanged_losses(struct cli *c, const struct exchanged *x, const struct losses *l) MUST_USE;

#endif
