/* Reports of others: whatever a file holds, what is read of it and can be written is read again. */
#include "interop/case_format.h"

static inline void reads_again(const char *format, struct bytes file) {
    const struct case_format *f = case_format_named(text_of(format));
    struct arena a = {0};
    struct losses losses = losses_in(&a);
    const struct case_reading reading = {.arena = &a, .losses = &losses};
    const struct case_writing writing = {&a, &losses, 0};
    struct reports reports = {0}, again;
    struct buf out = {.max = 1 << 26};
    (void)f->seen(file);
    if (!f->read(file, &reading, &reports, NULL) && reports.count && !f->write(&reports.at[0], &writing, &out, NULL))
        ASSERT(!f->read(buf_as_bytes(&out), &reading, &again, NULL));
    buf_free(&out);
    arena_free(&a);
}
