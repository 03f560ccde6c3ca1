/* Within interop/: what reading and writing MISP's events share.
 *
 * Source: the MISP core format (draft-dulaunoy-misp-core-format), MISP's object templates and taxonomies. */
#ifndef PARLEY_INTEROP_MISP_H
#define PARLEY_INTEROP_MISP_H

#include "interop/case_format.h"
#include "vocab/rsit.h"

enum misp_slot { /* what one value is of a fact */
                 MISP_SRC,
                 MISP_DST,
                 MISP_SRC_PORT,
                 MISP_DST_PORT,
                 MISP_PROTOCOL,
                 MISP_URL, /* objects, the one that says most first */
                 MISP_SHA256,
                 MISP_DOMAIN,
                 MISP_MAIL,
                 MISP_ACCOUNT,
                 MISP_COUNTED,
                 MISP_EVIDENCE,
                 MISP_FIRST,
                 MISP_LAST,
                 MISP_SLOTS,
                 MISP_NOTHING = MISP_SLOTS
};

/* Of what a report has around its facts, what stands as attributes of an internal reference, each with this comment. */
#define MISP_REFERENCES(X)                                                                                             \
    X(id, "parley: case")                                                                                              \
    X(to, "parley: addressed to")                                                                                      \
    X(lang, "parley: language")                                                                                        \
    X(own_number, "parley: own number")

/* An object of a fact that its network-connection has no place for is a MISP object of its own, with a reference to it
 * that has this comment; numbers that a template lacks stand in the comment of the object: "parley: count=5". */
#define MISP_SAME_FACT "parley: of the same fact"
#define MISP_BESIDE "parley:"

#define MISP_SUMMARY "Summary" /* the name of the event report that holds the text of the case */

/* The UUID that the event of a report has, each time it is written. */
void misp_event_uuid(const struct report *r, struct arena *a, char out[static 37]);
/* threat_level_id: 1 high, 2 medium, 3 low, 4 undefined; empty: none of these. */
struct text misp_severity(struct text threat_level);
struct text misp_threat_level(struct text severity);

#endif
