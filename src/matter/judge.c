/* Which messages count.  The reasons are sought in one order, and the first found is the one that is printed. */
#include "matter/clearance.h"
#include "matter/fold.h"

/* With a ceiling, for numbers that others wrote. */
static uint64_t add_capped(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

static struct text party_of(struct text address) { return text_sub(address, 0, text_find(address, '/')); }

static struct text party_name(const struct fold *f, unsigned party) { return f->channel->view->parties[party].party; }

/* An index in the counterparty's record of the same number, as a position. */
static uint64_t their_position(const struct fold *f, const struct message_verdict *m, uint64_t index) {
    return add_capped(f->channel->chains[1 - m->entry->party].places[m->entry->generation].offset, index);
}

uint64_t unreadable_position(const struct fold *f, const struct message_verdict *m) {
    return their_position(f, m, m->statement->meaning.entry);
}

/* The party whose name a case's begins with; 2: none of the two. */
static unsigned opener_of(const struct fold *f, struct text matter) {
    unsigned party = 0;
    while (party < 2 && !text_equal(party_of(matter), party_name(f, party))) party++;
    return party;
}

/* ---- the entry around it */

static bool same_names(struct names a, struct names b) {
    if (a.count != b.count) return false;
    for (size_t i = 0; i < a.count; i++)
        if (!text_equal(a.at[i], b.at[i])) return false;
    return true;
}

/* "A blob whose length differs from its line is void"; attachments stand "one to one with its `attach` lines"; "a
 * message counts only in this record". */
static enum void_reason why_not_here(const struct fold *f, struct message_verdict *m) {
    const struct entry_verdict *e = m->entry;
    if (!e->leaf->blob_ok) return VOID_BLOB_LENGTH;
    if (!same_names(m->statement->attached, e->leaf->attachments)) return VOID_ATTACHMENTS;
    struct text origin = f->channel->view->parties[e->party].records[e->generation].origin;
    return text_equal(m->statement->head->record, origin) ? VOID_NONE : VOID_OTHER_RECORD;
}

/* ---- who says it */

/* "The author is an officer of `from`", and signs; `from` names this record's party and `to` its counterparty. */
static enum void_reason why_not_parties(const struct fold *f, struct message_verdict *m) {
    const struct head *head = m->statement->head;
    if (!text_equal(party_of(head->from), party_name(f, m->entry->party)) ||
        !text_equal(party_of(head->to), party_name(f, 1 - m->entry->party)))
        return VOID_FROM_OR_TO;
    if (!m->entry->card) return VOID_NO_CARD;
    const struct officer *author = clearance_author(m->entry->card, head);
    return author && names_have(m->statement->signatures, author->key) ? VOID_NONE : VOID_AUTHOR;
}

/* ---- where it stands */

/* `own` can't exceed the entry's index: "a node can't reorder an officer's words"; `read` is "at most the entry's
 * `seen`". */
static enum void_reason why_not_places(const struct fold *f, struct message_verdict *m) {
    const struct head *head = m->statement->head;
    if (head->own > m->entry->index) return VOID_OWN;
    m->read = their_position(f, m, head->read);
    return m->read > m->entry->seen ? VOID_READ : VOID_NONE;
}

/* "A message counts once."  A copy is a resend if its entry has seen an `unreadable` that names an earlier copy; what
 * an entry has seen, all later ones have, so after one resend each copy is one.  Any other copy is void and moves no
 * clock. */
static enum void_reason why_not_once(const struct fold *f, struct message_verdict *m) {
    unsigned party = m->entry->party;
    struct message_verdict *first =
        map_get(&f->by_identity[party], text_from_bytes(sha256_bytes(&m->statement->identity)));
    if (!first) return VOID_NONE;
    const struct message_verdict *complaint = fold_complaint(f, first->entry);
    if (!first->copy_count && !(complaint && complaint->entry->position < m->entry->seen)) return VOID_DUPLICATE;
    first->copies = arena_grow(f->arena, first->copies, first->copy_count, &first->copy_room, sizeof(void *));
    first->copies[first->copy_count++] = m->entry;
    return VOID_RESEND;
}

/* ---- what it belongs to */

/* An `unreadable` names an entry that its own has seen. */
static enum void_reason why_not_outside_cases(const struct fold *f, const struct message_verdict *m) {
    if (m->statement->head->matter.size) return VOID_CASE;
    bool unseen = m->kind == KIND_UNREADABLE && unreadable_position(f, m) >= m->entry->seen;
    return unseen ? VOID_NOTHING_BEFORE : VOID_NONE;
}

/* A case is opened by the party that its name begins with; "a second opening of one name is void". */
enum void_reason judge_in_case(const struct fold *f, struct message_verdict *m) {
    if (!kind_read(m->statement->head->kind, &m->kind)) return VOID_KIND;
    const struct kind_rule *rule = &kind_rules[m->kind];
    if (!rule->belongs) return why_not_outside_cases(f, m);
    unsigned opener = opener_of(f, m->statement->head->matter);
    bool own = opener == m->entry->party;
    if (opener > 1 || (rule->sender == OPENER && !own) || (rule->sender == ANSWERER && own)) return VOID_NOT_TO_SAY;
    struct before b = fold_before(f, m);
    if (rule->opens) return b.opening ? VOID_SECOND_OPENING : VOID_NONE;
    return before_holds(&b, m) ? VOID_NONE : VOID_NOTHING_BEFORE;
}

/* ---- its level */

/* "Required on what opens a case; later messages inherit it or raise it; lowered only by the source's signed consent":
 * each party is the source of the level that it last stated; one may lower one's own.  No case and no level: CLEAR. */
static enum void_reason why_not_level(const struct fold *f, struct message_verdict *m) {
    enum tlp stated = TLP_NONE;
    const struct kind_rule *rule = &kind_rules[m->kind];
    if (m->statement->head->tlp.size && !tlp_read(m->statement->head->tlp, &stated)) return VOID_TLP;
    m->tlp = stated;
    if (rule->opens) return stated == TLP_NONE ? VOID_TLP_MISSING : VOID_NONE;
    if (!rule->belongs) {
        if (stated == TLP_NONE) m->tlp = TLP_CLEAR;
        return VOID_NONE;
    }
    struct before b = fold_before(f, m);
    if (stated == TLP_NONE) m->tlp = b.my.level > b.their.level ? b.my.level : b.their.level;
    return m->tlp < b.their.level ? VOID_TLP_LOWERED : VOID_NONE;
}

/* ---- who clears it */

static enum void_reason why_not_clearance(const struct fold *f, struct message_verdict *m) {
    (void)f;
    uint64_t missing;
    const struct statement *s = m->statement;
    return clearance_unmet(m->entry->card, s->head, m->tlp, s->signatures, &missing) ? VOID_CLEARANCE : VOID_NONE;
}

enum void_reason message_judge(struct fold *f, struct message_verdict *m) {
    static enum void_reason (*const seek[])(const struct fold *, struct message_verdict *) = {
        why_not_here, why_not_parties, why_not_places, why_not_once, judge_in_case, why_not_level, why_not_clearance,
    };
    enum void_reason why = m->entry->void_for;
    for (size_t i = 0; i < COUNT(seek) && !why; i++) why = seek[i](f, m);
    return why;
}
