/* The store: what a node keeps, and how: channels, both records of each, checkpoints, receipts, blobs.
 *
 * One SQLite file, <folder>/parley.db (WAL, synchronous=FULL, foreign keys), and <folder>/blobs/<aa>/<sha256> for blobs
 * of STORE_INLINE_MAX bytes and more.  Without a folder all is kept in memory, blobs too.  Of records whole blocks of
 * TILE_WIDTH entries, and of hashes, are a row each (rows.h).
 *
 * Transactions: a verb is one by itself.  Between store_begin and store_end all verbs are one, and other threads wait.
 * What store_end has returned OK for survives a killed process and a lost power supply; larger blobs are durable before
 * the row that names them.  Never hold a transaction over a call to the network.
 * Ownership: views that a verb returns live in the arena it is given.
 * Errors: ERR_MISSING for what is not there, ERR_CONFLICT for what contradicts something kept, ERR_FULL, ERR_IO.
 * Thread-safe. */
#ifndef PARLEY_STORE_STORE_H
#define PARLEY_STORE_STORE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/instant.h"
#include "party/card.h"
#include "record/channel.h"
#include "tlog/tree.h"

enum {
    STORE_INLINE_MAX = 65536,         /* bytes: blobs below it stand in the database */
    STORE_DRAFTS_MAX = 4096,          /* parts of drafts, */
    STORE_DRAFTS_BYTES_MAX = 1 << 30, /* and their bytes */
    STORE_VERSION = 2,                /* of the tables; user_version */
};

struct store;
struct store_options {
    const char *folder; /* that exists; NULL: in memory */
    const char *vfs;    /* name of an SQLite VFS; NULL: the default */
};
/* Makes the tables where there are none, and of an earlier version's those of this one; ERR_INPUT where they are of a
 * later version. */
enum error store_open(const struct store_options *o, struct store **out, struct diag *d) MUST_USE;
void store_close(struct store *s); /* NULL is fine */

/* May be nested: the outermost pair counts. */
enum error store_begin(struct store *s, struct diag *d) MUST_USE;
/* Commits where `result` is OK, else takes all back; returns `result`, or why it could not commit. */
enum error store_end(struct store *s, enum error result, struct diag *d) MUST_USE;

/* A number that is another one from each commit on.  What was read after a first look at it is still so at a second
 * look that gives the same number; that needs no lock.  (It changes under the lock just before the commit counts, so
 * who finds the new number finds the new state.) */
uint64_t store_generation(struct store *s);

/* ---- channels */

enum side { SIDE_OWN, SIDE_THEIRS };

enum channel_state {
    CHANNEL_OFFERED,  /* a one-sided start: their invitation is not known */
    CHANNEL_OPEN,     /* both are known */
    CHANNEL_FROZEN,   /* a contradiction: nothing is appended, signed or taken; what is there can be read */
    CHANNEL_RESTORED, /* this store is behind what the counterparty was shown: nothing is signed */
    CHANNEL_FOLLOWED, /* a successor took its place */
    CHANNEL_MIRRORED, /* of a neutral mirror: `party` is the one whose record is held, `own_party` the one in whose
                         stead */
};
const char *channel_state_word(enum channel_state s); /* "offered", "open", …; untranslated */

struct channel_limits {       /* of what the counterparty may leave here; UINT64_MAX: no limit */
    uint64_t blob_bytes_max;  /* one blob */
    uint64_t total_bytes_max; /* all blobs of the channel that came from them */
    uint64_t window_entries;  /* of one's own record, served beyond their last receipt */
};
#define CHANNEL_LIMITS_DEFAULT                                                                                         \
    (struct channel_limits) { (uint64_t)256 << 20, (uint64_t)16 << 30, UINT64_MAX }

struct channel_record {
    int64_t id;               /* 0: not known yet */
    struct text name, origin; /* empty: not known yet */
    struct text hash;         /* hex SHA-256 of the origin */
    struct text root;         /* vkey of the party whose record it is; empty: not known */
    uint8_t secret[CHANNEL_SECRET_SIZE];
};

struct channel {
    int64_t id;
    struct text own_party, party;
    uint64_t number;
    bool drill;
    struct channel_record of[2]; /* by side */
    struct bytes invited_card;   /* theirs, signed, from their invitation; size 0: none */
    enum channel_state state;
    struct text why;                /* for people */
    instant contacted_at, tried_at; /* INSTANT_NONE: never */
    struct text trouble;            /* of the last attempt; empty: none */
    struct channel_limits limits;
};

/* Adds a channel with one's own record, and theirs where its origin is given.  ERR_CONFLICT where the channel or an
 * origin is there already. */
enum error store_add_channel(struct store *s, const struct channel *c, int64_t *id, struct diag *d) MUST_USE;
/* Adds their record, root and invited card to an offered channel, which is open then. */
enum error store_complete_channel(struct store *s, int64_t id, const struct channel_record *theirs,
                                  struct bytes invited_card, struct diag *d) MUST_USE;
