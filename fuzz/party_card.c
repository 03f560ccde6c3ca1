/* Any bytes as the text of a card, and as a signed card: refused, or read and written byte for byte. */
#include "party/card.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct card c;
    struct buf again = {.max = CARD_MAX_BYTES};
    if (card_read_text(text_from_bytes(bytes_of(at, size)), &a, &c, NULL) == OK) {
        card_write(&c, &again);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
    }
    if (card_read(bytes_of(at, size), &a, &c, NULL) == OK) ASSERT(c.id.size == 64);
    buf_free(&again);
    arena_free(&a);
    return 0;
}
