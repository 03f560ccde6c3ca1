/* Within store/: growing a record, and what is kept beside its leaves. */
#ifndef PARLEY_STORE_LEAF_H
#define PARLEY_STORE_LEAF_H

#include "store/store.h"

/* What adding to a record needs to know of it, looked up once a run. */
struct leaf_run {
    struct store *store;
    int64_t record;
    enum side side;
    uint64_t size;    /* entries, as the row of the record says */
    struct text name; /* in the arena */
};
enum error leaf_look(struct store *s, int64_t record, struct arena *a, struct leaf_run *out, struct diag *d) MUST_USE;
/* Keeps beside leaves, of which those before `from` are noted already, the hashes that they complete, and what their
 * entries name.  `hashes` are those of the leaves; NULL: they are to be made. */
enum error leaf_note(const struct leaf_run *r, uint64_t from, const struct bytes *leaves, const struct sha256 *hashes,
                     size_t count, struct diag *d) MUST_USE;

#endif
