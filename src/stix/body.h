/* The body of a message: a STIX bundle that any STIX tool can read, with what parley computes on in an extension.
 *
 *     claim                  an incident (title, text) in a grouping, which stands for the case
 *     inquiry, proposal      a note in a grouping
 *     all other kinds        a note about the grouping of its case; without a case, about its author
 *     `opinion` is set       an opinion on the grouping beside the note (answers)
 *
 * Exactly one object, the incident or the note, carries parley's extension: the members of `extension`, and `kind`.
 * Other objects may stand beside it and are kept for the reader.
 *
 * Ids follow from the content, so the same message gives the same bytes.  The grouping's id follows from the name of
 * the case.
 * Members of `extension` have names of at least three characters a-z, 0-9 and _ (first a letter), don't end in _bin or
 * _hex, and are neither null nor an empty array: STIX asks that.  `kind` and `extension_type` are the writer's.
 * Limits: BODY_MAX_BYTES.  write(read(b)) gives b for the bodies that parley writes. */
#ifndef PARLEY_STIX_BODY_H
#define PARLEY_STIX_BODY_H

#include "stix/stix.h"

enum { BODY_MAX_BYTES = 3 << 20, BODY_TITLE_MAX = 500, BODY_TEXT_MAX = 1 << 20 };

enum body_opinion { BODY_NO_OPINION, BODY_AGREE, BODY_DISAGREE, BODY_NEUTRAL };

struct body {
    struct text kind;        /* the message's kind, as `claim` */
    struct text title, text; /* may be empty, but a claim's title; LF line ends */
    struct text lang;        /* RFC 5646; empty: none */
    struct text author;      /* cert.north.example/incident */
    struct text matter;      /* the name of the case; empty: none */
    enum tlp tlp;            /* TLP_NONE: none */
    instant created;         /* whole milliseconds count */
    enum body_opinion opinion;
    json_t *extension; /* members for the reader of this kind; NULL: none.  Writing takes it over; after reading it
                          belongs to `bundle` */
    json_t *objects;   /* writing: an array of further objects, or NULL, taken over.  After reading: all objects of the
                          bundle, which belong to `bundle` */
    json_t *bundle;    /* after reading: owns everything above; freed by body_free */
};

/* Appends the canonical bytes.  Takes over extension and objects, also on failure (they are NULL afterwards).
 * ERR_INPUT for texts that are ill-formed or too long and for members that STIX does not allow; ERR_LIMIT. */
enum error body_write(struct body *b, struct buf *out, struct diag *d) MUST_USE;
/* Canonical JSON only (json_read_canonical), a bundle in which exactly one object carries parley's extension and has
 * the shape above.  On OK the caller calls body_free. */
enum error body_read(struct bytes bytes, struct body *out, struct diag *d) MUST_USE;
void body_free(struct body *b);

#endif
