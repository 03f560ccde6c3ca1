#include "cli/claiming.h"

#include "vocab/iso3166.h"

/* The part of a path after its last slash. */
static struct text file_name(const char *path) {
    struct text t = text_of(path);
    for (size_t i = t.size; i > 0; i--)
        if (t.at[i - 1] == '/') return text_sub(t, i, t.size);
    return t;
}

/* ---- what the claimant says of it */

static enum error take_states(struct cli *c, const struct words *typed, struct member_list *out) {
    struct text *states = ARENA_ARRAY(&c->arena, struct text, typed->count);
    struct country ignored;
    for (size_t i = 0; i < typed->count; i++) {
        states[i] = text_of(typed->at[i]);
        if (!iso3166_read(states[i], &ignored))
            return cli_usage(c, _("--state: expected a code of ISO 3166-1 as FR, found “%s”"), typed->at[i]);
    }
    *out = (struct member_list){states, typed->count};
    return OK;
}

static enum error take_sectors(struct cli *c, const struct words *typed, struct member_list *out) {
    struct text *sectors = ARENA_ARRAY(&c->arena, struct text, typed->count);
    for (size_t i = 0; i < typed->count; i++) {
        enum error result = cli_word(c, "--sector", typed->at[i], &words_sector, &sectors[i]);
        if (result) return result;
    }
    *out = (struct member_list){sectors, typed->count};
    return OK;
}

static enum error take_words(struct cli *c, const struct claiming *q, struct claim *out) {
    enum error result = cli_word(c, "--severity", q->severity, &words_severity, &out->severity);
    if (!result) result = cli_word(c, "--class", q->class, &words_claim_class, &out->class);
    if (!result) result = take_states(c, &q->states, &out->states);
    return result ? result : take_sectors(c, &q->sectors, &out->sectors);
}

/* ---- files */

enum error claiming_read(struct cli *c, const struct claiming *q, struct bytes *sheet, struct claim *out) {
    struct evidence tree;
    struct bytes file;
    enum error result = cli_file(c, q->facts, SHEET_BYTES_MAX, sheet);
    if (!result && q->evidence) result = cli_file(c, q->evidence, EVIDENCE_BYTES_MAX, &file);
    if (!result && q->evidence) {
        result = evidence_read(file, &c->arena, &tree, &c->diag);
        diag_where(&c->diag, result ? q->evidence : NULL);
    }
    if (result) return result;
    result = claim_from_fact(*sheet, q->evidence ? &tree : NULL, &c->arena, out, &c->diag);
    diag_where(&c->diag, result ? q->facts : NULL);
    return result ? result : take_words(c, q, out);
}

enum error claiming_attach(struct cli *c, const struct claiming *q, struct bytes sheet, struct say_attach **out,
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
