/* ML-DSA-44 signatures, verified only: parley signs nothing by them, and reads those of others' witnesses.
 *
 * Source: FIPS 204, the parameter set ML-DSA-44, sections named as there; SHAKE is libcrypto's (3.0 has no ML-DSA).
 * Everything here is public, so nothing takes care to need the same time for all inputs. */
#ifndef PARLEY_NOTE_MLDSA_H
#define PARLEY_NOTE_MLDSA_H

#include "base/text.h"

enum { MLDSA_PUBLIC_SIZE = 1312, MLDSA_SIGNATURE_SIZE = 2420, MLDSA_CONTEXT_MAX = 255 };

/* ML-DSA.Verify (algorithm 3) with a context of at most MLDSA_CONTEXT_MAX bytes: false for any other, for sizes that
 * are not those above, and for every other writing of a signature's hints than the one the signer writes. */
bool mldsa_verify(struct bytes public, struct bytes message, struct bytes context, struct bytes signature);

#endif
