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

struct follow_typed {
    bool follow, once;
    const char *state, *slack;
};
#define FOLLOW_ROWS(o)                                                                                                 \
    {"--follow", OPTION_FLAG, &(o)->follow, NULL,                                                                      \
     N_("go on reading logs that are written to, and append facts as their windows close")},                           \
        {"--state", OPTION_WORD, &(o)->state, "FILE",                                                                  \
         N_("where it is kept how far --follow came: the next start goes on there")},                                  \
        {"--slack", OPTION_WORD, &(o)->slack, "LENGTH",                                                                \
         N_("how much later than others a line may come while its window is open, or before it is told (5m)")},        \
    {                                                                                                                  \
        "--once", OPTION_FLAG, &(o)->once, NULL, N_("end --follow where nothing more is there to read")                \
    }

/* What is typed of following, and the slack. */
enum error cli_follow_options(struct cli *c, const struct follow_typed *t, const char *sheet, instant *slack) MUST_USE;
struct follow_options;
enum error cli_follow(struct cli *c, const struct follow_options *o, bool once) MUST_USE;

/* Into the options of a scan; `sheet` is where the sheet goes.  A new key is not kept yet. */
enum error cli_choice(struct cli *c, const struct choice *typed, const char *sheet, struct facts_options *out) MUST_USE;
/* A size as 512M or 2G, in bytes. */
enum error cli_bytes(struct cli *c, const char *option, const char *typed, size_t least, size_t *bytes) MUST_USE;
/* Keeps a key that is new: before anything stands that was hidden by it. */
enum error cli_keep_hide_key(struct cli *c, const struct choice *typed, const char *sheet,
                             const struct hide *hide) MUST_USE;

#endif
