/* From the next leaves to the next verdicts, and what of them bears on all after. */
#include "desk/index_pack.h"
#include "desk/index_parts.h"

/* ---- who attached what */

struct blob_known { /* of one hash of a name: the names are looked at, too */
    unsigned party;
    struct text name;
    bool erased;
    uint64_t *positions; /* of the entries that carry it */
    size_t count, room;
};
struct blob_list {
    struct blob_known *at;
    size_t count, room;
};

static enum error read_blobs(struct step *s, struct text name, struct blob_list *out, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    struct blob_list list = {0};
    enum error result = rows_get(s->index->rows, row_number(ROW_BLOB, rows_hash(s->index->rows, name)), &row, d);
    struct unpack u = {.rest = arena_bytes(&s->arena, buf_as_bytes(&row)), .arena = &s->arena};
    buf_free(&row);
    *out = list;
    if (result) return result == ERR_MISSING ? OK : result;
    list.count = list.room = unpack_count(&u);
    list.at = ARENA_ARRAY(&s->arena, struct blob_known, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct blob_known *k = &list.at[i];
        k->party = unpack_u64(&u) & 1;
        k->name = unpack_text(&u);
        k->erased = unpack_u64(&u);
        k->count = k->room = unpack_count(&u);
        k->positions = ARENA_ARRAY(&s->arena, uint64_t, k->count);
        for (size_t n = 0; n < k->count; n++) k->positions[n] = unpack_u64(&u);
    }
    if (u.failed || u.rest.size) return fail(d, ERR_INPUT, _("the index is damaged"));
    *out = list;
    return OK;
}

static enum error write_blobs(struct step *s, struct text name, const struct blob_list *list, struct diag *d) {
    struct buf row = {.max = ROW_BYTES_MAX};
    struct pack p = {.out = &row, .texts = {.arena = &s->arena}};
    pack_u64(&p, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct blob_known *k = &list->at[i];
        pack_u64(&p, k->party);
        pack_text(&p, k->name);
        pack_u64(&p, k->erased);
        pack_u64(&p, k->count);
        for (size_t n = 0; n < k->count; n++) pack_u64(&p, k->positions[n]);
    }
    enum error result = buf_check(&row, d);
    if (!result)
        result = rows_put(s->index->rows, row_number(ROW_BLOB, rows_hash(s->index->rows, name)), buf_as_bytes(&row), d);
    buf_free(&row);
    return result;
}

static struct blob_known *known_of(struct blob_list *list, unsigned party, struct text name) {
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].party == party && text_equal(list->at[i].name, name)) return &list->at[i];
    return NULL;
}

struct asking_blobs {
    struct step *step;
    enum error error;
    struct diag *diag;
};

static bool attached(void *state, unsigned party, struct text name) {
    struct asking_blobs *asking = state;
    struct blob_list list = {0};
    if (!asking->error) asking->error = read_blobs(asking->step, name, &list, asking->diag);
    return known_of(&list, party, name) != NULL;
}

static enum error note_attached(struct step *s, const struct entry_verdict *e, struct text name, struct diag *d) {
    struct blob_list list;
    enum error result = read_blobs(s, name, &list, d);
    if (result) return result;
    struct blob_known *known = known_of(&list, e->party, name);
    if (!known) {
        list.at = arena_grow(&s->arena, list.at, list.count, &list.room, sizeof *list.at);
        known = &list.at[list.count++];
        *known = (struct blob_known){.party = e->party, .name = name};
    }
    /* An entry may name one blob on all of its lines. */
    if (known->count && known->positions[known->count - 1] == e->position) return OK;
    known->positions = arena_grow(&s->arena, known->positions, known->count, &known->room, sizeof(uint64_t));
    known->positions[known->count++] = e->position;
    return write_blobs(s, name, &list, d);
}

/* "A sheet that its sender erased has no deadline": the cases with an entry that carries it are touched. */
static enum error note_erased(struct step *s, const struct entry_verdict *e, struct text name, struct diag *d) {
    struct blob_list list;
    enum error result = read_blobs(s, name, &list, d);
    struct blob_known *known = result ? NULL : known_of(&list, e->party, name);
    if (!known) return result;
    known->erased = s->index->meta.sides[e->party].erased = true;
    for (size_t i = 0; i < known->count && !result; i++) {
        struct index_entry *at;
        result = index_entry_at(&s->entries, e->party, known->positions[i], false, &at, d);
        if (!result) step_touch(s, at->matter);
    }
    return result ? result : write_blobs(s, name, &list, d);
}

enum error step_is_erased(struct step *s, unsigned party, struct text name, bool *out, struct diag *d) {
    struct blob_list list;
    enum error result = read_blobs(s, name, &list, d);
    const struct blob_known *known = result ? NULL : known_of(&list, party, name);
    if (!result) *out = known && known->erased;
    return result;
}

