/* Opened messages to answers, commitments and what they committed to. */
#include <string.h>

#include "base/codec.h"
#include "finding/body.h"

/* Letters are spread out, one finding each: no more than the bytes that came. */
static enum error read_runs(struct member_list runs, struct arena *a, struct findings *out, struct diag *d) {
    const struct finding_run *run = runs.at;
    struct finding *all = NULL;
    size_t count = 0, letters = 0;
    uint64_t next = 0;
    for (size_t i = 0; i < runs.count; i++) letters += run[i].words.size;
    all = ARENA_ARRAY(a, struct finding, letters);
    for (size_t i = 0; i < runs.count; i++) {
        if (i && run[i].first_row <= next) return fail(d, ERR_INPUT, _("“findings”: expected runs that ascend"));
        next = run[i].first_row;
        for (size_t k = 0; k < run[i].words.size; k++, next++) {
            const char *letter = memchr(FINDING_LETTERS, run[i].words.at[k], FINDING_COUNT);
            if (!letter) continue; /* a word of a later version */
            all[count++] = (struct finding){.row = next,
                                            .word = (enum finding_word)(letter - FINDING_LETTERS),
                                            .count = FINDING_NO_COUNT,
                                            .first_seen = INSTANT_NONE,
                                            .last_seen = INSTANT_NONE};
        }
    }
    *out = (struct findings){all, count};
    return OK;
}

enum error answer_from_message(const struct message *m, struct arena *a, struct answer *out, struct diag *d) {
    struct spelled_answer spelled = {0};
    struct answer w = {0};
    enum error result = frame_read(m, FRAME_KIND(KIND_ANSWER), &answer_members, a, &spelled, NULL, &w.text, d);
    if (!result) result = read_runs(spelled.runs, a, &w.findings, d);
    if (result) return result;
    w.sheet = spelled.sheet;
    w.coverage = spelled.coverage;
    w.territory_table = spelled.territory_table;
    w.done = spelled.done;
    w.reason = spelled.reason;
    w.own_number = spelled.own_number;
    if (head_attachment(&m->head, ROLE_FINDINGS, spelled.findings_sheet)) w.findings_sheet = spelled.findings_sheet;
    *out = w;
    return OK;
}

enum error answer_fits(const struct answer *w, struct findings sheet, struct diag *d) {
    size_t count = w->findings.count < sheet.count ? w->findings.count : sheet.count, i = 0;
    while (i < count && w->findings.at[i].row == sheet.at[i].row && w->findings.at[i].word == sheet.at[i].word) i++;
    if (i == w->findings.count && i == sheet.count) return OK;
    const struct finding *first = i < w->findings.count ? &w->findings.at[i] : &sheet.at[i];
    return fail(d, ERR_INPUT, _("the answer and the findings sheet that it attaches differ at fact %llu"),
                (unsigned long long)first->row);
}

enum error commit_from_message(const struct message *m, struct arena *a, struct commit *out, struct diag *d) {
    struct commit c = {0};
    bool reveal = text_is(m->head.kind, "reveal");
    enum error result = frame_read(m, FRAME_KIND(KIND_COMMIT) | FRAME_KIND(KIND_REVEAL),
                                   reveal ? &reveal_members : &commit_members, a, &c, NULL, &c.text, d);
    if (!result) *out = c;
    return result;
}

enum error commit_check(const struct commit *c, struct text salt_hex, struct bytes findings_sheet, struct diag *d) {
    uint8_t salt[COMMIT_SALT_SIZE];
    struct sha256 promised;
    if (!hex_read(salt_hex, salt, sizeof salt) || !sha256_read_hex(c->commitment, &promised))
        return fail(d, ERR_INPUT, _("expected a salt and a commitment of 64 hexadecimal digits"));
    if (!sha256_equal(commitment_of(salt, findings_sheet), promised))
        return fail(d, ERR_PROOF, _("what is revealed is not what was committed to"));
    return OK;
}
