/* origins: from where the sources, events and targets of a fact sheet come, by one table or by several. */
#include <string.h>

#include "base/os.h"
#include "cli/address_lists.h"
#include "cli/origins_print.h"
#include "cli/speak.h"
#include "finding/finding.h"

enum { SVG_BYTES_MAX = 64 << 20 };

/* ---- printing */

static json_t *one_json(const struct asked *q, size_t t) {
    return q->typed->rank ? origins_rank_json(&q->of[t], text_of(q->typed->rank)) : origins_json(&q->of[t]);
}

/* One table gives the object that is signed, several a list of such. */
static enum error print_json(struct cli *c, const struct asked *q) {
    if (q->count == 1) return cli_print_json(c, one_json(q, 0));
    json_t *list = json_array();
    for (size_t t = 0; t < q->count; t++) json_add(list, one_json(q, t));
    return cli_print_json(c, list);
}

static enum error print(struct cli *c, struct asked *q) {
    const struct text rank = text_of(q->typed->rank);
    enum error missing = q->typed->rank && !origins_any_has(q, rank) ? ERR_NO : OK;
    if (c->json) {
        enum error result = print_json(c, q);
        return result ? result : missing;
    }
    if (q->typed->html) {
        struct buf page = {.max = SVG_BYTES_MAX};
        origins_html(c, q, &page);
        enum error result = cli_print(c, &page);
        return result ? result : missing;
    }
    origins_print(c, q);
    return missing;
}

static enum error write_svg(struct cli *c, const struct asked *q) {
    struct buf file = {.max = SVG_BYTES_MAX};
    if (!q->typed->svg) return OK;
    origins_svg(q->of, q->count, text_of(q->typed->rank), &file);
    enum error result = buf_check(&file, &c->diag);
    if (!result) result = os_write(q->typed->svg, buf_as_bytes(&file), 0644, &c->diag);
    buf_free(&file);
    return result;
}

/* With the plots on standard output there is nothing else on it. */
static enum error put_out(struct cli *c, struct asked *q) {
    enum error result = write_svg(c, q);
    return result || (q->typed->svg && !strcmp(q->typed->svg, "-")) ? result : print(c, q);
}

/* ---- what was typed */

static enum error read_lists(struct cli *c, const struct asking *typed, struct asked *q) {
    enum error result = cli_address_list(c, &typed->relays, &q->relays);
    if (!result) result = cli_address_list(c, &typed->shared, &q->shared);
    if (result) return result;
    if (typed->relays.count) q->options.relays = &q->relays;
    if (typed->shared.count) q->options.shared = &q->shared;
    q->options.below = typed->below;
    return OK;
}

/* What is sent rests on the sheet and the table alone, so that the other side computes the same. */
static enum error check_sent(struct cli *c, const struct asking *typed) {
    if (!typed->joint.send || !(typed->relays.count || typed->shared.count || typed->below || typed->svg)) return OK;
    return cli_usage(c,
                     _("--send goes without --relays, --cgnat, --suppress and --svg: what is sent rests on the sheet "
                       "and the table alone"));
}

static enum error read_options(struct cli *c, const struct asking *typed, struct origins_options *o) {
    struct text by = text_of(typed->by ? typed->by : "country"), rank = text_of(typed->rank);
    struct country country;
    uint64_t as;
    if (!text_is(by, "country") && !text_is(by, "as"))
        return cli_usage(c, _("--by: expected country or as, found “%s”"), typed->by);
    o->by = text_is(by, "as") ? ORIGINS_BY_AS : ORIGINS_BY_COUNTRY;
    if (typed->unit && !origins_unit_read(text_of(typed->unit), &o->unit))
        return cli_usage(c, _("--unit: expected sources, events or targets, found “%s”"), typed->unit);
    if (typed->rank && o->by == ORIGINS_BY_COUNTRY && !iso3166_read(rank, &country))
        return cli_usage(c, _("--rank: expected the two letters of a country, found “%s”"), typed->rank);
    if (typed->rank && o->by == ORIGINS_BY_AS && (!text_skip(&rank, TEXT("AS")) || !text_u64(rank, &as)))
        return cli_usage(c, _("--rank: expected an AS as AS64500, found “%s”"), typed->rank);
    if (!typed->tables.count) return cli_usage(c, _("--territory is needed: by which table origins are told"));
    if (typed->tables.count > TABLES_MAX) return cli_usage(c, _("more than %d tables"), (int)TABLES_MAX);
    return OK;
}

