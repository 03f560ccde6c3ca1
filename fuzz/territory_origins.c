/* Documents of origins: whatever is read differs from itself in nothing. */
#include "territory/origins_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct origins_document of;
    struct diag d = {0};
    if (origins_read(bytes_of(at, size), &a, &of, &d) == OK) {
        struct origins_compared how = origins_compare(&of, &of, &a);
        ASSERT(how.same && !how.count && !how.reasons);
    } else {
        ASSERT(d.text[0]);
    }
    arena_free(&a);
    return 0;
}
