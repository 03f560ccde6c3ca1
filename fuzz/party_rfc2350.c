/* Any bytes as a document by RFC 2350: refused, or read into lines that a card can hold. */
#include "party/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct profile p;
    if (rfc2350_read(text_from_bytes(bytes_of(at, size)), &a, &p, NULL) == OK)
        for (size_t i = 0; i < p.about_count; i++) {
            ASSERT(about_find(p.abouts[i].key));
            ASSERT(p.abouts[i].value.size && text_find(p.abouts[i].value, '\n') == p.abouts[i].value.size);
        }
    arena_free(&a);
    return 0;
}
