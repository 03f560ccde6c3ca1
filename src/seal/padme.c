#include "seal/padme.h"

#include <string.h>

static unsigned log2_floor(uint64_t n) { return 63 - (unsigned)__builtin_clzll(n); }

uint64_t padme_size(uint64_t size) {
    if (size < 2) return size;
    unsigned exponent = log2_floor(size), bits = log2_floor(exponent ? exponent : 1) + 1;
    if (bits >= exponent) return size;
    uint64_t mask = ((uint64_t)1 << (exponent - bits)) - 1;
    return (size + mask) & ~mask;
}

void padme_pad(struct buf *b, size_t from) {
    size_t size = b->size - from, more = (size_t)(padme_size(size) - size);
    uint8_t *zeros = more ? buf_extend(b, more) : NULL;
    if (zeros) memset(zeros, 0, more);
}

bool padme_is(struct bytes padded, uint64_t size) {
    uint8_t any = 0;
    if (size > padded.size || padme_size(size) != padded.size) return false;
    for (size_t i = (size_t)size; i < padded.size; i++) any |= padded.at[i];
    return !any;
}

size_t padme_content(struct bytes padded) {
    size_t size = padded.size;
    while (size && !padded.at[size - 1]) size--;
    return size;
}
