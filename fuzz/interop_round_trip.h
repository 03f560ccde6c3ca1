/* Files of a format: what is read can be written; where the writer tells no loss, the same facts come back. */
#include "interop/case_format.h"

static void round_trip(const struct case_format *f, const struct report *r, struct arena *a) {
    struct losses told = losses_in(a), ignored = losses_in(a);
    const struct case_writing writing = {a, &told, 0};
    const struct case_reading reading = {.arena = a, .losses = &ignored};
    struct buf sheet = {.max = 1 << 24}, out = {.max = 1 << 24}, again = {.max = 1 << 24};
    struct reports back;
    ASSERT(f->write(r, &writing, &out, NULL) == OK);
    if (r->facts.count && !told.count) {
        ASSERT(f->read(buf_as_bytes(&out), &reading, &back, NULL) == OK && back.count == 1);
        ASSERT(sheet_write(r->facts, &sheet, NULL) == OK && sheet_write(back.at[0].facts, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&sheet), buf_as_text(&again)));
    }
    buf_free(&sheet);
    buf_free(&out);
    buf_free(&again);
}

static inline void round_trips(const char *format, struct bytes file) {
    const struct case_format *f = case_format_named(text_of(format));
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    const struct case_reading how = {.arena = &a, .losses = &losses};
    struct reports got = {0};
    if (f->read(file, &how, &got, NULL) == OK)
        for (size_t i = 0; i < got.count; i++) round_trip(f, &got.at[i], &a);
    json_decref(losses_json(&losses));
    arena_free(&a);
}
