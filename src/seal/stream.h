/* The payload of an age file: a nonce, then chunks of 64 KiB, the last one marked (STREAM). */
#ifndef PARLEY_SEAL_STREAM_H
#define PARLEY_SEAL_STREAM_H

#include "seal/seal.h"

enum error stream_seal(const uint8_t file_key[static SEAL_FILE_KEY_SIZE], struct seal_source from,
                       struct seal_sink into, struct random *r, struct diag *d) MUST_USE;
/* ERR_PROOF where a chunk does not verify, the end is cut off, or something follows it; ERR_INPUT without a whole
 * nonce. */
enum error stream_open(const uint8_t file_key[static SEAL_FILE_KEY_SIZE], struct seal_source from,
                       struct seal_sink into, struct diag *d) MUST_USE;
/* Fills `out` up to `size` bytes unless the source ends before. */
enum error source_fill(struct seal_source from, uint8_t *out, size_t size, size_t *got, struct diag *d) MUST_USE;

#endif