static enum error read_findings(struct cli *c, struct asked *q, struct findings *findings) {
    struct bytes file;
    if (!q->typed->findings) return OK;
    enum error result = cli_file(c, q->typed->findings, FINDINGS_MAX_BYTES, &file);
    if (!result) result = findings_read(file, &c->arena, findings, &c->diag);
    diag_where(&c->diag, result ? q->typed->findings : NULL);
    if (result) return result;
    q->options.word_count = findings->count ? findings->at[findings->count - 1].row + 1 : 0;
    if (q->options.word_count > SHEET_ROWS_MAX) q->options.word_count = SHEET_ROWS_MAX;
    enum finding_word *words = ARENA_ARRAY(&c->arena, enum finding_word, q->options.word_count + 1);
    for (size_t i = 0; i < q->options.word_count; i++) words[i] = (enum finding_word)ORIGINS_NO_FINDING;
    for (size_t i = 0; i < findings->count && findings->at[i].row < q->options.word_count; i++)
        words[findings->at[i].row] = findings->at[i].word;
    q->options.words = words;
    q->options.findings = sha256_of(file);
    return OK;
}

static enum error check_findings(struct cli *c, const struct asked *q, const struct findings *findings) {
    const uint64_t facts = q->of[0].total.facts;
    if (!findings->count || findings->at[findings->count - 1].row < facts) return OK;
    enum error result = fail(&c->diag, ERR_INPUT, _("a finding of fact %llu, and the sheet has only %llu"),
                             (unsigned long long)findings->at[findings->count - 1].row, (unsigned long long)facts);
    diag_where(&c->diag, q->typed->findings);
    return result;
}

/* What is no file may be a case. */
static bool is_case(const struct cli *c, const struct asking *typed) {
    const struct joint_options *j = &typed->joint;
    const char *word = c->words.at[0];
    return j->send || j->compare || j->joint || (strcmp(word, "-") && !os_exists(word));
}

static enum error take_case(struct cli *c, struct asking *typed, struct asked *q, struct joint_facts *facts) {
    if (typed->findings) return cli_usage(c, _("the findings of a case are those of its answers: not --findings"));
    enum error result = joint_take(c, &typed->joint, facts);
    if (result == ERR_MISSING && !typed->joint.send && !os_exists(c->home))
        return fail(&c->diag, ERR_MISSING, _("there is no file %s, and no home in which to look for such a case"),
                    c->words.at[0]);
    if (result) return result;
    facts->options.by = q->options.by;
    facts->options.unit = q->options.unit;
    q->options = facts->options;
    q->tlp = facts->tlp;
    return OK;
}

static enum error open_tables(struct cli *c, struct asked *q) {
    enum error result = OK;
    for (size_t i = 0; !result && i < q->typed->tables.count; i++) {
        result = table_open(c->home, q->typed->tables.at[i], &q->tables[i], &c->diag);
        q->count += !result;
    }
    return result;
}

static enum error add_fact(void *counter, const struct fact *f, struct diag *d) { return origins_add(counter, f, d); }

/* The facts of a file pass by, so that a sheet may be larger than memory. */
static enum error count_file(struct cli *c, struct origins_counter *counter, struct sha256 *hash) {
    const char *path = c->words.at[0];
    struct os_reader reader;
    enum error result = os_reader_open(path, &reader, &c->diag);
    if (result) return result;
    const struct sheet_stream stream = {.read = os_reader_read, .from = &reader, .each = add_fact, .of = counter};
    result = sheet_stream(&stream, hash, &c->diag);
    os_reader_close(&reader);
    diag_where(&c->diag, result ? path : NULL);
    return result;
}

