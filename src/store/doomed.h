/* Within store/: files of blobs, and those that are to be removed once the transaction that says so stands. */
#ifndef PARLEY_STORE_DOOMED_H
#define PARLEY_STORE_DOOMED_H

#include "base/os.h"
#include "store/store.h"

/* <folder>/blobs/<aa>/<sha256>, with ".<channel>.part" while it is coming (channel 0: the whole). */
const char *blob_path(const struct store *s, struct sha256 sha, int64_t channel, char out[static OS_PATH_MAX]);
/* Notes that a file is to go when the transaction is committed. */
enum error store_doom(struct store *s, const char *path, struct diag *d) MUST_USE;
/* Removes the files noted. */
enum error store_remove_doomed(struct store *s, struct diag *d) MUST_USE;

#endif
