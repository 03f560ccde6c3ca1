#include "sync/mirror.h"

#include <stdio.h>
#include <string.h>

#include "sync/cards.h"
#include "sync/contradiction.h"
#include "sync/own.h"
#include "tlog/cosignature.h"
#include "tlog/equivocation.h"
#include "tlog/tile.h"

static int64_t theirs(const struct channel *c) { return c->of[SIDE_THEIRS].id; }

enum error mirror_known(const struct sync_node *n, const struct channel *c, struct arena *a,
                        struct kept_checkpoint *out, struct diag *d) {
    enum error result = store_checkpoint(n->store, theirs(c), CHECKPOINT_PENDING, PICK_NEWEST, 0, a, out, NULL);
    if (result == ERR_MISSING)
        result = store_checkpoint(n->store, theirs(c), CHECKPOINT_MIRROR, PICK_NEWEST, 0, a, out, NULL);
    if (result == ERR_MISSING) {
        *out = (struct kept_checkpoint){.root = tree_empty_root()};
        result = OK;
    }
    return result ? fail(d, result, _("could not read a checkpoint")) : OK;
}

enum error mirror_checkpoint_at(const struct sync_node *n, const struct channel *c, uint64_t size, struct arena *a,
                                struct kept_checkpoint *out, struct diag *d) {
    enum error result = store_checkpoint(n->store, theirs(c), CHECKPOINT_PENDING, PICK_AT, size, a, out, NULL);
    if (result == ERR_MISSING)
        result = store_checkpoint(n->store, theirs(c), CHECKPOINT_MIRROR, PICK_AT, size, a, out, d);
    return result;
}

/* ---- checkpoints */

struct taking {
    const struct sync_node *node;
    const struct channel *channel;
    const struct add_checkpoint *asked;
    const struct tree_reader *tree; /* NULL: the one that brings it can't be asked */
    struct arena arena;
    struct vkey keys[LOG_KEYS_MAX];
    size_t key_count;
    struct signed_checkpoint at;
    struct kept_checkpoint known;
    struct kept_checkpoint same; /* held for the same size */
    bool contradicts;            /* the signed checkpoint can't stand beside what is held */
};

static enum error open_checkpoint(struct taking *t, struct diag *d) {
    enum error result = sync_may_take(t->channel, d);
    if (!result) result = cards_log_keys(t->node->store, t->channel, SIDE_THEIRS, &t->arena, t->keys, &t->key_count, d);
    if (!result && !t->key_count)
        result = fail(d, ERR_SIGNATURE, _("no card that is held names the log key of this record"));
    if (!result)
        result = checkpoint_open(t->asked->note, t->channel->of[SIDE_THEIRS].origin, t->keys, t->key_count, &t->arena,
                                 &t->at, d);
    if (!result && t->asked->old > t->at.at.size) result = fail(d, ERR_INPUT, _("the old size is the larger one"));
    return result;
}

/* A checkpoint below the one held must be a front of the record that is held. */
static enum error judge_older(struct taking *t, struct diag *d) {
    struct sha256 root;
    uint64_t held;
    enum error result = store_size(t->node->store, theirs(t->channel), &held, d);
    if (result || t->at.at.size >= t->known.size || t->at.at.size > held) return result;
    result = store_root(t->node->store, theirs(t->channel), t->at.at.size, &root, d);
    t->contradicts = !result && !sha256_equal(root, t->at.at.root);
    if (t->contradicts) result = fail(d, ERR_CONFLICT, _("an earlier checkpoint with another root"));
    return result;
}

/* Compares with what is held; after OK the checkpoint follows from it. */
static enum error judge_checkpoint(struct taking *t, struct diag *d) {
    const struct checkpoint *at = &t->at.at;
    enum error result = mirror_checkpoint_at(t->node, t->channel, at->size, &t->arena, &t->same, NULL);
    t->contradicts = !result && !sha256_equal(t->same.root, at->root);
    if (t->contradicts) return fail(d, ERR_CONFLICT, _("another root was signed at the same size"));
    result = mirror_known(t->node, t->channel, &t->arena, &t->known, d);
    if (!result) result = judge_older(t, d);
    if (result) return result;
    if (t->asked->old != t->known.size)
        return fail(d, ERR_CONFLICT, _("the size held is %llu"), (unsigned long long)t->known.size);
    result = consistency_verify(&t->asked->proof, t->known.size, t->known.root, at->size, at->root, d);
    t->contradicts = result == ERR_PROOF;
    return result;
}

