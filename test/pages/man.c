/* Writes the manual: man-pages TEXTS FOLDER.
 *
 * A page has its name, arguments and options from the tables by which the program itself goes, so that it can't differ
 * from what the program does.  What tables don't say is in TEXTS/NAME.txt: first a description, then sections, each
 * after a line in capitals; one of them is EXAMPLES.  A blank line ends a paragraph, four spaces before a line keep it
 * as it is, and what stands between two backticks is bold.  Exit status 1 where a text is missing or lacks examples. */
#include <stdlib.h>

#include "base/os.h"
#include "cli/cli.h"
#include "desk/home.h"
#include "matter/page.h"
#include "vocab/words.h"

enum { PAGE_MAX = 1 << 20 };

struct page {
    struct buf text; /* of the file beside it */
    struct buf out;
};

struct asking { /* a command that is asked for its --help */
    struct cli cli;
    struct buf *out;
};

/* ---- troff (groff_man(7)) */

/* One character as troff prints it; `literal`: as it is typed in a command. */
static void put_char(struct buf *out, char c, bool literal) {
    static const struct {
        char c;
        bool always;
        const char *troff;
    } specials[] = {{'\\', true, "\\e"},  {'-', false, "\\-"},  {'\'', false, "\\(aq"},
                    {'`', true, "\\(ga"}, {'^', true, "\\(ha"}, {'~', true, "\\(ti"}};
    for (size_t i = 0; i < COUNT(specials); i++)
        if (specials[i].c == c && (literal || specials[i].always)) {
            buf_string(out, specials[i].troff);
            return;
        }
    buf_char(out, c);
}

static void put_literal(struct buf *out, struct text t) {
    for (size_t i = 0; i < t.size; i++) put_char(out, t.at[i], true);
}

static void put_bold(struct buf *out, struct text t) {
    buf_string(out, "\\fB");
    put_literal(out, t);
    buf_string(out, "\\fR");
}

/* A line of a paragraph.  A point or an apostrophe at its beginning would be a request. */
static void put_line(struct buf *out, struct text line) {
    struct text before;
    if (line.size && (line.at[0] == '.' || line.at[0] == '\'')) buf_string(out, "\\&");
    for (bool bold = false; text_cut(&line, '`', &before); bold = !bold) {
        if (bold)
            put_bold(out, before);
        else
            for (size_t i = 0; i < before.size; i++) put_char(out, before.at[i], false);
    }
    for (size_t i = 0; i < line.size; i++) put_char(out, line.at[i], false);
    buf_char(out, '\n');
}

static void put_heading(struct buf *out, struct text heading) { buf_format(out, ".SH %.*s\n", TEXT_ARG(heading)); }

static void put_begin(struct buf *out, const char *name, unsigned section) {
    buf_string(out,
               ".\\\" Printed from the program's own tables and from man/*.txt; script/pages writes it anew.\n.TH ");
    for (const char *at = name; *at; at++) buf_char(out, (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at));
    buf_format(out, " %u \"\" \"parley " PARLEY_VERSION "\" \"parley manual\"\n", section);
}

static void put_name(struct buf *out, struct text name, const char *summary) {
    put_heading(out, TEXT("NAME"));
    put_literal(out, name);
    buf_string(out, " \\- ");
    put_line(out, text_of(summary));
}

/* ---- the text beside a page */

static bool is_heading(struct text line) {
    bool letters = false;
    for (size_t i = 0; i < line.size; i++) {
        if (line.at[i] != ' ' && (line.at[i] < 'A' || line.at[i] > 'Z')) return false;
        letters |= line.at[i] != ' ';
    }
    return letters;
}

/* The macro of a paragraph, but for the first one below a heading. */
static void begin_paragraph(struct buf *out) {
    size_t at = out->size - 1;
    while (at && out->at[at - 1] != '\n') at--;
    if (!text_starts(text_sub(buf_as_text(out), at, out->size), TEXT(".SH "))) buf_string(out, ".PP\n");
}

