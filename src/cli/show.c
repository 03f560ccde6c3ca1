/* show: a case as a page that one would print, or as JSON. */
#include "base/os.h"
#include "cli/speak.h"
#include "desk/case_view.h"

struct showing { /* as typed */
    bool all, evidence, columns, html;
    struct words known;
    const char *out;
};

/* The lines, cleaned for a terminal, or into a file as they are. */
static enum error print_evidence(struct cli *c, const struct case_view *view, const char *path) {
    struct buf page = {.max = (size_t)1 << 30};
    if (!path) {
        evidence_page(view, &page);
        return cli_print_page(c, &page);
    }
    evidence_bytes(view, &page);
    enum error result = buf_check(&page, &c->diag);
    if (!result) result = os_write(path, buf_as_bytes(&page), 0600, &c->diag);
    buf_free(&page);
    return result;
}

static enum error print(struct cli *c, struct talk *t, const struct matter *m, const struct showing *q) {
    struct case_view view;
    enum error result = case_view(t, m, &view, &c->diag);
    if (result) return result;
    if (q->evidence) return print_evidence(c, &view, q->out);
    if (c->json) return cli_print_json(c, case_json(&view, q->columns, cli_names(c, &q->known)));
    struct buf page = {.max = (size_t)1 << 30};
    if (q->html) {
        case_html(&view, q->all, &page);
        return cli_print(c, &page);
    }
    case_page(&view, q->all, &page);
    return cli_print_page(c, &page);
}

enum error cli_show(struct cli *c) {
    struct state_options state = {0};
    struct showing q = {0};
    const struct option_row rows[] = {
        STATE_ROWS(&state),
        {"--all", OPTION_FLAG, &q.all, NULL, N_("show every fact, however many there are")},
        {"--html", OPTION_FLAG, &q.html, NULL, N_("a page for browsers and paper, the same on both sides")},
        {"--columns", OPTION_FLAG, &q.columns, NULL,
         N_("with --json: the facts of a sheet as one array a column, for programs that show very many")},
        {"--known", OPTION_WORDS, &q.known, "SHA256",
         N_("with --columns: a sheet whose facts are there already, and are left out; any number of times")},
        {"--evidence", OPTION_FLAG, &q.evidence, NULL, N_("show the lines that were disclosed, each verified")},
        {"-o", OPTION_WORD, &q.out, "FILE", N_("write these lines into a file, byte for byte")},
    };
    struct desk *k = NULL;
    struct talk *t = NULL;
    struct talk_at at;
    const struct matter *m;
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result && q.out && !q.evidence) result = cli_usage(c, _("-o needs --evidence: it takes disclosed lines"));
    if (!result && q.evidence && c->json)
        result = cli_usage(c, _("lines are bytes, not JSON: --evidence -o FILE; `show --json` counts them"));
    if (!result && q.html && (c->json || q.evidence))
        result = cli_usage(c, _("--html is a page of its own: not with --json or --evidence"));
    if (!result && q.columns && !c->json) result = cli_usage(c, _("--columns is a form of --json"));
    if (!result && q.known.count && !q.columns) result = cli_usage(c, _("--known goes with --columns"));
    if (!result) result = cli_talk_at(c, &state, &at);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = talk_open_case(k, text_of(c->words.at[0]), &at, &t, &m, &c->diag);
    if (!result) result = print(c, t, m, &q);
    talk_close(t);
    desk_close(k);
    return result;
}
