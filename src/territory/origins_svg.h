/* Within territory/: what the parts of a report share.
 *
 * The first table is always drawn as A; another stands beside it as B, or C and so on, each with a map and a ranking of
 * its own.  Behind each number stand the letters of what it is to be read with, and the list of these ends the page. */
#ifndef PARLEY_TERRITORY_ORIGINS_SVG_H
#define PARLEY_TERRITORY_ORIGINS_SVG_H

#include "territory/origins.h"

enum { SVG_WIDTH = 760, SVG_MARGIN = 20, SVG_RIGHT = SVG_WIDTH - SVG_MARGIN, SVG_LINE = 16, SVG_ROW = 20 };

struct plot {
    const struct origins *of; /* by all tables */
    size_t count, other;      /* how many there are, and which stands beside the first; 0: none */
    struct text asked;        /* the origin that is told apart by weight; empty: none */
    unsigned marks;           /* of all rows, a set */
    unsigned y;               /* of the last line */
    struct buf *out;
};

struct origin_pair { /* an origin as the two tables have it; NULL where one does not */
    const struct origin *a, *b;
};

static inline const struct origins *svg_b(const struct plot *p) { return p->other ? &p->of[p->other] : NULL; }
static inline char svg_letter(size_t table) { return (char)('A' + table); }
uint64_t svg_count(const struct plot *p, const struct origin *row); /* NULL: 0 */
bool svg_is_asked(const struct plot *p, struct origin_pair pair);
/* The same origin by another table; NULL where it has none of it. */
const struct origin *svg_same(const struct origins *o, const struct origin *row);

void svg_open_text(struct plot *p, double x, double y, const char *class);
void svg_text(struct plot *p, double x, const char *class, struct text t);
/* The label of an origin, cut to so many columns; `name` is cleared first. */
void svg_label(const struct plot *p, struct origin_pair pair, size_t columns, struct buf *name);
/* A count that ends at x (its class begins with `end`), and behind it the letters of what it is to be read with. */
void svg_number(struct plot *p, double x, const struct origin *row, size_t table, const char *class);
/* As many lines as it takes; frees `line`. */
void svg_built(struct plot *p, unsigned x, const char *class, struct buf *line);

/* The shapes, once for all maps of a page. */
void svg_map_shapes(struct buf *out);
void svg_map(struct plot *p);
/* Two tables: a slope between them.  One: bars. */
void svg_ranking(struct plot *p);
/* The same origins by each unit, in the order of the ranking. */
void svg_multiples(struct plot *p);
/* What numbers are to be read with: of the origin `row` by that table, or with NULL of all. */
void svg_letters(const struct plot *p, const struct origin *row, size_t table, struct buf *out);
void svg_caveats(struct plot *p);

#endif
