/* What one log line says: who, what, when, how often.
 *
 * Ownership: `object` and `protocol` are views into the line, into the reader's own memory until its next line, or of
 * constants; who keeps an observation copies them. */
#ifndef PARLEY_LINE_OBSERVATION_H
#define PARLEY_LINE_OBSERVATION_H

#include "base/instant.h"
#include "base/ip.h"

enum known { KNOWN_SRC = 1, KNOWN_DST = 2, KNOWN_SRC_PORT = 4, KNOWN_DST_PORT = 8, KNOWN_UPSTREAM = 16 };

struct observation {
    instant first, last; /* equal but for lines that tell of a stretch; INSTANT_NONE where the line has no time */
    unsigned known;      /* a set of enum known */
    struct ip src, dst, upstream; /* upstream: from whom the source had it, behind a translation or a proxy */
    uint16_t src_port, dst_port;
    uint16_t block_last;  /* of REASON_PORTS alone, which knows nothing else: from `src_port` to here the ports of `src`
                             were given out to `upstream`; 0: not told */
    struct text object;   /* `url:`, `domain:`, `sha256:`, `account:`, `mail:` and a value; empty: unknown */
    struct text protocol; /* lower case; empty: unknown */
    struct text event;    /* an RSIT type; empty: the line is no fact by itself */
    uint64_t count;       /* at least 1 */
    bool twice;           /* the local time came twice, and is read as the first */
    bool traffic; /* a record of traffic as such, of a log that records all of it: what it lacks was not there */
};

enum { OBJECT_MAX = 2048, PROTOCOL_MAX = 15 }; /* bytes */

/* A known kind, a colon and a value of one line of UTF-8; at most OBJECT_MAX bytes.  `sha256:` has 64 lower-case
 * digits. */
bool object_holds(struct text object);
/* Lower-case letters, digits, `.`, `+` and `-`; 1 to PROTOCOL_MAX bytes. */
bool protocol_holds(struct text protocol);

#endif