/* Lines with four spaces before them, and blank ones between such. */
static void put_literals(struct buf *out, struct text first, struct text *rest) {
    struct text line = first, ahead = *rest;
    size_t blank = 0;
    begin_paragraph(out);
    buf_string(out, ".RS 4\n.nf\n");
    do {
        if (text_skip(&line, TEXT("    "))) {
            for (; blank; blank--) buf_char(out, '\n');
            if (line.size && (line.at[0] == '.' || line.at[0] == '\'')) buf_string(out, "\\&");
            put_literal(out, line);
            buf_char(out, '\n');
            *rest = ahead;
        } else if (line.size) {
            break;
        } else {
            blank++;
        }
    } while (text_line(&ahead, &line));
    buf_string(out, ".fi\n.RE\n");
}

/* What stands before the next heading, which is left at the front. */
static void put_section(struct buf *out, struct text *rest) {
    struct text line, ahead = *rest;
    bool paragraph = false;
    for (; text_line(&ahead, &line) && !is_heading(line); *rest = ahead) {
        if (text_starts(line, TEXT("    "))) {
            *rest = ahead;
            put_literals(out, line, rest);
            ahead = *rest;
            paragraph = false;
        } else if (line.size) {
            if (!paragraph) begin_paragraph(out);
            put_line(out, line);
            paragraph = true;
        } else {
            paragraph = false;
        }
    }
}

static void put_sections(struct buf *out, struct text rest) {
    struct text heading;
    while (text_line(&rest, &heading)) {
        put_heading(out, heading);
        put_section(out, &rest);
    }
}

/* Every other page that the text names as `parley NAME`. */
static void put_see_also(struct buf *out, struct text text, const char *self) {
    put_heading(out, TEXT("SEE ALSO"));
    if (*self) buf_string(out, ".BR parley (1)");
    for (size_t i = 0; i < cli_command_count; i++) {
        struct arena a = {0};
        struct text name = cli_name(&a, &cli_commands[i]), sought = arena_format(&a, "`parley %.*s", TEXT_ARG(name));
        size_t at = text_search(text, sought), end = at + sought.size;
        bool whole = at != SIZE_MAX && end < text.size && (text.at[end] == '`' || text.at[end] == ' ');
        if (whole && !text_is(name, self)) {
            buf_string(out, *self || text_ends(buf_as_text(out), TEXT(")")) ? ",\n.BR parley\\-" : ".BR parley\\-");
            put_literal(out, name);
            buf_string(out, " (1)");
        }
        arena_free(&a);
    }
    buf_string(out, text_ends(buf_as_text(out), TEXT(")")) ? ",\n" : "");
    if (text_search(text, TEXT("parley-config(5)")) != SIZE_MAX) buf_string(out, ".BR parley\\-config (5),\n");
    buf_string(out, ".BR parley\\-kinds (7)\n");
}

/* ---- pages */

/* What an option's word may be, each with its meaning. */
static void put_meanings(struct buf *out, const struct option_row *row) {
    const struct word_list *list = *(const struct word_list *const *)row->value;
    buf_string(out, ".PP\n");
    put_bold(out, text_of(row->argument));
    buf_string(out, " may be:\n.RS 4\n");
    for (size_t i = 0; i < list->count; i++) {
        buf_string(out, ".TP\n");
        put_bold(out, text_of(list->at[i].name));
        buf_char(out, '\n');
        put_line(out, text_of(list->at[i].meaning));
    }
    buf_string(out, ".RE\n");
}

static void put_options(struct cli *c, const struct option_row *rows, size_t count) {
    struct buf *out = ((struct asking *)(void *)c)->out;
    if (count) put_heading(out, TEXT("OPTIONS"));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == OPTION_MEANINGS) {
            put_meanings(out, &rows[i]);
            continue;
        }
        buf_string(out, ".TP\n");
        put_bold(out, text_of(rows[i].name));
        if (rows[i].argument) {
            buf_string(out, " \\fI");
            put_literal(out, text_of(rows[i].argument));
            buf_string(out, "\\fR");
        }
        buf_char(out, '\n');
        put_line(out, text_of(rows[i].help));
    }
}

