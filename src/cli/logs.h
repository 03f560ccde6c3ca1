/* What commands that read logs have in common: the options that say how, and the telling of what was read. */
#ifndef PARLEY_CLI_LOGS_H
#define PARLEY_CLI_LOGS_H

#include "cli/cli.h"
#include "line/map.h"
#include "scan/report.h"
#include "scan/scan.h"

enum log_input_kind { INPUT_RULES, INPUT_MAP, INPUT_WHERE };
struct log_input { /* a file that says how logs are read: whoever repeats a run needs it */
    enum log_input_kind kind;
    const char *name;
    struct sha256 hash;
};
struct log_options { /* as typed */
    const char *format, *map, *until, *timezone, *event;
    struct field_map columns; /* read of `map` */
    uint64_t year, threads;
    struct words rules;
    struct log_input *inputs; /* as they were read: the first rules come first */
    size_t input_count, input_room;
};
/* Rows of a table of options: LOG_ROWS(&options). */
#define LOG_ROWS(o)                                                                                                    \
    {"--format", OPTION_WORD, &(o)->format, "NAME", N_("the format of the logs (else: seen from their first lines)")}, \
        {"--map", OPTION_WORD, &(o)->map, "MAP",                                                                       \
         N_("which column is what: time=ts,src=client.ip,…, a file of these, or its name in <home>/maps")},            \
        {"--rules", OPTION_WORDS, &(o)->rules, "FILE",                                                                 \
         N_("rules of one's own, which come first; any number of times (and those in the folder rules of the home)")}, \
        {"--year", OPTION_NUMBER, &(o)->year, "YEAR", N_("the year of each log's first line, where times name none")}, \
        {"--until", OPTION_WORD, &(o)->until, "TIME",                                                                  \
         N_("a time that no line is after, where times don't name their year")},                                       \
        {"--timezone", OPTION_WORD, &(o)->timezone, "ZONE",                                                            \
         N_("of times without one, as Europe/Paris or +01:00 (else: UTC)")},                                           \
        {"--event", OPTION_WORD, &(o)->event, "EVENT",                                                                 \
         N_("say of every line with an address or object that it is this event")},                                     \
    {                                                                                                                  \
        "--threads", OPTION_NUMBER, &(o)->threads, "N", N_("how many to read with (else: one a processor)")            \
    }

/* Into the options of a scan; what a time zone needs lives in the arena, and the map in `typed`. */
enum error cli_log_options(struct cli *c, struct log_options *typed, struct scan_options *out) MUST_USE;
/* The rules that lines are judged by; called by cli_log_options. */
enum error cli_log_rules(struct cli *c, struct log_options *typed, struct scan_options *out) MUST_USE;
/* Takes note of a file that was read. */
void cli_log_input(struct cli *c, struct log_options *typed, enum log_input_kind kind, const char *name,
                   struct bytes file);
/* Puts `inputs`, a list of objects with `kind`, `name` and `sha256`. */
void cli_log_put_inputs(const struct log_options *typed, json_t *object);
/* The files that the words mean, in the order in which they are read: see logs_find.  A folder or a pattern may hold
 * files that are no logs: the lines of these are counted, where `scan` is given. */
enum error cli_logs(struct cli *c, struct words *logs, struct scan_options *scan) MUST_USE;
/* Appends what was read for people, and what was taken for granted in reading it. */
void cli_log_report(const struct log_options *typed, const struct scan_report *r, struct buf *out);
/* Shows how far a scan is, how fast, and how long the rest will take at that speed: scan->progress_state takes `p`,
 * which must live as long. */
void cli_log_progress(struct cli *c, struct progress *p, struct scan_options *scan);

#endif
