/* Hashes of a tree, many at once. */
#include <string.h>

#include "base/hash_many.h"
#include "tlog/tree.h"

/* ---- leaves and nodes */

void tree_leaf_hashes(const struct bytes *leaves, size_t count, struct sha256 *out) {
    struct sha256_input inputs[TREE_SOME];
    for (size_t done = 0; done < count; done += TREE_SOME) {
        const size_t some = count - done < TREE_SOME ? count - done : TREE_SOME;
        for (size_t i = 0; i < some; i++) inputs[i] = (struct sha256_input){{bytes_of("\0", 1), leaves[done + i]}};
        sha256_many(inputs, some, out + done);
    }
}

static struct sha256_input node_of(const struct sha256 *children) {
    return (struct sha256_input){{bytes_of("\1", 1), bytes_of(children, 2 * SHA256_SIZE)}};
}

void tree_node_hashes(const struct sha256 *children, size_t pairs, struct sha256 *out) {
    struct sha256_input inputs[TREE_SOME];
    struct sha256 nodes[TREE_SOME];
    for (size_t done = 0; done < pairs; done += TREE_SOME) {
        const size_t some = pairs - done < TREE_SOME ? pairs - done : TREE_SOME;
        for (size_t i = 0; i < some; i++) inputs[i] = node_of(children + 2 * (done + i));
        sha256_many(inputs, some, nodes);
        memcpy(out + done, nodes, some * sizeof *nodes);
    }
}

/* ---- trees */

struct sha256 tree_fold(const struct sha256 *hashes, size_t count) {
    struct sha256 row[TREE_SOME];
    ASSERT(count && count <= TREE_SOME && !(count & (count - 1)));
    memcpy(row, hashes, count * sizeof *row);
    for (; count > 1; count /= 2) tree_node_hashes(row, count / 2, row);
    return row[0];
}

/* Pairs become nodes, and a hash that is left over goes up as it is: which is what RFC 6962, 2.1, comes to. */
static size_t list_pairs(const struct sha256 *hashes, const size_t *sizes, size_t trees, struct sha256_input *inputs) {
    size_t pairs = 0;
    for (size_t t = 0; t < trees; hashes += sizes[t++])
        for (size_t i = 0; i + 1 < sizes[t]; i += 2) inputs[pairs++] = node_of(hashes + i);
    return pairs;
}

static void close_ranks(struct sha256 *hashes, size_t *sizes, size_t trees, const struct sha256 *nodes) {
    struct sha256 *to = hashes;
    for (size_t t = 0; t < trees; t++) {
        const size_t size = sizes[t];
        for (size_t i = 0; i + 1 < size; i += 2) *to++ = *nodes++;
        if (size % 2) *to++ = hashes[size - 1];
        hashes += size;
        sizes[t] = (size + 1) / 2;
    }
}

void tree_roots(struct sha256 *hashes, size_t *sizes, size_t trees, struct sha256 *roots) {
    struct sha256_input inputs[TREE_SOME];
    struct sha256 nodes[TREE_SOME];
    size_t pairs;
    while ((pairs = list_pairs(hashes, sizes, trees, inputs))) {
        sha256_many(inputs, pairs, nodes);
        close_ranks(hashes, sizes, trees, nodes);
    }
    for (size_t t = 0; t < trees; t++) roots[t] = sizes[t] ? *hashes++ : tree_empty_root();
}

/* ---- trees that grow */

static void make_room(struct tree *t, unsigned level, uint64_t count) {
    if (count <= t->rooms[level]) return;
    const uint64_t larger = count > 2 * t->rooms[level] ? count : 2 * t->rooms[level];
    struct sha256 *moved = ARENA_ARRAY(&t->arena, struct sha256, (size_t)larger);
    if (t->size >> level) memcpy(moved, t->levels[level], (size_t)(t->size >> level) * sizeof *moved);
    t->levels[level] = moved;
    t->rooms[level] = (size_t)larger;
}

void tree_add_many(struct tree *t, const struct sha256 *leaf_hashes, size_t count) {
    const uint64_t size = t->size + count;
    if (!count) return;
    make_room(t, 0, size);
    memcpy(t->levels[0] + t->size, leaf_hashes, count * sizeof *leaf_hashes);
    for (unsigned level = 1; level < TREE_LEVELS_MAX && size >> level; level++) {
        const uint64_t had = t->size >> level, has = size >> level;
        make_room(t, level, has);
        tree_node_hashes(t->levels[level - 1] + 2 * had, (size_t)(has - had), t->levels[level] + had);
    }
    t->size = size;
}

/* The largest complete subtree that fits at the end. */
static size_t next_piece(const struct frontier *f, size_t count) {
    size_t piece = TREE_SOME;
    while (piece > count || f->size % piece) piece /= 2;
    return piece;
}

void frontier_add_many(struct frontier *f, const struct sha256 *leaf_hashes, size_t count) {
    for (size_t piece; count; leaf_hashes += piece, count -= piece) {
        piece = next_piece(f, count);
        frontier_add(f, (unsigned)__builtin_ctzll(piece), tree_fold(leaf_hashes, piece));
    }
}

/* ---- entries themselves */

void tree_add_leaves(struct tree *t, const struct bytes *leaves, size_t count) {
    struct sha256 hashes[TREE_SOME];
    for (size_t done = 0; done < count; done += TREE_SOME) {
        const size_t some = count - done < TREE_SOME ? count - done : TREE_SOME;
        tree_leaf_hashes(leaves + done, some, hashes);
        tree_add_many(t, hashes, some);
    }
}

void frontier_add_leaves(struct frontier *f, const struct bytes *leaves, size_t count) {
    struct sha256 hashes[TREE_SOME];
    for (size_t done = 0; done < count; done += TREE_SOME) {
        const size_t some = count - done < TREE_SOME ? count - done : TREE_SOME;
        tree_leaf_hashes(leaves + done, some, hashes);
        frontier_add_many(f, hashes, some);
    }
}