static enum error read_text(const char *folder, const char *name, struct page *p, struct diag *d) {
    char path[OS_PATH_MAX], file[64];
    snprintf(file, sizeof file, "%s.txt", name);
    buf_clear(&p->text);
    buf_clear(&p->out);
    enum error e = os_read(os_path(path, folder, file), PAGE_MAX, &p->text, d);
    bool examples = !e && text_search(buf_as_text(&p->text), TEXT("\nEXAMPLES\n")) != SIZE_MAX;
    return e || examples ? e : fail(d, ERR_INPUT, "%s has no EXAMPLES", path);
}

static enum error write_page(const char *folder, const char *name, unsigned section, const struct page *p,
                             struct diag *d) {
    char path[OS_PATH_MAX], file[64];
    snprintf(file, sizeof file, "%s.%u", name, section);
    enum error e = buf_check(&p->out, d);
    return e ? e : os_write(os_path(path, folder, file), buf_as_bytes(&p->out), 0644, d);
}

static void put_synopsis(struct buf *out, struct text name, const char *arguments) {
    put_heading(out, TEXT("SYNOPSIS"));
    buf_string(out, "\\fBparley ");
    put_literal(out, name);
    buf_string(out, "\\fR ");
    put_literal(out, text_of(arguments));
    buf_char(out, '\n');
}

/* The options are asked of the command itself, by --help. */
static void ask_options(const struct command *command, struct text name, struct buf *out) {
    static char word[] = "--help", *words[] = {word};
    struct asking asking = {.cli = {.command = name.at, .home = "", .argc = 1, .argv = words, .page = put_options},
                            .out = out};
    enum error e = command->run(&asking.cli);
    ASSERT(e == ERR_NO && asking.cli.words.count == SIZE_MAX);
    arena_free(&asking.cli.arena);
}

static enum error command_page(const struct command *command, const char *texts, const char *to, struct page *p,
                               struct diag *d) {
    struct arena a = {0};
    struct text name = cli_name(&a, command), full = arena_format(&a, "parley-%.*s", TEXT_ARG(name));
    enum error e = read_text(texts, name.at, p, d);
    if (!e) {
        struct text rest = buf_as_text(&p->text);
        put_begin(&p->out, full.at, 1);
        put_name(&p->out, full, command->summary);
        put_synopsis(&p->out, name, command->arguments);
        put_heading(&p->out, TEXT("DESCRIPTION"));
        put_section(&p->out, &rest);
        ask_options(command, name, &p->out);
        put_sections(&p->out, rest);
        put_see_also(&p->out, buf_as_text(&p->text), name.at);
        e = write_page(to, full.at, 1, p, d);
    }
    arena_free(&a);
    return e;
}

/* The page of the program: every command in one line. */
static enum error index_page(const char *texts, const char *to, struct page *p, struct diag *d) {
    enum error e = read_text(texts, "parley", p, d);
    if (e) return e;
    struct arena a = {0};
    struct text rest = buf_as_text(&p->text);
    put_begin(&p->out, "parley", 1);
    put_name(&p->out, TEXT("parley"), "a private, tamper-evident channel between two organisations");
    put_synopsis(&p->out, TEXT("COMMAND"), "[OPTION…] [WORD…]");
    put_heading(&p->out, TEXT("DESCRIPTION"));
    put_section(&p->out, &rest);
    put_heading(&p->out, TEXT("COMMANDS"));
    for (size_t i = 0; i < cli_command_count; i++) {
        buf_string(&p->out, ".TP\n\\fBparley\\-");
        put_literal(&p->out, cli_name(&a, &cli_commands[i]));
        buf_string(&p->out, "\\fR(1)\n");
        put_line(&p->out, text_of(cli_commands[i].summary));
    }
    put_sections(&p->out, rest);
    put_see_also(&p->out, buf_as_text(&p->text), "");
    arena_free(&a);
    return write_page(to, "parley", 1, p, d);
}

