/* Joint statements: what is read is written byte for byte. */
#include "settlement/joint_statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct joint_statement s;
    struct buf again = {.max = size};
    if (joint_statement_read(bytes_of(at, size), &a, &s, NULL) == OK) {
        ASSERT(joint_statement_write(&s, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
