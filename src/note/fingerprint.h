/* What people compare: the fingerprint of a root key, and the safety number of a pair.
 *
 * Source: the design, section 5: the first 128 bits of the SHA-256 of the root's vkey line (without LF), big-endian,
 * modulo 10^30, as 30 decimal digits in groups of five. */
#ifndef PARLEY_NOTE_FINGERPRINT_H
#define PARLEY_NOTE_FINGERPRINT_H

#include "base/text.h"

enum { FINGERPRINT_SIZE = 36 /* six groups of five, five spaces, NUL */, SAFETY_NUMBER_SIZE = 2 * FINGERPRINT_SIZE };

struct text fingerprint_write(struct text vkey, char out[static FINGERPRINT_SIZE]);
/* Whether it is the 30 digits of a fingerprint, grouped by spaces, by dashes or not at all. */
bool fingerprint_shaped(struct text typed);
/* Both fingerprints in bytewise order of the party names: the same on both sides. */
struct text safety_number_write(struct text party, struct text vkey, struct text other_party, struct text other_vkey,
                                char out[static SAFETY_NUMBER_SIZE]);
/* Equal in their digits, however they are grouped; false where either has none. */
bool digits_equal(struct text a, struct text b);

#endif
