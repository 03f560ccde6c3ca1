#include "cli/fill_in.h"

#include "base/codec.h"
#include "base/os.h"
#include "claim/row_set.h"
#include "cli/sheets.h"
#include "cli/speak.h"
#include "desk/possible.h"
#include "finding/form.h"
#include "scan/check_logs.h"
#include "scan/facts.h"

struct filling {
    struct fill_in *of;
    struct bytes sheet; /* the file of the facts */
    struct blank_form blank;
    struct coverage *coverage; /* of the logs */
    size_t coverage_count;
    struct text before; /* the form as it was given out */
};

/* ---- what the form begins with */

static enum error open_facts(struct filling *w) {
    struct cli *c = w->of->cli;
    struct buf plain = {.max = SHEET_BYTES_MAX};
    enum error result = talk_sheet(w->of->talk, w->of->sheet->message->statement->meaning.sheet, &plain, &c->diag);
    if (!result) w->sheet = arena_bytes(&c->arena, buf_as_bytes(&plain));
    if (!result) result = sheet_read(w->sheet, &c->arena, &w->blank.facts, &c->diag);
    buf_free(&plain);
    return result;
}

static void recall_answers(struct filling *w) {
    const struct standing *s = &w->of->sheet->standing;
    if (!s->answered) return;
    enum finding_word *said = ARENA_ARRAY(&w->of->cli->arena, enum finding_word, w->blank.facts.count);
    for (size_t i = 0; i < w->blank.facts.count; i++) said[i] = FINDING_COUNT;
    for (size_t i = 0; i < s->answered; i++)
        if (s->findings[i].row < w->blank.facts.count) said[s->findings[i].row] = s->findings[i].word;
    w->blank.said = said;
}

/* A machine suggests: each of its findings gets a question mark. */
static enum error suggest(struct filling *w) {
    struct cli *c = w->of->cli;
    struct check_logs_options options = {.random = &c->random, .check = {.skew = CHECK_SKEW, .gap = CHECK_GAP}};
    struct logs_checked *done = ARENA_NEW(&c->arena, struct logs_checked);
    struct progress progress;
    enum error result = cli_log_options(c, &w->of->log, &options.scan);
    if (result) return result;
    cli_log_progress(c, &progress, &options.scan);
    result = check_logs(w->sheet, w->of->logs.at, w->of->logs.count, &options, &c->arena, done, &c->diag);
    progress_end(&progress);
    if (!result && facts_nothing_read(&done->report))
        result = fail(&c->diag, ERR_INPUT, _("none of the lines could be read, so there is nothing to suggest"));
    if (result) return result;
    w->blank.given = done->checked.findings;
    w->blank.suggested = true;
    w->coverage = done->checked.coverage;
    w->coverage_count = done->checked.source_count;
    return OK;
}

static void tell_faults(const struct filled_form *filled, const char *path) {
    for (size_t i = 0; i < filled->fault_count; i++)
        fprintf(stderr, "%s:%llu: %.*s\n", path, (unsigned long long)filled->faults[i].line,
                TEXT_ARG(filled->faults[i].words));
}

static enum error read_form(struct filling *w, const char *path, struct text *bytes, struct filled_form *out) {
    struct cli *c = w->of->cli;
    struct bytes file;
    enum error result = cli_file(c, path, FINDINGS_MAX_BYTES, &file);
    if (!result) result = findings_form_read(file, w->blank.facts.count, &c->arena, out, &c->diag);
    if (!result) *bytes = text_from_bytes(file);
    return result;
}

static enum error take_given(struct filling *w) {
    struct filled_form filled;
    struct text ignored;
    enum error result = read_form(w, w->of->findings, &ignored, &filled);
    if (result) return result;
    if (filled.fault_count) {
        tell_faults(&filled, w->of->findings);
        return fail(&w->of->cli->diag, ERR_INPUT, _("the findings in %s can't be read"), w->of->findings);
    }
    w->blank.given = filled.findings;
    return OK;
}

static enum error begin(struct filling *w) {
    struct cli *c = w->of->cli;
    struct buf form = {.max = FINDINGS_MAX_BYTES};
    enum error result = open_facts(w);
    if (!result) recall_answers(w);
    if (!result && w->of->findings) result = take_given(w);
    if (!result && w->of->logs.count) result = suggest(w);
    if (result) return result;
    findings_form_write(&w->blank, &form);
    result = buf_check(&form, &c->diag);
    if (!result) w->before = arena_text(&c->arena, buf_as_text(&form));
    if (!result) result = editing_begin(c, "findings.csv", buf_as_bytes(&form), &w->of->editing);
    buf_free(&form);
    return result;
}

/* ---- the editor, until what is written can be read */

static enum error edit(struct filling *w, struct filled_form *out) {
    struct cli *c = w->of->cli;
    const char *path = w->of->editing.path;
    for (;;) {
        struct text after;
        enum error result = editing_run(c, &w->of->editing);
        if (!result) result = read_form(w, path, &after, out);
        if (result) return result;
        if (text_equal(after, w->before)) {
            editing_end(&w->of->editing);
            w->of->editing = (struct editing){0};
            return fail(&c->diag, ERR_NO, _("nothing was changed, so nothing is sent"));
        }
        if (!out->fault_count) return OK;
        tell_faults(out, path);
        if (!cli_can_ask()) return fail(&c->diag, ERR_INPUT, _("what was written can't be read"));
        result = cli_confirm(c, _("Open it again (yes or no)"));
        if (result) return result;
    }
}

/* ---- what it comes to */

