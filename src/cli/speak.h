/* What commands that speak have in common: reading what was typed, saying it, telling what became of it. */
#ifndef PARLEY_CLI_SPEAK_H
#define PARLEY_CLI_SPEAK_H

#include "cli/cli.h"
#include "desk/say.h"

/* A text in words on the command line, or in a file ("-": standard input), without its last line end; NULLs give the
 * empty text.  Both at once are wrong usage. */
enum error cli_text(struct cli *c, const char *typed, const char *file, struct text *out) MUST_USE;
/* A whole file, in the arena. */
enum error cli_file(struct cli *c, const char *path, size_t max, struct bytes *out) MUST_USE;
/* Each leaves *out alone where nothing was typed (NULL). */
enum error cli_tlp(struct cli *c, const char *typed, enum tlp *out) MUST_USE;
enum error cli_time(struct cli *c, const char *option, const char *typed, instant *out) MUST_USE;
/* "24h", "7d", or a number of hours. */
enum error cli_hours(struct cli *c, const char *option, const char *typed, uint64_t *out) MUST_USE;

/* Asks the gate whether what is of that level may leave to whoever bears it.  Where a person has to agree and has not
 * yet, on a terminal the question is put; elsewhere ERR_USAGE.  ERR_NO where nobody can agree, or does not. */
enum error cli_pass_gate(struct cli *c, enum tlp level, bool agreed, struct text question) MUST_USE;

/* The row of an option table by which what is said stays a draft. */
#define DRAFT_ROW(flag)                                                                                                \
    { "--draft", OPTION_FLAG, &(flag), NULL, N_("keep it as a draft, for another officer to clear") }

/* Says it and prints where it stands, or that it is a draft: one line, or an object with --json. */
enum error cli_say(struct cli *c, struct talk *t, const struct say *s) MUST_USE;
/* Tells of a message that was said what is odd about its time, if anything: by the state from before it. */
void cli_oddly(struct cli *c, struct talk *t, const struct say *s);

/* Where a message stands that was said, as --json prints it; the caller frees it. */
json_t *cli_said_json(const struct talk *t, const struct said_at *at);
/* Prints where a message stands that was said. */
enum error cli_said(struct cli *c, const struct talk *t, enum kind kind, const struct said_at *at) MUST_USE;

/* Options of the commands that look at a state, as rows of a table: STATE_ROWS(&options). */
struct state_options {
    const char *at, *as_of;
    bool shared;
};
#define STATE_ROWS(o)                                                                                                  \
    {"--at", OPTION_WORD, &(o)->at, "A,B", N_("the state at these sizes of both records, in the order of the names")}, \
        {"--shared", OPTION_FLAG, &(o)->shared, NULL, N_("the state at the last cut that both records confirm")}, {    \
        "--as-of", OPTION_WORD, &(o)->as_of, "TIME", N_("judge deadlines as of this time")                             \
    }
enum error cli_talk_at(struct cli *c, const struct state_options *o, struct talk_at *out) MUST_USE;

/* Adds what stands of drills at the end of a page, under a heading of its own; nothing where there is nothing. */
void cli_add_drills(struct buf *page, const struct buf *drills);
/* Prints a page for people, in which others may have written: what may not be shown is left out. */
enum error cli_print_page(struct cli *c, struct buf *page) MUST_USE;
/* Prints bytes as they are, or JSON in its canonical form (freed here), on standard output. */
enum error cli_print(struct cli *c, struct buf *page) MUST_USE;
enum error cli_print_json(struct cli *c, json_t *taken) MUST_USE;

#endif
