/* import: reads what other tools say, shows it, and makes fact sheets and drafts of it: never a message. */
#include "base/os.h"
#include "cli/drafting.h"
#include "cli/exchanged.h"
#include "cli/misp_server.h"
#include "cli/taxii_pull.h"
#include "finding/form.h"

struct importing {
    const char *format, *map, *event, *out, *findings;
    struct drafting draft;
    struct misp_server misp;
    struct exchanged told;
    struct losses losses;
    struct reports reports;
};

/* ---- reading */

static enum error read_file(struct cli *c, struct importing *x, const char *path, struct reports *out) {
    const struct case_format *format = NULL;
    struct case_reading how = {.event = text_of(x->event), .arena = &c->arena, .losses = &x->losses};
    struct bytes file;
    const bool fetched = misp_is_place(path), pulled = taxii_is_place(path);
    enum error result = fetched  ? misp_fetch(c, &x->misp, path, &file)
                        : pulled ? taxii_pull(c, x->misp.key_file, x->misp.authorities, path, &file)
                                 : cli_file(c, path, CASE_FORMAT_BYTES_MAX, &file);
    if (!result && x->map) result = cli_file(c, x->map, 1 << 16, &how.map);
    if (!result && x->format) result = exchanged_format(c, x->format, false, &format);
    if (!result && (fetched || pulled)) format = case_format_named(fetched ? TEXT("misp") : TEXT("stix"));
    if (!result && !format) format = x->map ? case_format_named(TEXT("csv")) : case_format_seen(file);
    if (!result && (!format || !format->read))
        return fail(&c->diag, ERR_INPUT, _("%s is of no format that is known here; --format names one"), path);
    if (!result) result = format->read(file, &how, out, &c->diag);
    diag_where(&c->diag, result ? path : NULL);
    return result;
}

static enum error read_all(struct cli *c, struct importing *x) {
    size_t room = 0;
    enum error result = OK;
    for (size_t i = 0; i < c->words.count && !result; i++) {
        struct reports more = {0};
        result = read_file(c, x, c->words.at[i], &more);
        for (size_t k = 0; k < more.count && !result; k++) {
            struct reports *all = &x->reports;
            all->at = arena_grow(&c->arena, all->at, all->count, &room, sizeof *all->at);
            all->at[all->count++] = more.at[k];
        }
    }
    return result;
}

/* ---- a sheet of all facts */

static enum error write_sheet(struct cli *c, struct importing *x) {
    struct collect all = collect_in(&c->arena, &x->losses);
    struct sheet sheet;
    struct buf file = {.max = SHEET_BYTES_MAX};
    for (size_t i = 0; i < x->reports.count; i++)
        for (size_t k = 0; k < x->reports.at[i].facts.count; k++)
            collect_fact(&all, &x->reports.at[i].facts.at[k], "fact");
    enum error result = collect_end(&all, &sheet, &c->diag);
    if (!result) result = sheet_write(sheet, &file, &c->diag);
    if (!result) result = exchanged_write(c, &x->told, x->out, &file);
    buf_free(&file);
    return result;
}

/* ---- what was found */

/* As `check` does: suggestions, which are nobody's word until a person takes the question marks away. */
static enum error write_findings(struct cli *c, const struct importing *x) {
    const struct report *r = &x->reports.at[0];
    struct finding *given;
    struct buf form = {.max = FINDINGS_MAX_BYTES};
    size_t count = 0;
    if (x->reports.count != 1) return cli_usage(c, _("--findings is of one report; there are several, or none"));
    if (!r->findings) return fail(&c->diag, ERR_MISSING, _("the source does not say what was found"));
    given = ARENA_ARRAY(&c->arena, struct finding, r->facts.count);
    for (size_t i = 0; i < r->facts.count; i++)
        if (r->findings[i].word != FINDING_COUNT) given[count++] = r->findings[i];
    findings_form_write(&(struct blank_form){r->facts, {given, count}, true, NULL}, &form);
    enum error result = buf_check(&form, &c->diag);
    if (!result) result = os_write(x->findings, buf_as_bytes(&form), 0600, &c->diag);
    buf_free(&form);
    return result;
}

static void lose_findings(struct importing *x) {
    for (size_t i = 0; i < x->reports.count; i++)
        if (x->reports.at[i].findings)
            losses_add(&x->losses, LOSS_DROPPED, "finding", x->reports.at[i].title,
                       N_("a sheet and a claim have none; --findings keeps them"));
}

/* ---- telling what was read */

