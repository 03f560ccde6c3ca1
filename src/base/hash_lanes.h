/* Within base: the compression of SHA-256 (FIPS 180-4, 6.2.2) for several messages side by side. */
#ifndef PARLEY_BASE_HASH_LANES_H
#define PARLEY_BASE_HASH_LANES_H

#include "base/hash_many.h"

enum { LANES_MAX = 16, SHA256_BLOCK = 64 };

struct lane_words { /* word i of every lane's state stands together */
    _Alignas(64) uint32_t at[SHA256_WORDS][LANES_MAX];
};
/* Takes `blocks` blocks from each lane's place into its state. */
typedef void lanes_compress(struct lane_words *words, const uint8_t *const at[static LANES_MAX], size_t blocks);

struct lanes_way {
    size_t lanes; /* 0: the processor has it not */
    lanes_compress *compress;
};
struct lanes_way lanes_by_avx512(void);
struct lanes_way lanes_by_sha_ni(void);

#endif
