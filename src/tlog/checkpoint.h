/* Checkpoints: an origin, a size and a root, as the text of a signed note.
 *
 *     parley/5f0c…
 *     7
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 * Source: c2sp.org/tlog-checkpoint.  Extension lines are read over and kept in the text; parley writes none.  Only
 * checkpoint_open, which verifies the log's signature, makes a struct signed_checkpoint. */
#ifndef PARLEY_TLOG_CHECKPOINT_H
#define PARLEY_TLOG_CHECKPOINT_H

#include "note/note.h"
#include "tlog/tree.h"

enum { CHECKPOINT_MAX_BYTES = 1 << 18 /* NOTE_SIGNATURES_MAX of ML-DSA-44, and the text */ };

struct checkpoint {
    struct text origin;
    uint64_t size;
    struct sha256 root;
};

struct signed_checkpoint {
    struct checkpoint at;
    struct note note;   /* its text and all signatures: the log's, and cosignatures */
    struct bytes whole; /* the note's bytes */
};

void checkpoint_write(const struct checkpoint *c, struct buf *out); /* the note's text */
/* The text of a note, with its last LF. */
enum error checkpoint_read(struct text t, struct checkpoint *out, struct diag *d) MUST_USE;
/* The extension lines of a checkpoint's text that was read: each with its LF; empty where there are none. */
struct text checkpoint_extensions(struct text t);
/* Signs with one log key, or two while it changes. */
enum error checkpoint_sign(const struct checkpoint *c, const struct signer *const *signers, size_t count,
                           struct buf *out, struct diag *d) MUST_USE;
/* A note whose origin is that, signed by at least one of the log keys.  Views into `whole`, which must live as long. */
enum error checkpoint_open(struct bytes whole, struct text origin, const struct vkey *logs, size_t count,
                           struct arena *a, struct signed_checkpoint *out, struct diag *d) MUST_USE;

#endif
