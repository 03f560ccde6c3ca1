/* From bytes to leaves: both records of a channel, verified.
 *
 * In come the raw leaves of both records, as a store, a pack or a dossier holds them, and the blobs, of which only
 * cards are read.  Out comes what the rules judge: record/leaf.h.  The desk, the dossier and fsck stand on this alike.
 * Proved after it: each `seen`, `follows` and receipt against the tree of the record that it speaks of; each
 * cosignature by a mirror key of a card of the counterparty; each card by the root that is accepted for its record; the
 * length of each entry's first blob.  What fails is not refused but marked, for a counterparty's entry is in its tree
 * whatever it says.  Source: the design, sections 5 and 5.1.
 *
 * Malformed is what entry_read refuses, an entry 0 that spells another channel than its record's, and a later entry
 * with a `channel` or a `follows` line.
 * Limits: linear in the bytes, and in receipts times the mirror keys of one name and id.  Ownership: the result lives
 * in the arena and points into the raw leaves, which must live as long. */
#ifndef PARLEY_RECORD_VERIFY_H
#define PARLEY_RECORD_VERIFY_H

#include "record/entry.h"
#include "record/leaf.h"
#include "tlog/tree.h"

struct raw_record {
    struct text channel, origin;
    struct text root;           /* the vkey that people accepted for this record; empty: no card of it is verified */
    const struct bytes *leaves; /* oldest first */
    size_t count;
};

struct raw_party {
    struct text party;
    const struct raw_record *records; /* its record, then its successors */
    size_t count;
};

/* Where blobs come from. */
struct blob_source {
    /* The size of a blob as it is held, and its first `max` bytes (fewer where it is shorter; a view, or in `a`).
     * ERR_MISSING where it is not held; any other error ends the verification. */
    enum error (*front)(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                        uint64_t *size, struct diag *d);
    void *state;
};

/* What is known of a record whose leaves are given in part, to go on where an earlier verification ended. */
struct record_before {
    uint64_t from;           /* the index of the first leaf given */
    struct tree_reader tree; /* of the whole record, these leaves in it */
    uint64_t size;           /* of that tree */
};
struct channel_before {
    const struct record_before *records[2]; /* one a record */
    const struct card *const *cards[2];     /* good ones from before the leaves given */
    size_t card_count[2];
};

struct raw_channel {
    struct raw_party parties[2];
    struct blob_source blobs;
    const struct channel_before *before; /* NULL: all leaves are given */
};

struct verified_record {
    const struct entry *entries; /* one a leaf given; all zero where that is malformed */
    struct sha256 root;          /* of all leaves */
};

struct verified_channel {
    struct channel_view view; /* for channel_judge and matter_fold, where the raw leaves were all of them */
    const struct verified_record *records[2];
};

enum error channel_verify(const struct raw_channel *raw, struct arena *a, struct verified_channel *out,
                          struct diag *d) MUST_USE;

/* Whether a blob that begins so is a card, good or bad, and no message. */
bool blob_is_card(struct bytes front);

#endif
