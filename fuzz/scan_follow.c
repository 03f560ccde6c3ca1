/* States of a follow: any text is read or refused, and what was read is written as it was. */
#include <stdlib.h>

#include "scan/follow_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct follow_state s, again;
    struct buf one = {.max = 1 << 24}, two = {.max = 1 << 24};
    if (!follow_state_read((struct text){(const char *)at, size}, &a, &s, NULL)) {
        follow_state_write(&s, &one);
        enum error result = follow_state_read(buf_as_text(&one), &a, &again, NULL);
        ASSERT(result == OK);
        follow_state_write(&again, &two);
        ASSERT(text_equal(buf_as_text(&one), buf_as_text(&two)));
    }
    buf_free(&one);
    buf_free(&two);
    arena_free(&a);
    return 0;
}
