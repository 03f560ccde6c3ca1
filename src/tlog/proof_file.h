/* Proof files: that one entry is logged, for whoever has the keys and nothing else.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>                    (only where there is extra data; nobody has signed it)
 *     index 73894
 *     gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
 *     …
 *
 *     <the checkpoint with its signatures, as it is>
 *
 * Source: c2sp.org/tlog-proof.  Limits: PROOF_MAX hashes, PROOF_EXTRA_MAX_BYTES, CHECKPOINT_MAX_BYTES.
 * What is read are views into the file; extra data lives in the arena. */
#ifndef PARLEY_TLOG_PROOF_FILE_H
#define PARLEY_TLOG_PROOF_FILE_H

#include "tlog/policy.h"
#include "tlog/proof.h"

enum { PROOF_EXTRA_MAX_BYTES = 65536 };

struct proof_file {
    struct bytes extra; /* empty: the file has none */
    uint64_t index;
    struct proof proof;
    struct bytes checkpoint; /* the signed note */
};

void proof_file_write(const struct proof_file *f, struct buf *out);
/* The form alone: what it proves, proof_file_verify says.  write(read(b)) is b. */
enum error proof_file_read(struct bytes whole, struct arena *a, struct proof_file *out, struct diag *d) MUST_USE;

/* An entry in a checkpoint that meets a policy.  Only proof_file_verify makes one. */
struct proven {
    struct included entry;
    struct witnessed at;
};
/* A policy of logs alone, with the quorum POLICY_NONE, asks for no cosignatures.  ERR_SIGNATURE, ERR_PROOF; ERR_NO
 * where the quorum is not met. */
enum error proof_file_verify(const struct proof_file *f, struct sha256 leaf_hash, const struct policy *p,
                             struct arena *a, struct proven *out, struct diag *d) MUST_USE;

#endif
