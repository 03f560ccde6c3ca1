#include "tlog/parting.h"

enum { SUBTREES_MAX = 3 * TREE_LEVELS_MAX };

/* The same subtree of both trees. */
struct both {
    const struct tree_reader *readers[2];
    struct sha256 at[2];
};

static enum error look(struct both *b, unsigned level, uint64_t index, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < 2 && !result; i++)
        result = b->readers[i]->hash(b->readers[i]->state, level, index, &b->at[i], d);
    return result;
}

static bool differs(const struct both *b) { return !sha256_equal(b->at[0], b->at[1]); }

static enum error check_children(const struct both *parent, const struct both *left, const struct both *right,
                                 struct diag *d) {
    for (size_t i = 0; i < 2; i++)
        if (!sha256_equal(tree_node_hash(left->at[i], right->at[i]), parent->at[i]))
            return fail(d, ERR_PROOF, _("the hashes of a tree are not those of one tree"));
    return OK;
}

/* To the first leaf below a subtree that differs. */
static enum error descend(struct both at, unsigned level, uint64_t index, struct parting *out, struct diag *d) {
    for (; level; level--) {
        struct both left = at, right = at;
        enum error result = look(&left, level - 1, 2 * index, d);
        if (!result) result = look(&right, level - 1, 2 * index + 1, d);
        if (!result) result = check_children(&at, &left, &right, d);
        if (result) return result;
        index = 2 * index + !differs(&left);
        at = differs(&left) ? left : right;
    }
    *out = (struct parting){index, true, {at.at[0], at.at[1]}};
    return OK;
}

enum error tree_parting(const struct tree_reader *a, uint64_t a_size, const struct tree_reader *b, uint64_t b_size,
                        struct parting *out, struct diag *d) {
    struct subtree parts[SUBTREES_MAX];
    struct both both = {.readers = {a, b}};
    uint64_t front = a_size < b_size ? a_size : b_size;
    size_t count = tree_cut(0, front, parts);
    for (size_t i = 0; i < count; i++) {
        enum error result = look(&both, parts[i].level, parts[i].index, d);
        if (result) return result;
        if (differs(&both)) return descend(both, parts[i].level, parts[i].index, out, d);
    }
    *out = (struct parting){.index = front};
    return OK;
}

enum error tree_stands(const struct tree_reader *r, uint64_t front, uint64_t size, struct sha256 root, struct diag *d) {
    struct subtree parts[SUBTREES_MAX];
    struct frontier f = {0};
    size_t count = tree_cut(0, front, parts);
    count += tree_cut(front, size, parts + count);
    for (size_t i = 0; i < count; i++) {
        struct sha256 hash;
        enum error result = r->hash(r->state, parts[i].level, parts[i].index, &hash, d);
        if (result) return result;
        frontier_add(&f, parts[i].level, hash);
    }
    return sha256_equal(frontier_root(&f), root)
               ? OK
               : fail(d, ERR_PROOF, _("the hashes of a tree are not those under its root"));
}
