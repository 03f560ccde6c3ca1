/* Hashes as text: one a line, in Base 64, up to an empty line.
 *
 * Source: c2sp.org/tlog-proof and c2sp.org/tlog-witness write proofs so. */
#ifndef PARLEY_TLOG_HASH_LINES_H
#define PARLEY_TLOG_HASH_LINES_H

#include "base/buf.h"
#include "base/hash.h"

/* With the empty line that ends them. */
void hash_lines_write(const struct sha256 *at, size_t count, struct buf *out);
/* Takes the hashes and the empty line off the front.  `line`: the number of the first line, for the diagnostic; moved
 * past what was read.  ERR_LIMIT past `max` hashes. */
enum error hash_lines_read(struct text *rest, uint64_t *line, struct sha256 *at, size_t max, size_t *count,
                           struct diag *d) MUST_USE;

#endif
