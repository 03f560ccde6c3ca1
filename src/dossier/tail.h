/* Tails: showing how a file ends without showing the file.
 *
 * SHA-256 goes through a file in blocks of 64 bytes (FIPS 180-4, 6.2).  Its state before the last blocks and those
 * blocks give the hash, and to find another state and other blocks that give it is as hard as a second preimage.  So a
 * closed message, which is sealed and ends in random bytes, is told from a card, which is a signed note and ends in
 * text, at the price of its last 64 to 127 bytes: ciphertext that opens nothing. */
#ifndef PARLEY_DOSSIER_TAIL_H
#define PARLEY_DOSSIER_TAIL_H

#include "base/buf.h"
#include "base/hash.h"

enum { TAIL_BLOCK = 64, TAIL_MAX = 127 };

struct tail {
    uint64_t before;     /* bytes before it, a multiple of TAIL_BLOCK */
    struct sha256 state; /* after those bytes */
    struct bytes bytes;  /* at most TAIL_MAX; a view */
};

struct tail tail_of(struct bytes whole);
/* The hash of the file that ends so. */
struct sha256 tail_hash(const struct tail *t);
/* Whether no text of a signed note ends so: what makes a file certainly no card. */
bool tail_is_no_note(const struct tail *t);

#endif
