/* A program's own log: a line is a time, in whatever form the program likes, and a message.
 *
 *     [2012-02-13 17:21:54] MESSAGE               brackets, and a colon behind, may stand around it
 *     2013-06-10 18:33:32.123 +0200 [10099] MESSAGE
 *     2012/04/09 11:53:29, 2011.11.21 14:29:16    other separators
 *     22-Jan-2013 22:28:21 +0200, 2015-10-07  8:25:38
 *     130324  0:04:00                             MySQL of old: two digits of the year, from 1970 on
 *     Sat Dec 28 19:03:53 2013
 *     1386543323.000                              seconds since 1970
 *     Jan 18 17:39:50, PDT Apr 16 21:05:29        no year; a zone's name perhaps
 *
 * What has no offset is read in the zone of the options, as is a zone's name that is none of RFC 5322's (4.3) nor of
 * Europe's.  The number of a process in brackets behind it is none of the
 * message.  Whose log it is, the format says. */
#ifndef PARLEY_LINE_OWN_H
#define PARLEY_LINE_OWN_H

#include "line/stamp.h"

/* *stamped: the time was read, be the rest wrong. */
enum reason own_read(struct stamper *s, struct text line, struct stamp *out, bool *stamped, struct text *message);
/* Whether a message looks like those of a service's own log; false for services that have none. */
bool own_looks_like(const char *service, struct text message);
/* Whether a service has a log of its own that is read so. */
bool own_has_log(const char *service);

#endif
