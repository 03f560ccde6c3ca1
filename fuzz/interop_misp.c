/* What is read can be written; where the writer tells no loss, the same facts come back. */
#include "interop/case_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static void check(const struct report *r, struct arena *a) {
    struct losses told = losses_in(a), ignored = losses_in(a);
    const struct case_writing writing = {a, &told, 0};
    const struct case_reading reading = {.arena = a, .losses = &ignored};
    struct buf sheet = {.max = 1 << 24}, out = {.max = 1 << 24}, again = {.max = 1 << 24};
    struct reports back;
    ASSERT(misp_case_write(r, &writing, &out, NULL) == OK);
    if (r->facts.count && !told.count) {
        ASSERT(misp_case_read(buf_as_bytes(&out), &reading, &back, NULL) == OK && back.count == 1);
        ASSERT(sheet_write(r->facts, &sheet, NULL) == OK && sheet_write(back.at[0].facts, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&sheet), buf_as_text(&again)));
    }
    buf_free(&sheet);
    buf_free(&out);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    const struct case_reading how = {.arena = &a, .losses = &losses};
    struct reports got = {0};
    if (misp_case_read(bytes_of(at, size), &how, &got, NULL) == OK)
        for (size_t i = 0; i < got.count; i++) check(&got.at[i], &a);
    json_decref(losses_json(&losses));
    arena_free(&a);
    return 0;
}