static enum error keep_checkpoint(struct taking *t, struct diag *d) {
    enum error result = store_begin(t->node->store, d);
    if (result) return result;
    result = sync_may_still_take(t->node, t->channel, d);
    if (!result) result = judge_checkpoint(t, d);
    if (!result && t->at.at.size > t->known.size) {
        struct kept_checkpoint kept = {t->at.at.size, t->at.at.root, t->asked->note};
        result = store_put_checkpoint(t->node->store, theirs(t->channel), CHECKPOINT_PENDING, &kept, d);
    }
    return store_end(t->node->store, result, d);
}

static enum error note_contradiction(struct taking *t, instant now, struct diag *d) {
    struct buf text = {.max = EQUIVOCATION_MAX_BYTES};
    bool proves = false;
    char why[512];
    uint64_t index;
    const struct contradicting x = {&t->at, t->tree, &t->asked->proof, t->asked->old};
    enum error result =
        contradiction_text(t->node, t->channel, SIDE_THEIRS, &x, t->keys, t->key_count, &t->arena, &text, &proves, d);
    struct kept_contradiction found = {proves, now, buf_as_text(&text)};
    snprintf(why, sizeof why, "%s",
             proves ? _("the counterparty signed two histories of its record")
                    : _("the counterparty sent a checkpoint that does not follow from what it sent before"));
    size_t size = strlen(why);
    if (contradiction_parting(t->node, t->channel, SIDE_THEIRS, &x, &index))
        snprintf(why + size, sizeof why - size, _("; the histories part at entry %llu"), (unsigned long long)index);
    if (!result) result = sync_contradict(t->node, t->channel, SIDE_THEIRS, &found, why, d);
    buf_free(&text);
    return result;
}

enum error mirror_take_checkpoint(const struct sync_node *n, const struct channel *c, const struct add_checkpoint *q,
                                  const struct tree_reader *tree, instant now, struct diag *d) {
    struct taking t = {.node = n, .channel = c, .asked = q, .tree = tree};
    enum error result = open_checkpoint(&t, d);
    if (!result) result = keep_checkpoint(&t, d);
    if (t.contradicts) {
        enum error noted = note_contradiction(&t, now, NULL);
        if (noted) result = fail(d, noted, _("a contradiction could not be kept"));
    }
    arena_free(&t.arena);
    return result;
}

/* ---- entries */

enum error mirror_quota(const struct sync_node *n, const struct channel *c, uint64_t bytes, struct diag *d) {
    uint64_t used;
    enum error result = store_bytes_from(n->store, c->id, SIDE_THEIRS, &used, d);
    if (result) return result;
    uint64_t max = c->limits.total_bytes_max;
    if (used > max || bytes > max - used)
        return fail(d, ERR_LIMIT, _("the quota of the channel is used up: %llu of %llu bytes"),
                    (unsigned long long)used, (unsigned long long)max);
    return OK;
}

/* What is held before a package, in as few subtrees as there are. */
static enum error held_before(const struct sync_node *n, const struct channel *c, const struct package *p,
                              struct frontier *edge, struct diag *d) {
    struct store_tree held = {n->store, theirs(c)};
    struct tree_reader reader = store_tree_reader(&held);
    struct subtree before[2 * TREE_LEVELS_MAX];
    struct sha256 hash;
    const size_t count = p->aligned < p->start ? tree_cut(p->aligned, p->start, before) : 0;
    enum error result = OK;
    for (size_t i = 0; i < count && !result; i++) {
        result = reader.hash(reader.state, before[i].level, before[i].index, &hash, d);
        if (!result) frontier_add(edge, before[i].level, hash);
    }
    return result;
}

