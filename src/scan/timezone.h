/* Time zones by name, from the system's table (Debian's tzdata). */
#ifndef PARLEY_SCAN_TIMEZONE_H
#define PARLEY_SCAN_TIMEZONE_H

#include "line/zone.h"

/* `Europe/Paris`, or a fixed offset as zone_fixed reads it.  ERR_USAGE where there is no such zone. */
enum error timezone_load(struct text name, struct arena *a, struct zone *out, struct diag *d) MUST_USE;

#endif
