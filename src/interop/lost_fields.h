/* Fields that a reader has no place for, counted by name as they come: a file may have millions of them.
 *
 * At most LOST_FIELDS_MAX names are told apart; what is beyond is counted as one more.  Ownership: the arena's. */
#ifndef PARLEY_INTEROP_LOST_FIELDS_H
#define PARLEY_INTEROP_LOST_FIELDS_H

#include "interop/losses.h"

enum { LOST_FIELDS_MAX = 512, LOST_FIELDS_SLOTS = 2048, LOST_NAME_MAX = 160 };

struct lost_field {
    struct text name, value; /* the first value */
    uint64_t count;          /* 0: the slot is free */
};
struct lost_fields {
    struct arena *arena;
    struct lost_field *at; /* LOST_FIELDS_SLOTS of them */
    size_t count;
    uint64_t others;
};

static inline struct lost_fields lost_fields_in(struct arena *a) { return (struct lost_fields){.arena = a}; }
/* Both are copied where they are the first of that name. */
void lost_fields_add(struct lost_fields *l, struct text name, struct text value);
/* Tells them all, in the order of their names. */
void lost_fields_end(struct lost_fields *l, struct losses *out, const char *why);

#endif
