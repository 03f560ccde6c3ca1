/* Within desk/: the tree of a record as an index keeps it, in tiles of 256 hashes of each eighth level.
 *
 * By it an index tells that the record still is the one that it was made of, and what new entries say of older sizes is
 * tested against it.  Source: c2sp.org/tlog-tiles, for the shape; the bytes are the index's own. */
#ifndef PARLEY_DESK_INDEX_TREE_H
#define PARLEY_DESK_INDEX_TREE_H

#include "base/map.h"
#include "desk/index_rows.h"
#include "tlog/tree.h"

struct index_tree {
    struct rows *rows;
    struct arena *arena; /* of the tiles that are at hand; index_tree_put forgets them */
    unsigned slot;       /* which record: below 256 */
    uint64_t size;
    struct map tiles;
    struct sha256 last_root; /* of last_size, where that is not 0 */
    uint64_t last_size;
};

enum error index_tree_add(struct index_tree *t, struct sha256 leaf_hash, struct diag *d) MUST_USE;
/* ERR_MISSING beyond the size. */
enum error index_tree_leaf(struct index_tree *t, uint64_t index, struct sha256 *out, struct diag *d) MUST_USE;
struct tree_reader index_tree_reader(struct index_tree *t);
/* Writes what was added. */
enum error index_tree_put(struct index_tree *t, struct diag *d) MUST_USE;

#endif
