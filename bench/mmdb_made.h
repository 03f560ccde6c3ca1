/* A small writer of MMDB files, so that look-ups can be compared on the very ranges of a territory table.
 *
 * Source: the MaxMind DB file format, version 2.0.  Records of 32 bits; each entry is {"country_code": CC}, or with an
 * AS {"asn": number, "country_code": CC}, as vendors of such files write them. */
#ifndef PARLEY_BENCH_MMDB_MADE_H
#define PARLEY_BENCH_MMDB_MADE_H

#include "territory/territory.h"

/* All ranges of one family, at `path`. */
void mmdb_make(const struct territory *t, bool v4, const char *path);

#endif
