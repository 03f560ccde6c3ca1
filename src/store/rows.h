/* Within store/: how entries, and the hashes over them, lie in rows.
 *
 * The entries of a whole block of TILE_WIDTH are one row, as in a bundle of tlog-tiles, where that is not too large;
 * all others are one each.  So are, as in a tile, TILE_WIDTH hashes of a level that is a multiple of TILE_HEIGHT; those
 * of the levels between follow from them.  Of what fills no tile yet each hash of each level is a row, which is all
 * that the next entry and the root need.  Nobody but these verbs and fsck knows. All of them need the store locked;
 * those that write, a transaction. */
#ifndef PARLEY_STORE_ROWS_H
#define PARLEY_STORE_ROWS_H

#include "store/sql.h"
#include "tlog/tile.h"

enum { STORE_BUNDLE_MAX = 1 << 18 /* bytes of entries that are one row */ };

/* ---- entries */

/* In order, from one on.  `at` lasts until the next; a bundle that is cut off ends early. */
struct entry_rows {
    struct query query;
    struct bytes bundle;
    uint64_t from, place; /* of the next one, if it stands in the bundle */
    bool bundled;
    uint64_t odd; /* bundles that hold no or more than TILE_WIDTH entries */
};
enum error entry_rows_start(struct store *s, struct entry_rows *w, int64_t record, uint64_t from,
                            struct diag *d) MUST_USE;
/* At the end, and on failure, it is over. */
enum error entry_rows_next(struct entry_rows *w, bool *more, uint64_t *place, struct bytes *at,
                           struct diag *d) MUST_USE;
void entry_rows_stop(struct entry_rows *w); /* where not all were asked for */

/* The bundle that begins at a place, as it is kept; ERR_MISSING where the block stands in rows. */
enum error entry_rows_bundle(struct store *s, int64_t record, uint64_t place, struct buf *out, struct diag *d) MUST_USE;

/* Leaves that lie in one block. */
enum error entry_rows_add(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves, size_t count,
                          struct diag *d) MUST_USE;
/* Takes apart the bundle that an entry stands in, if it does. */
enum error entry_rows_open(struct store *s, int64_t record, uint64_t place, struct diag *d) MUST_USE;
/* Takes apart bundles that do not hold what they should, and bundles blocks that stand in rows. */
enum error entry_rows_settle(struct store *s, int64_t record, struct diag *d) MUST_USE;
enum error entry_rows_cut(struct store *s, int64_t record, uint64_t size, struct diag *d) MUST_USE;

/* ---- hashes */

enum error hash_row(struct store *s, int64_t record, unsigned level, uint64_t place, struct sha256 *out,
                    struct diag *d) MUST_USE;
/* ERR_MISSING where there is none. */
enum error hash_tile(struct store *s, int64_t record, unsigned level, uint64_t place, struct sha256 out[TILE_WIDTH],
                     struct diag *d) MUST_USE;
/* Of leaves that lie in one block, and of all subtrees that they complete. */
enum error hash_rows_add(struct store *s, int64_t record, uint64_t from, const struct sha256 *hashes, size_t count,
                         struct diag *d) MUST_USE;
enum error hash_rows_cut(struct store *s, int64_t record, uint64_t size, struct diag *d) MUST_USE;
/* Makes tiles of hashes that stand one a row though they fill one. */
enum error hash_rows_settle(struct store *s, int64_t record, struct diag *d) MUST_USE;

#endif
