/* Two folders that hold one record (sync/folder.h), and where their histories part. */
#ifndef PARLEY_SYNC_FOLDER_PART_H
#define PARLEY_SYNC_FOLDER_PART_H

#include "tlog/checkpoint.h"
#include "tlog/parting.h"

struct folder_parting {
    struct signed_checkpoint of[2]; /* of the first and of the second folder */
    struct parting at;
    struct bytes entries[2]; /* the first that differs, in each; size 0 where the folder holds no such bundle */
    struct text proof;       /* an equivocation proof where one key signed both and they part; empty: none */
};
/* `logs`: the keys of that log.  Each folder's hashes are held against its signed checkpoint, as far as they are read:
 * ERR_PROOF for one that is damaged, ERR_SIGNATURE for one that none of the keys signed, ERR_INPUT for two records. */
enum error folder_part(const char *const paths[static 2], const struct vkey *logs, size_t count, struct arena *a,
                       struct folder_parting *out, struct diag *d) MUST_USE;

#endif
