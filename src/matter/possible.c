#include "matter/possible.h"

#include "matter/fold.h"

/* A fold that holds one case, with all that was said in it. */
static struct fold fold_of_case(const struct matter_state *s, const struct matter *m, struct arena *a) {
    struct map empty = {.arena = a};
    struct fold f = {.arena = a, .channel = &s->channel, .as_of = s->as_of, .threads = empty};
    for (unsigned p = 0; p < 2; p++) {
        f.by_identity[p] = f.erased[p] = empty;
        struct message_verdict *copies = ARENA_ARRAY(a, struct message_verdict, m->said[p].count);
        for (size_t i = 0; i < m->said[p].count; i++) {
            copies[i] = *m->said[p].at[i];
            fold_add(&f, &copies[i]);
        }
    }
    return f;
}

/* What a message of `party` would best name: what came last that it may name. */
static struct meaning favourable(const struct matter *m, unsigned party) {
    struct meaning best = MEANING_EMPTY;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            const struct meaning *says = &v->statement->meaning;
            bool offers = v->kind == KIND_PROPOSAL || (v->kind == KIND_REPLY && says->reply == REPLY_COUNTER);
            if (p != party && (v->kind == KIND_CLAIM || v->kind == KIND_CORRECT)) best.sheet = says->sheet;
            if (p != party && offers) best.to = v->statement->head->id;
            if (v->kind == KIND_MINUTES && says->text.size) best.text = says->text;
        }
    return best;
}

void matter_ask(const struct matter_state *s, const struct matter *m, unsigned party, struct arena *a,
                enum void_reason why[static KIND_COUNT]) {
    struct fold f = fold_of_case(s, m, a);
    const struct meaning best = favourable(m, party);
    /* It comes after all that is held, and its author has opened all of it. */
    const struct entry_verdict last = {.party = party, .position = POSITION_NONE, .seen = POSITION_NONE};
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct head head = {.kind = text_of(kind_rules[kind].name), .matter = m->name};
        const struct statement statement = {.party = party, .head = &head, .meaning = best};
        struct message_verdict v = {.statement = &statement, .entry = &last, .kind = kind, .read = POSITION_NONE};
        why[kind] = judge_in_case(&f, &v);
    }
}

uint64_t matter_possible(const struct matter_state *s, const struct matter *m, unsigned party, struct arena *a) {
    enum void_reason why[KIND_COUNT];
    uint64_t set = 0;
    matter_ask(s, m, party, a, why);
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        if (why[kind] == VOID_NONE) set |= KIND_BIT(kind);
    return set;
}
