/* Dossiers: a portable extract of a channel that anybody can verify offline and that opens only what was chosen.
 *
 * A tar archive (base/tar.h: its bytes repeat) of these files, in this order:
 *
 *     dossier                           what follows, as text:
 *                                           parley dossier v1
 *                                           party <name>                            (two, bytewise order)
 *                                           record <channel> <origin> <size>        (of the first party, then the
 * other) open <sha256> <file key>                (by name; hex) records/<n>/checkpoint            of the n-th record:
 * signed by its log, with the receipts for it records/<n>/tile/entries/…        all of its entries, as
 * c2sp.org/tlog-tiles lays them out blobs/<sha256>                    cards, what else is signed and not sealed, and
 * what `open` names tails                             closed messages shown to be no card (tail.h), one a line:
 *                                           <sha256> <bytes before the tail> <state> <tail in Base 64>
 *
 * Entries tell neither kind, case nor department.  A file key opens its one blob and no other.  Every entry's first
 * blob that could be a card is here, or its end shows that it is none: so no card, no rotation can be left out.
 * Whatever is signed and not sealed (cards, a first proposal) is always here.
 * Ownership: what is read points into the archive's bytes and the arena.  Source: the design, section 5. */
#ifndef PARLEY_DOSSIER_DOSSIER_H
#define PARLEY_DOSSIER_DOSSIER_H

#include "base/map.h"
#include "base/tar.h"
#include "message/message.h"
#include "record/channel.h"
#include "record/verify.h"

enum {
    DOSSIER_RECORDS_MAX = 128,
    DOSSIER_OPENED_MAX = 1 << 20,
    DOSSIER_ENTRIES_MAX = 1 << 22, /* of all records */
    DOSSIER_ENTRIES_MAX_BYTES = 256 << 20,
};

struct dossier_record {
    struct text channel, origin;
    const struct bytes *leaves; /* oldest first */
    size_t count;
    struct bytes checkpoint; /* the signed note of exactly that size, with cosignature lines */
};

struct dossier_party {
    struct text party;
    const struct dossier_record *records; /* its record, then its successors */
    size_t count;
};

struct dossier_opened { /* a sealed blob, message or attachment, and what opens it */
    struct sha256 blob;
    uint8_t file_key[SEAL_FILE_KEY_SIZE];
};

/* ---- composing */

struct dossier_source {
    struct dossier_party parties[2]; /* in any order; leaves beyond the checkpoint's size are left out */
    const struct dossier_opened *opened;
    size_t opened_count;
    struct blob_source blobs;
    struct names
        witnesses; /* vkeys, each perhaps with a blank and an address: their lines under checkpoints come along */
};

/* ERR_MISSING where the first blob of an entry, or one that is to be opened, is not held; ERR_INPUT where a checkpoint
 * is of another record or of more entries than there are. */
enum error dossier_write(const struct dossier_source *from, struct tar_sink into, struct diag *d) MUST_USE;

/* ---- reading: the form alone; verify.h says what it proves */

struct dossier {
    struct dossier_party parties[2];
    const struct dossier_opened *opened; /* by name */
    size_t opened_count;
    struct map blobs; /* hex SHA-256 to struct bytes, hashed and found true */
    struct map tails; /* hex SHA-256 to struct tail, likewise */
};

/* ERR_INPUT with the file's name and line where the form is not as above or a blob is not what its name says. */
enum error dossier_read(struct bytes whole, struct arena *a, struct dossier *out, struct diag *d) MUST_USE;
/* The blobs of a dossier, for channel_verify. */
struct blob_source dossier_blobs(const struct dossier *of);

#endif
