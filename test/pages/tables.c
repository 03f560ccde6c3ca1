/* Prints the tables by which the program goes, a row a line, its fields apart by tabs, for script/completion:
 *
 *     command NAME ARGUMENTS SUMMARY
 *     option NAME flag|value|values ARGUMENT HELP      (of the command above)
 *     meaning OPTION-OR-ARGUMENT WORD MEANING          (of the command above)
 *     list NAME WORD MEANING */
#include <stdio.h>

#include "cli/cli.h"
#include "line/formats.h"
#include "message/kind.h"
#include "vocab/iso3166.h"
#include "vocab/rsit.h"
#include "vocab/tlp.h"
#include "vocab/words.h"

static void list_row(const char *list, const char *word, const char *meaning) {
    printf("list\t%s\t%s\t%s\n", list, word, meaning);
}

static void print_lists(void) {
    for (int level = 0; level < TLP_COUNT; level++) list_row("tlp", tlp_name((enum tlp)level), "");
    for (size_t i = 0; i < rsit_type_count; i++) list_row("events", rsit_types[i].value, rsit_types[i].name);
    for (size_t i = 0; i < line_format_count; i++) list_row("formats", line_formats[i].name, line_formats[i].summary);
    for (size_t i = 0; i < KIND_COUNT; i++) list_row("kinds", kind_rules[i].name, "");
    for (size_t i = 0; i < iso3166_count; i++) list_row("countries", iso3166_rows[i].code, iso3166_rows[i].name);
    for (size_t i = 0; i < words_sector.count; i++)
        list_row("sectors", words_sector.at[i].name, words_sector.at[i].meaning);
}

/* The lists that rows point to may live no longer than this call. */
static void print_rows(struct cli *c, const struct option_row *rows, size_t count) {
    (void)c;
    for (size_t i = 0; i < count; i++) {
        const struct option_row *row = &rows[i];
        if (row->kind == OPTION_MEANINGS) {
            const struct word_list *list = *(const struct word_list *const *)row->value;
            for (size_t k = 0; k < list->count; k++)
                printf("meaning\t%s\t%s\t%s\n", row->argument, list->at[k].name, list->at[k].meaning);
            continue;
        }
        const char *kind = row->kind == OPTION_FLAG ? "flag" : row->kind == OPTION_WORDS ? "values" : "value";
        printf("option\t%s\t%s\t%s\t%s\n", row->name, kind, row->argument ? row->argument : "", row->help);
    }
}

int main(void) {
    print_lists();
    for (size_t i = 0; i < cli_command_count; i++) {
        static char word[] = "--help", *words[] = {word};
        const struct command *command = &cli_commands[i];
        struct cli asked = {.home = "", .argc = 1, .argv = words, .page = print_rows};
        struct text name = cli_name(&asked.arena, command);
        asked.command = name.at;
        printf("command\t%s\t%s\t%s\n", name.at, command->arguments, command->summary);
        enum error e = command->run(&asked);
        ASSERT(e == ERR_NO && asked.words.count == SIZE_MAX);
        arena_free(&asked.arena);
    }
}