static json_t *report_json(const struct report *r) {
    json_t *object = json_object();
    json_put_text_if(object, "id", r->id);
    json_put_text_if(object, "title", r->title);
    if (r->tlp != TLP_NONE) json_put_text(object, "tlp", text_of(tlp_name(r->tlp)));
    json_put_text_if(object, "from", r->from);
    if (r->created != INSTANT_NONE) json_put(object, "created", json_from_instant(r->created));
    json_put_u64(object, "facts", r->facts.count);
    return object;
}

static void print_reports(struct cli *c, const struct importing *x) {
    struct grid table = grid_new(&c->arena, 4);
    const struct text head[] = {text_of(_("TLP")), text_of(_("facts")), text_of(_("from")), text_of(_("title"))};
    grid_row(&table, head);
    for (size_t i = 0; i < x->reports.count; i++) {
        const struct report *r = &x->reports.at[i];
        const struct text row[] = {r->tlp == TLP_NONE ? TEXT("-") : text_of(tlp_name(r->tlp)),
                                   arena_format(&c->arena, "%zu", r->facts.count), cli_shown(c, r->from),
                                   cli_shown(c, r->title)};
        grid_row(&table, row);
    }
    grid_print(&table, stdout);
}

/* A file that was read and gives nothing is said so: an empty table alone looks like a fault. */
static bool has_facts(const struct importing *x) {
    for (size_t i = 0; i < x->reports.count; i++)
        if (x->reports.at[i].facts.count) return true;
    return false;
}

static enum error tell(struct cli *c, struct importing *x) {
    enum error result = exchanged_losses(c, &x->told, &x->losses);
    if (!c->quiet && !has_facts(x)) fprintf(stderr, "%s\n", _("Nothing in it is a fact."));
    if (result) return result;
    if (!c->json) {
        if (!x->draft.to && !x->out) print_reports(c, x);
        return OK;
    }
    json_t *object = json_object(), *reports = json_array();
    for (size_t i = 0; i < x->reports.count; i++) json_add(reports, report_json(&x->reports.at[i]));
    json_put(object, "reports", reports);
    json_put(object, "losses", losses_json(&x->losses));
    if (x->draft.to) json_put(object, "drafts", json_incref(x->draft.list));
    return cli_print_json(c, object);
}

enum error cli_import(struct cli *c) {
    struct importing x = {.losses = losses_in(&c->arena)};
    const struct word_list *formats = exchanged_words(c, false);
    const struct option_row rows[] = {
        {"--format", OPTION_WORD, &x.format, "FORMAT", N_("in which format it is (else by its content)")},
        {"--map", OPTION_WORD, &x.map, "FILE", N_("which columns of a CSV are what, as `parley facts` takes it")},
        {"--event", OPTION_WORD, &x.event, "E", N_("the RSIT type of facts of which the source says none")},
        {"-o", OPTION_WORD, &x.out, "SHEET", N_("write all its facts there, as one sheet; - is standard output")},
        {"--findings", OPTION_WORD, &x.findings, "FILE",
         N_("write there what the source found of its facts, as suggestions for `parley answer CASE FILE --edit`")},
        {"--to", OPTION_WORD, &x.draft.to, "PARTY/DEPARTMENT", N_("make drafts of claims of it; nothing is sent")},
        {"--title", OPTION_WORD, &x.draft.title, "T",
         N_("the claim in one line, if not the title that the source has")},
        {"--tlp", OPTION_WORD, &x.draft.tlp, "L", N_("the level, if not the one that the source states")},
        MISP_ROWS(x.misp),
        WAIVER_ROWS(x.draft.waiver),
        EXCHANGED_ROWS(x.told),
        {"", OPTION_MEANINGS, &formats, "--format", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, SIZE_MAX);
    if (!result && x.out && x.draft.to) result = cli_usage(c, _("-o and --to exclude each other"));
    if (!result && c->json && x.out && text_is(text_of(x.out), "-"))
        result = cli_usage(c, _("--json and a sheet on standard output exclude each other"));
    if (result) return result;
    x.draft.losses = &x.losses;
    x.draft.list = json_array();
    result = read_all(c, &x);
    if (!result && x.findings) result = write_findings(c, &x);
    if (!result && !x.findings) lose_findings(&x);
    if (!result && x.out) result = write_sheet(c, &x);
    if (!result && x.draft.to) result = drafting_make(c, &x.draft, &x.reports);
    if (!result) result = tell(c, &x);
    json_decref(x.draft.list);
    return result;
}
