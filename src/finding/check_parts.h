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
    size_t holes;    /* how many of the silences are known to be more than that */
    uint64_t unread; /* lines */
    uint64_t events; /* a set of indices of rsit_types */
    struct {         /* the event that was shown last: it seldom changes */
        char at[32];
        size_t size;
    } event;
    uint8_t *ports; /* a set of 65,536 bits; NULL: none shown */
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
/* After that: takes the time between two stamps out of what is covered. */
void coverage_break(struct check_source *s, instant from, instant to);
/* The longest silences, each by the stretch before it, ascending: how many. */
enum { SILENCES_TOLD = 5 };
size_t coverage_silences(const struct check_source *s, size_t longest[static SILENCES_TOLD]);
void coverage_free(struct check_source *s);

/* ---- check_names.c: the addresses and texts of facts, as numbers from 1; 0: no fact has it */

struct fact_names;
struct fact_names *names_new(const struct check_fact *facts, size_t count, struct random *r);
void names_free(struct fact_names *n);
/* Most addresses of a log are in no fact: a small set of hashes tells so for nearly all of them. */
bool names_may_have(const struct fact_names *n, struct ip ip, uint64_t *hash);
void names_fetch(const struct fact_names *n, uint64_t hash); /* into the cache, before it is asked */
uint32_t names_address(const struct fact_names *n, struct ip ip, uint64_t hash);
uint32_t names_address_of(const struct fact_names *n, struct ip ip);
size_t names_address_max(const struct fact_names *n); /* no address has a higher number */
uint32_t names_text(const struct fact_names *n, struct text t);

/* ---- check_index.c: facts by what sightings may know of them */

/* What a trace names, all of it but the event; 0 where it is not known. */
struct trace_key { /* hashed and compared as bytes: no padding */
    uint32_t src, dst, object, protocol;
    uint16_t src_port, dst_port;
};

/* Facts whose keys agree as far as a view goes.  Their ends cut time into segments: each lasts from its start to before
 * the next one; the last comes after all facts. */
struct cluster {
    struct trace_key key;
    uint32_t from, count; /* of the view's segments; count 0: none */
    uint32_t facts;
};

enum { KNOWN_SETS = 64, VIEWS_MAX = 2048, PORT_BITS = 16 };
struct view { /* the facts that know `of`, as sightings see them that share `known` of it */
    unsigned of, known;
    bool blocks; /* of ports: sources and their ports, without as many of the last bits as `shift` says */
    unsigned shift;
    size_t number;
    struct cluster *clusters; /* open addressing */
    size_t slot_count, segment_count;
    instant *starts;
};

/* Shared by checks of the same facts; views are made when the first sighting asks for them, under the guard. */
struct fact_index {
    const struct check_fact *facts;
    size_t count;
    instant skew;
    struct fact_names *names;
    struct trace_key *keys; /* of each fact */
    uint64_t known_sets;    /* bit `known`: some fact that can be sought knows just that */
    uint64_t secret[3];
    struct check_guard guard;
    struct view *views[VIEWS_MAX];
    uint16_t view_of[KNOWN_SETS][KNOWN_SETS], block_view_of[KNOWN_SETS][PORT_BITS + 1]; /* from 1 */
    size_t view_count;
};
struct fact_index *fact_index_new(const struct check_fact *facts, size_t count, const struct check_options *o,
                                  struct random *r);
void fact_index_free(struct fact_index *x);
const struct view *fact_index_view(struct fact_index *x, unsigned of, unsigned known);
/* Of facts that know source and source port, for blocks of 2^shift ports. */
const struct view *fact_index_blocks(struct fact_index *x, unsigned of, unsigned shift);
struct trace_key view_key(const struct view *v, const struct trace_key *whole);
size_t view_slot(const struct fact_index *x, const struct view *v, const struct trace_key *key);
/* NULL: none; `slot` is what view_slot gave for the key. */
const struct cluster *view_find(const struct view *v, const struct trace_key *key, size_t slot);
/* The facts of each cluster: `first` by slot, then `next` by fact, both from 1; 0: no more. */
struct fact_lists {
    uint32_t *first, *next;
};
struct fact_lists view_lists(const struct fact_index *x, const struct view *v);
void fact_lists_free(struct fact_lists l);
/* Whether a fact can be sought at all. */
bool fact_checkable(const struct check_fact *f);
static inline instant fact_start(const struct fact_index *x, size_t fact) { return x->facts[fact].first - x->skew; }
static inline instant fact_end(const struct fact_index *x, size_t fact) { return x->facts[fact].last + x->skew + 1; }

void *take_zeroed(size_t count, size_t size); /* never NULL, of no items either; free() gives it back */

/* ---- check_join.c: which sightings belong to which facts */

struct upstreams { /* the lowest and the highest; the places are those of the first sightings with them, from 1 */
    struct ip low, high;
    uint64_t low_place, high_place; /* 0: none */
};

struct sum { /* of the sightings that touch a stretch of time */
    uint64_t count;
    instant first, last; /* INSTANT_NONE: none */
    struct upstreams upstreams;
};

struct join;
struct join *join_new(struct fact_index *x);
void join_free(struct join *j);
void join_see(struct join *j, const struct sighting *s);
/* Adds all that another join of the same index has seen. */
void join_join(struct join *into, struct join *from);
/* What was seen of a fact; after the last sighting. */
struct sum join_sum(struct join *j, size_t fact);
/* To whom the fact's source port was given out at the time; after the last sighting. */
struct upstreams join_held(struct join *j, size_t fact);
/* How many places were looked at so far. */
uint64_t join_steps(const struct join *j);

/* ---- check_sessions.c: who had a session to the source of a fact as it began */

enum { CALLERS_MAX = 4 }; /* the fact's own two ends may be among them, and two others are several */
struct callers {          /* the lowest addresses, ascending, each with the place of its first session */
    unsigned count;
    struct ip at[CALLERS_MAX];
    uint64_t places[CALLERS_MAX];
};

struct beginnings; /* of facts that a session may explain, by source and time; shared as an index is */
struct beginnings *beginnings_new(const struct fact_index *x);
void beginnings_free(struct beginnings *b);

struct sessions;
struct sessions *sessions_new(const struct fact_index *x, const struct beginnings *b);
void sessions_free(struct sessions *s);
void sessions_see(struct sessions *s, const struct sighting *one);
void sessions_join(struct sessions *into, const struct sessions *from);
/* Without the two ends of the fact. */
struct callers sessions_of(const struct sessions *s, size_t fact);
uint64_t sessions_steps(const struct sessions *s);

#endif
