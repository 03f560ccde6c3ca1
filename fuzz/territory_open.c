/* Any bytes as a territory table: refused, or good for every look-up and for its canonical source. */
#include <string.h>

#include "territory/territory.h"

static void drop(void *of, struct bytes b) {
    (void)of;
    (void)b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct territory t;
    struct diag d;
    if (territory_open(bytes_of(data, size), &t, &d)) return 0;
    struct ip a = {{0}};
    for (size_t i = 0; i < 256; i++) {
        for (size_t byte = 0; byte < sizeof a.at; byte++) a.at[byte] = data[(i * 16 + byte) % size];
        struct place p = territory_lookup(&t, a);
        territory_as_name(&t, p.as);
        struct territory_range r = territory_range_of(&t, ip_from_v4((uint32_t)i << 24));
        ASSERT(ip_compare(r.start, r.end) <= 0);
    }
    struct arena arena = {0};
    struct territory prepared = t;
    territory_prepare(&prepared, &arena);
    for (size_t i = 0; i + 16 <= size && i < 4096; i += 16) {
        struct ip at;
        memcpy(at.at, data + i, sizeof at.at);
        ASSERT(!ip_compare(territory_range_of(&t, at).start, territory_range_of(&prepared, at).start));
    }
    arena_free(&arena);
    territory_canonical(&t, drop, NULL);
    return 0;
}
