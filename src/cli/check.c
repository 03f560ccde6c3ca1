/* check: the facts of a sheet, or of a case, against one's own logs.  It suggests a finding a fact; a person answers.
 *
 * The findings sheet is the product; totals, and what the logs cover, are said on standard error, or as an object with
 * --json. */
#include <string.h>

#include "base/os.h"
#include "cli/logs.h"
#include "cli/speak.h"
#include "cli/waiver.h"
#include "desk/home.h"
#include "finding/coverage_file.h"
#include "scan/check_logs.h"
#include "scan/facts.h"
#include "scan/report.h"
#include "scan/table.h"

struct typed {
    struct words logs;
    struct log_options log;
    struct waiver waiver;
    const char *territory, *country, *skew, *gap, *findings, *coverage;
};

struct work {
    struct typed typed;
    struct words logs;
    struct check_logs_options options;
    struct table table;
    struct logs_checked done;
    struct waiver_lists lists;
    struct doubts doubts;
};

/* ---- options */

static enum error read_length(struct cli *c, const char *option, const char *typed, instant standard, instant *out) {
    *out = standard;
    if (!typed || instant_length_read(text_of(typed), out)) return OK;
    return cli_usage(c, _("%s: expected a length as 5s, 2m or 1h, found “%s”"), option, typed);
}

/* The country that is one's own: as typed, or that of the home. */
static enum error read_country(struct cli *c, struct work *w) {
    struct home home = {0};
    struct text typed = text_of(w->typed.country);
    enum error result = w->typed.country ? OK : home_open(c->home, &c->arena, &home, &c->diag);
    if (!result && !w->typed.country) typed = home.country;
    if (result == ERR_MISSING || !typed.size) {
        c->diag = (struct diag){0};
        return cli_usage(c, _("--territory needs --country: whose territory is one's own"));
    }
    if (result) return result;
    if (iso3166_read(typed, &w->options.check.own)) return OK;
    return cli_usage(c, _("--country: expected the two letters of a country, found “%.*s”"), TEXT_ARG(typed));
}

static enum error read_table(struct cli *c, struct work *w) {
    if (!w->typed.territory)
        return w->typed.country ? cli_usage(c, _("--country needs --territory: the table that tells it")) : OK;
    enum error result = read_country(c, w);
    if (!result) result = table_open(c->home, w->typed.territory, &w->table, &c->diag);
    if (!result) w->options.check.table = &w->table.of;
    return result;
}

/* `--logs a b c` is one option and two words; all but the first word are logs. */
static enum error read_logs(struct cli *c, struct work *w) {
    size_t count = w->typed.logs.count + c->words.count - 1;
    const char **at = ARENA_ARRAY(&c->arena, const char *, count + 1);
    if (!w->typed.logs.count) return cli_usage(c, _("--logs is needed: the files in which the facts are sought"));
    memcpy(at, w->typed.logs.at, w->typed.logs.count * sizeof *at);
    for (size_t i = 1; i < c->words.count; i++) at[w->typed.logs.count + i - 1] = c->words.at[i];
    w->logs = (struct words){at, count};
    return cli_logs(c, &w->logs, NULL);
}

static bool is_output(const char *path) { return path && !strcmp(path, "-"); }

