/* facts: log files to a fact sheet, and to the evidence behind it.
 *
 * The sheet is the product; what was read and what was not is said on standard error, or as an object with --json. */
#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "base/secret.h"
#include "cli/facts_options.h"
#include "cli/logs.h"
#include "cli/speak.h"
#include "fact/evidence.h"
#include "line/where.h"
#include "scan/facts.h"
#include "scan/follow.h"
#include "scan/report.h"

struct typed {
    struct log_options log;
    struct choice choice;
    struct follow_typed follow;
    const char *window, *evidence_key, *rejects, *sheet, *evidence, *memory;
};

struct work {
    struct typed typed;
    struct facts_options options;
    uint8_t key[EVIDENCE_KEY_SIZE];
    struct facts_scanned scanned;
    struct sha256 evidence_root;
    instant took, slack;
    char folder[OS_PATH_MAX];
};

/* ---- options */

/* The first bytes of a file or a pipe. */
static enum error read_start(const char *path, struct buf *out, struct diag *d) {
    struct os_reader r;
    size_t got = 1;
    enum error result = os_reader_open(path, &r, d);
    if (result) return result;
    uint8_t *room = buf_extend(out, out->max);
    out->size = 0;
    if (!room) result = fail(d, ERR_MEMORY, _("out of memory"));
    for (; !result && got && out->size < out->max; out->size += got)
        result = os_reader_read(&r, room + out->size, out->max - out->size, &got, d);
    os_reader_close(&r);
    return result;
}

/* A file of 64 digits, or an evidence tree, whose third line has the key of its run. */
static enum error read_key(struct cli *c, struct work *w) {
    const char *path = w->typed.evidence_key;
    struct buf file = {.max = 256};
    struct text line;
    if (!path) return random_fill(&c->random, w->key, sizeof w->key), OK;
    if (!w->typed.evidence) return cli_usage(c, _("--evidence-key is for the tree that --evidence writes"));
    enum error result = read_start(path, &file, &c->diag);
    struct text rest = buf_as_text(&file);
    if (text_skip(&rest, TEXT("parley evidence v1\n")) && text_line(&rest, &line)) text_skip(&rest, TEXT("key "));
    if (!text_line(&rest, &line)) line = rest;
    if (!result && !hex_read(line, w->key, sizeof w->key))
        result = fail(&c->diag, ERR_INPUT, _("expected a key of %d lower-case hexadecimal digits, or an evidence tree"),
                      2 * EVIDENCE_KEY_SIZE);
    if (result) diag_where(&c->diag, path);
    buf_wipe(&file);
    return result;
}

static enum error read_outputs(struct cli *c, const struct work *w) {
    const char *outputs[] = {w->typed.sheet, w->typed.evidence, w->typed.rejects, c->json ? "-" : NULL};
    int printed = 0;
    for (size_t i = 0; i < COUNT(outputs); i++) printed += outputs[i] && !strcmp(outputs[i], "-");
    if (printed < 2) return OK;
    if (c->json) return cli_usage(c, _("--json prints the report on standard output: give the sheet a file with -o"));
    return cli_usage(c, _("only one of sheet, evidence and rejects fits on standard output"));
}

/* The key of tokens is kept from start to start. */
static enum error read_follow(struct cli *c, struct work *w) {
    struct typed *t = &w->typed;
    enum error result = cli_follow_options(c, &t->follow, t->sheet, &w->slack);
    w->options.scan.slack = w->slack;
    if (result || !t->follow.follow) return result;
    if (t->log.until) return cli_usage(c, _("--until is for logs that have an end, and not for --follow"));
    if (t->evidence_key)
        return cli_usage(c, _("--follow keeps lines and makes no tree: --evidence-key is for the run that makes it"));
    if ((t->evidence && !strcmp(t->evidence, "-")) || (t->rejects && !strcmp(t->rejects, "-")))
        return cli_usage(c, _("--follow needs files for --evidence and --rejects: they are appended to"));
    if (t->choice.hide && !t->choice.hide_key && strcmp(t->sheet, "-") != 0)
        t->choice.hide_key = arena_format(&c->arena, "%s.hide-key", t->sheet).at;
    return OK;
}

/* The file of the expression, which was read as --where @FILE, is an input as files of rules are. */
static enum error note_where(struct cli *c, struct typed *t) {
    struct bytes file;
    if (!t->choice.where || t->choice.where[0] != '@') return OK;
    enum error result = cli_file(c, t->choice.where + 1, WHERE_BYTES_MAX, &file);
    if (!result) cli_log_input(c, &t->log, INPUT_WHERE, t->choice.where + 1, file);
    return result;
}

