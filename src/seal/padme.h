/* Padmé: lengths that tell little.
 *
 * Source: Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: "Reducing Metadata Leakage from Encrypted Files and
 * Communication with PURBs" (2019), section 4: at most 12 % more, O(log log n) bits of the length leak. */
#ifndef PARLEY_SEAL_PADME_H
#define PARLEY_SEAL_PADME_H

#include "base/buf.h"

uint64_t padme_size(uint64_t size);
/* Appends NUL bytes, so that what begins at `from` in `b` has the Padmé length of its size. */
void padme_pad(struct buf *b, size_t from);
/* Whether `padded` is content of `size` bytes and then only the NUL bytes that padding adds. */
bool padme_is(struct bytes padded, uint64_t size);
/* The size of a content that holds no NUL byte at its end; check it with padme_is. */
size_t padme_content(struct bytes padded);

#endif
