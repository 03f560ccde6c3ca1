/* Fact sheets: what is read is written byte for byte. */
#include "fact/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct sheet s;
    size_t *order;
    struct buf again = {.max = size};
    if (sheet_read(bytes_of(at, size), &a, &s, NULL) == OK) {
        ASSERT(sheet_write(s, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
        ASSERT(sheet_order(s.at, s.count, &a, &order, NULL) == OK);
        for (size_t i = 0; i < s.count; i++) ASSERT(order[i] == i);
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
