/* Observations to gather in tests. */
#ifndef PARLEY_TEST_GATHERED_H
#define PARLEY_TEST_GATHERED_H

#include "fact/from_line.h"

#define START ((instant)1772323200 * INSTANT_SECOND) /* 2026-03-01T00:00:00Z */

static inline struct observation seen(instant after, uint32_t source) {
    return (struct observation){.first = START + after,
                                .last = START + after,
                                .known = KNOWN_SRC | KNOWN_DST_PORT,
                                .src = ip_from_v4(0xc0000200 + source),
                                .dst_port = 22,
                                .protocol = TEXT("tcp"),
                                .event = TEXT("brute-force"),
                                .count = 1};
}

static inline struct gather *gather_of(instant window, bool keep_lines) {
    const struct gather_options o = {
        .window = window, .keep_lines = keep_lines, .seed = 7, .max_bytes = (size_t)64 << 20};
    return gather_new(&o);
}

#endif
