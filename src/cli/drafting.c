#include "cli/drafting.h"

#include "base/hash.h"
#include "claim/from_fact.h"
#include "cli/speech.h"
#include "desk/draft.h"

static enum error level_of(struct cli *c, const struct drafting *x, const struct report *r, enum tlp *out) {
    if (x->tlp) return cli_tlp(c, x->tlp, out);
    *out = r->tlp;
    if (r->tlp != TLP_NONE) return OK;
    if (x->else_tlp) return cli_tlp(c, x->else_tlp, out);
    return cli_usage(c, _("the source states no TLP level: --tlp is needed"));
}

static enum error say_draft(struct speech *s, struct drafting *x, const struct report *r, struct text id,
                            struct bytes file) {
    struct cli *c = s->cli;
    struct claim claim;
    enum tlp tlp = TLP_NONE;
    const struct say_attach attach = {ROLE_FACTS, TEXT("text/csv"), TEXT("facts.csv"), file};
    enum error result = claim_from_fact(file, NULL, &c->arena, &claim, &c->diag);
    if (!result) result = level_of(c, x, r, &tlp);
    if (result) return result;
    claim.title = x->title ? text_of(x->title) : r->title;
    if (!claim.title.size && x->else_title) claim.title = text_of(x->else_title);
    claim.summary = r->text;
    claim.severity = r->severity;
    claim.states = (struct member_list){(void *)(uintptr_t)r->states.at, r->states.count};
    claim.sectors = (struct member_list){(void *)(uintptr_t)r->sectors.at, r->sectors.count};
    if (!claim.title.size) return cli_usage(c, _("the source has no title: --title is needed"));
    result = waiver_claim(c, &x->waiver, talk_card(s->talk, s->talk->own), file, &claim.summary);
    s->tlp = tlp_name(tlp);
    s->into = x->list;
    return result ? result
                  : speech_say(s, &(struct say){.kind = KIND_CLAIM,
                                                .to = text_of(x->to),
                                                .id = id,
                                                .tlp = TLP_NONE,
                                                .attach = &attach,
                                                .attach_count = 1,
                                                .body = say_claim,
                                                .what = &claim});
}

/* That of the draft of a request's n-th report: the same, however often the request is worked off. */
static struct text id_of(struct cli *c, struct text request, size_t number) {
    struct text what = arena_format(&c->arena, "parley draft of a request v1 %.*s %zu", TEXT_ARG(request), number);
    struct sha256 hash = sha256_of(bytes_from_text(what));
    char hex[SHA256_HEX];
    return request.size ? text_first(arena_text(&c->arena, text_of(sha256_hex(&hash, hex).at)), 32) : (struct text){0};
}

/* What was made before the process ended, and perhaps sent since. */
static enum error is_made(struct speech *s, struct text id, bool *made) {
    const struct said *said;
    struct kept_draft kept;
    *made = false;
    if (!id.size) return OK;
    enum error result = talk_find_said(s->talk, id, &said, &s->cli->diag);
    if (result == ERR_MISSING) {
        result = draft_find(s->desk, id, &kept, &s->cli->diag);
        if (!result) result = kept.error == ERR_NO_KEY ? OK : kept.error;
    }
    *made = !result;
    return result == ERR_MISSING ? OK : result;
}

static enum error make_draft(struct cli *c, struct drafting *x, const struct report *r, struct text id) {
    bool made = false;
    struct speech s = {.cli = c, .draft = true};
    struct buf file = {.max = SHEET_BYTES_MAX};
    enum error result = sheet_write(r->facts, &file, &c->diag);
    if (!result) result = speech_with(&s, x->to);
    if (!result) result = is_made(&s, id, &made);
    if (!result && !made) result = say_draft(&s, x, r, id, buf_as_bytes(&file));
    speech_end(&s);
    buf_free(&file);
    return result;
}

enum error drafting_make(struct cli *c, struct drafting *x, const struct reports *all) {
    enum error result = OK;
    for (size_t i = 0; i < all->count && !result; i++) {
        const struct report *r = &all->at[i];
        if (r->facts.count)
            result = make_draft(c, x, r, id_of(c, x->request, i));
        else
            losses_add(x->losses, LOSS_DROPPED, "report", r->title, N_("a claim rests on facts, and there are none"));
    }
    return result;
}
