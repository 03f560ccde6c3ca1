/* What a case holds so far, and whether that is enough for the next message. */
#include "matter/fold.h"

/* ---- what has been said */

static struct progress progress_after(struct progress p, const struct message_verdict *m) {
    const struct statement *s = m->statement;
    enum tlp stated = s->meaning.consent;
    if (stated != TLP_NONE || tlp_read(s->head->tlp, &stated)) p.level = stated;
    if (m->kind == KIND_WITHDRAW || m->kind == KIND_CLOSE) p.end = m;
    if (m->kind == KIND_REOPEN) p.end = NULL;
    p.asked |= m->kind == KIND_ASK;
    p.committed |= m->kind == KIND_COMMIT;
    return p;
}

static bool is_offer(const struct message_verdict *m) {
    return m->kind == KIND_PROPOSAL || (m->kind == KIND_REPLY && m->statement->meaning.reply == REPLY_COUNTER);
}

/* The first of a name stays. */
static void name_first(struct map *map, struct text name, struct message_verdict *m) {
    void **place = map_put(map, name);
    if (!*place) *place = m;
}

static void name_message(struct side *s, struct message_verdict *m) {
    const struct meaning *meaning = &m->statement->meaning;
    name_first(&s->ids, m->statement->head->id, m);
    if (is_offer(m)) name_first(&s->offers, m->statement->head->id, m);
    if (m->kind == KIND_CLAIM || m->kind == KIND_CORRECT) name_first(&s->sheets, meaning->sheet, m);
    if (m->kind == KIND_MINUTES) name_first(&s->minutes, meaning->text, m);
}

static void side_add(struct side *s, struct message_verdict *m, struct arena *a) {
    struct progress last = s->count ? s->after[s->count - 1] : (struct progress){.level = TLP_NONE};
    s->said = arena_grow(a, s->said, s->count, &s->said_room, sizeof(struct message_verdict *));
    s->after = arena_grow(a, s->after, s->count, &s->after_room, sizeof *s->after);
    s->said[s->count] = m;
    s->after[s->count++] = progress_after(last, m);
    name_message(s, m);
}

static struct thread *thread_of(struct fold *f, struct text name) {
    struct thread **place = (struct thread **)map_put(&f->threads, name);
    if (*place) return *place;
    *place = ARENA_NEW(f->arena, struct thread);
    (*place)->name = name;
    struct map empty = {.arena = f->arena};
    for (unsigned p = 0; p < 2; p++)
        (*place)->sides[p] = (struct side){.ids = empty, .offers = empty, .sheets = empty, .minutes = empty};
    return *place;
}

/* Where the complaint about an entry is kept; NULL: the entry is not of the part that is folded. */
static const struct message_verdict **complaint_of(struct fold *f, unsigned party, uint64_t position) {
    const struct entry_chain *chain = &f->channel->chains[party];
    uint64_t low = 0, high = chain->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (chain->entries[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low < chain->count && chain->entries[low].position == position ? &f->complaints[party][low] : NULL;
}

void fold_add(struct fold *f, struct message_verdict *m) {
    unsigned party = m->entry->party;
    *map_put(&f->by_identity[party], text_from_bytes(sha256_bytes(&m->statement->identity))) = m;
    if (m->kind == KIND_UNREADABLE) {
        const struct message_verdict **first = complaint_of(f, 1 - party, unreadable_position(f, m));
        if (first && !*first) *first = m;
    }
    if (!kind_rules[m->kind].belongs) return;
    struct thread *t = thread_of(f, m->statement->head->matter);
    if (kind_rules[m->kind].opens) t->opening = m;
    side_add(&t->sides[party], m, f->arena);
}

/* ---- what stands before a message */

/* How many of a party's messages stand before a position. */
static size_t count_before(const struct side *s, uint64_t end) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->said[middle]->entry->position < end)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct progress side_progress(const struct side *s, uint64_t end) {
    size_t count = count_before(s, end);
    return count ? s->after[count - 1] : (struct progress){.level = TLP_NONE};
}

/* "What must precede a message is sought in its own earlier entries and in the first `read` entries of theirs." */
struct before fold_before(const struct fold *f, const struct message_verdict *m) {
    static const struct side nothing;
    const struct thread *t = map_get(&f->threads, m->statement->head->matter);
    unsigned party = m->entry->party;
    if (!t) return (struct before){.mine = &nothing, .theirs = &nothing, .my.level = TLP_NONE, .their.level = TLP_NONE};
    struct before b = {.opening = t->opening,
                       .mine = &t->sides[party],
                       .theirs = &t->sides[1 - party],
                       .read = m->read,
                       .my = side_progress(&t->sides[party], m->entry->position),
                       .their = side_progress(&t->sides[1 - party], m->read)};
    uint64_t end = t->opening->entry->party == party ? m->entry->position : m->read;
    if (t->opening->entry->position >= end) b.opening = NULL;
    return b;
}

static bool theirs_named(const struct before *b, const struct map *map, struct text name) {
    const struct message_verdict *first = map_get(map, name);
    return first && first->entry->position < b->read;
}

/* ---- after what: one rule a kind, where being in the case is not enough */

static bool after_open_offer(const struct before *b, const struct meaning *m) {
    return theirs_named(b, &b->theirs->offers, m->to) && !b->their.end;
}

static bool after_question(const struct before *b, const struct meaning *m) {
    (void)m;
    return b->opening->kind != KIND_PROPOSAL;
}

static bool after_sheet(const struct before *b, const struct meaning *m) {
    return b->opening->kind == KIND_INQUIRY || theirs_named(b, &b->theirs->sheets, m->sheet);
}

static bool after_claim(const struct before *b, const struct meaning *m) {
    (void)m;
    return b->opening->kind == KIND_CLAIM;
}

static bool after_ask(const struct before *b, const struct meaning *m) {
    (void)m;
    return b->their.asked;
}

static bool after_commit(const struct before *b, const struct meaning *m) {
    (void)m;
    return b->my.committed;
}

/* "Reopening undoes only one's own withdraw or close." */
static bool after_own_end(const struct before *b, const struct meaning *m) {
    (void)m;
    return b->my.end;
}

static bool after_minutes(const struct before *b, const struct meaning *m) {
    return m->text.size && (map_get(&b->mine->minutes, m->text) || theirs_named(b, &b->theirs->minutes, m->text));
}

static bool (*const after_what[KIND_COUNT])(const struct before *, const struct meaning *) = {
    [KIND_REPLY] = after_open_offer,  [KIND_ACKNOWLEDGE] = after_question, [KIND_DECLINE] = after_question,
    [KIND_TRANSFER] = after_question, [KIND_ANSWER] = after_sheet,         [KIND_ASK] = after_sheet,
    [KIND_COMMIT] = after_sheet,      [KIND_CORRECT] = after_claim,        [KIND_DISCLOSE] = after_ask,
    [KIND_REVEAL] = after_commit,     [KIND_REOPEN] = after_own_end,       [KIND_AGREE] = after_minutes,
};

bool before_holds(const struct before *b, const struct message_verdict *m) {
    return b->opening && (!after_what[m->kind] || after_what[m->kind](b, &m->statement->meaning));
}
