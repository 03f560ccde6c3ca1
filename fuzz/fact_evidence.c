/* Evidence files: what is read is written byte for byte, and what holds can be shown. */
#include "fact/disclosure.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

/* The first fact with its first line, opened against the root that it came from. */
static void show_first(const struct evidence *e, struct arena *a) {
    static const uint64_t line = 0;
    const struct chosen first = {0, &line, 1};
    struct buf file = {.max = DISCLOSURE_BYTES_MAX};
    struct disclosure shown;
    ASSERT(disclosure_write(e, &first, 1, &file, NULL) == OK);
    ASSERT(disclosure_open(buf_as_bytes(&file), evidence_root(e), e->count, a, &shown, NULL) == OK);
    struct row_lines lines = row_lines(&e->rows[0]);
    ASSERT(shown.count == 1 && text_equal(shown.at[0].lines[0].line, row_next(&lines)));
    buf_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct evidence e;
    struct buf again = {.max = size};
    if (evidence_read(bytes_of(at, size), &a, &e, NULL) == OK) {
        ASSERT(evidence_write(&e, &again, NULL) == OK);
        ASSERT(text_equal(buf_as_text(&again), text_from_bytes(bytes_of(at, size))));
        if (evidence_check(&e, NULL) == OK && e.count) show_first(&e, &a);
    }
    buf_free(&again);
    arena_free(&a);
    return 0;
}
