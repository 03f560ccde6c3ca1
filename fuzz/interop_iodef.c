/* IODEF documents: whatever is taken gives sheets that can be written, and is written as a document that reads the
 * same. */
#include "interop/case_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static void write_and_read(const struct report *r, const struct case_reading *how) {
    struct buf page = {.max = (size_t)64 << 20}, sheet = {.max = (size_t)64 << 20};
    struct reports again = {0};
    const struct case_writing writing = {how->arena, how->losses, 0};
    ASSERT(sheet_write(r->facts, &sheet, NULL) == OK);
    ASSERT(iodef_case_write(r, &writing, &page, NULL) == OK);
    ASSERT(iodef_case_read(buf_as_bytes(&page), how, &again, NULL) == OK);
    ASSERT(again.count == 1 && again.at[0].facts.count == r->facts.count && again.at[0].tlp == r->tlp);
    for (size_t i = 0; i < r->facts.count; i++) {
        ASSERT(fact_same(&r->facts.at[i], &again.at[0].facts.at[i]));
        ASSERT(r->facts.at[i].count == again.at[0].facts.at[i].count);
    }
    buf_free(&page);
    buf_free(&sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    struct reports reports = {0};
    const struct case_reading how = {.arena = &a, .losses = &losses};
    struct bytes file = bytes_of(at, size);
    (void)iodef_case_seen(file);
    if (iodef_case_read(file, &how, &reports, NULL) == OK)
        for (size_t i = 0; i < reports.count; i++) write_and_read(&reports.at[i], &how);
    arena_free(&a);
    return 0;
}
