/* Recomputing what a store keeps from its bytes: entries, the hashes over them, roots, what entries name, blobs.
 *
 * Each fault is told by itself, with what is at fault and no more: where the bytes of an entry changed, the hashes over
 * it that still stand are no faults of their own.  Which of two that contradict each other is at fault is decided by a
 * third: the hash above them, or a root that was signed.
 * Signatures are checked in sync/fsck.h, which knows whose keys count. */
#ifndef PARLEY_STORE_FSCK_H
#define PARLEY_STORE_FSCK_H

#include "store/store.h"

/*        kind              word            what would mend it: in one's own record, in theirs */
#define FAULT_LIST(X)                                                                                                  \
    X(FAULT_DATABASE, "database",                                                                                      \
      N_("copy what can be read, and restore the newest backup; this store counts as restored then"), NULL)            \
    X(FAULT_ENTRY, "entry", N_("the counterparty holds it: it can be fetched from its mirror"),                        \
      N_("the counterparty holds it: it can be fetched from its record"))                                              \
    X(FAULT_MALFORMED, "malformed", N_("nothing: it is in the record for good; what it was to say must be said anew"), \
      NULL)                                                                                                            \
    X(FAULT_HASH, "hash", N_("it can be computed again from the entries"), NULL)                                       \
    X(FAULT_INDEX, "index", N_("it can be written again from the entries"), NULL)                                      \
    X(FAULT_ROOT, "root",                                                                                              \
      N_("nothing may be signed: compare with the counterparty's mirror, and open a successor where it differs"),      \
      N_("compare with the counterparty's record"))                                                                    \
    X(FAULT_CHECKPOINT, "checkpoint", N_("it can be signed again, as its root stands"),                                \
      N_("the counterparty serves it again at the next exchange"))                                                     \
    X(FAULT_RECEIPT, "receipt", N_("the counterparty gives it again at the next exchange"),                            \
      N_("it can be cosigned again, as all is held"))                                                                  \
    X(FAULT_CARD, "card", N_("it can be taken again from its entry"), NULL)                                            \
    X(FAULT_BLOB, "blob",                                                                                              \
      N_("the counterparty may hold it: it can be fetched from its mirror; or put it there again from a backup"),      \
      N_("the counterparty holds it, unless it was erased: it can be fetched from there"))                             \
    X(FAULT_SEEN, "seen",                                                                                              \
      N_("nothing, where the entry stands so in the record; what of theirs was lost comes back from their record"),    \
      NULL)                                                                                                            \
    X(FAULT_STATE, "state", N_("people look at what was found: nothing should be exchanged until then"), NULL)         \
    X(FAULT_DESK, "desk", N_("it can be made anew from the records"), NULL)                                            \
    X(FAULT_LOST, "lost",                                                                                              \
      N_("what the counterparties hold comes back by `parley fsck --repair`; the channel goes on in a successor"),     \
      NULL)

enum fault_kind {
#define X(kind, word, own, theirs) kind,
    FAULT_LIST(X)
#undef X
        FAULT_COUNT
};
const char *fault_word(enum fault_kind k);
/* Untranslated. */
const char *fault_mend(enum fault_kind k, enum side side);

/* What a fault is of, for who mends it. */
struct fault_place {
    uint64_t number;         /* of an entry; the size, of a checkpoint or a receipt */
    enum checkpoint_kind of; /* of a checkpoint */
    struct sha256 sha;       /* of a blob */
    struct text line;        /* of a receipt */
};

struct fault {
    enum fault_kind kind;
    enum side side;    /* whose record, or from whom the blob came */
    struct text where; /* the record; empty: the database */
    struct text what;
    struct fault_place place; /* all zero where there is none */
};

struct fsck { /* what was checked, and where faults go */
    void (*tell)(void *state, const struct fault *f);
    void *state;
    struct fault_place place; /* of the fault that is told next */
    uint64_t records, entries, hashes, checkpoints, receipts, blobs, blob_bytes, faults;
};

void fsck_tell(struct fsck *f, enum fault_kind kind, enum side side, struct text where, const char *format, ...)
    FORMAT(5, 6);

/* Everything after it is read from one state of the store, while others go on to write.  Ends with store_close. */
enum error fsck_begin(struct store *s, struct diag *d) MUST_USE;
/* The database's own check of its form. */
enum error fsck_database(struct store *s, struct fsck *f, struct diag *d) MUST_USE;
/* Fills right[side] with the tree as it should be, by the entries or by what stands above them; the caller frees both.
 * The counterparty's record goes first: what one's own entries have seen of it is compared with its tree. */
enum error fsck_record(struct store *s, const struct channel *c, enum side side, struct tree right[static 2],
                       struct fsck *f, struct diag *d) MUST_USE;
/* The blobs held of a channel against their names, and whether all that entries name are held: of one's own record all,
 * of theirs what was cosigned. */
enum error fsck_blobs(struct store *s, const struct channel *c, struct fsck *f, struct diag *d) MUST_USE;

/* Whether what was found of a counterparty that contradicts itself has kept the channel from being exchanged. */
enum error fsck_state(struct store *s, const struct channel *c, struct fsck *f, struct diag *d) MUST_USE;

/* Lists, for who checks signatures.  In the arena. */
struct any_checkpoint {
    enum checkpoint_kind kind;
    struct kept_checkpoint at;
};
enum error fsck_checkpoints(struct store *s, int64_t record, struct arena *a, struct any_checkpoint **out,
                            size_t *count, struct diag *d) MUST_USE;
enum error fsck_receipts(struct store *s, int64_t record, struct arena *a, struct kept_receipt **out, size_t *count,
                         struct diag *d) MUST_USE;
enum error fsck_cards(struct store *s, int64_t record, struct arena *a, struct kept_card **out, size_t *count,
                      struct diag *d) MUST_USE;

#endif
