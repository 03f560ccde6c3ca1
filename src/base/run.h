/* Other programs: an editor, a hook, a mail program.
 *
 * No shell is involved: a program is a path, or a name that is looked for in PATH, and its words.  Names and values of
 * the environment that are given replace those of this process. */
#ifndef PARLEY_BASE_RUN_H
#define PARLEY_BASE_RUN_H

#include "base/error.h"
#include "base/text.h"

struct run {
    const char *const *words; /* the program first, NULL last */
    const char *const *with;  /* "NAME=value", NULL last; NULL: nothing more than this process has */
    bool feeds;               /* standard input is `input`; else that of this process: a terminal stays one */
    struct bytes input;
    bool quiet;       /* its standard output goes nowhere */
    unsigned seconds; /* after which it is ended; 0: it takes its time */
};

/* Runs it to its end and gives its exit status; 128 + the number of the signal that ended it, as shells do.
 * ERR_MISSING where there is no such program, ERR_LIMIT where it took too long and was ended, ERR_IO else. */
enum error run_program(const struct run *r, int *status, struct diag *d) MUST_USE;

#endif
