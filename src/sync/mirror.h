/* The mirror of a counterparty's record: what it takes, what it refuses, and when it cosigns.
 *
 * Whoever brings checkpoints, entries and blobs (the counterparty pushing, or this node pulling), they pass through
 * here: a checkpoint by a known log key, consistent with all that went before; entries proven to lie under it; a
 * cosignature only when all entries and blobs up to its size are durably held.
 * Source: c2sp.org/tlog-mirror; the design, section 6.
 * Errors: ERR_SIGNATURE no known log key signed; ERR_CONFLICT another size than the one held; ERR_PROOF; ERR_PENDING
 * blobs or entries are missing; ERR_LIMIT beyond the quota; ERR_FROZEN; ERR_BUSY where one's own record was not yet
 * compared after the start. */
#ifndef PARLEY_SYNC_MIRROR_H
#define PARLEY_SYNC_MIRROR_H

#include "sync/node.h"
#include "sync/wire.h"
#include "tlog/checkpoint.h"

/* The newest checkpoint that was verified: pending or mirrored; size 0 where there is none. */
enum error mirror_known(const struct sync_node *n, const struct channel *c, struct arena *a,
                        struct kept_checkpoint *out, struct diag *d) MUST_USE;
/* The checkpoint kept for just that size. */
enum error mirror_checkpoint_at(const struct sync_node *n, const struct channel *c, uint64_t size, struct arena *a,
                                struct kept_checkpoint *out, struct diag *d) MUST_USE;

/* Makes a checkpoint the pending one.  A signed one that contradicts what is held freezes the channel; `tree`, where
 * the other side's can be read (NULL: it can't), then proves it and says from which entry on. */
enum error mirror_take_checkpoint(const struct sync_node *n, const struct channel *c, const struct add_checkpoint *q,
                                  const struct tree_reader *tree, instant now, struct diag *d) MUST_USE;
/* Verifies packages, each of which begins where the one before it ends, against the checkpoint at `at`, and keeps those
 * of their entries that are not held: all at once, for each time waits for the disk.  Where one does not verify those
 * before it are kept; `taken` says how many. */
enum error mirror_take_packages(const struct sync_node *n, const struct channel *c, const struct package *list,
                                size_t count, const struct kept_checkpoint *at, size_t *taken, struct diag *d) MUST_USE;
/* What more one may leave here: ERR_LIMIT where `bytes` more pass the quota of the channel. */
enum error mirror_quota(const struct sync_node *n, const struct channel *c, uint64_t bytes, struct diag *d) MUST_USE;

/* Where all is held up to `size`: applies its cards, makes it the mirror checkpoint and cosigns it.  Appends the
 * cosignature line, with LF.  The same again for a size that is the mirror checkpoint already, or one by the mirror key
 * of now where that changed since. */
enum error mirror_commit(const struct sync_node *n, const struct channel *c, uint64_t size, instant now,
                         struct buf *line, struct diag *d) MUST_USE;

#endif
