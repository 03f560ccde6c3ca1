/* Packs: a record, or what is new of one, in tar archives that are carried where there is no wire.
 *
 *     what a folder holds (sync/folder.h); of a pack that begins at an entry, no tiles that lie wholly before it
 *     pack                      last:  parley pack v1
 *                                      origin <origin>
 *                                      size <entries>
 *                                      from <the first entry that is wholly in it>
 *                                      part <number, from 1> <more | last>
 *                                      hash <SHA-256 of all bytes of the archive before this file, and of this
 *                                            file up to here, the blank included>
 *
 * A part is complete in itself and may come in any order and more than once: its files are put aside in a folder, and
 * once all are there, they are exchanged with as any folder is.  What a pack leaves out, the reader holds already, for
 * it has receipted it; else it is told where the pack begins.
 *
 * Source: the design, "Pack": a tar in the layout of c2sp.org/tlog-tiles, plus blobs/. */
#ifndef PARLEY_SYNC_PACK_H
#define PARLEY_SYNC_PACK_H

#include "sync/folder.h"

enum { PACK_PARTS_MAX = 100000, PACK_PART_BYTES_MIN = 1 << 20 };

struct pack_wish {
    const char *path;    /* of the one file, or before the number of a part: `<path>.1` */
    uint64_t part_bytes; /* 0: one file.  A part may be larger by the one file that does not fit into it. */
    bool whole;          /* from entry 0; else what the other side has not receipted.  A mirror is always whole. */
};
struct pack_report {
    struct folder_report record;
    uint64_t from;
    unsigned parts;
};
/* Writes one's own record, or the mirror of theirs.  Each part stands under its name when it is whole and durable. */
enum error pack_write(const struct sync_node *n, const struct channel *c, enum side side, const struct pack_wish *w,
                      struct pack_report *out, struct diag *d) MUST_USE;

struct pack_head {
    struct text origin; /* in the arena */
    uint64_t size, from;
    unsigned part;
    bool last;
};
/* What a part says of itself.  ERR_INPUT for no pack; ERR_PROOF for one that is damaged. */
enum error pack_read(struct bytes archive, struct arena *a, struct pack_head *out, struct diag *d) MUST_USE;
/* Puts the files of a part that was read into a folder, durably, and says how many parts are there, of how many (0: the
 * last one did not come yet). */
enum error pack_put_aside(struct bytes archive, const struct pack_head *h, const char *folder, unsigned *held,
                          unsigned *all, struct diag *d) MUST_USE;

#endif
