/* Any bytes as a draft, as another desk of the house left it on the node: refused, or read and written byte for byte.
 */
#include "message/draft.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct draft draft;
    struct buf again = {.max = DRAFT_MAX_BYTES};
    if (draft_read(bytes_of(at, size), &a, &draft, NULL) == OK) {
        draft_write(&draft, &again);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
