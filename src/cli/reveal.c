/* reveal: shows the findings that one has committed to.  It answers nothing: `answer` does. */
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/commitments.h"
#include "desk/possible.h"

/* One's own commit to just these bytes. */
static enum error find_commit(struct speech *s, struct bytes file, const char *path, const struct commitment **out,
                              struct commit *reveal) {
    struct case_commitments *all = ARENA_NEW(&s->cli->arena, struct case_commitments);
    struct diag *d = &s->cli->diag;
    size_t left = FINDINGS_MAX_BYTES, salts = 0, commits = 0;
    commitments_gather(s->talk, s->matter, &left, all);
    for (size_t i = 0; i < all->count; i++) {
        if (!all->at[i].commit) continue;
        commits++;
        *reveal = all->at[i].says;
        if (commitment_salt(s->talk, reveal->commitment, &reveal->salt, d)) {
            if (d->code != ERR_MISSING) return d->code;
            continue;
        }
        salts++;
        *out = &all->at[i];
        if (commit_check(reveal, reveal->salt, file, d) == OK) return OK;
    }
    if (!commits) return fail(d, ERR_USAGE, _("not sent: it would not count: this side has committed to nothing here"));
    if (!salts) return fail(d, ERR_MISSING, _("the salt is not on this desk: reveal where the commit was made"));
    return fail(d, ERR_PROOF, _("not sent: %s is not what was committed to, byte for byte"), path);
}

static enum error reveal_it(struct speech *s, const char *path) {
    struct cli *c = s->cli;
    struct bytes file;
    struct findings findings;
    const struct commitment *of = NULL;
    struct commit reveal = {0};
    if (s->matter->opener == s->talk->own)
        return fail(&c->diag, ERR_USAGE, _("not sent: it would not count: who answers commits and reveals"));
    enum error result = cli_file(c, path, FINDINGS_MAX_BYTES, &file);
    if (!result) result = find_commit(s, file, path, &of, &reveal);
    if (!result && of->reveal && !of->why.size)
        return fail(&c->diag, ERR_USAGE, _("not sent: it was revealed already, by message %.8s"),
                    of->reveal->statement->head->id.at);
    uint64_t rows = !result && of->sheet ? of->sheet->message->statement->meaning.rows : 0;
    if (!result) result = commitment_open(&reveal, file, rows, &c->arena, &findings, &c->diag);
    if (result) return result;
    struct say_attach attach = {ROLE_FINDINGS, TEXT("text/csv"), TEXT("findings.csv"), file};
    reveal.text = s->text;
    result = speech_say(s, &(struct say){.kind = KIND_REVEAL,
                                         .tlp = TLP_NONE,
                                         .attach = &attach,
                                         .attach_count = 1,
                                         .body = say_commit,
                                         .what = &reveal});
    if (!result && !c->quiet)
        fprintf(stderr, _("A reveal is no answer; to answer by these findings: parley answer %.*s %s\n"),
                TEXT_ARG(matter_typed(s->matter)), path);
    return result;
}

enum error cli_reveal(struct cli *c) {
    struct speech s = {.cli = c};
    const struct option_row rows[] = {SPEECH_ROWS(s)};
    enum error result = cli_options(c, rows, COUNT(rows), 2, 3);
    if (!result) result = speech_text(&s, 2);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_REVEAL);
    if (!result) result = speech_may(&s, KIND_REVEAL);
    if (!result) result = reveal_it(&s, c->words.at[1]);
    speech_end(&s);
    return result;
}