/* The root of a package whose entries begin where it is aligned: all at once. */
static struct sha256 root_of_all(const struct sha256 *hashes, size_t count) {
    struct sha256 row[TILE_WIDTH], root;
    memcpy(row, hashes, count * sizeof *row);
    tree_roots(row, &count, 1, &root);
    return root;
}

/* Verifies a package by the hashes of [aligned, end), those before its start from what is held: leaves the hashes of
 * its entries, each at its place among TILE_WIDTH. */
static enum error verify_package(const struct sync_node *n, const struct channel *c, const struct package *p,
                                 const struct kept_checkpoint *at, struct sha256 *hashes, struct diag *d) {
    struct frontier edge = {0};
    struct sha256 root;
    const size_t before = (size_t)(p->start - p->aligned), fresh = (size_t)(p->end - p->start);
    enum error result = held_before(n, c, p, &edge, d);
    if (result) return result;
    tree_leaf_hashes(p->entries, fresh, hashes + before);
    for (size_t i = 0; before && i < fresh; i++) frontier_add(&edge, 0, hashes[before + i]);
    root = before ? frontier_root(&edge) : root_of_all(hashes, fresh);
    return proof_verify(&p->proof, p->aligned, p->end, root, at->size, at->root, d);
}

struct packages {
    const struct package *list;
    struct sha256 (*hashes)[TILE_WIDTH]; /* from where each is aligned */
    size_t good;                         /* of them verified */
};

static enum error keep_entries(const struct sync_node *n, const struct channel *c, const struct packages *all,
                               struct diag *d) {
    uint64_t size, bytes = 0;
    enum error result = sync_may_still_take(n, c, d);
    if (!result) result = store_size(n->store, theirs(c), &size, d);
    if (result) return result;
    for (size_t k = 0; k < all->good; k++)
        for (uint64_t i = all->list[k].start; i < all->list[k].end; i++)
            if (i >= size) bytes += all->list[k].entries[i - all->list[k].start].size;
    result = mirror_quota(n, c, bytes, d);
    for (size_t k = 0; k < all->good && !result; k++) {
        const struct package *p = &all->list[k];
        const uint64_t from = p->start > size ? p->start : size; /* those that are held were verified as well */
        if (from < p->end)
            result = store_add_hashed_leaves(n->store, theirs(c), from, p->entries + (from - p->start),
                                             all->hashes[k] + (from - p->aligned), (size_t)(p->end - from), d);
    }
    return result;
}

static enum error keep_packages(const struct sync_node *n, const struct channel *c, const struct packages *all,
                                struct diag *d) {
    enum error result = store_begin(n->store, d);
    return result ? result : store_end(n->store, keep_entries(n, c, all, d), d);
}

enum error mirror_take_packages(const struct sync_node *n, const struct channel *c, const struct package *list,
                                size_t count, const struct kept_checkpoint *at, size_t *taken, struct diag *d) {
    struct arena a = {0};
    struct packages all = {list, arena_take(&a, count, sizeof *all.hashes), 0};
    enum error result = sync_may_take(c, d), kept = OK;
    while (!result && all.good < count)
        if (!(result = verify_package(n, c, &list[all.good], at, all.hashes[all.good], d))) all.good++;
    if (all.good) kept = keep_packages(n, c, &all, result ? NULL : d);
    *taken = kept ? 0 : all.good;
    arena_free(&a);
    return result ? result : kept;
}

/* ---- committing */

static enum error all_is_held(const struct sync_node *n, const struct channel *c, uint64_t from, uint64_t size,
                              struct arena *a, struct diag *d) {
    struct wanted_blob *missing;
    size_t count;
    uint64_t held;
    enum error result = store_size(n->store, theirs(c), &held, d);
    if (!result && held < size)
        return fail(d, ERR_PENDING, _("entries from %llu on are missing"), (unsigned long long)held);
    if (!result) result = store_missing_blobs(n->store, theirs(c), from, size, a, &missing, &count, d);
    if (!result && count)
        result = fail(d, ERR_PENDING, _n("%zu blob is missing", "%zu blobs are missing", count), count);
    return result;
}

