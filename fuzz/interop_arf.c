/* Mails: whatever a file holds, it ends; and what is read of it can be written as a mail, and read again. */
#include "interop/case_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    const struct case_reading reading = {.arena = &a, .losses = &losses};
    const struct case_writing writing = {&a, &losses, 0};
    struct reports reports = {0}, again;
    struct buf out = {.max = 1 << 26};
    arf_case_seen(bytes_of(at, size));
    if (!arf_case_read(bytes_of(at, size), &reading, &reports, NULL) && reports.count &&
        !arf_case_write(&reports.at[0], &writing, &out, NULL))
        ASSERT(!arf_case_read(buf_as_bytes(&out), &reading, &again, NULL));
    buf_free(&out);
    arena_free(&a);
    return 0;
}
