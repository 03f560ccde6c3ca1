#include "promises.h"

static bool honest(const struct course_world *w, unsigned party) {
    return w->play->trick == TRICK_NONE || w->play->party != party;
}

/* The message of the same entry. */
static const struct message_verdict *same_message(const struct matter_state *s, const struct message_verdict *m) {
    for (size_t i = 0; i < s->message_count; i++)
        if (s->messages[i].statement->party == m->statement->party &&
            s->messages[i].statement->index == m->statement->index)
            return &s->messages[i];
    return NULL;
}

static bool each_message(const struct passage *p,
                         bool (*holds)(const struct message_verdict *before, const struct message_verdict *after)) {
    for (size_t i = 0; i < p->before->message_count; i++) {
        const struct message_verdict *after = same_message(p->after, &p->before->messages[i]);
        if (!after || !holds(&p->before->messages[i], after)) return false;
    }
    return true;
}

static bool each_case(const struct passage *p,
                      bool (*holds)(const struct passage *p, const struct matter *before, const struct matter *after)) {
    for (size_t i = 0; i < p->before->matter_count; i++) {
        const struct matter *after = matter_find(p->after, p->before->matters[i].name);
        if (!after || !holds(p, &p->before->matters[i], after)) return false;
    }
    return true;
}

static bool has(const struct text *list, size_t count, struct text sought) {
    return names_have((struct names){list, count}, sought);
}

/* ---- messages */

static bool same_verdict(const struct message_verdict *before, const struct message_verdict *after) {
    return before->why == after->why && (before->why || (before->tlp == after->tlp && before->kind == after->kind));
}

static bool verdicts_stand(const struct passage *p) { return each_message(p, same_verdict); }

static bool not_later(const struct message_verdict *before, const struct message_verdict *after) {
    return before->delivered == INSTANT_NONE ||
           (after->delivered != INSTANT_NONE && after->delivered <= before->delivered);
}

/* A key that is dropped takes its receipts along: "a key once dropped stays dropped for larger sizes". */
static bool delivery_moves_earlier(const struct passage *p) {
    return p->world->play->trick == TRICK_DROP_KEY || each_message(p, not_later);
}

/* Whether a party has signed this time: in an entry of its own, or in a receipt that verifies. */
static bool signed_time(const struct course_world *w, unsigned party, instant time) {
    for (uint64_t i = 0; i < w->size[party]; i++)
        if (w->leaves[party][i].time == time) return true;
    for (uint64_t i = 0; i < w->size[1 - party]; i++)
        for (size_t r = 0; r < w->leaves[1 - party][i].receipt_count; r++)
            if (w->leaves[1 - party][i].receipts[r].ok && w->leaves[1 - party][i].receipts[r].stamp == time)
                return true;
    return false;
}

static bool delivered_by_the_debtor(const struct passage *p) {
    for (size_t i = 0; i < p->after->message_count; i++) {
        const struct message_verdict *m = &p->after->messages[i];
        if (m->delivered != INSTANT_NONE && !signed_time(p->world, 1 - m->statement->party, m->delivered)) return false;
    }
    return true;
}

/* An honest party's receipts may be of a key that the other drops afterwards, and be void for that alone. */
static bool entry_counts(const struct passage *p, const struct entry_verdict *e) {
    bool drops = p->world->play->trick == TRICK_DROP_KEY;
    for (size_t i = 0; i < e->line_count; i++)
        if (!drops || e->lines[i] != VOID_RECEIPT_KEY_DROPPED) return false;
    return !e->void_for;
}

static bool honest_words_count(const struct passage *p) {
    for (unsigned q = 0; q < 2; q++)
        for (uint64_t i = 0; honest(p->world, q) && i < p->after->channel.chains[q].count; i++)
            if (!entry_counts(p, &p->after->channel.chains[q].entries[i])) return false;
    for (size_t i = 0; p->world->play->trick == TRICK_NONE && i < p->after->message_count; i++)
        if (p->after->messages[i].why) return false;
    return true;
}

/* ---- sides */

static bool own_side_alone(const struct passage *p, const struct matter *before, const struct matter *after) {
    bool delivered = before->state.answerer == STATE_SENT && after->state.answerer == STATE_DELIVERED;
    if (before->opener != after->opener) return false;
    if (p->party != after->opener && before->state.opener != after->state.opener) return false;
    return p->party != after->opener || before->state.answerer == after->state.answerer || delivered;
}

static bool sides_are_ones_own(const struct passage *p) { return each_case(p, own_side_alone); }

static bool first_opening(const struct passage *p, const struct matter *before, const struct matter *after) {
    (void)p;
    return before->opening->statement->index == after->opening->statement->index &&
           before->opening->statement->party == after->opening->statement->party;
}

static bool openings_stand(const struct passage *p) { return each_case(p, first_opening); }

static bool said(const struct matter *m, unsigned party, enum kind kind, struct text text) {
    for (size_t i = 0; i < m->said[party].count; i++)
        if (m->said[party].at[i]->kind == kind &&
            (!text.size || text_equal(m->said[party].at[i]->statement->meaning.text, text)))
            return true;
    return false;
}

