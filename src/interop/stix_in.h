/* Within interop/: a STIX bundle that is being read. */
#ifndef PARLEY_INTEROP_STIX_IN_H
#define PARLEY_INTEROP_STIX_IN_H

#include "base/map.h"
#include "interop/stix_case.h"
#include "interop/stix_pattern.h"

enum { STIX_FACTS_MAX = 2 << 20 };

struct stix_seen { /* when, and how often */
    instant first, last;
    uint64_t count;
    struct text event;
};
struct stix_in {
    const struct case_reading *how;
    struct arena *arena;
    struct losses *losses;
    json_t *objects;      /* an array */
    struct map ids;       /* to objects: of several versions the newest */
    struct map used;      /* ids of observables that a fact was made of, or that stand in one */
    struct map sightings; /* by the id of the indicator: struct stix_sightings */
    struct collect facts;
    bool too_many;
    struct report *report;
    unsigned title_rank;  /* of what the title is from; 0: none yet */
    struct text title_by; /* who made it: an id */
};
struct stix_sightings {
    const json_t **at;
    size_t count, room;
};

void stix_lose(struct stix_in *in, enum loss_kind kind, const char *type, const char *member, struct text value,
               const char *why);
/* Tells each member of an object that is neither known to all nor in the list (ends in NULL). */
void stix_lose_members(struct stix_in *in, const json_t *object, const char *const *known);
/* A text of the bundle, for as long as the arena. */
struct text stix_kept(struct stix_in *in, struct text t);
struct text stix_event(struct stix_in *in, const json_t *object);
instant stix_time_of(struct stix_in *in, const json_t *object, const char *member);
/* Takes a fact in, with what is known of when and how often. */
void stix_collect(struct stix_in *in, struct fact f, const struct stix_seen *seen, const char *field);

/* ---- stix_read_facts.c: each takes one object */

void stix_read_observed(struct stix_in *in, const json_t *object);
void stix_read_indicator(struct stix_in *in, const json_t *object);
void stix_note_sighting(struct stix_in *in, const json_t *object);
void stix_note_traffic(struct stix_in *in, const json_t *object);
/* An observable that no fact was made of yet. */
void stix_read_observable(struct stix_in *in, const json_t *object);
bool stix_is_observable(const json_t *object);

#endif
