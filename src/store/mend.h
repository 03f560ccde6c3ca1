/* Mending what a store keeps: for who knows, by what was signed, how it should be (sync/mend.h).
 *
 * Nothing is judged here.  Each verb is one transaction, or part of the caller's. */
#ifndef PARLEY_STORE_MEND_H
#define PARLEY_STORE_MEND_H

#include "store/store.h"

/* Puts the bytes of an entry in the place of others, or where there are none; what is kept beside it stays. */
enum error store_mend_leaf(struct store *s, int64_t record, uint64_t index, struct bytes leaf, struct diag *d) MUST_USE;
/* Makes anew, from the entries, all that is kept beside them: hashes, what entries name and erase, which receipts they
 * hold, and counts.  ERR_MISSING where an entry is. */
enum error store_mend_beside(struct store *s, int64_t record, struct diag *d) MUST_USE;
/* Has SQLite make its own indexes anew. */
enum error store_mend_database(struct store *s, struct diag *d) MUST_USE;

/* Forget one thing that is not what it should be. */
enum error store_forget_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind, uint64_t size,
                                   struct diag *d) MUST_USE;
enum error store_forget_receipt(struct store *s, int64_t record, uint64_t size, struct text line,
                                struct diag *d) MUST_USE;
enum error store_forget_cards(struct store *s, int64_t record, struct diag *d) MUST_USE;
/* Whether an entry of either record of the channel names a blob. */
enum error store_is_named(struct store *s, int64_t channel, struct sha256 sha, bool *out, struct diag *d) MUST_USE;
/* Counts a blob as not held.  A file of it stays where it is until the right bytes take its place. */
enum error store_forget_blob(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) MUST_USE;

#endif
