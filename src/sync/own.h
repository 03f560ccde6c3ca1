/* One's own record: appending, signing, and the comparison without which nothing is signed.
 *
 * An entry is stored first, with its blobs and the size and root that will be signed, in one transaction: that is one
 * wait for the disk.  The checkpoint is signed when somebody first asks for it, after its size and root are durable: it
 * can be made again from them, so nobody who speaks waits for it.  And, since a store may come from a backup, it is
 * signed only after one's own record was compared with the highest checkpoint that the counterparty was ever shown
 * (store_compared).  What is appended before that waits unsigned and can still move.
 * Source: the design, sections 5 and 6. */
#ifndef PARLEY_SYNC_OWN_H
#define PARLEY_SYNC_OWN_H

#include "record/entry.h"
#include "sync/node.h"

/* OK where the channel is open and compared (or its counterparty is not known, so was never shown anything), and theirs
 * is held as far as one's own last entry saw it.  ERR_BUSY where it was not compared yet; ERR_FROZEN. */
enum error own_may_sign(const struct sync_node *n, const struct channel *c, struct diag *d) MUST_USE;

struct own_entry { /* what is to be said; the rest the node knows */
    const struct entry_blob *blobs;
    const struct bytes *contents; /* of the blobs, kept with the entry; NULL, or one without bytes: held already */
    size_t blob_count;
    const struct sha256 *erase;
    size_t erase_count;
    const struct entry_follows *follows; /* entry 0 of a successor */
    size_t follows_count;
};
/* Appends one entry, with the time, what is seen of theirs and the receipts not yet recorded.  Durable at OK, and to be
 * signed as it stands where that is allowed already.  ERR_MISSING for a blob that is not held, ERR_NO for an erasure of
 * what is no attachment of an earlier entry. */
enum error own_append(const struct sync_node *n, const struct channel *c, const struct own_entry *e, instant now,
                      uint64_t *index, struct diag *d) MUST_USE;
/* Signs the record as it stands, where it is not signed yet and that is allowed. */
enum error own_sign(const struct sync_node *n, const struct channel *c, struct diag *d) MUST_USE;
/* The same before one's own record is shown: where it may not be signed yet, what was signed before is shown. */
void own_sign_if_allowed(const struct sync_node *n, const struct channel *c);
/* Appends an entry without a blob, where there is need: to record the first receipt that covers an own entry with a
 * blob, or the first `seen` that covers a counterparty's entry with a blob.  So two nodes at rest fall silent. */
enum error own_settle(const struct sync_node *n, const struct channel *c, instant now, bool *appended,
                      struct diag *d) MUST_USE;

enum {
    STAMP_AHEAD_SECONDS =
        3600 /* so far a receipt may be dated beyond this clock: what clocks that are cared for differ by */
};

/* The log keys of one's own record: those of the card in force, and those that this node signs with: after a loss the
 * record has to come back first, and a store from before the key changed has not the card that names it. */
enum error own_log_keys(const struct sync_node *n, const struct channel *c, struct arena *a,
                        struct vkey out[static LOG_KEYS_MAX], size_t *count, struct diag *d) MUST_USE;

/* Verifies a cosignature line of the counterparty over the checkpoint of one's own record at that size, and keeps it.
 * `lines`: one or more note signature lines; those by unknown keys are passed over.  ERR_SIGNATURE where none holds, or
 * one is from the future: it would put off what was delivered. */
enum error own_take_receipt(const struct sync_node *n, const struct channel *c, uint64_t size, struct text lines,
                            instant now, struct diag *d) MUST_USE;

/* The same for a whole checkpoint of one's own record, with the cosignatures under it.  ERR_CONFLICT where this record
 * has another root at that size, ERR_MISSING where none was signed there. */
enum error own_take_cosigned(const struct sync_node *n, const struct channel *c, struct bytes note, instant now,
                             struct diag *d) MUST_USE;

/* How much of one's own record the counterparty is served: what is signed, or can be now, up to the terms' window
 * beyond its last receipt, and entries that erase beyond that. */
enum error own_served(const struct sync_node *n, const struct channel *c, struct arena *a, struct kept_checkpoint *out,
                      struct diag *d) MUST_USE;

/* The entries that are missing below a checkpoint that the counterparty shows, from where it keeps them. */
struct own_source {
    enum error (*entries)(void *state, uint64_t from, uint64_t to, struct arena *a, struct bytes **leaves,
                          struct diag *d);
    void *state;
};
/* Compares one's own record with the highest checkpoint of it that the counterparty shows (size 0: none; one that is
 * not by one's own log key counts as none); what it showed when this store was found behind stands, whatever it shows
 * later.  OK: compared; may sign.  Where this store is behind, it counts as restored (the channel's state says so,
 * ERR_FROZEN), unless the operator declared a failover and `from` (may be NULL) has all that is missing: then the
 * entries are recovered, and what was waiting unsigned is appended anew after them.  Where the operator declared that
 * it is restored, the entries are recovered, too, so that a successor can follow them, but nothing is signed any more,
 * and what was waiting is taken off. */
enum error own_compare(const struct sync_node *n, const struct channel *c, struct bytes shown,
                       const struct own_source *from, instant now, struct diag *d) MUST_USE;
/* The operator's word that a store found behind is a failover; holds until the next comparison succeeds.  ERR_FROZEN
 * where a contradiction is on record: then it is not to be opened again. */
enum error own_declare_failover(const struct sync_node *n, const struct channel *c, struct diag *d) MUST_USE;
/* Whether entries of one's own came back without all of their blobs, by the recovery after a failover. */
enum error own_note_lost(const struct sync_node *n, const struct channel *c, bool lost, struct diag *d) MUST_USE;
bool own_has_lost(const struct sync_node *n, const struct channel *c);
/* The operator's word that it came from a backup. */
enum error own_declare_restored(const struct sync_node *n, const struct channel *c, struct diag *d) MUST_USE;

/* The newest receipt by the counterparty itself: what a neutral mirror has receipted in its stead, it need not hold.
 * ERR_MISSING where there is none. */
enum error own_held_by_them(const struct sync_node *n, const struct channel *c, struct arena *a,
                            struct kept_receipt *out, struct diag *d) MUST_USE;

#endif
