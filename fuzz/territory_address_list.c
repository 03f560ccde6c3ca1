/* Any text as a list of addresses: refused with a line, or read so that both ends of each entry are found in it. */
#include "territory/address_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = {0};
    struct address_list l = {0};
    struct diag d = {0};
    enum error result = address_list_read(bytes_of(data, size), &a, &l, &d);
    ASSERT(result == OK || d.text[0]);
    for (size_t i = 0; !result && i < l.count && i < 64; i++) {
        const struct listed *first = address_list_find(&l, l.at[i].first), *last = address_list_find(&l, l.at[i].last);
        ASSERT(first && ip_compare(first->last, l.at[i].first) >= 0);
        ASSERT(last && ip_compare(last->first, l.at[i].first) >= 0);
    }
    arena_free(&a);
    return 0;
}