static void put_kind(struct buf *out, const struct kind_rule *rule) {
    buf_string(out, ".TP\n");
    put_bold(out, text_of(rule->name));
    buf_format(out, "\n%s  Said by %s.\nMust come after: ",
               rule->opens     ? "Opens a case."
               : rule->belongs ? "Belongs to a case."
                               : "Belongs to no case.",
               kind_sender(rule->sender));
    put_line(out, text_of(rule->after));
}

static enum error kinds_page(const char *texts, const char *to, struct page *p, struct diag *d) {
    enum error e = read_text(texts, "parley-kinds", p, d);
    if (e) return e;
    struct text rest = buf_as_text(&p->text);
    put_begin(&p->out, "parley-kinds", 7);
    put_name(&p->out, TEXT("parley-kinds"), "the kinds of messages");
    put_heading(&p->out, TEXT("DESCRIPTION"));
    put_section(&p->out, &rest);
    put_heading(&p->out, TEXT("KINDS"));
    for (size_t k = 0; k < KIND_COUNT; k++) put_kind(&p->out, &kind_rules[k]);
    put_sections(&p->out, rest);
    buf_string(&p->out, ".SH SEE ALSO\n.BR parley (1)\n");
    return write_page(to, "parley-kinds", 7, p, d);
}

static void put_setting(struct buf *out, const char *word, const char *meaning, const char *label, const char *value) {
    buf_string(out, ".TP\n");
    put_bold(out, text_of(word));
    buf_char(out, '\n');
    put_line(out, text_of(meaning));
    buf_format(out, ".br\n%s", label);
    put_bold(out, text_of(value));
    buf_char(out, '\n');
}

/* Every word of the config, from the tables by which it is read. */
static enum error config_page(const char *texts, const char *to, struct page *p, struct diag *d) {
    enum error e = read_text(texts, "parley-config", p, d);
    if (e) return e;
    struct text rest = buf_as_text(&p->text);
    put_begin(&p->out, "parley-config", 5);
    put_name(&p->out, TEXT("parley-config"), "the config of a home");
    put_heading(&p->out, TEXT("DESCRIPTION"));
    put_section(&p->out, &rest);
    put_heading(&p->out, TEXT("WORDS"));
    for (size_t i = 0; i < home_word_count; i++)
        put_setting(&p->out, home_words[i].word, home_words[i].meaning,
                    home_words[i].needed ? "Needed; for example: " : "For example: ", home_words[i].example);
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++) {
        const struct node_setting_row *row = &node_settings_rows[i];
        char standard[32], range[96];
        snprintf(standard, sizeof standard, "%llu", (unsigned long long)row->standard);
        snprintf(range, sizeof range, "From %llu to %llu; by default: ", (unsigned long long)row->min,
                 (unsigned long long)row->max);
        put_setting(&p->out, row->word, row->meaning, range, standard);
    }
    put_sections(&p->out, rest);
    put_see_also(&p->out, buf_as_text(&p->text), "config(5)");
    return write_page(to, "parley-config", 5, p, d);
}

int main(int argc, char **argv) {
    static enum error (*const others[])(const char *, const char *, struct page *,
                                        struct diag *) = {index_page, kinds_page, config_page};
    struct diag d = {0};
    struct page p = {{.max = PAGE_MAX}, {.max = PAGE_MAX}};
    int failed = argc != 3;
    if (failed) fputs("usage: man-pages TEXTS FOLDER\n", stderr);
    for (size_t i = 0; argc == 3 && i < cli_command_count + COUNT(others); i++) {
        enum error e = i < cli_command_count ? command_page(&cli_commands[i], argv[1], argv[2], &p, &d)
                                             : others[i - cli_command_count](argv[1], argv[2], &p, &d);
        if (e) fprintf(stderr, "%s%s%s\n", d.where, d.where[0] ? ": " : "", d.text);
        failed |= e != OK;
    }
    buf_free(&p.text);
    buf_free(&p.out);
    return failed;
}
