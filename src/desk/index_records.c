/* What a node holds of a channel: the trees, whether they still are what the index was made of, and the next leaves. */
#include "desk/index_parts.h"
#include "record/verify.h"
#include "tlog/checkpoint.h"

static const struct link_channel *channel_of(const struct index *x, size_t generation) {
    return &x->channels[generation];
}

static struct text origin_at(const struct index *x, unsigned party, size_t generation) {
    const struct link_channel *c = channel_of(x, generation);
    return party == x->own ? c->own_origin : c->their_origin;
}

static uint64_t held_at(const struct index *x, unsigned party, size_t generation) {
    const struct link_channel *c = channel_of(x, generation);
    return party == x->own ? c->own_size : c->their_size;
}

/* ---- the records that there are */

/* A party's records, one a generation; theirs may not be known yet. */
static size_t record_count(const struct index *x, unsigned party) {
    size_t count = 0;
    while (count < x->channel_count && origin_at(x, party, count).size) count++;
    return count;
}

static enum error anew(struct diag *d) {
    return fail(d, ERR_CONFLICT, _("the records are not those that the index was made of"));
}

static enum error take_records(struct step *s, unsigned party, struct diag *d) {
    struct index *x = s->index;
    struct index_side *side = &x->meta.sides[party];
    size_t count = record_count(x, party);
    if (count < side->record_count) return anew(d);
    struct index_record *records = ARENA_ARRAY(&x->meta_arena, struct index_record, count);
    for (size_t g = 0; g < count; g++) {
        if (g < side->record_count) records[g] = side->records[g];
        if (g < side->record_count && !text_equal(records[g].origin, origin_at(x, party, g))) return anew(d);
        records[g].origin = origin_at(x, party, g);
        if (records[g].size > held_at(x, party, g)) return anew(d);
    }
    side->records = records;
    side->record_count = s->generations[party] = count;
    s->trees[party] = ARENA_ARRAY(&s->arena, struct index_tree, count);
    for (size_t g = 0; g < count; g++)
        s->trees[party][g] = (struct index_tree){.rows = x->rows,
                                                 .arena = &s->arena,
                                                 .slot = (unsigned)(2 * g + party),
                                                 .size = records[g].size,
                                                 .tiles = {.arena = &s->arena}};
    return OK;
}

/* ---- trees */

enum { GROW_BUNDLES = 8 }; /* a step */

/* Adds leaves to a tree until it holds all that the node does, or enough for one step. */
static enum error grow(struct step *s, unsigned party, size_t generation, unsigned *left, struct diag *d) {
    struct index *x = s->index;
    struct index_tree *t = &s->trees[party][generation];
    enum error result = OK;
    for (size_t count = 1; !result && count && t->size < held_at(x, party, generation) && *left; --*left) {
        struct arena a = {0};
        struct bytes *leaves;
        result = link_some_leaves(x->desk->link, origin_at(x, party, generation), t->size, &a, &leaves, &count, d);
        struct sha256 *hashes = ARENA_ARRAY(&a, struct sha256, result ? 0 : count);
        if (!result) tree_leaf_hashes(leaves, count, hashes);
        for (size_t i = 0; i < count && !result; i++) result = index_tree_add(t, hashes[i], d);
        arena_free(&a);
    }
    if (!result) result = index_tree_put(t, d);
    x->meta.sides[party].records[generation].size = t->size;
    return result;
}

/* "Where the records are not those that it was made of": by the checkpoints that the node holds. */
static enum error compare_root(struct step *s, unsigned party, size_t generation, struct diag *d) {
    struct index *x = s->index;
    struct index_tree *t = &s->trees[party][generation];
    struct tree_reader reader = index_tree_reader(t);
    struct buf whole = {.max = CHECKPOINT_MAX_BYTES};
    struct note note;
    struct checkpoint at;
    struct sha256 root;
    enum error result = link_checkpoint(x->desk->link, origin_at(x, party, generation), 0, &whole, NULL);
    if (result) { /* none was signed or mirrored yet */
        buf_free(&whole);
        return OK;
    }
    result = note_read(buf_as_bytes(&whole), &s->arena, &note, d);
    if (!result) result = checkpoint_read(note.text, &at, d);
    if (!result && at.size <= t->size) {
        result = tree_root(&reader, at.size, &root, d);
        if (!result && !sha256_equal(root, at.root)) result = anew(d);
    }
    buf_free(&whole);
    return result;
}

