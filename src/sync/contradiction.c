/* What is kept of a contradiction: the proof where there is one, else what was shown and what is held, as they are. */
#include "sync/contradiction.h"

#include "tlog/equivocation.h"
#include "tlog/parting.h"

/* The smallest checkpoint held here that covers `size`. */
static enum error covering(const struct sync_node *n, const struct channel *c, enum side side, uint64_t size,
                           struct arena *a, struct kept_checkpoint *out) {
    static const enum checkpoint_kind kinds[2][2] = {
        [SIDE_OWN] = {CHECKPOINT_SIGNED, CHECKPOINT_SIGNED}, [SIDE_THEIRS] = {CHECKPOINT_MIRROR, CHECKPOINT_PENDING}};
    enum error result = ERR_MISSING;
    for (size_t i = 0; i < 2 && result; i++)
        result = store_checkpoint(n->store, c->of[side].id, kinds[side][i], PICK_AT_LEAST, size, a, out, NULL);
    return result;
}

static enum error newest(const struct sync_node *n, const struct channel *c, enum side side, struct arena *a,
                         struct kept_checkpoint *out) {
    enum error result = ERR_MISSING;
    if (side == SIDE_THEIRS)
        result = store_checkpoint(n->store, c->of[side].id, CHECKPOINT_PENDING, PICK_NEWEST, 0, a, out, NULL);
    enum checkpoint_kind kind = side == SIDE_OWN ? CHECKPOINT_SIGNED : CHECKPOINT_MIRROR;
    return result ? store_checkpoint(n->store, c->of[side].id, kind, PICK_NEWEST, 0, a, out, NULL) : OK;
}

/* Where the one held covers the one shown, the entries held tell; else what came with the one shown. */
static enum error make(const struct sync_node *n, const struct channel *c, enum side side,
                       const struct contradicting *x, const struct signed_checkpoint *held, struct equivocation *out) {
    struct store_tree tree = {n->store, c->of[side].id};
    struct tree_reader reader = store_tree_reader(&tree);
    if (held->at.size >= x->shown->at.size) return equivocation_make(&reader, x->shown, held, out, NULL);
    if (x->tree) return equivocation_make(x->tree, held, x->shown, out, NULL);
    if (x->proof && x->old == held->at.size) return equivocation_from_proof(x->proof, held, x->shown, out, NULL);
    return ERR_PROOF;
}

/* One that is smaller than the one shown: that from which it came a proof, else the newest. */
static enum error below(const struct sync_node *n, const struct channel *c, enum side side,
                        const struct contradicting *x, struct arena *a, struct kept_checkpoint *out) {
    static const enum checkpoint_kind kinds[] = {CHECKPOINT_PENDING, CHECKPOINT_MIRROR};
    enum error result = ERR_MISSING;
    for (size_t i = 0; i < COUNT(kinds) && x->proof && side == SIDE_THEIRS && result; i++)
        result = store_checkpoint(n->store, c->of[side].id, kinds[i], PICK_AT, x->old, a, out, NULL);
    return result ? newest(n, c, side, a, out) : OK;
}

static enum error prove(const struct sync_node *n, const struct channel *c, enum side side,
                        const struct contradicting *x, const struct vkey *logs, size_t log_count, struct arena *a,
                        struct buf *text) {
    struct text origin = c->of[side].origin;
    struct kept_checkpoint held;
    struct signed_checkpoint ours;
    struct equivocation e;
    struct equivocated proved;
    enum error result = covering(n, c, side, x->shown->at.size, a, &held);
    if (result) result = below(n, c, side, x, a, &held);
    if (!result) result = checkpoint_open(held.note, origin, logs, log_count, a, &ours, NULL);
    if (!result) result = make(n, c, side, x, &ours, &e);
    if (!result) result = equivocation_verify(&e, origin, logs, log_count, a, &proved, NULL);
    if (!result) equivocation_write(&e, text);
    return result;
}

enum error contradiction_text(const struct sync_node *n, const struct channel *c, enum side side,
                              const struct contradicting *x, const struct vkey *logs, size_t log_count, struct arena *a,
                              struct buf *text, bool *proves, struct diag *d) {
    struct kept_checkpoint held = {.size = 0};
    bool proved = prove(n, c, side, x, logs, log_count, a, text) == OK;
    if (!proved) {
        buf_clear(text);
        if (newest(n, c, side, a, &held) == OK) {
            buf_bytes(text, held.note);
            buf_char(text, '\n');
        }
        buf_bytes(text, x->shown->whole);
    }
    enum error result = buf_check(text, d);
    if (!result) *proves = proved;
    return result;
}

bool contradiction_parting(const struct sync_node *n, const struct channel *c, enum side side,
                           const struct contradicting *x, uint64_t *index) {
    struct store_tree tree = {n->store, c->of[side].id};
    struct tree_reader reader = store_tree_reader(&tree);
    const struct checkpoint *at = &x->shown->at;
    struct parting p;
    uint64_t held = 0;
    bool told = x->tree && store_size(n->store, c->of[side].id, &held, NULL) == OK &&
                tree_stands(x->tree, held < at->size ? held : at->size, at->size, at->root, NULL) == OK &&
                tree_parting(&reader, held, x->tree, at->size, &p, NULL) == OK && p.parts;
    if (told) *index = p.index;
    return told;
}
