/* Mending what fsck found of a channel: by what is here, and by what the counterparty gives back.
 *
 * Nothing is invented.  An entry that comes back counts once the root follows from it that was signed, of one's own
 * record by one's own log key, of theirs by theirs: all of a record is put right in one transaction, or nothing is.  A
 * blob that comes back must hash to its name.  What is derived (hashes, lists beside entries, cards in force) is made
 * anew from entries and blobs.  What can't be verified stays as it is, and stays a fault. */
#ifndef PARLEY_SYNC_MEND_H
#define PARLEY_SYNC_MEND_H

#include "store/fsck.h"
#include "sync/node.h"
#include "sync/request.h"

struct mending {
    const struct sync_node *node;
    int64_t channel;
    struct remote *remote; /* whoever holds the records too: the counterparty, or a folder; NULL: nobody can be asked */
    instant now;
};
/* `faults`: of this channel and others, as fsck_channel told them.  What could not be mended is left, and `trouble`
 * says why of the first (empty: nothing was in the way).  An error is one of this store. */
enum error mend_channel(const struct mending *m, const struct fault *faults, size_t count, struct diag *trouble,
                        struct diag *d) MUST_USE;

#endif
