/* Tiles: a log as static resources.
 *
 * Source: c2sp.org/tlog-tiles.  Paths: "checkpoint", "tile/<L>/<N>[.p/<W>]", "tile/entries/<N>[.p/<W>]", N in groups of
 * three digits. A full tile holds TILE_WIDTH hashes; a bundle as many entries, each after its big-endian 16-bit size.
 */
#ifndef PARLEY_TLOG_TILE_H
#define PARLEY_TLOG_TILE_H

#include "base/buf.h"
#include "tlog/tree.h"

enum {
    TILE_HEIGHT = 8,
    TILE_WIDTH = 256,
    TILE_LEVELS_MAX = 8,
    TILE_PATH_MAX = 64,
    BUNDLE_MAX_BYTES = TILE_WIDTH * (2 + 65535)
};

struct tile {
    bool entries;   /* a bundle of entries, not of hashes; then level is 0 */
    unsigned level; /* in tiles: hashes are those of the tree's level 8 * level */
    uint64_t index;
    unsigned width; /* 1 to 256 */
};

void tile_path_write(const struct tile *t, char out[static TILE_PATH_MAX]);
/* Strict: no other spelling of a path. */
bool tile_path_read(struct text path, struct tile *out);
/* The widest tile at a level and index that a tree of `size` has; width 0: none. */
unsigned tile_width(uint64_t size, unsigned level, uint64_t index);
/* Whether all entries that a tile is about lie before `entry`. */
bool tile_is_before(const struct tile *t, uint64_t entry);
/* The hashes of a tile, 32 bytes each. */
enum error tile_write(const struct tree_reader *r, const struct tile *t, struct buf *out, struct diag *d) MUST_USE;
/* Where the tiles of one tree come from.  `content` need last only until the next call.  What comes is not trusted: a
 * hash that was read counts once the root that follows from it is a signed one. */
struct tile_source {
    enum error (*get)(void *state, const struct tile *t, struct bytes *content, struct diag *d);
    void *state;
    uint64_t size; /* of the tree */
    /* The last hash of each level that was made of a tile's: proofs of neighbours have most of them in common. */
    struct {
        bool known;
        uint64_t index;
        struct sha256 hash;
    } made[TREE_LEVELS_MAX];
};
/* Hashes of complete subtrees from tiles.  ERR_INPUT where a tile has another size than its width says. */
struct tree_reader tile_reader(struct tile_source *s);
/* Calls `each` for every tile of a tree of `size`, full ones and the partial ones at the right edge: bundles and
 * hashes. */
enum error tile_each(uint64_t size, enum error (*each)(void *state, const struct tile *t, struct diag *d), void *state,
                     struct diag *d) MUST_USE;

/* One entry onto a bundle; ERR_LIMIT past 65,535 bytes. */
enum error bundle_add(struct buf *out, struct bytes entry, struct diag *d) MUST_USE;
/* Takes one entry off the front; false where the bundle is cut off. */
bool bundle_next(struct bytes *bundle, struct bytes *entry);

#endif
