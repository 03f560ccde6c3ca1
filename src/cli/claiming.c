#include "cli/claiming.h"

#include "base/os.h"
#include "base/secret.h"
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

/* A tree may be as large as the logs: a file is mapped, what comes through a pipe is held. */
static enum error with_evidence(struct cli *c, const char *path, struct bytes sheet, struct claim *out) {
    const bool mapped = os_is_file(path);
    struct evidence tree = {0};
    struct bytes file;
    enum error result = mapped ? os_map(path, &file, &c->diag) : cli_file(c, path, (size_t)1 << 30, &file);
    if (result) return result;
    result = evidence_read(file, &c->arena, &tree, &c->diag);
    diag_where(&c->diag, result ? path : NULL);
    if (!result) result = claim_from_fact(sheet, &tree, &c->arena, out, &c->diag);
    secret_wipe(tree.key, sizeof tree.key);
    if (mapped) os_unmap(file);
    return result;
}

enum error claiming_read(struct cli *c, const struct claiming *q, struct bytes *sheet, struct claim *out) {
    enum error result = cli_file(c, q->facts, SHEET_BYTES_MAX, sheet);
    if (!result && q->evidence)
        result = with_evidence(c, q->evidence, *sheet, out);
    else if (!result)
        result = claim_from_fact(*sheet, NULL, &c->arena, out, &c->diag);
    diag_where(&c->diag, result ? q->facts : NULL);
    return result ? result : take_words(c, q, out);
}

/* ---- the checklist */

static void put_item(const struct checklist_item *k, struct buf *out) {
    static const char *const marks[] = {[CHECK_MET] = "[x]", [CHECK_MISSING] = "[ ]", [CHECK_IN_WORDS] = "[?]"};
    buf_format(out, "  %s ", marks[k->state]);
    buf_pad(out, text_of(word_shown("checklist", check_name(k->what))), 17);
    buf_format(out, " %s", gettext(check_meaning(k->what)));
    if (k->lacking)
        buf_format(out, _n(" (missing in %llu of %llu fact)", " (missing in %llu of %llu facts)", k->facts),
                   (unsigned long long)k->lacking, (unsigned long long)k->facts);
    buf_char(out, '\n');
}

static void put_items(const struct checklist *l, bool all, struct buf *out) {
    for (size_t i = 0; i < l->count; i++)
        if (all || l->at[i].state == CHECK_MISSING) put_item(&l->at[i], out);
}

static enum error print_all(struct cli *c, const struct checklist *l) {
    struct buf page = {.max = 1 << 16};
    if (!c->json) put_items(l, true, &page);
    enum error result = c->json ? cli_print_json(c, checklist_json(l)) : cli_print(c, &page);
    if (result || !l->missing) return result;
    return fail(&c->diag, ERR_NO,
                _("something is missing that the claim's classes ask for; it can be sent all the same"));
}

enum error claiming_check(struct cli *c, const struct claim *claim, struct bytes file, bool alone) {
    struct checklist list;
    struct sheet sheet;
    struct arena a = {.max_bytes = SIZE_MAX / 2}; /* as large as a sheet may be */
    struct buf page = {.max = 1 << 16};
    enum error result = sheet_read(file, &a, &sheet, &c->diag);
    if (!result) checklist_of(claim, sheet, &list);
    arena_free(&a);
    if (result) return result;
    if (alone) return print_all(c, &list);
    if (c->quiet || !list.missing) return OK;
    put_items(&list, false, &page);
    fprintf(stderr, "%s\n%.*s", _("What the other side would need to check it, and does not find:"),
            TEXT_ARG(buf_as_text(&page)));
    buf_free(&page);
    return OK;
}

/* ---- what goes along */

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
