/* Any bytes as a desk's request or as the answer to one: refused, or read and written byte for byte. */
#include "party/enrolment.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct enrolment e;
    struct enrolment_answer w;
    struct buf again = {.max = 1 << 22};
    const struct text whole = text_from_bytes(bytes_of(at, size));
    if (enrolment_read(bytes_of(at, size), &a, &e, NULL) == OK) {
        enrolment_write(&e, &again);
        ASSERT(text_starts(whole, buf_as_text(&again)));
    }
    if (enrolment_answer_read(bytes_of(at, size), &a, &w, NULL) == OK) {
        buf_clear(&again);
        enrolment_answer_write(&w, &again);
        ASSERT(text_equal(buf_as_text(&again), whole));
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