/* A `seen` beyond what was held was false; where it proves true, what was judged since is not. */
static enum error settle_doubts(struct step *s, struct diag *d) {
    struct index_meta *m = &s->index->meta;
    size_t kept = 0;
    for (size_t i = 0; i < m->doubt_count; i++) {
        struct index_doubt *doubt = &m->doubts[i];
        unsigned theirs = 1 - doubt->party;
        struct sha256 root;
        if (doubt->generation >= s->generations[theirs] || s->trees[theirs][doubt->generation].size < doubt->size) {
            m->doubts[kept++] = *doubt;
            continue;
        }
        struct tree_reader reader = index_tree_reader(&s->trees[theirs][doubt->generation]);
        enum error result = tree_root(&reader, doubt->size, &root, d);
        if (result) return result;
        if (sha256_equal(root, doubt->root)) return anew(d);
    }
    m->doubt_count = kept;
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < s->generations[p]; g++)
            if (s->trees[p][g].size >= m->doubted_beyond) return anew(d);
    return OK;
}

/* A message that was not held and now is: what follows from it was not told. */
static enum error seek_missing(struct step *s, struct diag *d) {
    const struct index_meta *m = &s->index->meta;
    for (size_t i = 0; i < m->missing_count; i++) {
        struct bytes whole;
        if (step_blob(s, m->missing[i], TALK_BLOB_MAX, &whole, NULL) == OK) return anew(d);
    }
    return OK;
}

/* Whether a tree is not complete. */
static bool incomplete(const struct step *s) {
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < s->generations[p]; g++)
            if (s->trees[p][g].size < held_at(s->index, p, g)) return true;
    return false;
}

/* ---- verifying */

struct raw_parts { /* what channel_verify is given, one item a record */
    struct raw_record *records[2];
    struct record_before *before[2];
    struct channel_before known;
    struct raw_channel raw;
};

static enum error blob_front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                             uint64_t *size, struct diag *d) {
    struct bytes whole;
    (void)a;
    enum error result = step_blob(state, name, TALK_BLOB_MAX, &whole, d);
    if (result) return result;
    *front = bytes_of(whole.at, whole.size < max ? whole.size : max);
    *size = whole.size;
    return OK;
}

/* Of no leaves yet, with the trees and the cards that are known. */
static struct raw_parts raw_parts(struct step *s) {
    struct index *x = s->index;
    struct raw_parts r = {.raw.blobs = {blob_front, s}};
    for (unsigned p = 0; p < 2; p++) {
        const struct index_side *side = &x->meta.sides[p];
        const struct card **cards = ARENA_ARRAY(&s->arena, const struct card *, side->card_count);
        for (size_t i = 0; i < side->card_count; i++) cards[i] = side->cards[i].card;
        r.records[p] = ARENA_ARRAY(&s->arena, struct raw_record, s->generations[p]);
        r.before[p] = ARENA_ARRAY(&s->arena, struct record_before, s->generations[p]);
        for (size_t g = 0; g < s->generations[p]; g++) {
            const struct link_channel *c = channel_of(x, g);
            r.records[p][g] = (struct raw_record){.channel = p == x->own ? c->own_name : c->their_name,
                                                  .origin = origin_at(x, p, g),
                                                  .root = p == x->own ? c->own_root : c->their_root};
            r.before[p][g] = (struct record_before){
                .from = s->trees[p][g].size, .tree = index_tree_reader(&s->trees[p][g]), .size = s->trees[p][g].size};
        }
        r.raw.parties[p] = (struct raw_party){x->parties[p], r.records[p], s->generations[p]};
        r.known.records[p] = r.before[p];
        r.known.cards[p] = cards;
        r.known.card_count[p] = side->card_count;
    }
    return r;
}

static enum error verify(struct step *s, struct raw_parts *r, struct verified_channel *out, struct diag *d) {
    r->raw.before = &r->known;
    return channel_verify(&r->raw, &s->arena, out, d);
}

static enum error first_leaf(struct step *s, struct raw_parts *r, unsigned party, size_t generation, struct diag *d) {
    struct bytes *leaves;
    size_t count;
    enum error result = link_some_leaves(s->index->desk->link, origin_at(s->index, party, generation), 0, &s->arena,
                                         &leaves, &count, d);
    if (result || !count) return result;
    r->records[party][generation].leaves = leaves;
    r->records[party][generation].count = 1;
    r->before[party][generation].from = 0;
    return OK;
}

/* ---- successors */

