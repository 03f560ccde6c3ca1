/* Cosignatures of neutral witnesses under the checkpoints of a dossier: by the terms in force, where the messages that
 * offered and accepted them are opened.  Who reads a dossier so judges by what both parties agreed on, and not by what
 * the one who wrote it would like to have counted. */
#include "dossier/open.h"
#include "matter/dialogue.h"
#include "tlog/cosignature.h"

/* The terms' own words; none where they are not open. */
static struct offered_terms terms_of(struct proving *p) {
    const struct dossier_report *r = p->report;
    struct dialogue offer;
    for (size_t i = 0; i < r->message_count && r->state.terms; i++)
        if (r->messages[i].verdict == r->state.terms &&
            dialogue_from_message(r->messages[i].message, p->arena, &offer, NULL) == OK)
            return offer.terms;
    return OFFERED_TERMS_EMPTY;
}

/* A line is "<vkey>" or "<vkey> <url>". */
static bool names_key(struct text line, const struct note_signature *s, struct vkey *key, struct text *spelled) {
    struct text rest = line, before;
    *spelled = text_cut(&rest, ' ', &before) ? before : line;
    return vkey_read(*spelled, key, NULL) == OK && key_cosigns(key->type) && key->id == s->id &&
           text_equal(key->name, s->name);
}

static void add(struct proving *p, struct proved_record *of, const struct proved_receipt *r) {
    struct proved_receipt *list = ARENA_ARRAY(p->arena, struct proved_receipt, of->cosigned_count + 1);
    for (size_t i = 0; i < of->cosigned_count; i++) {
        if (text_equal(of->cosigned[i].key, r->key)) return; /* one witness is one voice */
        list[i] = of->cosigned[i];
    }
    list[of->cosigned_count] = *r;
    of->cosigned = list;
    of->cosigned_count++;
}

static enum error judge_one(struct proving *p, const struct unjudged *u, const struct member_list *witnesses) {
    const struct text *lines = witnesses->at;
    const struct note_signature *s = u->signature;
    for (size_t i = 0; i < witnesses->count; i++) {
        struct vkey key;
        struct proved_receipt cosigned;
        if (!names_key(lines[i], s, &key, &cosigned.key)) continue;
        enum error result = cosignature_verify(s, &key, u->note->text, &cosigned.stamp, NULL);
        if (result)
            return fail(p->diag, ERR_NO, _("the checkpoint of %.*s does not hold: the signature of the witness %.*s"),
                        TEXT_ARG(u->of->channel), TEXT_ARG(s->name));
        add(p, u->of, &cosigned);
        return OK;
    }
    return fail(
        p->diag, ERR_NO,
        _("the checkpoint of %.*s does not hold: a signature by “%.*s”, a key that neither a card nor terms that "
          "are open name"),
        TEXT_ARG(u->of->channel), TEXT_ARG(s->name));
}

enum error dossier_judge_witnesses(struct proving *p) {
    const struct offered_terms terms = terms_of(p);
    enum error result = OK;
    for (size_t i = 0; i < p->unjudged_count && !result; i++) result = judge_one(p, &p->unjudged[i], &terms.witnesses);
    p->report->quorum =
        (struct quorum){terms.witnesses.count, terms.quorum == HOURS_NONE ? terms.witnesses.count : terms.quorum};
    return result;
}
