/* Opened messages to what the rules judge: one function a form, by the kind. */
#include "matter/from_message.h"

#include "claim/claim.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "settlement/settlement.h"

static enum error of_claim(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct claim c;
    enum error result = claim_from_message(m, a, &c, d);
    if (result) return result;
    out->sheet = c.sheet;
    out->rows = c.rows;
    return OK;
}

static enum error of_inquiry(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct inquiry i;
    (void)out;
    return inquiry_from_message(m, a, &i, d);
}

static enum error of_ask(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct ask s;
    enum error result = ask_from_message(m, a, &s, d);
    if (!result) out->sheet = s.sheet;
    return result;
}

static enum error of_disclose(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct disclose s;
    enum error result = disclose_from_message(m, a, &s, d);
    if (!result) out->sheet = s.sheet;
    return result;
}

static enum error of_answer(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct answer w;
    struct arena all = {0}; /* a letter of an answer grows to a whole finding: only what is judged is kept of it */
    enum error result = answer_from_message(m, &all, &w, d);
    if (!result) {
        struct row_finding *findings = ARENA_ARRAY(a, struct row_finding, w.findings.count);
        for (size_t i = 0; i < w.findings.count; i++)
            findings[i] = (struct row_finding){w.findings.at[i].row, w.findings.at[i].word};
        out->sheet = arena_text(a, w.sheet);
        out->findings = findings;
        out->finding_count = w.findings.count;
    }
    arena_free(&all);
    return result;
}

static enum error of_commit(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct commit c;
    enum error result = commit_from_message(m, a, &c, d);
    if (!result) out->sheet = c.sheet;
    return result;
}

static enum error of_consult(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct consult c;
    (void)out;
    return consult_from_message(m, a, &c, d);
}

static enum error of_minutes(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct offered_minutes o;
    enum error result = minutes_from_message(m, a, &o, d);
    if (result) return result;
    out->text = o.settlement;
    out->supersedes = o.supersedes;
    return OK;
}

static enum error of_agree(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct agree g;
    enum error result = agree_from_message(m, a, &g, d);
    if (!result) out->text = g.settlement;
    return result;
}

/* A word of a later version is a reply of no known sense. */
static enum reply_word reply_word_of(struct text t) {
    static const char *const words[] = {
        [REPLY_ACCEPT] = "accept", [REPLY_DECLINE] = "decline", [REPLY_COUNTER] = "counter"};
    for (enum reply_word w = REPLY_ACCEPT; w <= REPLY_COUNTER; w++)
        if (text_is(t, words[w])) return w;
    return REPLY_OTHER;
}

static enum error of_dialogue(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    struct dialogue s;
    enum error result = dialogue_from_message(m, a, &s, d);
    if (result) return result;
    out->about = s.about;
    out->reply = reply_word_of(s.reply);
    out->to = s.offer;
    out->terms = (struct terms){.given = !offered_terms_empty(&s.terms),
                                .answer_within_hours = s.terms.answer_within_hours,
                                .acknowledge_within_hours = s.terms.acknowledge_within_hours};
    out->until = s.until;
    out->entry = s.entry;
    out->relation = s.relation;
    out->matter = s.other;
    out->consent = s.consent;
    return OK;
}

enum error meaning_from_message(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) {
    static enum error (*const of[KIND_COUNT])(const struct message *, struct arena *, struct meaning *,
                                              struct diag *) = {
        [KIND_CLAIM] = of_claim,     [KIND_CORRECT] = of_claim,     [KIND_INQUIRY] = of_inquiry,
        [KIND_ASK] = of_ask,         [KIND_DISCLOSE] = of_disclose, [KIND_ANSWER] = of_answer,
        [KIND_COMMIT] = of_commit,   [KIND_REVEAL] = of_commit,     [KIND_CONSULT] = of_consult,
        [KIND_MINUTES] = of_minutes, [KIND_AGREE] = of_agree,
    };
    struct meaning meaning = MEANING_EMPTY;
    enum kind kind;
    if (kind_read(m->head.kind, &kind)) {
        enum error result = (of[kind] ? of[kind] : of_dialogue)(m, a, &meaning, d);
        if (result) return result;
    }
    *out = meaning;
    return OK;
}

enum error statement_from_message(const struct message *m, const struct entry_verdict *entry, struct arena *a,
                                  struct statement *out, struct diag *d) {
    struct names signatures = entry->card ? message_signers(m, entry->card, a) : (struct names){NULL, 0};
    return statement_signed_by(m, entry, signatures, a, out, d);
}

enum error statement_signed_by(const struct message *m, const struct entry_verdict *entry, struct names signatures,
                               struct arena *a, struct statement *out, struct diag *d) {
    struct statement s = {.party = entry->party,
                          .generation = entry->generation,
                          .index = entry->index,
                          .head = &m->head,
                          .identity = m->identity};
    enum error result = meaning_from_message(m, a, &s.meaning, d);
    if (result) return result;
    struct text *attached = ARENA_ARRAY(a, struct text, m->head.attach_count);
    for (size_t i = 0; i < m->head.attach_count; i++) {
        char hex[SHA256_HEX];
        attached[i] = arena_text(a, sha256_hex(&m->head.attach[i].sealed, hex));
    }
    s.attached = (struct names){attached, m->head.attach_count};
    s.signatures = signatures;
    *out = s;
    return OK;
}
