/* Compiling a territory table: rows from any number of sources, flattened, written as one file.
 *
 * Sources, as text (each found out by its look):
 *     start,end,country,asn,as_name      the canonical form, with that line as its head
 *     start,end,country                  as in npm's @ip-location-db/asn-country
 *     start,end,asn,as_name              as in npm's @ip-location-db/asn
 * Lines that begin with # are comments; of them `Generated:`, `Vendor:` and `License:` are read (IPFire's export, as in
 * Debian's tor-geoipdb).  An address is spelled out, or, for IPv4, a decimal number.
 * Other forms (MMDB) are read at the doors and come in by rows_add.
 *
 * Flattening: where ranges overlap, the smallest that holds an address speaks for it; of ranges of one size the one
 * that begins first; of equal ranges the last.  Country and AS are flattened apart, so a table of countries and one of
 * ASes may be compiled together.  A row that names a country code ISO has not assigned (EU, ZZ, ??) says "no country",
 * and the table keeps the code.
 */
#ifndef PARLEY_TERRITORY_COMPILE_H
#define PARLEY_TERRITORY_COMPILE_H

#include "base/arena.h"
#include "territory/territory.h"

enum { TERRITORY_SOURCE_MAX_BYTES = 1 << 30 };

struct territory_row;
struct rows {
    struct arena arena; /* names */
    struct territory_row *at;
    size_t count, room;
    uint64_t unassigned;               /* rows with a code that is no country */
    char codes[128];                   /* the first few of these codes, separated by spaces */
    uint64_t repeated;                 /* after compiling: ranges given twice with different values */
    uint64_t overlapping;              /* after compiling: ranges that begin inside another, of countries or of ASes */
    struct text date, vendor, license; /* of comments, as written; empty: none */
};

void rows_free(struct rows *r);
/* What one row states; an absent part is silent. */
struct row_says {
    bool country_is_said, as_is_said;
    struct country country; /* none: said to be none */
    struct country code;    /* that is no country */
    uint32_t as;
    struct text as_name;
};
/* ERR_INPUT where the ends are of two families or the wrong way round. */
enum error rows_add(struct rows *r, struct ip start, struct ip end, const struct row_says *says,
                    struct diag *d) MUST_USE;
/* A code as a source spells it: an unassigned one is counted and gives no country.  The empty text says nothing. */
void rows_country(struct rows *r, struct text code, struct row_says *says);
/* Reads a whole text source; the names are copied.  `added`: rows. */
enum error rows_read(struct rows *r, struct text source, uint64_t *added, struct diag *d) MUST_USE;
/* "Thu, 25 Jun 2026 04:33:59 GMT", "2026-06-25" or an instant; false for anything else. */
bool territory_read_date(struct text t, instant *out);

/* Flattens and writes the file; meta->hash is set.  ERR_INPUT where nothing is located. */
enum error territory_compile(struct rows *r, struct territory_meta *meta, struct buf *out, struct diag *d) MUST_USE;

#endif