static void put_unanswered(const struct filling *w, struct findings f, struct buf *out) {
    struct row_range *gaps = ARENA_ARRAY(&w->of->cli->arena, struct row_range, f.count + 1);
    struct row_set rows = {gaps, 0};
    uint64_t next = 0;
    for (size_t i = 0; i <= f.count; i++) {
        uint64_t end = i < f.count ? f.at[i].row : w->blank.facts.count;
        if (next < end) gaps[rows.count++] = (struct row_range){next, end - 1};
        next = end + 1;
    }
    if (!rows.count) return;
    buf_format(out, "%s: ", _("not answered by this: facts"));
    row_set_write(rows, out);
    buf_char(out, '\n');
}

static void put_coverage(const struct answer *a, struct buf *out) {
    const struct coverage *of = a->coverage.at;
    for (size_t i = 0; i < a->coverage.count; i++) {
        buf_format(out, "%s ", _("looked at:"));
        buf_line(out, of[i].source);
        buf_char(out, ' ');
        buf_instant(out, of[i].from);
        buf_char(out, '/');
        buf_instant(out, of[i].until);
        buf_char(out, '\n');
    }
    if (!a->coverage.count)
        buf_format(out, "%s\n", _("No records are named that were looked at; --covers and --coverage name them."));
}

static void tell(const struct filling *w, const struct filled_form *filled, const struct answer *a) {
    struct buf page = {.max = 1 << 24};
    struct finding_totals totals = findings_total(filled->findings);
    buf_format(&page, _("facts answered: %zu of %zu\n"), filled->findings.count, w->blank.facts.count);
    for (unsigned i = 0; i < FINDING_COUNT; i++)
        if (totals.of[i])
            buf_format(&page, "  %-12s %8llu   %s\n", word_shown("finding", finding_name((enum finding_word)i)),
                       (unsigned long long)totals.of[i], gettext(finding_meaning((enum finding_word)i)));
    put_unanswered(w, filled->findings, &page);
    if (filled->unconfirmed)
        buf_format(&page, _("suggestions that nobody confirmed, and that are not sent: %llu\n"),
                   (unsigned long long)filled->unconfirmed);
    put_coverage(a, &page);
    if (w->blank.suggested)
        buf_format(&page, "%s\n", _("`check` only suggests: what you send is your answer, not the program's."));
    fwrite(page.at, 1, page.size, stderr);
    buf_free(&page);
}

/* As a findings sheet: without the comments, in its one spelling. */
static enum error spell(struct filling *w, struct findings f, struct answer *answer, struct bytes *file) {
    struct cli *c = w->of->cli;
    struct buf sheet = {.max = FINDINGS_MAX_BYTES};
    char hex[SHA256_HEX];
    enum error result = findings_write(f, &sheet, &c->diag);
    if (!result) {
        struct sha256 sha = sha256_of(buf_as_bytes(&sheet));
        *file = arena_bytes(&c->arena, buf_as_bytes(&sheet));
        answer->sheet = w->of->sheet->message->statement->meaning.sheet;
        answer->findings = f;
        answer->findings_sheet = arena_text(&c->arena, sha256_hex(&sha, hex));
    }
    buf_free(&sheet);
    return result;
}

static void add_coverage(const struct filling *w, struct answer *answer) {
    const struct member_list had = answer->coverage;
    struct coverage *all = ARENA_ARRAY(&w->of->cli->arena, struct coverage, had.count + w->coverage_count);
    for (size_t i = 0; i < had.count; i++) all[i] = ((const struct coverage *)had.at)[i];
    for (size_t i = 0; i < w->coverage_count; i++) all[had.count + i] = w->coverage[i];
    answer->coverage = (struct member_list){all, had.count + w->coverage_count};
}

enum error fill_in(struct fill_in *f, struct answer *answer, struct bytes *file) {
    struct filling w = {.of = f};
    struct filled_form filled;
    enum error result = OK;
    if (!cli_can_ask() && !f->yes)
        return cli_usage(f->cli, _("there is no terminal to ask on: --yes sends what the editor leaves"));
    result = begin(&w);
    if (!result) result = edit(&w, &filled);
    if (!result && !filled.findings.count)
        result = fail(&f->cli->diag, ERR_NO, _("no fact is answered, so nothing is sent"));
    if (!result) result = spell(&w, filled.findings, answer, file);
    if (result) return result;
    add_coverage(&w, answer);
    if (!f->cli->quiet || !f->yes) tell(&w, &filled, answer);
    return f->yes ? OK : cli_confirm(f->cli, _("Send this answer (yes or no)"));
}

/* An earlier attempt that this one went on with has had its day. */
static void end_earlier(const struct fill_in *f) {
    struct cli *c = f->cli;
    struct text path = text_of(f->findings), inside = arena_format(&c->arena, "%s/desk/editing-", c->home);
    size_t slash = path.size;
    if (!text_starts(path, inside)) return;
    while (slash > inside.size && path.at[slash - 1] != '/') slash--;
    if (slash == inside.size) return;
    struct editing earlier = {.folder = arena_string(&c->arena, text_sub(path, 0, slash - 1))};
    editing_end(&earlier);
}

void fill_in_end(struct fill_in *f, bool sent) {
    if (!f->editing.path) return;
    if (sent) {
        end_earlier(f);
        editing_end(&f->editing);
        return;
    }
    fprintf(stderr, _("What was written is kept; to go on with it: parley answer %.*s %s --edit\n"),
            TEXT_ARG(matter_typed(f->matter)), f->editing.path);
}
