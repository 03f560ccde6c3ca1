/* What an identity holds: for this room only. */
#ifndef PARLEY_SEAL_IDENTITY_H
#define PARLEY_SEAL_IDENTITY_H

#include "seal/seal.h"

struct seal_identity {
    uint8_t secret[SEAL_KEY_SIZE];
    struct seal_recipient recipient;
};

#endif
