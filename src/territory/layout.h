/* Where things stand in the file of a table, for its writer and its reader. */
#ifndef PARLEY_TERRITORY_LAYOUT_H
#define PARLEY_TERRITORY_LAYOUT_H

#include <endian.h>
#include <string.h>

#include "territory/territory.h"

#define TERRITORY_KIND "parley territory v1"

enum {
    LAYOUT_HEAD_MAX = 1 << 16,
    LAYOUT_ALIGN = 64,
    LAYOUT_BUCKETS = 65537,
    LAYOUT_RANGE4 = 8,
    LAYOUT_RANGE6 = 24,
    LAYOUT_VALUE = 8,
    LAYOUT_NETWORK = 8,
    LAYOUT_HASH_AT = sizeof(TERRITORY_KIND "\nhash ") - 1,
};

/* The file may lie at any address (in tests): numbers are copied out. */
static inline uint32_t layout_u32(const uint8_t *at) {
    uint32_t little;
    memcpy(&little, at, sizeof little);
    return le32toh(little);
}

static inline uint64_t layout_u64(const uint8_t *at) {
    uint64_t little;
    memcpy(&little, at, sizeof little);
    return le64toh(little);
}

static inline uint32_t layout_start4(const uint8_t *ranges, size_t i) { return layout_u32(ranges + i * LAYOUT_RANGE4); }
static inline uint32_t layout_value4(const uint8_t *ranges, size_t i) {
    return layout_u32(ranges + i * LAYOUT_RANGE4 + 4);
}
static inline unsigned __int128 layout_start6(const uint8_t *ranges, size_t i) {
    const uint8_t *at = ranges + i * LAYOUT_RANGE6;
    return (unsigned __int128)layout_u64(at) << 64 | layout_u64(at + 8);
}
static inline uint32_t layout_value6(const uint8_t *ranges, size_t i) {
    return layout_u32(ranges + i * LAYOUT_RANGE6 + 16);
}
static inline struct place layout_place(const uint8_t *values, uint32_t value) {
    const uint8_t *at = values + (size_t)value * LAYOUT_VALUE;
    return (struct place){{{(char)at[0], (char)at[1]}}, layout_u32(at + 4), {{(char)at[2], (char)at[3]}}};
}

/* The i-th range of a family. */
struct territory_range territory_range_at(const struct territory *t, bool v4, size_t i);

#endif
