/* claim: raises an allegation with the competent department, resting on a sheet of facts. */
#include "claim/from_fact.h"
#include "cli/speak.h"

struct claiming {
    const char *to, *facts, *evidence, *title, *tlp, *summary, *summary_file, *by;
    struct words attach;
    bool draft;
    bool drill;
};

/* The part of a path after its last slash. */
static struct text file_name(const char *path) {
    struct text t = text_of(path);
    for (size_t i = t.size; i > 0; i--)
        if (t.at[i - 1] == '/') return text_sub(t, i, t.size);
    return t;
}

static enum error read_claim(struct cli *c, const struct claiming *q, struct bytes *sheet, struct claim *out) {
    struct evidence tree;
    struct bytes file;
    enum error result = cli_file(c, q->facts, SHEET_BYTES_MAX, sheet);
    if (!result && q->evidence) result = cli_file(c, q->evidence, EVIDENCE_BYTES_MAX, &file);
    if (!result && q->evidence) {
        result = evidence_read(file, &c->arena, &tree, &c->diag);
        diag_where(&c->diag, result ? q->evidence : NULL);
    }
    if (!result) {
        result = claim_from_fact(*sheet, q->evidence ? &tree : NULL, &c->arena, out, &c->diag);
        diag_where(&c->diag, result ? q->facts : NULL);
    }
    if (!result) result = cli_text(c, q->summary, q->summary_file, &out->summary);
    out->title = text_of(q->title);
    return result;
}

static enum error read_attachments(struct cli *c, const struct claiming *q, struct bytes sheet, struct say_attach **out,
                                   size_t *count) {
    struct say_attach *all = ARENA_ARRAY(&c->arena, struct say_attach, q->attach.count + 1);
    enum error result = OK;
    all[0] = (struct say_attach){ROLE_FACTS, TEXT("text/csv"), TEXT("facts.csv"), sheet};
    for (size_t i = 0; i < q->attach.count && !result; i++) {
        all[i + 1] = (struct say_attach){"file", TEXT("application/octet-stream"), file_name(q->attach.at[i]), {0}};
        result = cli_file(c, q->attach.at[i], (size_t)1 << 30, &all[i + 1].plain);
    }
    *out = all;
    *count = q->attach.count + 1;
    return result;
}

static enum error raise_claim(struct cli *c, const struct claiming *q, enum tlp tlp) {
    struct desk *k = NULL;
    struct talk *t = NULL;
    struct bytes sheet;
    struct claim claim;
    struct say_attach *attach;
    size_t count;
    struct text party = text_sub(text_of(q->to), 0, text_find(text_of(q->to), '/'));
    enum error result = read_claim(c, q, &sheet, &claim);
    if (!result) result = read_attachments(c, q, sheet, &attach, &count);
    if (!result) result = cli_desk(c, &k);
    if (!result) result = talk_open(k, party, q->drill, &(struct talk_at){.as_of = c->now}, &t, &c->diag);
    if (!result)
        result = cli_say(c, t,
                         &(struct say){.kind = KIND_CLAIM,
                                       .to = text_of(q->to),
                                       .tlp = tlp,
                                       .by = text_of(q->by),
                                       .draft = q->draft,
                                       .attach = attach,
                                       .attach_count = count,
                                       .body = say_claim,
                                       .what = &claim});
    talk_close(t);
    desk_close(k);
    return result;
}

enum error cli_claim(struct cli *c) {
    struct claiming q = {0};
    enum tlp tlp = TLP_NONE;
    const struct option_row rows[] = {
        {"--to", OPTION_WORD, &q.to, "PARTY/DEPARTMENT", N_("the competent department of the other side")},
        {"--facts", OPTION_WORD, &q.facts, "SHEET", N_("the fact sheet that `parley facts` made")},
        {"--evidence", OPTION_WORD, &q.evidence, "TREE", N_("the evidence behind it: only its root is sent")},
        {"--title", OPTION_WORD, &q.title, "T", N_("the claim in one line")},
        {"--tlp", OPTION_WORD, &q.tlp, "L", N_("CLEAR, GREEN, AMBER, AMBER+STRICT or RED")},
        {"--summary", OPTION_WORD, &q.summary, "T", N_("the claim in words")},
        {"--summary-file", OPTION_WORD, &q.summary_file, "FILE", N_("the same from a file, or - for standard input")},
        {"--attach", OPTION_WORDS, &q.attach, "FILE", N_("a further file, sealed like the claim; any number of times")},
        {"--drill", OPTION_FLAG, &q.drill, NULL, N_("say it in the channel for drills")},
        {"--officer", OPTION_WORD, &q.by, "OFFICER", N_("who signs, if not the officer of this home")},
        DRAFT_ROW(q.draft),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (!q.to || !q.facts || !q.title || !q.tlp) return cli_usage(c, _("--to, --facts, --title and --tlp are needed"));
    result = cli_tlp(c, q.tlp, &tlp);
    return result ? result : raise_claim(c, &q, tlp);
}
