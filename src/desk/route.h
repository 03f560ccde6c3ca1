/* Which department of the other side facts belong to, by the remits of its card, and why.
 *
 * Each fact goes by the most specific remit (party/remit.h); facts that go to one department are one route.
 * Limits: linear in facts times remits.  Ownership: all lives in the arena and points into the card. */
#ifndef PARLEY_DESK_ROUTE_H
#define PARLEY_DESK_ROUTE_H

#include "fact/sheet.h"
#include "party/remit.h"
#include "json/json.h"

struct route_reason {
    struct remit_match match;
    size_t rows;
};

struct row_span {
    size_t first, last;
};

struct route {
    struct text department; /* empty: none is named */
    size_t rows;
    struct row_span *spans;
    size_t span_count, span_room;
    struct route_reason *reasons; /* none where no department is named */
    size_t reason_count, reason_room;
};

struct routes {
    struct route *at; /* in the order in which the facts come to them; what no department is named for comes last */
    size_t count;
};

/* `sectors`: what is known beside the facts. */
struct routes route_facts(const struct card *theirs, struct sheet facts, struct names sectors, struct arena *a);
/* For people: one paragraph a route; `rows`: say which rows. */
void route_page(const struct card *theirs, const struct routes *r, bool rows, struct buf *out);
json_t *route_json(const struct card *theirs, const struct routes *r);
/* The one department to which everything belongs; empty: there is none. */
struct text route_only(const struct routes *r);

#endif
