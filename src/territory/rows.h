/* Rows as compiling sees them: addresses as numbers of 128 bits. */
#ifndef PARLEY_TERRITORY_ROWS_H
#define PARLEY_TERRITORY_ROWS_H

#include "territory/compile.h"

typedef unsigned __int128 address; /* an IPv4 address as its mapped IPv6 address */

#define ADDRESS_MAX (~(address)0)
#define ADDRESS_V4_FIRST ((address)0xffff << 32)
#define ADDRESS_V4_LAST (ADDRESS_V4_FIRST | 0xffffffff)

struct territory_row {
    address start, end; /* both included */
    struct text as_name;
    struct place place;
    bool country_is_said, as_is_said;
};

static inline address address_of(struct ip a) {
    address sum = 0;
    for (size_t i = 0; i < sizeof a.at; i++) sum = sum << 8 | a.at[i];
    return sum;
}

static inline struct ip address_ip(address a) {
    struct ip out;
    for (size_t i = sizeof out.at; i-- > 0; a >>= 8) out.at[i] = (uint8_t)a;
    return out;
}

/* From `start` to before the next segment's start, one value holds. */
struct segment {
    address start;
    struct place place;
};

struct segments {
    struct segment *at;
    size_t count;
};

/* The whole address space in segments that tell the places of the rows, in `a`; equal neighbours are one, but the IPv4
 * addresses begin and end a segment.  Rows of special-purpose addresses are added here. */
struct segments rows_flatten(struct rows *r, struct arena *a);

/* Appends a segment, unless it says what the last one says and `always` does not ask for it. */
void segments_add(struct segments *s, address start, struct place place, bool always);

static inline bool place_equal(struct place a, struct place b) {
    return country_equal(a.country, b.country) && country_equal(a.code, b.code) && a.as == b.as;
}

#endif
