/* Settlement texts: what is read is written byte for byte. */
#include "settlement/minutes.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct minutes m;
    struct buf again = {.max = size};
    if (minutes_read(bytes_of(at, size), &a, &m, NULL) == OK) {
        ASSERT(minutes_write(&m, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
