/* Equivocation proofs: that one log key signed two histories.
 *
 *     parley equivocation v1
 *     <hash in base64>                   (none where both sizes are equal)
 *     …
 *
 *     <the checkpoint of the smaller size, with its signatures>
 *
 *     <the checkpoint of the larger size, with its signatures>
 *
 * Two checkpoints of one origin, signed by one key: at equal sizes with different roots; or at sizes m < n, where the
 * hashes rebuild the root signed at n, and the same hashes a root at m that is not the one signed.
 *
 * Which hashes: either those of the complete subtrees that the leaves [0, m) fall into, then those of [m, n), each as
 * large as fits, from left to right; or, where m is no power of two, those of a consistency proof from m to n (RFC
 * 6962, 2.1.2), what a log itself has sent.  So m, n and the form say what each hash is of, and both roots follow from
 * the same hashes: an honest log, whose root at n no other hashes rebuild, can't be accused with them. Source: the
 * design, section 5; RFC 6962, section 2.1. */
#ifndef PARLEY_TLOG_EQUIVOCATION_H
#define PARLEY_TLOG_EQUIVOCATION_H

#include "tlog/checkpoint.h"
#include "tlog/proof.h"

enum {
    EQUIVOCATION_HASHES_MAX = 192, /* 62 below m, at most twice 62 above */
    EQUIVOCATION_MAX_BYTES = 3 * CHECKPOINT_MAX_BYTES
};

struct equivocation {
    struct sha256 hashes[EQUIVOCATION_HASHES_MAX];
    size_t hash_count;
    struct bytes smaller, larger; /* signed notes */
};

/* From two checkpoints, a->at.size <= b->at.size, and the tree that rebuilds the root of the larger (not read where the
 * sizes are equal).  ERR_PROOF where they don't contradict each other or the tree is another.  The notes are views. */
enum error equivocation_make(const struct tree_reader *r, const struct signed_checkpoint *a,
                             const struct signed_checkpoint *b, struct equivocation *out, struct diag *d) MUST_USE;
/* From a consistency proof that came with the larger checkpoint: ERR_PROOF also where nothing follows from it. */
enum error equivocation_from_proof(const struct proof *p, const struct signed_checkpoint *a,
                                   const struct signed_checkpoint *b, struct equivocation *out,
                                   struct diag *d) MUST_USE;
void equivocation_write(const struct equivocation *e, struct buf *out);
/* The form alone.  The notes are views into the text; write(read(b)) is b. */
enum error equivocation_read(struct bytes whole, struct equivocation *out, struct diag *d) MUST_USE;

/* What is proved.  Only equivocation_verify makes one. */
struct equivocated {
    struct checkpoint smaller, larger;
    struct vkey key; /* that signed both */
};
/* `logs`: the keys of that origin.  ERR_SIGNATURE where no one of them signed both; ERR_PROOF where they may both be
 * true.  Views into what was read and the arena. */
enum error equivocation_verify(const struct equivocation *e, struct text origin, const struct vkey *logs, size_t count,
                               struct arena *a, struct equivocated *out, struct diag *d) MUST_USE;

#endif