static enum error count_sheet(struct cli *c, struct origins_counter *counter, const struct joint_facts *of) {
    enum error result = OK;
    for (size_t i = 0; !result && i < of->sheet.count; i++) result = origins_add(counter, &of->sheet.at[i], &c->diag);
    return result;
}

/* By all tables; `of`: the facts of a case, NULL: those of a file. */
static enum error count_all(struct cli *c, struct asked *q, const struct joint_facts *of) {
    const struct territory *tables[TABLES_MAX];
    struct sha256 hash = {{0}};
    for (size_t i = 0; i < q->count; i++) tables[i] = &q->tables[i].of;
    random_fill(&c->random, (uint8_t *)&q->options.seed, sizeof q->options.seed);
    struct origins_counter *counter = origins_begin(tables, q->count, &q->options);
    enum error result = of ? count_sheet(c, counter, of) : count_file(c, counter, &hash);
    if (!result) origins_end(counter, of ? of->hash : hash, &c->arena, q->of);
    origins_drop(counter);
    return result;
}

static enum error count_and_print(struct cli *c, struct asking *typed) {
    struct asked *q = ARENA_NEW(&c->arena, struct asked);
    struct joint_facts facts = {0};
    struct findings findings = {0};
    q->typed = typed;
    q->tlp = TLP_NONE;
    enum error result = read_options(c, typed, &q->options);
    if (!result) result = check_sent(c, typed);
    bool of_case = is_case(c, typed);
    if (!result) result = of_case ? take_case(c, typed, q, &facts) : read_findings(c, q, &findings);
    if (!result) result = read_lists(c, typed, q);
    if (!result) result = open_tables(c, q);
    if (!result) result = count_all(c, q, of_case ? &facts : NULL);
    if (!result) result = check_findings(c, q, &findings);
    if (!result) result = typed->joint.send ? joint_send(c, &typed->joint, q->of, q->count) : put_out(c, q);
    for (size_t i = 0; i < q->count; i++) table_close(&q->tables[i]);
    return result;
}

enum error cli_origins(struct cli *c) {
    struct asking typed = {0};
    const struct option_row rows[] = {
        {"--territory", OPTION_WORDS, &typed.tables, "TABLE",
         N_("a table, by its path or its name in the home; several are shown side by side")},
        {"--by", OPTION_WORD, &typed.by, "country|as", N_("countries (the default), or autonomous systems")},
        {"--unit", OPTION_WORD, &typed.unit, "UNIT", N_("what ranks: sources (the default), events or targets")},
        {"--rank", OPTION_WORD, &typed.rank, "CC", N_("where this country (or AS) stands, by each measure and table")},
        {"--relays", OPTION_WORDS, &typed.relays, "FILE",
         N_("known relays and exits, as a list of addresses and blocks: their origins are marked")},
        {"--cgnat", OPTION_WORDS, &typed.shared, "FILE",
         N_("addresses that many share, as those of carriers: marked where a fact has no port")},
        {"--suppress", OPTION_NUMBER, &typed.below, "N", N_("put origins with fewer sources than this together")},
        {"--svg", OPTION_WORD, &typed.svg, "FILE", N_("write ranking and map as SVG for a report; - prints it")},
        {"--html", OPTION_FLAG, &typed.html, NULL, N_("a page for browsers and paper, with ranking and map")},
        {"--all", OPTION_FLAG, &typed.all, NULL, N_("with --html: every origin, however many there are")},
        {"--findings", OPTION_WORD, &typed.findings, "FILE", N_("split the events by the findings of this sheet")},
        JOINT_ROWS(typed.joint),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (result) return result;
    if (typed.html && (c->json || typed.joint.compare || typed.joint.joint || typed.joint.send))
        return cli_usage(c, _("--html is a page of its own: not with --json, --send, --compare or --joint"));
    if (typed.all && !typed.html) return cli_usage(c, _("--all is for --html"));
    if (typed.joint.compare + typed.joint.joint + typed.joint.send > 1)
        return cli_usage(c, _("--send, --compare and --joint exclude each other"));
    if (typed.joint.compare) return joint_compare(c, &typed.joint, &typed.tables);
    return typed.joint.joint ? joint_list(c) : count_and_print(c, &typed);
}
