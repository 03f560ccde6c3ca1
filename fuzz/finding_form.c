/* Forms that people filled in: what comes out can be written as a findings sheet, and read again. */
#include "finding/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct filled_form f;
    struct findings again;
    struct buf sheet = {.max = 16 * size + 4096};
    ASSERT(findings_form_read(bytes_of(at, size), 1000, &a, &f, NULL) == OK);
    if (!f.fault_count) {
        ASSERT(findings_write(f.findings, &sheet, NULL) == OK);
        ASSERT(findings_read(buf_as_bytes(&sheet), &a, &again, NULL) == OK && again.count == f.findings.count);
    }
    buf_free(&sheet);
    arena_free(&a);
    return 0;
}
