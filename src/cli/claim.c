/* claim: raises an allegation with the competent department, resting on a sheet of facts. */
#include "cli/claim_mail.h"
#include "desk/route.h"

/* A claim to the party alone can be opened by all of its departments. */
static void hint(const struct speech *s, const char *to, const struct claim *claim, struct bytes file) {
    struct cli *c = s->cli;
    const struct card *theirs = talk_card(s->talk, 1 - s->talk->own);
    struct sheet sheet;
    if (c->quiet || !theirs || text_find(text_of(to), '/') < text_of(to).size) return;
    if (sheet_read(file, &c->arena, &sheet, NULL)) return;
    struct routes r = route_facts(theirs, sheet, (struct names){claim->sectors.at, claim->sectors.count}, &c->arena);
    struct text only = route_only(&r);
    if (only.size)
        fprintf(stderr, _("No department is named; by the remits of their card these facts belong to %.*s/%.*s.\n"),
                TEXT_ARG(theirs->party), TEXT_ARG(only));
    else
        fprintf(stderr, "%s\n", _("No department is named; `parley route` says to which ones these facts belong."));
}

static enum error raise_claim(struct speech *s, const struct claiming *q, const char *to, struct claim *claim,
                              struct bytes sheet) {
    struct say_attach *attach;
    size_t count;
    enum error result = claiming_attach(s->cli, q, sheet, &attach, &count);
    if (!result) result = speech_with(s, to);
    if (!result) hint(s, to, claim, sheet);
    if (!result) result = waiver_claim(s->cli, &q->waiver, talk_card(s->talk, s->talk->own), sheet, &claim->summary);
    if (!result)
        result = speech_say(s, &(struct say){.kind = KIND_CLAIM,
                                             .to = text_of(to),
                                             .tlp = TLP_NONE,
                                             .attach = attach,
                                             .attach_count = count,
                                             .body = say_claim,
                                             .what = claim});
    speech_end(s);
    return result;
}

enum error cli_claim(struct cli *c) {
    struct speech s = {.cli = c};
    struct claiming q = {0};
    struct claim_mail m = {0};
    struct claim claim;
    struct bytes sheet;
    const char *to = NULL, *title = NULL, *summary = NULL, *summary_file = NULL;
    bool check_only = false;
    const struct option_row rows[] = {
        {"--to", OPTION_WORD, &to, "PARTY/DEPARTMENT",
         N_("the competent department of the other side, or mailto:ADDRESS where there is only a mailbox")},
        {"--title", OPTION_WORD, &title, "T", N_("the claim in one line")},
        {"--tlp", OPTION_WORD, &s.tlp, "L", N_("CLEAR, GREEN, AMBER, AMBER+STRICT or RED")},
        {"--summary", OPTION_WORD, &summary, "T", N_("the claim in words")},
        {"--summary-file", OPTION_WORD, &summary_file, "FILE", N_("the same from a file, or - for standard input")},
        {"--officer", OPTION_WORD, &s.officer, "OFFICER", N_("who signs, if not the officer of this home")},
        {"--lang", OPTION_WORD, &s.lang, "CODE", N_("the language of the text, as en, fr, ru")},
        {"--check-only", OPTION_FLAG, &check_only, NULL,
         N_("say nothing; show what its classes ask for, and what of it is there")},
        DRAFT_ROW(s.draft),
        SPEECH_NUMBER(s),
        SPEECH_DRILL(s),
        CLAIM_MAIL_ROWS(m),
        CLAIMING_ROWS(q),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (!q.facts || (!check_only && (!to || !title || !s.tlp)))
        return cli_usage(c, check_only ? _("--facts is needed") : _("--to, --facts, --title and --tlp are needed"));
    enum tlp tlp;
    result = cli_tlp(c, s.tlp, &tlp);
    if (!result) result = claiming_read(c, &q, &sheet, &claim);
    if (!result) result = cli_text(c, summary, summary_file, &claim.summary);
    if (!result) result = claiming_check(c, &claim, sheet, check_only);
    if (result || check_only) return result;
    claim.title = text_of(title);
    claim.own_number = text_of(s.own_number);
    if (claim_mail_is(to)) return claim_mail(&s, &q, &m, to, tlp, &claim, sheet);
    if (m.format || m.out || m.from || m.yes || m.told.losses)
        return cli_usage(c, _("--format, -o, --mail-from, --yes and --losses are for --to mailto:…"));
    return raise_claim(&s, &q, to, &claim, sheet);
}
