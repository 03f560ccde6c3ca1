/* Any text as a source of a table: refused with a line, or compiled to a table whose canonical source compiles to the
 * same table. */
#include "territory/compile.h"

static void collect(void *of, struct bytes b) { buf_bytes(of, b); }

static enum error compile(struct text source, struct buf *out, struct sha256 *hash) {
    struct rows rows = {0};
    struct territory_meta meta = {
        .name = TEXT("x"), .basis = TEXT("unstated"), .sources = {{.name = TEXT("x")}}, .source_count = 1};
    struct diag d;
    uint64_t added;
    enum error result = rows_read(&rows, source, &added, &d);
    if (!result) result = territory_compile(&rows, &meta, out, &d);
    rows_free(&rows);
    *hash = meta.hash;
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf first = {.max = 1 << 26}, second = {.max = 1 << 26}, canonical = {.max = 1 << 26};
    struct sha256 hash, again;
    struct territory t;
    struct diag d;
    if (compile(text_from_bytes(bytes_of(data, size)), &first, &hash) == OK) {
        enum error result = territory_open(buf_as_bytes(&first), &t, &d);
        ASSERT(result == OK);
        territory_canonical(&t, collect, &canonical);
        result = compile(buf_as_text(&canonical), &second, &again);
        ASSERT(result == OK && sha256_equal(hash, again));
    }
    buf_free(&first);
    buf_free(&second);
    buf_free(&canonical);
    return 0;
}
