/* Any bytes as an invitation, as a counterparty hands it over: refused, or read and written byte for byte. */
#include "record/invitation.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct invitation i;
    struct buf again = {.max = 1 << 20};
    if (invitation_read(bytes_of(at, size), &a, &i, NULL) == OK) {
        ASSERT(text_equal(i.party, i.card.party));
        invitation_write(&i, &again);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