/* ---- what is kept of the verdicts */

static enum error note_entry(struct step *s, const struct entry_verdict *e, struct diag *d) {
    struct index_side *side = &s->index->meta.sides[e->party];
    struct index_entry *at;
    enum error result = index_entry_at(&s->entries, e->party, e->position, true, &at, d);
    if (result) return result;
    if (!e->void_for && e->leaf->time > side->latest) side->latest = e->leaf->time;
    at->seen = side->seen = e->seen;
    at->latest = side->latest;
    for (size_t i = 0; i < e->leaf->attachments.count && !e->void_for && !result; i++)
        result = note_attached(s, e, e->leaf->attachments.at[i], d);
    return result;
}

static void note_card(struct step *s, const struct entry_verdict *e, struct bytes note) {
    struct index *x = s->index;
    struct index_side *side = &x->meta.sides[e->party];
    side->cards = arena_grow(&x->meta_arena, side->cards, side->card_count, &side->card_room, sizeof *side->cards);
    side->cards[side->card_count++] = (struct index_card){
        .position = e->position, .seen = e->seen, .note = arena_bytes(&x->meta_arena, note), .card = e->card_after};
}

static void note_doubt(struct step *s, const struct entry_verdict *e, struct entry_size seen) {
    struct index_meta *m = &s->index->meta;
    if (m->doubt_count == INDEX_DOUBTS_MAX) {
        if (seen.size < m->doubted_beyond) m->doubted_beyond = seen.size;
        return;
    }
    m->doubts = arena_grow(&s->index->meta_arena, m->doubts, m->doubt_count, &m->doubt_room, sizeof *m->doubts);
    m->doubts[m->doubt_count++] = (struct index_doubt){e->party, e->generation, seen.size, seen.root};
}

static uint64_t held_by(const struct step *s, unsigned party) {
    size_t generation = s->index->meta.generation;
    return generation < s->generations[party] ? s->trees[party][generation].size : 0;
}

static enum error note_chain(struct step *s, unsigned party, struct diag *d) {
    const struct entry_chain *chain = &s->more.chains[party];
    size_t generation = s->index->meta.generation;
    enum error result = OK;
    for (uint64_t i = 0; i < chain->count && !result; i++) {
        const struct entry_verdict *e = &chain->entries[i];
        const struct entry *raw = &s->verified.records[party][generation].entries[i];
        struct bytes note;
        result = note_entry(s, e, d);
        if (!result && !e->void_for && e->leaf->seen.size > held_by(s, 1 - party)) note_doubt(s, e, raw->seen);
        if (result || !e->card_takes_effect) continue;
        result = step_blob(s, raw->blobs[0].sha, CARD_MAX_BYTES, &note, d);
        if (!result) note_card(s, e, note);
    }
    for (uint64_t i = 0; i < chain->count && !result; i++)
        for (size_t n = 0; n < chain->entries[i].erased_count && !result; n++)
            result = note_erased(s, &chain->entries[i], chain->entries[i].erased[n], d);
    s->index->meta.sides[party].done += chain->count;
    return result;
}

enum error step_judge(struct step *s, struct diag *d) {
    struct index *x = s->index;
    size_t generation = x->meta.generation;
    struct asking_blobs asking = {s, OK, d};
    struct judging j = {.generation = generation, .attached = attached, .state = &asking};
    for (unsigned p = 0; p < 2; p++) {
        const struct index_side *side = &x->meta.sides[p];
        struct judged_card *cards = ARENA_ARRAY(&s->arena, struct judged_card, side->card_count);
        for (size_t i = 0; i < side->card_count; i++)
            cards[i] = (struct judged_card){side->cards[i].position, side->cards[i].seen, side->cards[i].card};
        j.before[p] = (struct judged_side){step_offset(s, p), side->done, side->seen, cards, side->card_count};
        j.leaves[p].held = held_by(s, p);
        j.leaves[p].end = s->end[p];
        if (generation >= s->generations[p]) continue;
        j.leaves[p].at = s->verified.view.parties[p].records[generation].leaves;
        j.leaves[p].count = s->leaf_count[p];
    }
    judge_on(&j, &s->arena, &s->more);
    bool followed = s->end[0] != UINT64_MAX;
    if (followed && !s->more.chains[0].count && !s->more.chains[1].count) { /* what is followed is not closed */
        x->meta.unfollowed = true;
        j.leaves[0].end = j.leaves[1].end = UINT64_MAX;
        judge_on(&j, &s->arena, &s->more);
    }
    enum error result = asking.error;
    for (unsigned p = 0; p < 2 && !result; p++) result = note_chain(s, p, d);
    return result;
}
