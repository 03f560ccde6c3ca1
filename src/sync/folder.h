/* A record in a folder: what the wire is elsewhere, where there is none between two nodes.
 *
 *     checkpoint                 as its log signed it, with the cosignatures held for just that size
 *     tile/…, tile/entries/…     of a tree of that size (c2sp.org/tlog-tiles), partial ones, too
 *     blobs/<sha256>             what its entries name, as far as it is held
 *     vkeys                      a key a line: first that of the log, whose name is the origin; then those of mirrors
 *     shown                      of the writer's own record: the highest checkpoint it holds of the reader's; may be
 * empty receipt                    of the writer's own record: the one that it cosigned, with the cosignature
 *
 * What is read is as little trusted as what comes over the wire, and goes the same way: a checkpoint by a known log
 * key, entries under it, blobs; then it is durable, then cosigned.  The receipt goes back in the next folder that is
 * written. A folder without a checkpoint is a greeting: nothing is signed before the other side was heard, so two
 * records of which neither was ever signed begin with one.
 *
 * A folder says what was so when it was written.  Who restores a store from a backup must wait for one written after.
 * Errors, beyond those of mirror.h and own.h: ERR_PROOF for a folder that is damaged, with the file; ERR_CONFLICT for
 * one that is older than what is held. */
#ifndef PARLEY_SYNC_FOLDER_H
#define PARLEY_SYNC_FOLDER_H

#include "sync/exchange.h"
#include "tlog/checkpoint.h"

struct folder_report {
    uint64_t size;         /* entries written; 0: a greeting */
    uint64_t blobs;        /* that are in the folder */
    uint64_t blobs_absent; /* that entries name, nobody erased, and this store does not hold */
    uint64_t waiting;      /* entries of one's own record that are held back: not signed yet, or beyond the window */
};
/* Writes one's own record, or the mirror of theirs, into a folder: a new or empty one, or one with an earlier export of
 * that record, which is brought up to date.  The checkpoint is written last, when all else is durable.  ERR_CONFLICT
 * where the folder holds something else; ERR_MISSING for a mirror of which nothing is held. */
enum error folder_write(const struct sync_node *n, const struct channel *c, enum side side, const char *path,
                        struct folder_report *out, struct diag *d) MUST_USE;

struct folder {
    const char *path; /* must live as long */
    struct text origin;
    struct checkpoint at;
    struct bytes note; /* of size 0: a greeting */
    uint64_t from;     /* of a pack: tiles that lie wholly before this entry are not in it; set by the caller */
    bool of_reader;    /* it is the reader's own record, as the writer holds it; set by sync_folder */
    struct arena arena;
};
/* Says whose record a folder holds; nothing is verified yet.  The caller calls folder_close on OK. */
enum error folder_open(const char *path, struct folder *out, struct diag *d) MUST_USE;
void folder_close(struct folder *f);
/* A whole file of it, appended to `out`.  Only regular files: a folder may come from anywhere. */
enum error folder_file(const struct folder *f, const char *name, size_t max, struct buf *out, struct diag *d) MUST_USE;
/* That entries, tiles and the root of the checkpoint are of one tree: ERR_PROOF with the entry or the file that is not.
 * A folder that was damaged on its way must not look like a counterparty that contradicts itself.  A tile at a time. */
enum error folder_check(const struct folder *f, struct diag *d) MUST_USE;

/* Exchanges over one channel with a folder that the counterparty wrote: its own record, or its mirror of this node's.
 * Takes what is new, cosigns it, takes the receipt, and signs what was waiting. */
enum error sync_folder(const struct sync_node *n, int64_t channel, enum side side, struct folder *f, instant now,
                       struct sync_report *report, struct diag *d) MUST_USE;

/* A folder as the other side of an exchange: it answers what a node would, and is told nothing.  A file that should be
 * there and is not is an error with its name. */
struct remote folder_remote(struct folder *f);

#endif
