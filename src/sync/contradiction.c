/* What is kept of a contradiction: the proof where there is one, else what was shown and what is held, as they are. */
#include "sync/contradiction.h"

#include "tlog/equivocation.h"

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

static enum error prove(const struct sync_node *n, const struct channel *c, enum side side,
                        const struct signed_checkpoint *shown, const struct vkey *logs, size_t log_count,
                        struct arena *a, struct buf *text) {
    struct store_tree tree = {n->store, c->of[side].id};
    struct tree_reader reader = store_tree_reader(&tree);
    struct text origin = c->of[side].origin;
    struct kept_checkpoint held;
    struct signed_checkpoint ours;
    struct equivocation e;
    struct equivocated proved;
    enum error result = covering(n, c, side, shown->at.size, a, &held);
    if (!result) result = checkpoint_open(held.note, origin, logs, log_count, a, &ours, NULL);
    if (!result) result = equivocation_make(&reader, shown, &ours, &e, NULL);
    if (!result) result = equivocation_verify(&e, origin, logs, log_count, a, &proved, NULL);
    if (!result) equivocation_write(&e, text);
    return result;
}

enum error contradiction_text(const struct sync_node *n, const struct channel *c, enum side side,
                              const struct signed_checkpoint *shown, const struct vkey *logs, size_t log_count,
                              struct arena *a, struct buf *text, bool *proves, struct diag *d) {
    struct kept_checkpoint held = {.size = 0};
    bool proved = prove(n, c, side, shown, logs, log_count, a, text) == OK;
    if (!proved) {
        buf_clear(text);
        if (newest(n, c, side, a, &held) == OK) {
            buf_bytes(text, held.note);
            buf_char(text, '\n');
        }
        buf_bytes(text, shown->whole);
    }
    enum error result = buf_check(text, d);
    if (!result) *proves = proved;
    return result;
}
