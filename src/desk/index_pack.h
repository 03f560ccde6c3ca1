/* Within desk/: numbers and texts in few bytes, for the rows of an index.
 *
 * Numbers take seven bits a byte, low ones first; a text is its length and its bytes, or, where it stood before in the
 * same row, which one that was.  Reading is bounded: what is cut off or names nothing fails, and gives zeros. */
#ifndef PARLEY_DESK_INDEX_PACK_H
#define PARLEY_DESK_INDEX_PACK_H

#include "base/hash.h"
#include "base/instant.h"
#include "base/map.h"

struct pack {
    struct buf *out;
    struct map texts; /* to their number, from 1; its arena is the caller's */
    size_t text_count;
};
void pack_u64(struct pack *p, uint64_t value);
void pack_instant(struct pack *p, instant value);
void pack_bytes(struct pack *p, const void *at, size_t size); /* of a size that the reader knows */
void pack_text(struct pack *p, struct text t);                /* which must live as long as `p` */

struct unpack {
    struct bytes rest;
    struct arena *arena;
    struct text *texts; /* those that stood before */
    size_t text_count, text_room;
    bool failed;
};
uint64_t unpack_u64(struct unpack *u);
/* A number of things that each take at least a byte. */
size_t unpack_count(struct unpack *u);
instant unpack_instant(struct unpack *u);
void unpack_bytes(struct unpack *u, void *at, size_t size);
struct text unpack_text(struct unpack *u); /* a view into the row */

#endif
