/* Any bytes as a part of a pack: read or refused; what is read says nothing that its own hash does not cover. */
#include <stddef.h>

#include "sync/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct pack_head h;
    if (pack_read(bytes_of(at, size), &a, &h, NULL) == OK)
        ASSERT(h.part && h.part <= PACK_PARTS_MAX && h.from <= h.size && h.origin.size);
    arena_free(&a);
    return 0;
}
