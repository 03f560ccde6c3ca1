/* Options of `facts` about which observations are meant, and what of them is hidden. */
#ifndef PARLEY_CLI_FACTS_OPTIONS_H
#define PARLEY_CLI_FACTS_OPTIONS_H

#include "cli/cli.h"
#include "scan/facts.h"

struct choice { /* as typed */
    const char *where, *hide, *hide_key;
};
/* Rows of a table of options: CHOICE_ROWS(&choice). */
#define CHOICE_ROWS(o)                                                                                                 \
    {"--where", OPTION_WORD, &(o)->where, "EXPRESSION",                                                                \
     N_("take these lines alone, as `port = 22 and not src in 192.0.2.0/24`; @FILE: the expression in a file")},       \
        {"--hide", OPTION_WORD, &(o)->hide, "FIELDS",                                                                  \
         N_("put tokens in the place of user, dst_ip or object, in facts and lines alike")},                           \
    {                                                                                                                  \
        "--hide-key", OPTION_WORD, &(o)->hide_key, "FILE",                                                             \
            N_("the key of the tokens: taken from there, or put there (else: the sheet's name and .hide-key)")         \
    }

/* Into the options of a scan; `sheet` is where the sheet goes.  A new key is not kept yet. */
enum error cli_choice(struct cli *c, const struct choice *typed, const char *sheet, struct facts_options *out) MUST_USE;
/* Keeps a key that is new: before anything stands that was hidden by it. */
enum error cli_keep_hide_key(struct cli *c, const struct choice *typed, const char *sheet,
                             const struct hide *hide) MUST_USE;

#endif
