/* MaxMind DB files (MMDB) to rows of a territory table, by libmaxminddb.
 *
 * Source: the MaxMind DB file format, version 2.0.  Of each network are taken: its country (`country.iso_code`,
 * `country_code`, or `country` as a text) and its AS (`autonomous_system_number`, or `asn` as a number or as "AS64500";
 * `autonomous_system_organization` or `as_name`).  The countries that a vendor calls registered or represented say
 * something else and are left alone.  IPv4 networks are those below ::/96, as the format has them; the other places
 * that lead to the same networks (::ffff:0:0/96, 2002::/16, …) are not read twice.
 * Errors: ERR_IO, ERR_INPUT where the file is damaged or its tree joins up. */
#ifndef PARLEY_SCAN_MMDB_H
#define PARLEY_SCAN_MMDB_H

#include "territory/compile.h"

/* Whether a file carries the marker of the format. */
bool mmdb_is(struct bytes file);
/* Adds all networks; `out` gets the file's hash and the number of rows, r->date the time when it was built. */
enum error mmdb_read(const char *path, struct rows *r, struct territory_source *out, struct diag *d) MUST_USE;

#endif
