#include "tlog/tree.h"

#include <string.h>

struct sha256 tree_leaf_hash(struct bytes leaf) {
    const struct bytes parts[] = {bytes_of("\0", 1), leaf};
    return sha256_of_parts(parts, COUNT(parts));
}

struct sha256 tree_node_hash(struct sha256 left, struct sha256 right) {
    uint8_t both[1 + 2 * SHA256_SIZE] = {1};
    memcpy(both + 1, left.at, SHA256_SIZE);
    memcpy(both + 1 + SHA256_SIZE, right.at, SHA256_SIZE);
    return sha256_of(bytes_of(both, sizeof both));
}

struct sha256 tree_empty_root(void) {
    return sha256_of((struct bytes){NULL, 0});
}

/* The largest power of two below n, for n > 1. */
static uint64_t split(uint64_t n) { return (uint64_t)1 << (63 - (unsigned)__builtin_clzll(n - 1)); }

enum error tree_range(const struct tree_reader *r, uint64_t from, uint64_t to, struct sha256 *out, struct diag *d) {
    uint64_t count = to - from;
    ASSERT(from < to);
    if (!(count & (count - 1)) && !(from & (count - 1))) {
        unsigned level = (unsigned)__builtin_ctzll(count);
        return r->hash(r->state, level, from >> level, out, d);
    }
    struct sha256 left, right;
    uint64_t middle = from + split(count);
    enum error result = tree_range(r, from, middle, &left, d);
    if (!result) result = tree_range(r, middle, to, &right, d);
    if (!result) *out = tree_node_hash(left, right);
    return result;
}

enum error tree_root(const struct tree_reader *r, uint64_t size, struct sha256 *out, struct diag *d) {
    if (size) return tree_range(r, 0, size, out, d);
    *out = tree_empty_root();
    return OK;
}

enum error tree_grow(const struct tree_reader *left, uint64_t index, struct sha256 leaf_hash,
                     enum error (*add)(void *state, unsigned level, uint64_t index, struct sha256 hash, struct diag *d),
                     void *state, struct diag *d) {
    struct sha256 hash = leaf_hash;
    for (unsigned level = 0;; level++, index >>= 1) {
        enum error result = add(state, level, index, hash, d);
        if (result || !(index & 1)) return result;
        struct sha256 sibling;
        result = left->hash(left->state, level, index - 1, &sibling, d);
        if (result) return result;
        hash = tree_node_hash(sibling, hash);
    }
}

void frontier_add(struct frontier *f, unsigned level, struct sha256 hash) {
    uint64_t count = (uint64_t)1 << level;
    ASSERT(level < TREE_LEVELS_MAX && !(f->size & (count - 1)) && f->size <= UINT64_MAX - count);
    for (; f->size >> level & 1; level++) hash = tree_node_hash(f->at[level], hash);
    f->at[level] = hash;
    f->size += count;
}

struct sha256 frontier_root(const struct frontier *f) {
    if (!f->size) return tree_empty_root();
    unsigned level = (unsigned)__builtin_ctzll(f->size);
    struct sha256 root = f->at[level];
    while (++level < TREE_LEVELS_MAX)
        if (f->size >> level & 1) root = tree_node_hash(f->at[level], root);
    return root;
}

static enum error memory_hash(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    struct tree *t = state;
    if (level >= TREE_LEVELS_MAX || index >= t->size >> level)
        return fail(d, ERR_MISSING, _("the tree has no hash %llu at level %u"), (unsigned long long)index, level);
    *out = t->levels[level][index];
    return OK;
}

struct tree_reader tree_reader(struct tree *t) {
    return (struct tree_reader){memory_hash, t};
}

static enum error memory_add(void *state, unsigned level, uint64_t index, struct sha256 hash, struct diag *d) {
    struct tree *t = state;
    (void)d;
    t->levels[level] = arena_grow(&t->arena, t->levels[level], index, &t->rooms[level], sizeof hash);
    t->levels[level][index] = hash;
    return OK;
}

void tree_add(struct tree *t, struct sha256 leaf_hash) {
    struct tree_reader r = tree_reader(t);
    uint64_t index = t->size++;
    ASSERT(tree_grow(&r, index, leaf_hash, memory_add, t, NULL) == OK);
}

void tree_free(struct tree *t) {
    arena_free(&t->arena);
    *t = (struct tree){0};
}

struct sha256 tree_root_at(struct tree *t, uint64_t size) {
    struct tree_reader r = tree_reader(t);
    struct sha256 root = {{0}};
    ASSERT(size <= t->size && tree_root(&r, size, &root, NULL) == OK);
    return root;
}

size_t tree_cut(uint64_t from, uint64_t to, struct subtree *out) {
    size_t count = 0;
    while (from < to) {
        unsigned fits = 63 - (unsigned)__builtin_clzll(to - from);
        unsigned aligned = from ? (unsigned)__builtin_ctzll(from) : fits;
        unsigned level = aligned < fits ? aligned : fits;
        out[count++] = (struct subtree){level, from >> level};
        from += (uint64_t)1 << level;
    }
    return count;
}
