/* Findings sheets: what is read is written byte for byte. */
#include "finding/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct findings f;
    struct buf again = {.max = size};
    if (findings_read(bytes_of(at, size), &a, &f, NULL) == OK) {
        ASSERT(findings_write(f, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