/* The joint side moves where both have said the same, and nowhere else. */
static bool joint_is_of_both(const struct passage *p) {
    for (size_t i = 0; i < p->after->matter_count; i++) {
        const struct matter *m = &p->after->matters[i];
        for (size_t t = 0; t < m->settled_count; t++)
            if (!said(m, 0, KIND_AGREE, m->settled[t]) || !said(m, 1, KIND_AGREE, m->settled[t])) return false;
        bool consults = said(m, 0, KIND_CONSULT, TEXT("")) && said(m, 1, KIND_CONSULT, TEXT(""));
        enum state_word word = m->settled_count ? STATE_SETTLED : consults ? STATE_IN_CONSULTATION : STATE_NONE;
        if (m->state.joint != word) return false;
    }
    return true;
}

static bool keeps_settled(const struct passage *p, const struct matter *before, const struct matter *after) {
    (void)p;
    for (size_t i = 0; i < before->settled_count; i++)
        if (!has(after->settled, after->settled_count, before->settled[i])) return false;
    return true;
}

static bool settled_stays(const struct passage *p) { return each_case(p, keeps_settled); }

/* ---- findings */

static const struct sheet_state *same_sheet(const struct matter *m, const struct sheet_state *sheet) {
    for (size_t i = 0; i < m->sheet_count; i++)
        if (m->sheets[i].message->statement->index == sheet->message->statement->index) return &m->sheets[i];
    return NULL;
}

static bool findings_kept(const struct passage *p, const struct matter *before, const struct matter *after) {
    for (size_t i = 0; i < before->sheet_count; i++) {
        const struct standing *old = &before->sheets[i].standing;
        const struct sheet_state *sheet = same_sheet(after, &before->sheets[i]);
        if (!sheet || sheet->standing.answered < old->answered) return false;
        if (p->party == after->opener && sheet->standing.word != old->word) return false;
    }
    return true;
}

static bool findings_stand(const struct passage *p) { return each_case(p, findings_kept); }

/* ---- deadlines */

static bool deadlines_after_delivery(const struct passage *p) {
    for (size_t i = 0; i < p->after->matter_count; i++)
        for (size_t s = 0; s < p->after->matters[i].sheet_count; s++) {
            const struct sheet_state *sheet = &p->after->matters[i].sheets[s];
            instant delivered = sheet->message->delivered;
            if (sheet->deadline.due != INSTANT_NONE && (delivered == INSTANT_NONE || sheet->deadline.due < delivered))
                return false;
        }
    return true;
}

/* The mark of the debtor: what it says itself may end it, and its creditor's withdraw, close or reopen; nothing else.
 */
static bool lapse_kept(const struct passage *p, const struct matter *before, const struct matter *after) {
    static const enum kind ends[] = {KIND_WITHDRAW, KIND_CLOSE, KIND_REOPEN};
    if (!before->lapsed || after->lapsed || p->party != after->opener) return true;
    for (size_t i = 0; i < COUNT(ends); i++)
        if (said(after, after->opener, ends[i], TEXT(""))) return true;
    return p->world->play->trick == TRICK_DROP_KEY;
}

static bool lapses_stand(const struct passage *p) { return each_case(p, lapse_kept); }

/* ---- offers */

static bool accepted_by(const struct matter_state *s, const struct message_verdict *offer) {
    for (size_t i = 0; i < s->message_count; i++) {
        const struct message_verdict *m = &s->messages[i];
        if (!m->why && m->kind == KIND_REPLY && m->statement->meaning.reply == REPLY_ACCEPT &&
            m->statement->party != offer->statement->party &&
            text_equal(m->statement->meaning.to, offer->statement->head->id))
            return true;
    }
    return false;
}

static bool terms_are_accepted(const struct passage *p) {
    for (size_t i = 0; i < p->after->matter_count; i++)
        if (p->after->matters[i].terms && !accepted_by(p->after, p->after->matters[i].terms)) return false;
    return !p->after->terms || accepted_by(p->after, p->after->terms);
}

static bool same_terms(const struct passage *p, const struct matter *before, const struct matter *after) {
    (void)p;
    if (!before->terms || !after->terms) return !before->terms && !after->terms;
    return text_equal(before->terms->statement->head->id, after->terms->statement->head->id);
}

static bool terms_of_a_case_stand(const struct passage *p) { return each_case(p, same_terms); }

static bool keeps_accepted(const struct passage *p, const struct matter *before, const struct matter *after) {
    (void)p;
    for (size_t i = 0; i < before->proposal.accepted_count; i++)
        if (!has(after->proposal.accepted, after->proposal.accepted_count, before->proposal.accepted[i])) return false;
    return before->proposal.word != PROPOSAL_ACCEPTED || after->proposal.word == PROPOSAL_ACCEPTED;
}

static bool accepted_stays(const struct passage *p) { return each_case(p, keeps_accepted); }

const struct promise promises[] = {
    {"a verdict on a message never changes", verdicts_stand},
    {"delivery only moves earlier", delivery_moves_earlier},
    {"delivery is at a time that the debtor signed", delivered_by_the_debtor},
    {"what an honest party says counts", honest_words_count},
    {"nobody moves the other side's word", sides_are_ones_own},
    {"the first opening of a case stands", openings_stand},
    {"the joint side is of both", joint_is_of_both},
    {"settled stays settled", settled_stays},
    {"no finding is taken away, least of all by withdrawing", findings_stand},
    {"no deadline runs before delivery", deadlines_after_delivery},
    {"a lapse ends by the debtor's word or with the case", lapses_stand},
    {"terms hold that the other side accepted", terms_are_accepted},
    {"a case keeps its terms", terms_of_a_case_stand},
    {"an accepted offer stays accepted", accepted_stays},
};
const size_t promise_count = COUNT(promises);
