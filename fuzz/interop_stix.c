/* STIX bundles: whatever comes out is a sheet, and what parley writes of it gives the same facts again. */
#include "interop/case_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static void round_trip(struct arena *a, const struct report *r) {
    struct losses losses = losses_in(a);
    struct buf sheet = {.max = SHEET_BYTES_MAX}, out = {.max = CASE_FORMAT_BYTES_MAX}, again = {.max = SHEET_BYTES_MAX};
    struct reports back;
    ASSERT(sheet_write(r->facts, &sheet, NULL) == OK);
    if (!stix_case_write(r, &(struct case_writing){a, &losses, 0}, &out, NULL)) {
        ASSERT(!stix_case_read(buf_as_bytes(&out), &(struct case_reading){.arena = a, .losses = &losses}, &back, NULL));
        ASSERT(!sheet_write(back.at[0].facts, &again, NULL));
        ASSERT(text_equal(buf_as_text(&sheet), buf_as_text(&again)));
    }
    buf_free(&sheet);
    buf_free(&out);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    struct reports reports;
    (void)stix_case_seen(bytes_of(at, size));
    if (!stix_case_read(bytes_of(at, size), &(struct case_reading){.arena = &a, .losses = &losses}, &reports, NULL))
        round_trip(&a, &reports.at[0]);
    json_decref(losses_json(&losses));
    arena_free(&a);
    return 0;
}
