/* Zones.  The first eight bytes are a local time; the rest is a TZif file, or, as text, a fixed offset.  What is
 * answered holds from its first to its last second, and an offset that answers is the zone's at the time it gives. */
#include "base/buf.h"
#include "line/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static void ask(const struct zone *z, int64_t local) {
    struct zone_answer a = zone_ask(z, local);
    ASSERT(a.from <= local && local < a.until);
    if (a.fit != ZONE_NEVER) ASSERT(zone_offset(z, local - a.offset) == a.offset);
    const int64_t ends[] = {a.from, a.until - 1};
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct zone_answer b = zone_ask(z, ends[i]);
        ASSERT(b.fit == a.fit && (a.fit == ZONE_NEVER || b.offset == a.offset));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct zone z;
    struct bytes b = bytes_of(at, size);
    uint64_t local;
    if (!bytes_be64(&b, &local)) return 0;
    if (zone_read(b, &a, &z, NULL) == OK || zone_fixed(text_from_bytes(b), &z)) {
        ask(&z, (int64_t)local >> 20); /* the years that logs are of, and far beyond */
        for (size_t i = 0; i < z.count && i < 64; i++)
            for (int64_t near = -1; near < 2; near++) ask(&z, z.at[i].at + z.at[i].offset + near);
    }
    arena_free(&a);
    return 0;
}