/* Puts another origin, secret and invited card of theirs in the place of what an earlier invitation said.  ERR_CONFLICT
 * where anything of their record is held: then it is the record. */
enum error store_renew_channel(struct store *s, int64_t id, const struct channel_record *theirs,
                               struct bytes invited_card, struct diag *d) MUST_USE;
/* By party, drill, number. */
enum error store_channels(struct store *s, struct arena *a, struct channel **out, size_t *count,
                          struct diag *d) MUST_USE;
/* Those with one party. */
enum error store_channels_with(struct store *s, struct text party, struct arena *a, struct channel **out, size_t *count,
                               struct diag *d) MUST_USE;
enum error store_channel(struct store *s, int64_t id, struct arena *a, struct channel *out, struct diag *d) MUST_USE;
/* By an origin, or by the hex SHA-256 of one: the channel, and whose record that is (`side` may be NULL). */
enum error store_find_channel(struct store *s, struct text origin_or_hash, struct arena *a, struct channel *out,
                              enum side *side, struct diag *d) MUST_USE;
/* In the place of the card that an invitation carried. */
enum error store_set_invited_card(struct store *s, int64_t id, struct bytes card, struct diag *d) MUST_USE;
enum error store_set_state(struct store *s, int64_t channel, enum channel_state state, struct text why,
                           struct diag *d) MUST_USE;
/* An attempt to exchange: `trouble` empty means that it came to its end. */
enum error store_set_contact(struct store *s, int64_t channel, instant now, struct text trouble,
                             struct diag *d) MUST_USE;
enum error store_set_limits(struct store *s, int64_t channel, const struct channel_limits *limits,
                            struct diag *d) MUST_USE;
/* What no channel's limits exceed from now on, as channels are read; 0: no cap.  Not durable: it is the node's, not the
 * channel's. */
void store_set_caps(struct store *s, uint64_t blob_bytes, uint64_t total_bytes);
/* Whether, since this store was opened, one's own record was compared with what the counterparty was shown.  Not
 * durable, on purpose: a start is a start. */
bool store_compared(struct store *s, int64_t channel);
void store_set_compared(struct store *s, int64_t channel, bool compared);

/* ---- records: `record` is channel.of[side].id */

enum error store_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) MUST_USE;
/* Adds leaves from `from` on, which is at most the size of the record.  Those that are there already must be equal:
 * else ERR_CONFLICT.  What their entries say of blobs, erasures and receipts is noted beside them; a malformed entry
 * says nothing. */
enum error store_add_leaves(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves, size_t count,
                            struct diag *d) MUST_USE;
/* The same where the hashes of the leaves are known: they are taken as they are. */
enum error store_add_hashed_leaves(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves,
                                   const struct sha256 *hashes, size_t count, struct diag *d) MUST_USE;
/* The same of one. */
enum error store_add_leaf(struct store *s, int64_t record, uint64_t index, struct bytes leaf, struct diag *d) MUST_USE;
/* Up to `count` leaves from `from`, fewer at the end and before one that is missing, and no more than `max_bytes` but
 * one. */
enum error store_leaves(struct store *s, int64_t record, uint64_t from, uint64_t count, uint64_t max_bytes,
                        struct arena *a, struct bytes **leaves, size_t *got, struct diag *d) MUST_USE;
/* The first `width` leaves of a block of TILE_WIDTH, as a bundle of tlog-tiles; ERR_MISSING where one
 * is. */
enum error store_bundle(struct store *s, int64_t record, uint64_t block, unsigned width, struct buf *out,
                        struct diag *d) MUST_USE;
/* Takes off all leaves from `size` on: a tail that was never signed (ERR_CONFLICT where it was). */
enum error store_cut_leaves(struct store *s, int64_t record, uint64_t size, struct diag *d) MUST_USE;

/* Hashes of complete subtrees of 2^level entries each, in a row: as many as were asked for, or ERR_MISSING. */
enum error store_hashes(struct store *s, int64_t record, unsigned level, uint64_t from, uint64_t count, struct buf *out,
                        struct diag *d) MUST_USE;

struct store_tree { /* a reader over a record's complete subtrees; the store must outlive it */
    struct store *store;
    int64_t record;
};
struct tree_reader store_tree_reader(struct store_tree *t);
/* ERR_MISSING where the record is shorter. */
enum error store_root(struct store *s, int64_t record, uint64_t size, struct sha256 *root, struct diag *d) MUST_USE;

