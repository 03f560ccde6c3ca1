/* Within finding/: the parts of a check. */
#ifndef PARLEY_FINDING_CHECK_PARTS_H
#define PARLEY_FINDING_CHECK_PARTS_H

#include "finding/check.h"

/* ---- check_coverage.c */

struct stretch { /* without a silence longer than the gap */
    instant from, to;
};

struct check_source {
    struct text name;
    bool traffic;
    struct stretch *stretches; /* the first `count`: ascending, more than a gap apart; up to `held`: as they came */
    size_t count, held, room;
    uint64_t events; /* a set of indices of rsit_types */
    uint8_t *ports;  /* a set of 65,536 bits; NULL: none shown */
};

/* Each of these three: false past CHECK_STRETCHES_MAX. */
bool coverage_stamp(struct check_source *s, instant at, instant gap);
void coverage_show(struct check_source *s, const struct trace *t);
bool coverage_right_kind(const struct check_source *s, const struct trace *t, bool outgoing);
bool coverage_covers(const struct check_source *s, instant first, instant last);
/* Adds what another source of the same name showed. */
bool coverage_join(struct check_source *into, const struct check_source *from, instant gap);
/* Puts all in order: before what is covered is asked. */
bool coverage_settle(struct check_source *s, instant gap);
void coverage_free(struct check_source *s);

/* ---- check_join.c: which sightings belong to which facts */

struct sum { /* of the sightings that touch a stretch of time */
    uint64_t count;
    instant first, last; /* INSTANT_NONE: none */
    bool has_upstream;
    struct ip upstream; /* the lowest */
    uint64_t place;     /* of the first sighting with it */
};

struct join;
struct join *join_new(const struct check_fact *facts, size_t count, instant skew, struct random *r);
void join_free(struct join *j);
void join_see(struct join *j, const struct sighting *s);
/* Adds all that another join of the same facts has seen. */
void join_join(struct join *into, const struct join *from);
/* What was seen of a fact; after the last sighting. */
struct sum join_sum(struct join *j, size_t fact);
/* Whether a fact can be sought at all. */
bool fact_checkable(const struct check_fact *f);

/* ---- check_sessions.c: who had a session to the source of a fact as it began */

enum { CALLERS_MAX = 4 }; /* the fact's own two ends may be among them, and two others are several */
struct callers {          /* the lowest addresses, ascending, each with the place of its first session */
    unsigned count;
    struct ip at[CALLERS_MAX];
    uint64_t places[CALLERS_MAX];
};

struct sessions;
struct sessions *sessions_new(const struct check_fact *facts, size_t count, instant skew, struct random *r);
void sessions_free(struct sessions *s);
void sessions_see(struct sessions *s, const struct sighting *one);
void sessions_join(struct sessions *into, const struct sessions *from);
/* Without the two ends of the fact. */
struct callers sessions_of(const struct sessions *s, size_t fact);

#endif
