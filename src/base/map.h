/* Names to things, in bytewise order of the names.
 *
 * A balanced tree (Arne Andersson, "Balanced search trees made simple", 1993), not a hash table: whoever picks the
 * names, as a counterparty does, can't make it slow, and it needs no random seed.  Finding and adding take O(log n).
 * Ownership: nodes live in the arena; names are views that must live as long as the map. */
#ifndef PARLEY_BASE_MAP_H
#define PARLEY_BASE_MAP_H

#include "base/arena.h"

struct map_node;
struct map { /* `struct map m = {.arena = a};` is an empty map */
    struct arena *arena;
    struct map_node *root;
    size_t count;
};

/* The thing of that name, or NULL. */
void *map_get(const struct map *m, struct text name);
/* Whether the name is there, be its thing NULL: a map is also a set. */
bool map_has(const struct map *m, struct text name);
/* The place of the thing of that name, added with NULL where there was none.  It stays where it is. */
void **map_put(struct map *m, struct text name);
/* All names and things in order; both arrays hold m->count items, either may be NULL. */
void map_list(const struct map *m, struct text *names, void **things);

#endif
