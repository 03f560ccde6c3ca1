/* Checking facts against one's own logs: what a machine may suggest, before a person answers.
 *
 * Facts come first and are indexed; then log lines stream by, as stamps (every line that has a time) and sightings
 * (what a line shows).  Memory grows with the facts and the unbroken stretches of the logs, never with the lines.
 *
 * A sighting is of a fact where its time touches [first_seen - skew, last_seen + skew] and each of source, destination,
 * ports, protocol and object that both know is the same; at least an address or the object is.  Then
 *
 *     relayed        where the log says from whom the source had it (a translation, a proxy): that upstream is given
 *                    where it is the only one; or where one address alone had a session to the source as the fact
 *                    began: see below
 *     confirmed      where it does not
 *
 * and where nothing was seen
 *
 *     insufficient   the fact has no time, or neither address nor object
 *     not-ours       a table was given, knows every address of the fact, and has none of them in one's own country
 *     not-seen       some source of the right kind covers the whole time in which a sighting would be of the fact, so
 *                    from first_seen - skew to last_seen + skew
 *     no-records     none does
 *
 * Where a translator gives out ports by the block, such a record shows no traffic, and so no fact; but what was seen of
 * a source and its port is relayed from whom the port was given to, and of what was not seen that is told as a trail.
 *
 * A session to the source explains what the source did: a record of a stretch of time, in a log that sees traffic,
 * whose destination is the fact's source, that is open (within skew) at first_seen, whose destination port is lower
 * than its source port (an answer goes the other way), and whose source is neither the fact's destination nor its
 * source.  Only where the fact was seen itself, and names its destination, so that answers from there are told apart.
 * Where several addresses had one, none is named: the finding stays confirmed.  What names an upstream is told with its
 * line.
 *
 * A count says 2^53 where there are more.  "Refuted" and "remediated" are for people.  A source covers stretches: from
 * one stamp to the next as long as the silence between them is no longer than `gap`, less the holes of which the caller
 * knows (a file is missing, or was cut short).  A source that sees traffic (flow, NAT, firewall, sensor) is of the
 * right kind for every fact with an address; any other one for the destination ports and events that it has shown
 * anywhere. The outcome does not depend on the order of lines, files or threads.
 *
 * Limits: CHECK_SOURCES_MAX sources, CHECK_STRETCHES_MAX stretches a source.  O((facts + lines) log facts).  Memory:
 * for each set of things that lines know (a format has one or two), some 130 bytes a fact, and beside them some 50 a
 * fact in each check that sees lines of it; twice to five times as many where they tell of stretches of time and of
 * upstreams. */
#ifndef PARLEY_FINDING_CHECK_H
#define PARLEY_FINDING_CHECK_H

#include "base/random.h"
#include "finding/answer.h"
#include "territory/territory.h"

enum { CHECK_SOURCES_MAX = 4096, CHECK_STRETCHES_MAX = 1 << 20 };
#define CHECK_SKEW (5 * INSTANT_SECOND)
#define CHECK_GAP INSTANT_HOUR

enum trace_known {
    TRACE_SRC = 1,
    TRACE_DST = 2,
    TRACE_SRC_PORT = 4,
    TRACE_DST_PORT = 8,
    TRACE_PROTOCOL = 16,
    TRACE_OBJECT = 32
};

struct trace {      /* what a fact or a log line says of who and what */
    unsigned known; /* a set of trace_known */
    struct ip src, dst;
    uint16_t src_port, dst_port;
    struct text protocol, object;
    struct text event; /* an RSIT type; empty: unknown.  It is compared with nothing but coverage */
};

struct check_fact {
    struct trace trace;
    instant first, last; /* INSTANT_NONE: unknown */
};

struct sighting {
    struct trace trace; /* of a translated flow: as the other side sees it */
    instant at, until;  /* a stretch, as of a flow; `until` not after `at`: a moment */
    uint64_t count;
    bool has_upstream; /* from whom the source had it: a translation's inner address, a proxy's client */
    struct ip upstream;
    uint16_t block_last; /* not 0: no traffic was seen, but these ports, from src_port on, were `upstream`'s */
    bool is_session;     /* a record of traffic over a stretch of time */
    uint64_t place;      /* where it stands in the input; the lowest is named */
};

struct check_guard { /* NULL: a check is one thread's */
    void (*enter)(void *state), (*leave)(void *state);
    void *state;
};

struct check_options {
    instant skew;                  /* CHECK_SKEW */
    instant gap;                   /* CHECK_GAP */
    const struct territory *table; /* NULL: none */
    struct country own;            /* with a table */
    struct check_guard guard;      /* around what checks that share facts do now and then to what they share */
};

struct check;
/* The facts must live as long.  `r` keys a hash table; no outcome depends on it. */
struct check *check_new(const struct check_fact *facts, size_t count, const struct check_options *o, struct random *r);
/* Another check of the same facts, without sources yet, for another thread: what is known of the facts alone is shared.
 * `first` must live as long. */
struct check *check_beside(struct check *first);
void check_free(struct check *c); /* NULL is fine */
/* Adds a source of records; `traffic`: it sees traffic, whatever the service.  The name lives as long as the check. */
enum error check_source(struct check *c, struct text name, bool traffic, size_t *source, struct diag *d) MUST_USE;
/* That a source sees traffic may turn out later. */
void check_sees_traffic(struct check *c, size_t source);
/* Any line of a source, with the time at which it was written.  ERR_LIMIT past CHECK_STRETCHES_MAX. */
enum error check_stamp(struct check *c, size_t source, instant at, struct diag *d) MUST_USE;
void check_see(struct check *c, size_t source, const struct sighting *s);

/* A line of a source that could not be read: how many there were is told with what it covers. */
void check_unread(struct check *c, size_t source);

/* Adds what a check beside this one, with the same sources, has seen; which may see no more. */
enum error check_merge(struct check *into, struct check *from, struct diag *d) MUST_USE;

/* After the last stamp: ERR_LIMIT past CHECK_STRETCHES_MAX, however many checks there were. */
enum error check_settle(struct check *c, struct diag *d) MUST_USE;
/* After that: between these two stamps a source is known to lack lines, however short the silence. */
void check_hole(struct check *c, size_t source, instant from, instant to);
/* How many places were looked at for what was seen so far: what time it takes, for tests. */
uint64_t check_steps(const struct check *c);

/* What a suggestion says of an upstream, and the sighting that says so. */
enum trail_kind {
    TRAIL_NONE,
    TRAIL_TRANSLATED, /* the log of a translation or proxy names the upstream */
    TRAIL_HELD,       /* the source's port was given out to one address at the time */
    TRAIL_SEVERAL,    /* such logs name several: none is given */
    TRAIL_SESSION,    /* one address had a session to the source */
    TRAIL_SESSIONS    /* several had: none is named */
};
struct trail {
    enum trail_kind kind;
    uint64_t place;       /* of the sighting; TRAIL_SEVERAL, TRAIL_SESSIONS: of that of the lowest address */
    struct ip of;         /* TRAIL_SEVERAL, TRAIL_SESSIONS: that address */
    uint64_t other_place; /* TRAIL_SEVERAL: of the highest */
    struct ip other;
};

/* One suggestion a fact, and one line of coverage a source; in the arena. */
struct checked {
    struct findings findings;
    const struct trail *trails; /* one a fact */
    struct coverage *coverage;
    size_t source_count;
};
struct checked check_end(struct check *c, struct arena *a);

#endif
