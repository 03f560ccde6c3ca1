/* What opened attachments prove together with other opened messages: lines by the root that a claim carries, revealed
 * findings by the commit before them.  What hangs on a closed message is said not to be checked. */
#include "claim/claim.h"
#include "dossier/open.h"
#include "fact/disclosure.h"
#include "finding/answer.h"

struct holding { /* one attachment against what was said before */
    struct proving *p;
    const struct proved_message *by;
    struct proved_attachment *attached;
    struct text note;
};

static bool same_side(const struct proved_message *a, const struct proved_message *b) {
    return a->entry->party == b->entry->party && text_equal(a->message->head.matter, b->message->head.matter);
}

static bool says(const struct proved_message *m, enum kind kind) {
    return text_is(m->message->head.kind, kind_rules[kind].name);
}

/* ---- lines */

/* The opened claim or correction of that sheet; its facts where they are open, too. */
static const struct proved_message *find_claim(const struct holding *h, struct text sheet, struct claim *out) {
    const struct dossier_report *r = h->p->report;
    for (size_t i = 0; i < r->message_count; i++) {
        const struct proved_message *m = &r->messages[i];
        if (!same_side(m, h->by) || (!says(m, KIND_CLAIM) && !says(m, KIND_CORRECT))) continue;
        if (!claim_from_message(m->message, h->p->arena, out, NULL) && text_equal(out->sheet, sheet)) return m;
    }
    return NULL;
}

static enum error check_rows(const struct holding *h, const struct proved_message *claim, struct disclosure shown,
                             struct diag *d) {
    struct sheet facts = {0};
    for (size_t i = 0; i < claim->attachment_count && !facts.count; i++) {
        const struct proved_attachment *a = &claim->attachments[i];
        if (a->state != ATTACHED_OPEN || a->flaw.size || !text_is(a->attach->role, ROLE_FACTS)) continue;
        if (sheet_read(a->plain, h->p->arena, &facts, NULL)) facts = (struct sheet){0};
    }
    for (size_t i = 0; i < shown.count && facts.count; i++) {
        const struct disclosed *one = &shown.at[i];
        if (one->row >= facts.count || !fact_same(&one->fact, &facts.at[one->row]) ||
            one->fact.count != facts.at[one->row].count || one->fact.evidence != facts.at[one->row].evidence)
            return fail(d, ERR_PROOF, _("fact %llu is another than that of the sheet"), (unsigned long long)one->row);
    }
    return OK;
}

static enum error check_lines(struct holding *h, struct diag *d) {
    struct disclose says_so;
    struct claim claim = CLAIM_EMPTY;
    struct disclosure shown;
    struct sha256 root;
    size_t lines = 0;
    enum error result = disclose_from_message(h->by->message, h->p->arena, &says_so, d);
    if (result) return result;
    const struct proved_message *of = find_claim(h, says_so.sheet, &claim);
    if (!of) {
        h->note = text_of(_("not checked: the claim that commits to it is not opened"));
        return OK;
    }
    if (!sha256_read_hex(claim.evidence_root, &root)) return fail(d, ERR_PROOF, _("the claim commits to no evidence"));
    result = disclosure_open(h->attached->plain, root, claim.evidence_size, h->p->arena, &shown, d);
    if (!result) result = check_rows(h, of, shown, d);
    if (result) return result;
    h->attached->lines = shown;
    for (size_t i = 0; i < shown.count; i++) lines += shown.at[i].line_count;
    h->note = arena_format(h->p->arena, _("facts: %zu, lines: %zu; each was committed to by the claim %.8s"),
                           shown.count, lines, of->message->head.id.at);
    return OK;
}

/* ---- findings that were committed to */

static const struct proved_message *find_commit(const struct holding *h, const struct commit *reveal) {
    const struct dossier_report *r = h->p->report;
    for (size_t i = 0; i < r->message_count; i++) {
        const struct proved_message *m = &r->messages[i];
        struct commit c;
        if (!same_side(m, h->by) || !says(m, KIND_COMMIT) || m->entry->position >= h->by->entry->position) continue;
        if (commit_from_message(m->message, h->p->arena, &c, NULL)) continue;
        if (text_equal(c.commitment, reveal->commitment) && text_equal(c.sheet, reveal->sheet)) return m;
    }
    return NULL;
}

static enum error check_reveal(struct holding *h, struct diag *d) {
    struct commit reveal;
    struct findings findings;
    enum error result = commit_from_message(h->by->message, h->p->arena, &reveal, d);
    if (!result) result = commit_check(&reveal, reveal.salt, h->attached->plain, d);
    if (!result) result = findings_read(h->attached->plain, h->p->arena, &findings, d);
    if (result) return result;
    const struct proved_message *commit = find_commit(h, &reveal);
    h->note = commit ? arena_format(h->p->arena, _("committed to by the message %.8s"), commit->message->head.id.at)
                     : text_of(_("not checked: the commit before it is not opened"));
    return OK;
}

void dossier_hold(struct proving *p) {
    static const struct {
        enum kind kind;
        const char *role;
        enum error (*check)(struct holding *h, struct diag *d);
    } rules[] = {{KIND_DISCLOSE, ROLE_EVIDENCE, check_lines}, {KIND_REVEAL, ROLE_FINDINGS, check_reveal}};
    struct dossier_report *r = p->report;
    for (size_t i = 0; i < r->message_count; i++)
        for (size_t k = 0; k < r->messages[i].attachment_count; k++) {
            struct proved_attachment *a = &r->messages[i].attachments[k];
            for (size_t n = 0; n < COUNT(rules); n++) {
                struct holding h = {.p = p, .by = &r->messages[i], .attached = a};
                struct diag d = {0};
                bool asked = a->state == ATTACHED_OPEN && !a->flaw.size && says(h.by, rules[n].kind) &&
                             text_is(a->attach->role, rules[n].role);
                if (!asked) continue;
                if (rules[n].check(&h, &d)) a->flaw = dossier_flaw(p->arena, &d);
                a->note = h.note;
            }
        }
}
