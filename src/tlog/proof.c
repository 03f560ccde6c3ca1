#include "tlog/proof.h"

/* Beyond that a proof could have more than PROOF_MAX hashes. */
#define SIZE_LARGEST ((uint64_t)1 << 62)

static uint64_t split(uint64_t n) { return (uint64_t)1 << (63 - (unsigned)__builtin_clzll(n - 1)); }

bool subtree_valid(uint64_t start, uint64_t end) {
    if (start >= end || end > SIZE_LARGEST) return false;
    uint64_t count = end - start, power = count == 1 ? 1 : split(count) << 1;
    return start % power == 0;
}

struct making {
    const struct tree_reader *reader;
    struct proof *proof;
    struct diag *diag;
};

static enum error push(struct making *m, uint64_t from, uint64_t to) {
    ASSERT(m->proof->count < PROOF_MAX);
    return tree_range(m->reader, from, to, &m->proof->at[m->proof->count++], m->diag);
}

/* SUBTREE_SUBPROOF of leaves [start, end) of the tree over `count` leaves from `at` on; `known`: the verifier has its
 * hash. */
static enum error make(struct making *m, uint64_t at, uint64_t start, uint64_t end, uint64_t count, bool known) {
    if (start == 0 && end == count) return known ? OK : push(m, at, at + count);
    uint64_t k = split(count);
    enum error result;
    if (end <= k) {
        result = make(m, at, start, end, k, known);
        return result ? result : push(m, at + k, at + count);
    }
    if (start >= k)
        result = make(m, at + k, start - k, end - k, count - k, known);
    else
        result = make(m, at + k, 0, end - k, count - k, false);
    return result ? result : push(m, at, at + k);
}

enum error proof_make(const struct tree_reader *r, uint64_t start, uint64_t end, uint64_t size, struct proof *out,
                      struct diag *d) {
    struct proof p = {.count = 0};
    struct making m = {r, &p, d};
    if (!subtree_valid(start, end) || end > size || size > SIZE_LARGEST)
        return fail(d, ERR_INPUT, _("no such subtree"));
    enum error result = make(&m, 0, start, end, size, true);
    if (!result) *out = p;
    return result;
}

struct verifying {
    const struct proof *proof;
    size_t left; /* hashes not used up; taken from the back */
    struct sha256 subtree;
};

static bool pop(struct verifying *v, struct sha256 *out) {
    if (!v->left) return false;
    *out = v->proof->at[--v->left];
    return true;
}

/* Rebuilds the hash of the subtree and of the whole from the proof; the mirror image of `make`. */
static bool rebuild(struct verifying *v, uint64_t start, uint64_t end, uint64_t count, bool known,
                    struct sha256 *subtree, struct sha256 *whole) {
    struct sha256 other;
    if (start == 0 && end == count) {
        *subtree = v->subtree;
        if (!known && !pop(v, subtree)) return false;
        *whole = *subtree;
        return true;
    }
    uint64_t k = split(count);
    if (!pop(v, &other)) return false;
    if (end <= k) {
        if (!rebuild(v, start, end, k, known, subtree, whole)) return false;
        *whole = tree_node_hash(*whole, other);
        return true;
    }
    bool across = start < k;
    if (!rebuild(v, across ? 0 : start - k, end - k, count - k, known && !across, subtree, whole)) return false;
    if (across) *subtree = tree_node_hash(other, *subtree);
    *whole = tree_node_hash(other, *whole);
    return true;
}

enum error proof_verify(const struct proof *p, uint64_t start, uint64_t end, struct sha256 subtree, uint64_t size,
                        struct sha256 root, struct diag *d) {
    struct sha256 found_subtree, found_root;
    if (!subtree_valid(start, end) || end > size || size > SIZE_LARGEST)
        return fail(d, ERR_PROOF, _("a proof of what is no subtree"));
    struct verifying v = {p, p->count, subtree};
    bool good = rebuild(&v, start, end, size, true, &found_subtree, &found_root) && !v.left &&
                sha256_equal(found_subtree, subtree) && sha256_equal(found_root, root);
    return good ? OK
                : fail(d, ERR_PROOF, _("the proof for entries %llu to %llu of %llu does not verify"),
                       (unsigned long long)start, (unsigned long long)end, (unsigned long long)size);
}

enum error inclusion_make(const struct tree_reader *r, uint64_t index, uint64_t size, struct proof *out,
                          struct diag *d) {
    return proof_make(r, index, index + 1, size, out, d);
}

enum error inclusion_verify(const struct proof *p, uint64_t index, struct sha256 leaf_hash, uint64_t size,
                            struct sha256 root, struct diag *d) {
    if (index >= size) return fail(d, ERR_PROOF, _("no such entry in the tree"));
    return proof_verify(p, index, index + 1, leaf_hash, size, root, d);
}

enum error inclusion_open(const struct proof *p, uint64_t index, struct sha256 leaf_hash, uint64_t size,
                          struct sha256 root, struct included *out, struct diag *d) {
    enum error result = inclusion_verify(p, index, leaf_hash, size, root, d);
    if (!result) *out = (struct included){leaf_hash, index, size, root};
    return result;
}

enum error consistency_make(const struct tree_reader *r, uint64_t old, uint64_t size, struct proof *out,
                            struct diag *d) {
    if (old > size) return fail(d, ERR_INPUT, _("no such subtree"));
    if (old) return proof_make(r, 0, old, size, out, d);
    out->count = 0;
    return OK;
}

enum error consistency_verify(const struct proof *p, uint64_t old, struct sha256 old_root, uint64_t size,
                              struct sha256 root, struct diag *d) {
    if (old) return proof_verify(p, 0, old, old_root, size, root, d);
    bool good =
        !p->count && sha256_equal(old_root, tree_empty_root()) && (size || sha256_equal(root, tree_empty_root()));
    return good ? OK : fail(d, ERR_PROOF, _("a proof from an empty tree is empty"));
}

bool consistency_rebuild(const struct proof *p, uint64_t old, uint64_t size, struct sha256 *old_root,
                         struct sha256 *root) {
    struct verifying v = {.proof = p, .left = p->count};
    if (!old || old >= size || size > SIZE_LARGEST || !(old & (old - 1))) return false;
    return rebuild(&v, 0, old, size, true, old_root, root) && !v.left;
}
