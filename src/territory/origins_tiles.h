/* Within territory/: where each country stands on a map of equal squares.
 *
 * A map of borders takes a position on each of them, and needs someone's data; here every country and territory of ISO
 * 3166-1 is one square of one size, near its neighbours and without borders.  The layout is this project's own. */
#ifndef PARLEY_TERRITORY_ORIGINS_TILES_H
#define PARLEY_TERRITORY_ORIGINS_TILES_H

#include "vocab/iso3166.h"

enum { TILE_ROWS = 17, TILE_COLUMNS = 28 };

/* The country of a square; none where it is empty. */
struct country tile_country(unsigned row, unsigned column);

#endif
