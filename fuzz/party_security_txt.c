/* Any bytes as a security.txt: refused, or with a contact, a time at which it expires, and fields that a card can hold.
 */
#include "party/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct profile p;
    if (security_txt_read(text_from_bytes(bytes_of(at, size)), &a, &p, NULL) == OK) {
        ASSERT(p.about_count >= 2 && p.expires != INSTANT_NONE);
        for (size_t i = 0; i < p.about_count; i++) ASSERT(about_find(p.abouts[i].key)->field);
    }
    arena_free(&a);
    return 0;
}