static enum error cosign(const struct sync_node *n, const struct channel *c, const struct kept_checkpoint *at,
                         struct arena *a, instant now, struct buf *line, struct diag *d) {
    const struct signer *mirror;
    struct note note;
    struct buf made = {.max = 4096};
    enum error result = n->keys.mirror(n->keys.state, &mirror, d);
    if (!result) result = note_read(at->note, a, &note, d);
    if (result) return result;
    cosignature_make(mirror, note.text, now, &made);
    struct text whole = buf_as_text(&made);
    struct kept_receipt receipt = {.size = at->size,
                                   .root = at->root,
                                   .line = text_sub(whole, 0, text_find(whole, '\n')),
                                   .stamp = now - now % INSTANT_SECOND};
    result = store_put_checkpoint(n->store, theirs(c), CHECKPOINT_MIRROR, at, d);
    if (!result) result = store_put_receipt(n->store, theirs(c), &receipt, d);
    if (!result) buf_text(line, whole);
    buf_free(&made);
    return result ? result : buf_check(line, d);
}

/* The receipts given for the mirror checkpoint as it stands. */
static enum error repeat_lines(const struct sync_node *n, const struct channel *c, uint64_t size, struct arena *a,
                               struct buf *line, struct diag *d) {
    struct names lines;
    enum error result = store_receipts_at(n->store, theirs(c), size, a, &lines, d);
    for (size_t i = 0; i < lines.count && !result; i++) buf_format(line, "%.*s\n", TEXT_ARG(lines.at[i]));
    return result ? result : buf_check(line, d);
}

static bool is_by(struct text line, const struct signer *mirror, struct arena *a) {
    struct note_signature s;
    const struct vkey *key = signer_vkey(mirror);
    return note_read_signature(line, a, &s, NULL) == OK && s.id == key->id && text_equal(s.name, key->name);
}

/* Where the mirror key changed since, the new one says it, too: the old one's card may be gone by now. */
static enum error repeat(const struct sync_node *n, const struct channel *c, uint64_t size, struct arena *a,
                         instant now, struct buf *line, struct diag *d) {
    const struct signer *mirror;
    struct kept_checkpoint at;
    struct names lines;
    bool said = false;
    enum error result = n->keys.mirror(n->keys.state, &mirror, d);
    if (!result) result = store_receipts_at(n->store, theirs(c), size, a, &lines, d);
    for (size_t i = 0; i < lines.count && !result; i++) said = said || is_by(lines.at[i], mirror, a);
    if (result || said) return result ? result : repeat_lines(n, c, size, a, line, d);
    result = store_checkpoint(n->store, theirs(c), CHECKPOINT_MIRROR, PICK_AT, size, a, &at, d);
    return result ? result : cosign(n, c, &at, a, now, line, d);
}

static enum error commit(const struct sync_node *n, const struct channel *c, uint64_t size, struct arena *a,
                         instant now, struct buf *line, struct diag *d) {
    struct kept_checkpoint at;
    struct sha256 root;
    uint64_t mirrored;
    enum error result = own_may_sign(n, c, d);
    if (!result) result = store_checkpoint_size(n->store, theirs(c), CHECKPOINT_MIRROR, &mirrored, d);
    if (result) return result;
    if (size == mirrored && size) return repeat(n, c, size, a, now, line, d);
    if (size < mirrored) return fail(d, ERR_CONFLICT, _("the mirror is at %llu already"), (unsigned long long)mirrored);
    result = all_is_held(n, c, mirrored, size, a, d);
    if (!result) result = mirror_checkpoint_at(n, c, size, a, &at, d);
    if (!result) result = store_root(n->store, theirs(c), size, &root, d);
    if (!result && !sha256_equal(root, at.root))
        result = fail(d, ERR_INTERNAL, _("entries were taken that are not under the checkpoint"));
    if (!result) result = cards_apply(n->store, c, SIDE_THEIRS, mirrored, size, d);
    return result ? result : cosign(n, c, &at, a, now, line, d);
}

enum error mirror_commit(const struct sync_node *n, const struct channel *c, uint64_t size, instant now,
                         struct buf *line, struct diag *d) {
    struct arena a = {0};
    enum error result = store_begin(n->store, d);
    if (!result) result = store_end(n->store, commit(n, c, size, &a, now, line, d), d);
    arena_free(&a);
    return result;
}