/* The size up to and including the last entry below `size` that carries a blob; 0: none does. */
enum error store_size_with_blob(struct store *s, int64_t record, uint64_t size, uint64_t *out, struct diag *d) MUST_USE;
/* The index of the first entry from `from` on that carries a blob; UINT64_MAX: none does. */
enum error store_next_with_blob(struct store *s, int64_t record, uint64_t from, uint64_t *out, struct diag *d) MUST_USE;
/* As store_size_with_blob, for entries that erase. */
enum error store_size_with_erase(struct store *s, int64_t record, uint64_t size, uint64_t *out,
                                 struct diag *d) MUST_USE;

struct wanted_blob {
    uint64_t index; /* of the entry that carries it */
    struct sha256 sha;
    uint64_t size; /* by the entry's word */
};
/* Blobs of the entries [from, to) that are not held, without those that an entry below `to` truly erases. */
enum error store_missing_blobs(struct store *s, int64_t record, uint64_t from, uint64_t to, struct arena *a,
                               struct wanted_blob **out, size_t *count, struct diag *d) MUST_USE;
/* The same of the entries [from, end), again without those that an entry below `to` erases. */
enum error store_missing_some_blobs(struct store *s, int64_t record, uint64_t from, uint64_t end, uint64_t to,
                                    struct arena *a, struct wanted_blob **out, size_t *count, struct diag *d) MUST_USE;
/* All blobs that the entries [from, to) name, in order, without those erased below `to`. */
enum error store_named_blobs(struct store *s, int64_t record, uint64_t from, uint64_t to, struct arena *a,
                             struct wanted_blob **out, size_t *count, struct diag *d) MUST_USE;
/* Blobs that are held though entries of the record truly erase them, each once, where no entry of either record names
 * them still: what retention may drop. */
enum error store_erased_blobs(struct store *s, int64_t record, struct arena *a, struct wanted_blob **out, size_t *count,
                              struct diag *d) MUST_USE;
/* Whether an entry below `to` names the blob as an attachment: what one may erase. */
enum error store_is_attachment(struct store *s, int64_t record, struct sha256 sha, uint64_t to, bool *out,
                               struct diag *d) MUST_USE;

/* ---- checkpoints */

/* Notes durably that this root stands at this size before it is signed.  ERR_CONFLICT where another does: our own rule
 * is broken, nothing may be signed. */
enum error store_intend(struct store *s, int64_t record, uint64_t size, struct sha256 root, struct diag *d) MUST_USE;
/* The largest size intended; 0: none. */
enum error store_intended_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) MUST_USE;

enum checkpoint_kind {
    CHECKPOINT_SIGNED,   /* of one's own record: made here */
    CHECKPOINT_PENDING,  /* of theirs: verified and consistent, entries may be missing */
    CHECKPOINT_MIRROR,   /* of theirs: all is held; cosigned */
    CHECKPOINT_SHOWN,    /* of one's own record: what the counterparty showed to have seen */
    CHECKPOINT_COSIGNED, /* of either: with the cosignatures of witnesses for just that size */
};
struct kept_checkpoint {
    uint64_t size;
    struct sha256 root;
    struct bytes note; /* as signed by the log */
};
/* Keeps it once for each size (of pending ones, only those above the mirror checkpoint stay). */
enum error store_put_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind,
                                const struct kept_checkpoint *c, struct diag *d) MUST_USE;
enum checkpoint_pick { PICK_NEWEST, PICK_AT, PICK_AT_LEAST, PICK_AT_MOST };
enum error store_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind, enum checkpoint_pick pick,
                            uint64_t size, struct arena *a, struct kept_checkpoint *out, struct diag *d) MUST_USE;
/* The size of the newest of that kind; 0: none. */
enum error store_checkpoint_size(struct store *s, int64_t record, enum checkpoint_kind kind, uint64_t *size,
                                 struct diag *d) MUST_USE;

/* ---- receipts: cosignatures on one's own record that came, and those on theirs that were made */

struct kept_receipt {
    uint64_t size;
    struct sha256 root;
    struct text line; /* from its em dash, without LF */
    instant stamp;
    bool recorded; /* an entry of the record holds it */
};
enum error store_put_receipt(struct store *s, int64_t record, const struct kept_receipt *r, struct diag *d) MUST_USE;
/* The one with the largest size; ERR_MISSING where there is none. */
enum error store_newest_receipt(struct store *s, int64_t record, struct arena *a, struct kept_receipt *out,
                                struct diag *d) MUST_USE;
/* The same among those by keys of that name. */
enum error store_newest_receipt_by(struct store *s, int64_t record, struct text name, struct arena *a,
                                   struct kept_receipt *out, struct diag *d) MUST_USE;
/* The smallest that covers `size` entries. */
enum error store_receipt_covering(struct store *s, int64_t record, uint64_t size, struct arena *a,
                                  struct kept_receipt *out, struct diag *d) MUST_USE;
