#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/cli.h"
#include "vocab/words.h"

enum error cli_usage(struct cli *c, const char *format, ...) {
    va_list arguments;
    char sentence[400];
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return fail(&c->diag, ERR_USAGE, _("%s; `parley %s --help` explains it"), sentence, c->command);
}

/* `parley COMMAND ARGUMENTS`. */
static struct text usage_line(struct cli *c) {
    const struct command *command = cli_find(c->command);
    const char *arguments = command ? command->arguments : "";
    return arena_format(&c->arena, "parley %s%s%s", c->command, *arguments ? " " : "", arguments);
}

static void print_meanings(const struct option_row *row) {
    const struct word_list *list = *(const struct word_list *const *)row->value;
    printf(_("  What %s may be:\n"), row->argument);
    for (size_t i = 0; i < list->count; i++) {
        printf("    ");
        cli_pad(stdout, text_of(list->at[i].name), 24);
        printf(" %s\n", gettext(list->at[i].meaning));
    }
}

static void print_page(struct cli *c, const struct option_row *rows, size_t count) {
    const struct command *command = cli_find(c->command);
    printf("%s\n    %s\n", usage_line(c).at, command ? gettext(command->summary) : "");
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == OPTION_MEANINGS) {
            print_meanings(&rows[i]);
            continue;
        }
        struct text left = arena_format(&c->arena, "%s %s", rows[i].name, rows[i].argument ? rows[i].argument : "");
        printf("  ");
        cli_pad(stdout, left, 26);
        printf(" %s\n", gettext(rows[i].help));
    }
}

/* Its own options, then those that it shares with the other commands of its needs. */
static enum error explain(struct cli *c, const struct option_row *rows, size_t count) {
    static const struct {
        unsigned needs;
        struct option_row row;
    } shared[] = {
        {TELLS_JSON, {"--json", OPTION_FLAG, NULL, NULL, N_("print an object for programs (RFC 8785)")}},
        {NEEDS_HOME, {"--home", OPTION_WORD, NULL, "FOLDER", N_("where parley keeps its things")}},
        {NEEDS_HOME,
         {"--passphrase-file", OPTION_WORD, NULL, "FILE", N_("read the passphrase of the keys from its first line")}},
        {NEEDS_NOTHING, {"--quiet", OPTION_FLAG, NULL, NULL, N_("say nothing on standard error but what went wrong")}},
    };
    const struct command *command = cli_find(c->command);
    struct option_row *all = ARENA_ARRAY(&c->arena, struct option_row, count + COUNT(shared));
    if (count) memcpy(all, rows, count * sizeof *all);
    for (size_t i = 0; i < COUNT(shared); i++)
        if (command && (command->needs & shared[i].needs) == shared[i].needs) all[count++] = shared[i].row;
    (c->page ? c->page : print_page)(c, all, count);
    c->words.count = SIZE_MAX;
    c->diag.text[0] = 0;
    return ERR_NO;
}

static void add_word(struct cli *c, struct words *list, const char *word) {
    const char **more = ARENA_ARRAY(&c->arena, const char *, list->count + 1);
    if (list->count) memcpy(more, list->at, list->count * sizeof *more);
    more[list->count++] = word;
    list->at = more;
}

static enum error take_value(struct cli *c, const struct option_row *row, const char *value) {
    switch (row->kind) {
    case OPTION_MEANINGS: break;
    case OPTION_FLAG: *(bool *)row->value = true; return OK;
    case OPTION_WORD: *(const char **)row->value = value; return OK;
    case OPTION_WORDS: add_word(c, row->value, value); return OK;
    case OPTION_NUMBER:
        if (text_u64(text_of(value), row->value)) return OK;
        return cli_usage(c, _("%s: expected a number, found “%s”"), row->name, value);
    }
    return OK;
}

/* The row whose name is the first `size` characters of `word`. */
static const struct option_row *row_of(const struct option_row *rows, size_t count, const char *word, size_t size) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(text_of(rows[i].name), (struct text){word, size})) return &rows[i];
    return NULL;
}

enum error cli_options(struct cli *c, const struct option_row *rows, size_t count, size_t min, size_t max) {
    const struct option_row common[] = {
        {"--home", OPTION_WORD, &c->home, "FOLDER", ""},
        {"--passphrase-file", OPTION_WORD, &c->passphrase_file, "FILE", ""},
        {"--json", OPTION_FLAG, &c->json, NULL, ""},
        {"--quiet", OPTION_FLAG, &c->quiet, NULL, ""},
    };
    bool only_words = false;
    for (int i = 0; i < c->argc; i++) {
        const char *word = c->argv[i];
        if (only_words || word[0] != '-' || !word[1]) {
            add_word(c, &c->words, word);
            continue;
        }
        if (!strcmp(word, "--")) {
            only_words = true;
            continue;
        }
        if (!strcmp(word, "--help") || !strcmp(word, "-h")) return explain(c, rows, count);
        const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
        size_t size = equals ? (size_t)(equals - word) : strlen(word);
        const struct option_row *row = row_of(rows, count, word, size);
        if (!row) row = row_of(common, COUNT(common), word, size);
        if (!row) return cli_usage(c, _("no such option: %s"), word);
        if (row->kind == OPTION_FLAG && equals) return cli_usage(c, _("%s takes no value"), row->name);
        if (row->kind != OPTION_FLAG && !equals && i + 1 == c->argc)
            return cli_usage(c, _("%s needs a value"), row->name);
        const char *value = equals ? equals + 1 : row->kind == OPTION_FLAG ? NULL : c->argv[++i];
        enum error result = take_value(c, row, value);
        if (result) return result;
    }
    const struct command *command = cli_find(c->command);
    if (c->json && command && !(command->needs & TELLS_JSON)) return cli_usage(c, _("no such option: %s"), "--json");
    if (c->words.count < min) return cli_usage(c, "%s: %s", _("something is missing"), usage_line(c).at);
    if (c->words.count > max) return cli_usage(c, _("too many words: “%s”"), c->words.at[max]);
    return OK;
}

struct names cli_names(struct cli *c, const struct words *typed) {
    struct text *list = ARENA_ARRAY(&c->arena, struct text, typed->count + 1);
    for (size_t i = 0; i < typed->count; i++) list[i] = text_of(typed->at[i]);
    return (struct names){list, typed->count};
}