static enum error read_options(struct cli *c, struct work *w) {
    struct typed *t = &w->typed;
    *t = (struct typed){.window = "1h", .sheet = "-"};
    const struct option_row rows[] = {
        LOG_ROWS(&t->log),
        CHOICE_ROWS(&t->choice),
        FOLLOW_ROWS(&t->follow),
        {"--window", OPTION_WORD, &t->window, "LENGTH",
         N_("a silence longer than this ends a fact (1h); 0: each event is one")},
        {"-o", OPTION_WORD, &t->sheet, "FILE", N_("where the sheet goes (else: standard output)")},
        {"--evidence", OPTION_WORD, &t->evidence, "FILE",
         N_("keep the lines behind the facts, with the key to show them")},
        {"--evidence-key", OPTION_WORD, &t->evidence_key, "FILE",
         N_("repeat the tree of another run: its tree, or its key")},
        {"--rejects", OPTION_WORD, &t->rejects, "FILE", N_("list all lines that could not be read")},
        {"--memory", OPTION_WORD, &t->memory, "SIZE",
         N_("memory for facts and lines, as 512M (192M); the rest is put aside beside the sheet, or in $TMPDIR")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, SCAN_FILES_MAX);
    if (!result && !instant_length_read(text_of(t->window), &w->options.window))
        result = cli_usage(c, _("--window: expected a length as 1h, 30m or 0, found “%s”"), t->window);
    if (!result && t->memory) result = cli_bytes(c, "--memory", t->memory, FACTS_MEMORY_MIN, &w->options.max_bytes);
    if (!result) result = read_outputs(c, w);
    if (!result) result = cli_log_options(c, &t->log, &w->options.scan);
    if (!result) result = read_follow(c, w);
    if (!result) result = read_key(c, w);
    if (!result) result = cli_choice(c, &t->choice, t->sheet, &w->options);
    if (!result) result = note_where(c, t);
    if (!result && !t->follow.follow) result = cli_logs(c, &c->words, &w->options.scan);
    w->options.folder = os_scratch_folder(t->sheet, w->folder);
    w->options.sheet = t->sheet;
    w->options.keep_lines = t->evidence && !t->follow.follow;
    w->options.scan.keep_rejects = t->rejects != NULL;
    return result;
}

/* ---- the work */

static enum error scan(struct cli *c, struct work *w) {
    struct progress progress;
    cli_log_progress(c, &progress, &w->options.scan);
    random_fill(&c->random, (uint8_t *)&w->options.seed, sizeof w->options.seed);
    enum error result = facts_from_files(c->words.at, c->words.count, &w->options, &c->arena, &w->scanned, &c->diag);
    w->took = os_now_precise() - progress.started;
    progress_end(&progress);
    return result;
}

static enum error write_evidence(struct cli *c, struct work *w) {
    struct os_writer file;
    if (!w->typed.evidence) return OK;
    enum error result = os_writer_open(w->typed.evidence, 0600, &file, &c->diag);
    if (result) return result;
    result = facts_write_evidence(&w->scanned, w->key, os_writer_write, &file, &w->evidence_root, &c->diag);
    return os_writer_end(&file, result, &c->diag);
}

static enum error write_rejects(struct cli *c, const struct work *w) {
    struct buf file = {.max = SIZE_MAX / 2};
    if (!w->typed.rejects) return OK;
    scan_rejects_write(&w->scanned.report, &file);
    enum error result = buf_check(&file, &c->diag);
    if (!result) result = os_write(w->typed.rejects, buf_as_bytes(&file), 0600, &c->diag);
    buf_free(&file);
    return result;
}

static enum error write_sheet(struct cli *c, const struct work *w) {
    struct os_writer file;
    bool kept;
    enum error result = facts_keep_sheet(&w->scanned, &kept, &c->diag);
    if (result || kept) return result;
    result = os_writer_open(w->typed.sheet, 0644, &file, &c->diag);
    if (result) return result;
    return os_writer_end(&file, facts_write_sheet(&w->scanned, os_writer_write, &file, &c->diag), &c->diag);
}

/* The sheet last: where it stands, so does what belongs to it. */
static enum error write_all(struct cli *c, struct work *w) {
    enum error result = write_evidence(c, w);
    return result ? result : write_sheet(c, w);
}

/* ---- the report */

static void put_number(const char *name, uint64_t number, struct buf *out) {
    buf_format(out, "%s: %llu\n", name, (unsigned long long)number);
}

static void put_speed(const struct work *w, struct buf *out) {
    double seconds = (double)(w->took > 0 ? w->took : 1) / (double)INSTANT_SECOND;
    const struct scan_report *r = &w->scanned.report;
    buf_format(out, _("read in %.1f s: %.0f lines and %.1f MiB a second\n"), seconds, (double)r->lines / seconds,
               (double)r->bytes / seconds / (double)(1 << 20));
}

static void put_facts(const struct work *w, struct buf *out) {
    const struct gathered *g = &w->scanned.sums;
    char first[INSTANT_TEXT_MAX], last[INSTANT_TEXT_MAX], hex[SHA256_HEX];
    buf_format(out, _n("facts: %zu, of %llu event", "facts: %zu, of %llu events", g->events), g->count,
               (unsigned long long)g->events);
    buf_format(out, _n(" by %llu source\n", " by %llu sources\n", g->sources), (unsigned long long)g->sources);
    if (g->count)
        buf_format(out, _("from %s to %s\n"), instant_write(g->first, first).at, instant_write(g->last, last).at);
    if (w->scanned.whole)
        buf_format(out,
                   _n("%llu line was hidden as a whole: what is hidden of it does not stand in it as it is\n",
                      "%llu lines were hidden as a whole: what is hidden of them does not stand in them as it is\n",
                      w->scanned.whole),
                   (unsigned long long)w->scanned.whole);
    buf_format(out, _("sheet: %s\n"), sha256_hex(&w->scanned.sheet, hex).at);
    if (w->typed.evidence) buf_format(out, _("evidence: %s, which is secret\n"), sha256_hex(&w->evidence_root, hex).at);
}

static void tell(struct cli *c, const struct work *w, bool facts) {
    struct buf page = {.max = 1 << 24};
    if (c->quiet) return;
    put_number(_("lines"), w->scanned.report.lines, &page);
    cli_log_report(&w->typed.log, &w->scanned.report, &page);
    if (facts) put_facts(w, &page);
    put_speed(w, &page);
    fwrite(page.at, 1, page.size, stderr);
    buf_free(&page);
}

static json_t *report_json(const struct work *w) {
    const struct gathered *g = &w->scanned.sums;
    char time[INSTANT_TEXT_MAX], hex[SHA256_HEX];
    json_t *report = json_object();
    scan_report_put(&w->scanned.report, report);
    cli_log_put_inputs(&w->typed.log, report);
    json_put_u64(report, "facts", g->count);
    json_put_u64(report, "events", g->events <= SHEET_COUNT_MAX ? g->events : SHEET_COUNT_MAX);
    json_put_u64(report, "sources", g->sources);
    json_put_text_if(report, "first_seen", instant_write(g->first, time));
    json_put_text_if(report, "last_seen", instant_write(g->last, time));
    if (w->options.hide.what) json_put_u64(report, "hidden_whole", w->scanned.whole);
    json_put_text(report, "sheet", sha256_hex(&w->scanned.sheet, hex));
    if (!w->typed.evidence) return report;
    json_put_text(report, "evidence_root", sha256_hex(&w->evidence_root, hex));
    json_put_u64(report, "evidence_size", w->scanned.sums.count);
    return report;
}

static enum error run(struct cli *c, struct work *w) {
    enum error result = scan(c, w);
    if (!result) result = write_rejects(c, w);
    if (result) return result;
    if (facts_nothing_read(&w->scanned.report)) {
        tell(c, w, false);
        return fail(&c->diag, ERR_INPUT, _("none of the lines could be read; no sheet was written"));
    }
    result = cli_keep_hide_key(c, &w->typed.choice, w->typed.sheet, &w->options.hide);
    if (!result) result = write_all(c, w);
    if (result) return result;
    tell(c, w, true);
    return c->json ? cli_print_json(c, report_json(w)) : OK;
}

/* What a state belongs to: it is of no use where something else is asked for. */
static struct sha256 asked_for(const struct typed *t) {
    char year[32];
    snprintf(year, sizeof year, "%llu", (unsigned long long)t->log.year);
    const char *const words[] = {t->window,    t->sheet,        t->follow.slack, t->log.format,
                                 t->log.event, t->log.timezone, t->choice.where, t->choice.hide,
                                 year,         t->evidence,     t->rejects};
    struct buf all = {.max = 1 << 20};
    for (size_t i = 0; i < COUNT(words); i++)
        buf_format(&all, "%zu %s\n", words[i] ? i : SIZE_MAX, words[i] ? words[i] : "");
    for (size_t i = 0; i < t->log.input_count; i++)
        buf_bytes(&all, bytes_of(t->log.inputs[i].hash.at, sizeof t->log.inputs[i].hash.at));
    struct sha256 hash = sha256_of(buf_as_bytes(&all));
    buf_free(&all);
    return hash;
}

static enum error follow(struct cli *c, struct work *w) {
    const struct follow_options o = {.facts = w->options,
                                     .slack = w->slack,
                                     .asked = asked_for(&w->typed),
                                     .state = w->typed.follow.state,
                                     .out = w->typed.sheet,
                                     .kept = w->typed.evidence,
                                     .rejects = w->typed.rejects};
    enum error result = cli_keep_hide_key(c, &w->typed.choice, w->typed.sheet, &w->options.hide);
    return result ? result : cli_follow(c, &o, w->typed.follow.once);
}

enum error cli_facts(struct cli *c) {
    struct work w = {0};
    enum error result = read_options(c, &w);
    if (!result) result = w.typed.follow.follow ? follow(c, &w) : run(c, &w);
    facts_scanned_free(&w.scanned);
    secret_wipe(w.key, sizeof w.key);
    secret_wipe(w.options.hide.key, sizeof w.options.hide.key);
    return result;
}
