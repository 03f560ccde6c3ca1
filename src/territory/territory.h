/* Territory tables: which country and which autonomous system (AS) an address belongs to, by one stated source.
 *
 * A table is one file that is mapped and looked into where it lies.  Its name is the SHA-256 of its canonical source:
 * the CSV that territory_canonical writes, whatever files it was compiled from.
 *
 * The file is a text head and binary arrays, numbers little-endian:
 *
 *     parley territory v1
 *     hash <sha256 of the canonical source>
 *     name debian-tor-geoipdb
 *     date 2026-06-25T04:33:59Z
 *     basis registry | geolocation | routed | unstated
 *     source <sha256> <rows> <name of the file>             (one or more)
 *     credit IPFire Project, CC BY-SA 4.0                    (none or more)
 *     counts <v4> <v6> <values> <networks> <name bytes>
 *     (an empty line, then NUL up to a multiple of 64)
 *     index of v4        65,537 of u32: the last range that starts at or below each /16
 *     ranges of v4       <v4> of u32 start, u32 value; a range ends where the next one starts; the first starts at 0
 *     index of v6        65,537 of u32, by the first 16 bits
 *     ranges of v6       <v6> of u64 high, u64 low, u32 value, u32 zero
 *     values             <values> of country (2 bytes, or zeros), code (2 bytes, or zeros), u32 AS (0: none); value 0
 * is nothing at all; the code is what sources have that is no country (EU, AP, ??) networks           <networks> of u32
 * AS, u32 end of its name; sorted by AS names              <name bytes> of UTF-8
 *
 * Special-purpose addresses (special.h) belong to no territory.  IPv4-mapped IPv6 addresses are IPv4 addresses.
 * Ownership: a struct territory is views into the bytes it was opened from. */
#ifndef PARLEY_TERRITORY_TERRITORY_H
#define PARLEY_TERRITORY_TERRITORY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/ip.h"
#include "vocab/iso3166.h"

enum {
    TERRITORY_SOURCES_MAX = 64,
    TERRITORY_LINE_MAX = 400,
    TERRITORY_RANGES_MAX = 1 << 26,
    TERRITORY_AS_NAME_MAX = 200
};

struct territory_source {
    struct sha256 hash; /* of the file as it was read */
    uint64_t rows;
    struct text name;
};

struct territory_meta {
    struct sha256 hash;
    struct text name;
    instant date;      /* of the data */
    struct text basis; /* a word of the list above */
    struct territory_source sources[TERRITORY_SOURCES_MAX];
    size_t source_count;
    struct text credits[TERRITORY_SOURCES_MAX];
    size_t credit_count;
};

struct place {
    struct country country; /* none: no territory */
    uint32_t as;            /* 0: none known */
    struct country code;    /* where there is no country: what the sources have instead, as EU or AP; none: nothing */
};
/* Two characters that sources use for no country: capital letters that ISO has not assigned, or "??". */
bool territory_code_is(struct text t);

struct territory_tree;
struct territory {
    struct territory_meta meta;
    const uint8_t *index4, *ranges4, *index6, *ranges6, *values, *networks;
    struct text names;
    size_t count4, count6, value_count, network_count;
    const struct territory_tree *tree6; /* NULL: looking up goes by the index alone */
    const uint32_t *values6;            /* with it: the value of each range, close together */
};

/* Checks the whole file, so that looking up needs no checks.  ERR_INPUT with what is wrong. */
enum error territory_open(struct bytes file, struct territory *out, struct diag *d) MUST_USE;
/* Makes looking up IPv6 addresses several times faster, for 13 bytes a range of memory in `a`. */
void territory_prepare(struct territory *t, struct arena *a);
struct place territory_lookup(const struct territory *t, struct ip a);
/* The empty text where the table names no such AS. */
struct text territory_as_name(const struct territory *t, uint32_t as);
/* How many countries the table speaks of. */
uint64_t territory_countries(const struct territory *t);
/* One range of the table: from `start` to `end`, both included, of one family. */
struct territory_range {
    struct ip start, end;
    struct place place;
};
/* The range of an address, for people. */
struct territory_range territory_range_of(const struct territory *t, struct ip a);

/* The canonical source in parts: `part` is called with some hundred KiB at a time. */
void territory_canonical(const struct territory *t, void (*part)(void *of, struct bytes b), void *of);
/* OK where the hash that the table names is that of its canonical source; ERR_PROOF where it is not. */
enum error territory_verify(const struct territory *t, struct diag *d) MUST_USE;

bool territory_basis_is(struct text basis);

#endif
