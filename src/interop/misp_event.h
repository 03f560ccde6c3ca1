/* Within interop/: an event of MISP under reading.  misp_read.c takes events, misp_read_facts.c what is in them of
 * facts. */
#ifndef PARLEY_INTEROP_MISP_EVENT_H
#define PARLEY_INTEROP_MISP_EVENT_H

#include "base/map.h"
#include "interop/found.h"
#include "interop/lost_fields.h"
#include "interop/misp.h"

struct misp_reading {
    const struct case_reading *how;
    struct lost_fields lost;
    struct report *at;
    size_t count, room;
};

struct misp_event { /* under reading */
    struct misp_reading *g;
    struct report r;
    struct collect facts;
    struct found found;
    struct text rsit; /* of the event as a whole; empty: none */
    bool many;        /* several of them */
    struct map parts; /* UUIDs of objects that another one names as of its fact; see misp_read_facts.c */
};

static inline struct arena *misp_arena(const struct misp_event *e) { return e->g->how->arena; }
static inline struct losses *misp_losses(const struct misp_event *e) { return e->g->how->losses; }

/* The text of a member, whatever its type; `kept`: one that outlives the JSON. */
struct text misp_member(const struct misp_event *e, const json_t *object, const char *key);
struct text misp_kept_member(const struct misp_event *e, const json_t *object, const char *key);
/* What has no place is told by its name. */
void misp_lose(struct misp_event *e, struct text where, struct text field, struct text value);
void misp_lose_members(struct misp_event *e, struct text where, const json_t *object, const char *const *known,
                       size_t count);
/* Tags: of TLP, the most restricted one counts; of the RSIT, the word of its event (empty: it is none). */
bool misp_is_level(struct text tag);
void misp_take_level(struct misp_event *e, struct text tag, bool of_event);
struct text misp_rsit_of(struct misp_event *e, struct text tag);

/* ---- misp_read_facts.c */

void misp_take_attribute(struct misp_event *e, const json_t *o);
void misp_take_objects(struct misp_event *e, json_t *objects);

#endif