static enum error read_options(struct cli *c, struct work *w) {
    struct typed *t = &w->typed;
    const struct option_row rows[] = {
        {"--logs", OPTION_WORDS, &t->logs, "FILE…", N_("one's own logs; - is standard input (needed)")},
        LOG_ROWS(&t->log),
        KNOWN_ROW(t->waiver),
        {"--territory", OPTION_WORD, &t->territory, "TABLE", N_("a table that tells what is not ours")},
        {"--country", OPTION_WORD, &t->country, "CC", N_("one's own country by the table (else: that of the home)")},
        {"--skew", OPTION_WORD, &t->skew, "LENGTH", N_("how far clocks may be apart (5s)")},
        {"--gap", OPTION_WORD, &t->gap, "LENGTH", N_("a silence longer than this is not covered (1h)")},
        {"-o", OPTION_WORD, &t->findings, "FILE", N_("where the findings go (else: standard output)")},
        {"--coverage", OPTION_WORD, &t->coverage, "FILE", N_("write down what was looked at, for `answer --coverage`")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, SCAN_FILES_MAX);
    if (!result) result = read_logs(c, w);
    if (!result) result = read_length(c, "--skew", t->skew, CHECK_SKEW, &w->options.check.skew);
    if (!result) result = read_length(c, "--gap", t->gap, CHECK_GAP, &w->options.check.gap);
    if (!result) result = cli_log_options(c, &t->log, &w->options.scan);
    if (!result && is_output(t->findings) + is_output(t->coverage) + c->json > 1)
        result = cli_usage(c, _("only one of findings, coverage and --json fits on standard output"));
    return result ? result : read_table(c, w);
}

/* ---- the report */

static void put_totals(const struct checked *k, struct buf *out) {
    struct finding_totals totals = findings_total(k->findings);
    buf_format(out, _n("suggested for %zu fact:\n", "suggested for %zu facts:\n", k->findings.count),
               k->findings.count);
    for (unsigned i = 0; i < FINDING_COUNT; i++)
        if (totals.of[i])
            buf_format(out, "  %-12s %8llu   %s\n", word_shown("finding", finding_name((enum finding_word)i)),
                       (unsigned long long)totals.of[i], gettext(finding_meaning((enum finding_word)i)));
}

static void put_coverage(const struct checked *k, struct buf *out) {
    buf_format(out, "%s\n", _("looked at:"));
    for (size_t i = 0; i < k->source_count; i++) {
        const struct coverage *of = &k->coverage[i];
        buf_string(out, "  ");
        buf_line(out, of->source);
        buf_string(out, ": ");
        buf_instant_or_dash(out, of->from);
        buf_char(out, '/');
        buf_instant_or_dash(out, of->until);
        buf_format(out, ", %.*s\n", TEXT_ARG(of->note));
    }
}

static void put_input(const char *kind, struct text name, const struct sha256 *hash, struct buf *out) {
    char hex[SHA256_HEX];
    buf_format(out, "  %s ", kind);
    scan_show_text(name, SIZE_MAX, out);
    buf_format(out, ", %s\n", sha256_hex(hash, hex).at);
}

/* What was asked of what: with these and the same options anybody comes to the same bytes.  Rules and maps are named
 * with what was read by them. */
static void put_inputs(const struct cli *c, const struct work *w, struct buf *out) {
    const struct scan_report *r = &w->done.report;
    const struct address_list *known = &w->lists.known;
    buf_format(out, "%s\n", _("by SHA-256, logs unpacked:"));
    put_input(_("sheet"), text_of(c->words.at[0]), &w->done.sheet_hash, out);
    for (size_t i = 0; i < r->file_count; i++)
        if (r->files[i].hashed) put_input(_("log"), text_of(r->files[i].name), &r->files[i].hash, out);
    for (size_t i = 0; i < known->file_count; i++)
        put_input(_("list"), known->files[i].name, &known->files[i].hash, out);
    if (w->options.check.table) put_input(_("table"), w->table.of.meta.name, &w->table.of.meta.hash, out);
}

static json_t *known_json(const struct address_list *known) {
    json_t *list = json_array();
    char hex[SHA256_HEX];
    for (size_t i = 0; i < known->file_count; i++) {
        json_t *one = json_object();
        json_put_text(one, "name", known->files[i].name);
        json_put_text(one, "sha256", sha256_hex(&known->files[i].hash, hex));
        json_add(list, one);
    }
    return list;
}

static void tell(struct cli *c, const struct work *w, bool findings) {
    struct buf page = {.max = 1 << 24};
    struct scan_report report = w->done.report;
    if (c->quiet) return;
    report.counts[REASON_EVENT] = 0; /* flows name no event, and facts are sought in them all the same */
    cli_log_report(&w->typed.log, &report, &page);
    if (findings) {
        put_coverage(&w->done.checked, &page);
        put_inputs(c, w, &page);
        put_totals(&w->done.checked, &page);
        if (w->doubts.count) buf_format(&page, "%s\n", _("to be looked at once more before it is answered:"));
        doubts_put(w->doubts, &page);
        buf_format(&page, "%s\n", _("These are suggestions; a person answers."));
    }
    fwrite(page.at, 1, page.size, stderr);
    buf_free(&page);
}

static json_t *coverage_json(const struct checked *k) {
    json_t *list = json_array();
    for (size_t i = 0; i < k->source_count; i++) {
        const struct coverage *of = &k->coverage[i];
        json_t *one = json_object();
        json_put_text(one, "source", of->source);
        json_put(one, "from", json_from_instant(of->from));
        json_put(one, "until", json_from_instant(of->until));
        json_put_u64(one, "clock_bound_seconds", of->clock_bound_seconds);
        json_put_text(one, "note", of->note);
        json_add(list, one);
    }
    return list;
}

/* With --json and no file for them, the findings are in the object, as the text of their sheet. */
static enum error put_findings(struct cli *c, const struct work *w, json_t *report) {
    struct buf file = {.max = FINDINGS_MAX_BYTES};
    enum error result = w->typed.findings ? OK : findings_write(w->done.checked.findings, &file, &c->diag);
    if (!result && file.size && json_is_text(buf_as_text(&file)))
        json_put_text(report, "findings_sheet", buf_as_text(&file));
    buf_free(&file);
    return result;
}

static json_t *report_json(const struct work *w) {
    char hex[SHA256_HEX];
    const struct checked *k = &w->done.checked;
    struct finding_totals totals = findings_total(k->findings);
    json_t *report = json_object(), *words = json_object(), *logs = json_object();
    for (unsigned i = 0; i < FINDING_COUNT; i++) json_put_u64(words, finding_name((enum finding_word)i), totals.of[i]);
    scan_report_put(&w->done.report, logs);
    cli_log_put_inputs(&w->typed.log, logs);
    json_put_text(report, "sheet", sha256_hex(&w->done.sheet_hash, hex));
    json_put_u64(report, "facts", k->findings.count);
    json_put(report, "findings", words);
    json_put(report, "coverage", coverage_json(k));
    json_put(report, "logs", logs);
    json_put(report, "doubts", doubts_json(w->doubts));
    json_put(report, "known", known_json(&w->lists.known));
    json_put_u64(report, "skew_seconds", (uint64_t)(w->options.check.skew / INSTANT_SECOND));
    json_put_u64(report, "gap_seconds", (uint64_t)(w->options.check.gap / INSTANT_SECOND));
    if (w->options.check.table) json_put_text(report, "territory_table", sha256_hex(&w->table.of.meta.hash, hex));
    return report;
}

/* ---- the work */

static enum error write_findings(struct cli *c, const struct work *w) {
    struct buf file = {.max = FINDINGS_MAX_BYTES};
    const char *path = w->typed.findings ? w->typed.findings : c->json ? NULL : "-";
    enum error result = findings_write(w->done.checked.findings, &file, &c->diag);
    if (!result && path) result = os_write(path, buf_as_bytes(&file), 0644, &c->diag);
    buf_free(&file);
    return result;
}

static enum error write_coverage(struct cli *c, const struct work *w) {
    struct buf file = {.max = COVERAGE_FILE_MAX_BYTES};
    char hex[SHA256_HEX];
    struct coverage_file looked = {.coverage = {w->done.checked.coverage, w->done.checked.source_count}};
    if (!w->typed.coverage) return OK;
    if (w->options.check.table) looked.territory_table = sha256_hex(&w->table.of.meta.hash, hex);
    enum error result = coverage_file_write(&looked, &file, &c->diag);
    if (!result) result = os_write(w->typed.coverage, buf_as_bytes(&file), 0644, &c->diag);
    buf_free(&file);
    return result;
}

/* What is doubtful in what is suggested; `answer` asks for words about it. */
static void find_doubts(struct cli *c, struct work *w) {
    const struct sanity_lists look = waiver_sanity(&w->lists);
    w->doubts = sanity_findings(w->done.sheet, w->done.checked.findings, &look, &c->arena);
}

/* The facts of one sheet against the logs that were typed. */
static enum error check_sheet(struct cli *c, struct work *w, struct bytes sheet) {
    struct progress progress;
    enum error result = waiver_read(c, &w->typed.waiver, NULL, &w->lists);
    if (result) return result;
    cli_log_progress(c, &progress, &w->options.scan);
    result = check_logs(sheet, w->logs.at, w->logs.count, &w->options, &c->arena, &w->done, &c->diag);
    progress_end(&progress);
    diag_where(&c->diag, result ? c->words.at[0] : NULL); /* what is wrong with a log names the log */
    if (result) return result;
    if (facts_nothing_read(&w->done.report)) {
        tell(c, w, false);
        return fail(&c->diag, ERR_INPUT, _("none of the lines could be read; no findings were written"));
    }
    result = write_coverage(c, w);
    if (!result) result = write_findings(c, w);
    if (result) return result;
    if (!c->quiet || c->json) find_doubts(c, w);
    tell(c, w, true);
    if (!c->json) return OK;
    json_t *report = report_json(w);
    result = put_findings(c, w, report);
    if (result) {
        json_decref(report);
        return result;
    }
    return cli_print_json(c, report);
}

/* The last sheet that the claimant of a case raised or corrected. */
static enum error sheet_of_case(struct cli *c, struct desk *k, struct text name, struct bytes *out) {
    struct talk *t = NULL;
    const struct matter *m;
    struct buf plain = {.max = SHEET_BYTES_MAX};
    enum error result = talk_open_case(k, name, &(struct talk_at){.as_of = c->now}, &t, &m, &c->diag);
    if (!result && (!m->sheet_count || m->sheets[m->sheet_count - 1].message->kind == KIND_INQUIRY))
        result = fail(&c->diag, ERR_MISSING, _("the case “%.*s” rests on no sheet of facts"), TEXT_ARG(m->name));
    if (!result)
        result = talk_sheet(t, m->sheets[m->sheet_count - 1].message->statement->meaning.sheet, &plain, &c->diag);
    if (!result) *out = arena_bytes(&c->arena, buf_as_bytes(&plain));
    buf_free(&plain);
    talk_close(t);
    return result;
}

/* What is no file may be a case. */
static enum error find_sheet(struct cli *c, struct bytes *out) {
    const char *typed = c->words.at[0];
    struct desk *k = NULL;
    if (is_output(typed) || os_exists(typed)) return cli_file(c, typed, SHEET_BYTES_MAX, out);
    enum error result = cli_open_desk(c, &k);
    if (!result) result = sheet_of_case(c, k, text_of(typed), out);
    desk_close(k);
    if (result == ERR_MISSING && !k)
        return fail(&c->diag, ERR_MISSING, _("there is no file %s, and no home in which to look for such a case"),
                    typed);
    return result;
}

enum error cli_check(struct cli *c) {
    struct work w = {.options = {.random = &c->random}};
    struct bytes sheet;
    enum error result = read_options(c, &w);
    if (!result) result = find_sheet(c, &sheet);
    if (!result) result = check_sheet(c, &w, sheet);
    if (w.table.file.size) table_close(&w.table);
    return result;
}
