/* Bodies in gzip form (RFC 1952): uploads, and bundles of entries, as tlog-mirror and tlog-tiles have them on the wire.
 */
#ifndef PARLEY_SYNC_GZIP_H
#define PARLEY_SYNC_GZIP_H

#include "base/buf.h"

enum { GZIP_WORTH_BYTES = 1024 /* smaller bodies stay as they are */ };

/* ERR_LIMIT past the maximum of `out`. */
enum error gzip_pack(struct bytes plain, struct buf *out, struct diag *d) MUST_USE;
/* ERR_INPUT where it is not just one whole gzip member; ERR_LIMIT past the maximum of `out`, so that a small body can't
 * become a large one. */
enum error gzip_unpack(struct bytes packed, struct buf *out, struct diag *d) MUST_USE;

#endif
