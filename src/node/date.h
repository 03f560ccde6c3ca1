/* The time of day in HTTP: the form that both ends write, IMF-fixdate (RFC 9110, section 5.6.7), and what is taken of
 * it: how far another clock is ahead, to a second and late by the way. */
#ifndef PARLEY_NODE_DATE_H
#define PARLEY_NODE_DATE_H

#include "base/instant.h"

enum { HTTP_DATE_MAX = 32 };

/* "Sun, 06 Nov 1994 08:49:37 GMT", whatever the language. */
const char *http_date_write(instant at, char out[static HTTP_DATE_MAX]);
/* False for what is no time of HTTP. */
bool http_date_ahead(const char *date, instant now, instant *ahead);

#endif
