/* Within territory/: what the parts of a report share. */
#ifndef PARLEY_TERRITORY_ORIGINS_SVG_H
#define PARLEY_TERRITORY_ORIGINS_SVG_H

#include "territory/origins.h"

enum { SVG_WIDTH = 900, SVG_MARGIN = 20, SVG_LINE = 18, SVG_ROW = 20 };

struct plot {
    const struct origins *of; /* the one that is drawn */
    size_t count, table;      /* how many there are, and which it is */
    unsigned y;               /* of the last line */
    struct buf *out;
};

void svg_open_text(struct plot *p, unsigned x, const char *class);
void svg_text(struct plot *p, unsigned x, const char *class, struct text t);
/* As many lines as it takes; frees `line`. */
void svg_built(struct plot *p, const char *class, struct buf *line);
/* "unit counted: sources; table: …" */
void svg_what(const struct plot *p, struct buf *line);

/* The shapes, once for all maps of a page. */
void svg_map_shapes(struct buf *out);
void svg_map(struct plot *p);

#endif
