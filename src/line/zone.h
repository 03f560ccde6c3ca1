/* Time zones: from the local time of a log to UTC.
 *
 * Source: RFC 8536 (TZif, versions 1 to 4, with the footer of version 2 and up, which rules after the last transition);
 * a footer is a POSIX TZ string with rules of the form Mm.w.d, Jn or n.
 * Shapes: offsets are seconds east of UTC; local time is seconds since 1970-01-01T00:00:00 on the clock in question.
 * Limits: ZONE_BYTES_MAX bytes, ZONE_TRANSITIONS_MAX transitions.  Ownership: transitions live in the arena. */
#ifndef PARLEY_LINE_ZONE_H
#define PARLEY_LINE_ZONE_H

#include "base/arena.h"

enum { ZONE_BYTES_MAX = 1 << 20, ZONE_TRANSITIONS_MAX = 65536 };

struct zone_transition {
    int64_t at;     /* seconds UTC */
    int32_t offset; /* from then on */
};

struct zone_date {   /* when a rule of the footer begins, each year */
    char form;       /* 'M', 'J', or 'n' */
    int month, week; /* of 'M' */
    int day;         /* of the week, or of the year */
    int32_t second;  /* local, of that day; may be below 0 or beyond the day */
};

struct zone {
    struct zone_transition *at;
    size_t count;
    int32_t before; /* the offset before the first transition, and the only one of a fixed zone */
    bool has_rule;  /* after the last transition the two below alternate */
    int32_t standard, summer;
    struct zone_date begin, end; /* of summer */
};

/* `Z`, `UTC`, `+01:00`, `-0330`. */
bool zone_fixed(struct text t, struct zone *out);
/* The bytes of a TZif file. */
enum error zone_read(struct bytes b, struct arena *a, struct zone *out, struct diag *d) MUST_USE;

enum zone_fit { ZONE_ONCE, ZONE_TWICE, ZONE_NEVER };
struct zone_answer {
    enum zone_fit fit;
    int32_t offset;      /* of the first of two; undefined for ZONE_NEVER */
    int64_t from, until; /* the local times around the one asked for that have the same answer: [from, until) */
};
/* What a local time means.  A time that comes twice is read as the first; one that never comes is for the caller to
 * refuse. */
struct zone_answer zone_ask(const struct zone *z, int64_t local);
/* The offset at an instant, in seconds since 1970 UTC. */
int32_t zone_offset(const struct zone *z, int64_t utc);

#endif
