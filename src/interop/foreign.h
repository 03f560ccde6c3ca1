/* What readers and writers of others' formats share. */
#ifndef PARLEY_INTEROP_FOREIGN_H
#define PARLEY_INTEROP_FOREIGN_H

#include "base/arena.h"
#include "json/json.h"

/* RFC 3339 with any offset, or none, which is UTC. */
bool foreign_time(struct text t, instant *out);
/* "2026-03-01T12:00:00+00:00", or with `fraction` behind the seconds; empty for INSTANT_NONE. */
struct text foreign_time_text(struct arena *a, instant i, const char *fraction);
/* A string, a number or a truth value as text; empty for anything else. */
struct text foreign_text(const json_t *value, struct arena *a);
/* A copy in lower case (ASCII). */
struct text foreign_lower(struct arena *a, struct text t);
/* Whether a protocol is one that transports others, and no application's. */
bool foreign_transport(struct text protocol);

/* ERR_LIMIT for a text of more values of JSON (json_values_end) than memory is given for. */
enum { FOREIGN_VALUES_MAX = 4 << 20 };
enum error foreign_check_values(struct bytes file, struct diag *d) MUST_USE;

#endif