/* The largest size of those that an entry holds; 0: none. */
enum error store_recorded_size(struct store *s, int64_t record, uint64_t *size, struct diag *d) MUST_USE;
/* All lines for just that size. */
enum error store_receipts_at(struct store *s, int64_t record, uint64_t size, struct arena *a, struct names *lines,
                             struct diag *d) MUST_USE;

/* ---- blobs, one set a channel */

enum blob_state { BLOB_ABSENT, BLOB_PARTIAL, BLOB_HELD, BLOB_ERASED };
struct blob_about {
    enum blob_state state;
    uint64_t size; /* of the whole */
    uint64_t have; /* bytes held from the front */
};
enum error store_blob_about(struct store *s, int64_t channel, struct sha256 sha, struct blob_about *out,
                            struct diag *d) MUST_USE;
/* Appends up to `max` bytes from `offset`; ERR_MISSING unless held. */
enum error store_get_blob(struct store *s, int64_t channel, struct sha256 sha, uint64_t offset, uint64_t max,
                          struct buf *out, struct diag *d) MUST_USE;
/* A whole blob; its name is the hash of its bytes.  Held again where it was erased by nobody but held before. */
enum error store_put_blob(struct store *s, int64_t channel, enum side from, struct bytes blob, struct sha256 *sha,
                          struct diag *d) MUST_USE;
/* The next part of a blob of `size` bytes.  ERR_CONFLICT where `offset` is not what is held so far (or `size` is not
 * that of the first part), ERR_PROOF where the whole does not hash to its name: then all of it is dropped. */
enum error store_put_blob_part(struct store *s, int64_t channel, enum side from, struct sha256 sha, uint64_t offset,
                               uint64_t size, struct bytes part, struct diag *d) MUST_USE;
/* The same, of what that side may put in all: ERR_LIMIT where `room` bytes are not enough for it, and nothing is put.
 */
enum error store_put_blob_part_within(struct store *s, int64_t channel, enum side from, uint64_t room,
                                      struct sha256 sha, uint64_t offset, uint64_t size, struct bytes part,
                                      struct diag *d) MUST_USE;
/* Drops a blob of one's own, whole or in parts, that no entry names: what was to be said and was not.  One that is
 * named, and one that is not there, is left as it is. */
enum error store_drop_unnamed(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) MUST_USE;
/* All of them: what was left by processes that died while they spoke.  Not while somebody speaks.  None any more once
 * an entry turns out to name one: then it is what stands beside the entries that is damaged. */
enum error store_drop_all_unnamed(struct store *s, struct diag *d) MUST_USE;
/* Deletes the bytes and leaves a mark. */
enum error store_erase_blob(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) MUST_USE;
/* Bytes that came from one side: its entries, and blobs held or begun. */
enum error store_bytes_from(struct store *s, int64_t channel, enum side from, uint64_t *bytes, struct diag *d) MUST_USE;

/* Whether a card of just these bytes was found well signed since this store was opened: each request asks for cards,
 * and a signature takes longer to verify than all else of it.  Forgets. */
bool store_knows_card(struct store *s, struct sha256 note);
void store_know_card(struct store *s, struct sha256 note);

/* ---- cards that took effect */

struct kept_card {
    uint64_t index; /* of the entry */
    uint64_t serial;
    struct bytes note;
};
enum error store_put_card(struct store *s, int64_t record, const struct kept_card *c, struct diag *d) MUST_USE;
/* The last one below entry `before`. */
enum error store_card(struct store *s, int64_t record, uint64_t before, struct arena *a, struct kept_card *out,
                      struct diag *d) MUST_USE;
/* A card that came before its entry, by whose log line the first checkpoint can be verified: the last one put. */
enum error store_put_early_card(struct store *s, int64_t record, struct bytes note, struct diag *d) MUST_USE;
enum error store_early_card(struct store *s, int64_t record, struct arena *a, struct bytes *note,
                            struct diag *d) MUST_USE;

/* ---- contradictions, drafts, settings */

struct kept_contradiction {
    bool proves; /* an equivocation proof that verifies */
    instant found_at;
    struct text text;
};
enum error store_put_contradiction(struct store *s, int64_t record, const struct kept_contradiction *c,
                                   struct diag *d) MUST_USE;
enum error store_contradictions(struct store *s, int64_t record, struct arena *a, struct kept_contradiction **out,
                                size_t *count, struct diag *d) MUST_USE;

enum error store_drafts(struct store *s, struct arena *a, struct names *out, struct diag *d) MUST_USE;
enum error store_draft(struct store *s, struct text name, struct buf *out, struct diag *d) MUST_USE;
enum error store_put_draft(struct store *s, struct text name, struct bytes content, struct diag *d) MUST_USE;

enum error store_meta(struct store *s, const char *name, struct buf *out, struct diag *d) MUST_USE;
enum error store_set_meta(struct store *s, const char *name, struct bytes value, struct diag *d) MUST_USE;

#endif
