/* Within territory/: the map of a report, made by atlas.py when parley is built.
 *
 * Source: Natural Earth (public domain), as npm's world-atlas has it, where script/setup has put it; else the map is
 * empty.  The projection is Equal Earth, in units from the upper left corner. */
#ifndef PARLEY_TERRITORY_ATLAS_H
#define PARLEY_TERRITORY_ATLAS_H

#include <stdbool.h>
#include <stddef.h>

struct atlas_shape {
    const char *code; /* of ISO 3166-1; empty: land to which that list gives no code */
    unsigned x, y;    /* a place in its midst */
    bool small;       /* too small to be seen without a dot */
    const char *path; /* SVG path data; empty: there is a dot alone */
};

extern const unsigned atlas_width, atlas_height;
extern const char *const atlas_sphere; /* the outline of the whole map */
extern const struct atlas_shape atlas_shapes[];
extern const size_t atlas_count;

#endif
