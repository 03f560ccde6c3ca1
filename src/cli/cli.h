/* The command line: one file a command, and nothing else in it.
 *
 * A command gets its words as a `struct cli`, reads its options from a table, does its work by calling the rooms above,
 * and prints.  Standard output is the product, standard error the talk.  The exit status follows from the error it
 * returns. */
#ifndef PARLEY_CLI_CLI_H
#define PARLEY_CLI_CLI_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/instant.h"
#include "base/random.h"
#include "node/keyring.h"
#include "party/card.h"
#include "json/json.h"

struct desk;

/* What a command needs, and whether --json makes it print an object: its page says so, and others refuse --json. */
enum needs { NEEDS_NOTHING = 0, NEEDS_HOME = 1, TELLS_JSON = 2 };

struct words { /* NUL-terminated strings, as typed */
    const char **at;
    size_t count;
};

struct option_row;

struct cli {
    const char *command;
    const char *home;            /* --home, $PARLEY_HOME, or the XDG data folder; always set */
    const char *passphrase_file; /* --passphrase-file; NULL: not given */
    const char *root_file;       /* --root-key of the commands that sign a card; NULL: the key is on the desk */
    char *passphrase;            /* that was asked on the terminal: secret_new, freed by main; NULL: not asked yet */
    bool json;
    bool quiet;
    bool tells_progress; /* as lines on standard error that begin with a record separator: for the desk's page */
    const struct keyring *unlocked; /* the desk's keyring, already open; NULL: it is opened when it is needed */
    struct words words;             /* what is left after the options */
    instant now;
    struct random random;
    struct arena arena; /* freed when the command ends */
    struct diag diag;   /* printed once by main when the command returns an error */
    int argc;           /* what cli_options reads */
    char **argv;
    /* What --help does with the options of a command, those that all commands take included; NULL: prints them for a
     * terminal.  The manual is written by it. */
    void (*page)(struct cli *c, const struct option_row *rows, size_t count);
    json_t *page_into; /* for such a function */
};

/* OPTION_MEANINGS is no option, but a part of the page: the words of a list (const struct word_list **) that the option
 * or word in `argument` takes, each with its meaning. */
enum option_kind { OPTION_FLAG, OPTION_WORD, OPTION_NUMBER, OPTION_WORDS, OPTION_MEANINGS };

struct option_row {
    const char *name; /* "--evidence" or "-o" */
    enum option_kind kind;
    void *value;          /* bool *, const char **, uint64_t *, struct words * */
    const char *argument; /* "FILE"; NULL for a flag */
    const char *help;     /* untranslated */
};

/* Reads the options of a command into its table and leaves the other words in c->words, between `min` and `max` of
 * them.
 * "--" ends the options; "--name=value" and "--name value" are the same.  With --help prints the page and returns
 * ERR_NO after setting c->diag.text to "" (main then exits with 0). */
enum error cli_options(struct cli *c, const struct option_row *rows, size_t count, size_t min, size_t max) MUST_USE;
/* Typed words as a list of texts, in the arena. */
struct names cli_names(struct cli *c, const struct words *typed);
/* ERR_USAGE with a sentence and the way to the command's help. */
enum error cli_usage(struct cli *c, const char *format, ...) FORMAT(2, 3);

/* A row of the option table of a command that signs a card. */
#define ROOT_KEY_ROW(c)                                                                                                \
    { "--root-key", OPTION_WORD, &(c)->root_file, "FILE", N_("where the root key is kept, if it is not on the desk") }
/* Opens the desk of c->home; the caller calls desk_close. */
enum error cli_open_desk(struct cli *c, struct desk **out) MUST_USE;
/* Where the passphrase of a home's keys comes from: --passphrase-file, $PARLEY_PASSPHRASE_FILE, or the terminal, which
 * is asked once. */
struct passphrase_source cli_passphrase(struct cli *c);
/* A new passphrase, from the same places; on the terminal it is typed twice. */
enum error cli_new_passphrase(struct cli *c, struct text *out) MUST_USE;

/* Whether there is a person to ask: standard input and standard error are a terminal. */
bool cli_can_ask(void);
/* Asks a question on the terminal; an empty answer is `standard`.  In the arena. */
enum error cli_question(struct cli *c, const char *question, struct text standard, struct text *out) MUST_USE;
/* A yes or a no: ERR_NO for everything but a yes. */
enum error cli_confirm(struct cli *c, const char *question) MUST_USE;
/* The same without echo, into `max` bytes of a secret, NUL-terminated. */
enum error cli_ask_secret(struct cli *c, const char *question, char *out, size_t max) MUST_USE;

struct command {
    const char *name, *arguments, *summary;
    unsigned needs; /* enum needs, added up */
    enum error (*run)(struct cli *c);
};
extern const struct command cli_commands[];
extern const size_t cli_command_count;
/* Runs the command that c names and tells what went wrong; frees what c holds; the exit status. */
int cli_invoke(struct cli *c);
/* By what was typed: a dash is an underscore in the list, `check-in` runs cli_check_in.  NULL: there is none. */
const struct command *cli_find(const char *typed);
/* As people type it, in the arena. */
struct text cli_name(struct arena *a, const struct command *command);

#define COMMAND(name, arguments, summary, needs) enum error cli_##name(struct cli *c) MUST_USE;
#include "cli/commands.def"
#undef COMMAND

/* Progress on long work: one line on standard error, rewritten, only where it is a terminal and --quiet is not given.
 */
struct progress {
    bool shown, lines;
    instant started, last;
};
void progress_start(struct progress *p, const struct cli *c);
void progress_tell(struct progress *p, const char *format, ...) FORMAT(2, 3);
void progress_end(struct progress *p);

/* How wide the terminal on standard output is; 0: there is none, and nothing is fitted to it. */
size_t terminal_columns(void);

/* Chooses the language of gettext from the environment; the first thing that main does. */
void cli_language(void);
/* Has gettext speak another language from now on, as `fr`; NULL: that of the environment.  Gives back what was asked
 * for before, in the arena. */
const char *cli_speak(struct arena *a, const char *language);

/* A table of texts, as wide as its widest cells; the last column is not padded. */
struct grid {
    struct arena *arena;
    size_t count, rows, room; /* columns, rows */
    unsigned right;           /* a set of columns, 1 << i, that are aligned right */
    struct text *cells;
};
struct grid grid_new(struct arena *a, size_t count);
void grid_row(struct grid *t, const struct text *cells); /* t->count of them; they must live as long as the table */
void grid_print(const struct grid *t, FILE *to);

/* What others wrote, as it may be shown in a line; in the arena. */
struct text cli_shown(struct cli *c, struct text t);
/* The same for a text of several lines: each begins with `before`, so that none can pass for one of the program's. */
struct text cli_shown_lines(struct cli *c, struct text t, const char *before);
/* Prints a text padded with spaces to `width` columns. */
void cli_pad(FILE *to, struct text t, size_t width);

#endif
