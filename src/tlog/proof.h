/* Proofs about a tree: that leaves [start, end) are a subtree of the tree of `size` leaves.
 *
 * One recursion gives all three: an inclusion proof is that of [i, i + 1), a consistency proof that of [0, old), and
 * the subtree consistency proof of tlog-mirror that of any subtree.  Source: RFC 6962, sections 2.1.1 and 2.1.2;
 * subtrees: draft-ietf-plants-merkle-tree-certs, "Subtree Consistency Proofs". Limits: PROOF_MAX hashes, so 2^62
 * leaves. */
#ifndef PARLEY_TLOG_PROOF_H
#define PARLEY_TLOG_PROOF_H

#include "tlog/tree.h"

enum { PROOF_MAX = 63 };

struct proof {
    struct sha256 at[PROOF_MAX];
    size_t count;
};

/* Whether [start, end) can be a subtree: start < end, and start a multiple of the smallest power of two not below end -
 * start. */
bool subtree_valid(uint64_t start, uint64_t end);

enum error proof_make(const struct tree_reader *r, uint64_t start, uint64_t end, uint64_t size, struct proof *out,
                      struct diag *d) MUST_USE;
/* ERR_PROOF where the subtree's hash and the root do not both follow. */
enum error proof_verify(const struct proof *p, uint64_t start, uint64_t end, struct sha256 subtree, uint64_t size,
                        struct sha256 root, struct diag *d) MUST_USE;

enum error inclusion_make(const struct tree_reader *r, uint64_t index, uint64_t size, struct proof *out,
                          struct diag *d) MUST_USE;
enum error inclusion_verify(const struct proof *p, uint64_t index, struct sha256 leaf_hash, uint64_t size,
                            struct sha256 root, struct diag *d) MUST_USE;
/* A leaf that is in a tree.  Only inclusion_open makes one. */
struct included {
    struct sha256 leaf_hash;
    uint64_t index, size; /* of the leaf, of the tree */
    struct sha256 root;
};
enum error inclusion_open(const struct proof *p, uint64_t index, struct sha256 leaf_hash, uint64_t size,
                          struct sha256 root, struct included *out, struct diag *d) MUST_USE;
/* From `old` to `size`, old <= size.  The proof from 0, and from a size to itself, is empty. */
enum error consistency_make(const struct tree_reader *r, uint64_t old, uint64_t size, struct proof *out,
                            struct diag *d) MUST_USE;
/* Both roots from the hashes of a consistency proof alone.  False where their number is another, and where `old` is a
 * power of two: such a proof leaves out the old root. */
bool consistency_rebuild(const struct proof *p, uint64_t old, uint64_t size, struct sha256 *old_root,
                         struct sha256 *root) MUST_USE;
enum error consistency_verify(const struct proof *p, uint64_t old, struct sha256 old_root, uint64_t size,
                              struct sha256 root, struct diag *d) MUST_USE;

#endif
