/* Within interop/: X-ARF version 4 (xarf.org), a JSON object a report, and which event of RSIT its types mean.
 *
 * Source: the schemas of xarf-spec, version 4.2.0.  A report is of one fact; the fact itself stands in it as a sheet of
 * one row, as evidence, so that it comes back to the bit. */
#ifndef PARLEY_INTEROP_XARF_H
#define PARLEY_INTEROP_XARF_H

#include "interop/case_format.h"

#define XARF_VERSION "4.2.0"
#define XARF_SHEET_MEDIA "text/csv"
enum { XARF_DESCRIPTION_MAX = 1000, XARF_SHEET_MAX = SHEET_ROW_MAX + 256 };

enum xarf_need {                      /* what the schema of a type asks for */
                 XARF_CONNECTION = 1, /* `protocol`, `first_seen`, and beside an address a `source_port` */
                 XARF_URL = 2,        /* `url`: only facts whose object is one are written so */
                 XARF_INFRINGING = 4, /* `infringing_url`, alike */
                 XARF_MESSAGE = 8,    /* `protocol`, of a list of its own */
                 XARF_SERVICE = 16,   /* `service` */
                 XARF_NEAR = 32,      /* the event and the type are near to each other, not the same: told as a guess */
                 XARF_READ_ONLY = 64, /* an event is written otherwise */
                 XARF_ANY = 128       /* every event that has no place of its own */
};

struct xarf_type {
    const char *category, *type, *event;
    unsigned needs;
    const char *member, *value; /* one more that the schema asks for; value NULL: the event */
};

/* What a report says: version 3 has no categories, then `category` is empty, and its spelling differs (Login-Attack).
 * NULL: no such type. */
const struct xarf_type *xarf_type_read(struct text category, struct text type);
/* How a fact is written. */
const struct xarf_type *xarf_type_of(const struct fact *f);

/* Who is accused, as X-ARF names it: the source's address, else the host of a URL, a domain, or who sent a mail; empty
 * where a fact has none of them. */
struct text xarf_source(const struct fact *f, struct arena *a);
/* The members that say a fact; `losses` takes what is not as it was.  `type`: xarf_type_of. */
void xarf_put_fact(json_t *object, const struct fact *f, const struct xarf_type *type, struct arena *a,
                   struct losses *losses);
/* The host within a URL, without user and port; empty where there is none. */
struct text xarf_url_host(struct text url);

#endif