/* The sizes at which the records that grow are followed; false where none does. */
static enum error followed_at(struct step *s, bool *followed, struct cut *sizes, struct diag *d) {
    size_t next = s->index->meta.generation + 1;
    struct verified_channel v;
    struct raw_parts r;
    *followed = false;
    if (s->index->meta.unfollowed) return OK;
    for (unsigned p = 0; p < 2; p++)
        if (next >= s->generations[p] || !s->trees[p][next].size) return OK;
    r = raw_parts(s);
    enum error result = OK;
    for (unsigned p = 0; p < 2 && !result; p++) result = first_leaf(s, &r, p, next, d);
    if (!result) result = verify(s, &r, &v, d);
    if (!result) *followed = cut_followed(&v.view, next, sizes);
    return result;
}

/* Goes on with the successors once all that they follow is judged; what was judged beyond it is to be taken back. */
static enum error find_generation(struct step *s, struct diag *d) {
    struct index_meta *m = &s->index->meta;
    for (;;) {
        bool followed;
        struct cut sizes;
        enum error result = followed_at(s, &followed, &sizes, d);
        if (result) return result;
        for (unsigned p = 0; p < 2; p++) s->end[p] = followed ? sizes.of[p] : UINT64_MAX;
        if (!followed) return OK;
        if (m->sides[0].done > sizes.of[0] || m->sides[1].done > sizes.of[1]) return anew(d);
        if (m->sides[0].done < sizes.of[0] || m->sides[1].done < sizes.of[1]) return OK;
        for (unsigned p = 0; p < 2; p++) {
            m->sides[p].records[m->generation + 1].offset = step_offset(s, p) + m->sides[p].done;
            m->sides[p].done = 0;
        }
        m->generation++;
    }
}

/* ---- the step */

enum error step_records(struct step *s, bool *more, struct diag *d) {
    unsigned left = GROW_BUNDLES;
    enum error result = OK;
    for (unsigned p = 0; p < 2 && !result; p++) result = take_records(s, p, d);
    for (unsigned p = 0; p < 2 && !result; p++)
        for (size_t g = 0; g < s->generations[p] && !result && left; g++) result = grow(s, p, g, &left, d);
    *more = !result && incomplete(s) && !left;
    if (result || *more) return result;
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < s->generations[p] && !result; g++) result = compare_root(s, p, g, d);
    if (!result) result = settle_doubts(s, d);
    if (!result) result = seek_missing(s, d);
    return result ? result : find_generation(s, d);
}

/* Leaves that were held before must still be what they were. */
static enum error compare_leaves(struct step *s, unsigned party, struct diag *d) {
    size_t generation = s->index->meta.generation;
    struct index_tree *t = &s->trees[party][generation];
    for (size_t i = 0; i < s->leaf_count[party]; i++) {
        struct sha256 known;
        enum error result = index_tree_leaf(t, s->index->meta.sides[party].done + i, &known, d);
        if (result) return result;
        if (!sha256_equal(known, tree_leaf_hash(s->leaves[party][i]))) return anew(d);
    }
    return OK;
}

static enum error fetch_leaves(struct step *s, unsigned party, struct diag *d) {
    size_t generation = s->index->meta.generation, count = 0;
    if (generation >= s->generations[party]) return OK;
    uint64_t done = s->index->meta.sides[party].done, held = s->trees[party][generation].size;
    if (done == held) return OK;
    enum error result = link_some_leaves(s->index->desk->link, origin_at(s->index, party, generation), done, &s->arena,
                                         &s->leaves[party], &count, d);
    if (result) return result;
    if (count > held - done) count = (size_t)(held - done); /* what came since */
    s->leaf_count[party] = count < STEP_ENTRIES ? count : STEP_ENTRIES;
    return compare_leaves(s, party, d);
}

enum error step_leaves(struct step *s, struct diag *d) {
    size_t generation = s->index->meta.generation;
    enum error result = OK;
    for (unsigned p = 0; p < 2 && !result; p++) result = fetch_leaves(s, p, d);
    if (result) return result;
    struct raw_parts r = raw_parts(s);
    for (unsigned p = 0; p < 2; p++) {
        if (generation >= s->generations[p]) continue;
        r.records[p][generation].leaves = s->leaves[p];
        r.records[p][generation].count = s->leaf_count[p];
        r.before[p][generation].from = s->index->meta.sides[p].done;
    }
    return verify(s, &r, &s->verified, d);
}
