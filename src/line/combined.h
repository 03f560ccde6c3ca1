/* A visit that an access log tells of, and which event it is. */
#ifndef PARLEY_LINE_COMBINED_H
#define PARLEY_LINE_COMBINED_H

#include "base/sift.h"

struct visit {    /* as the log has it; referer and agent are empty in the Common Log Format */
    size_t quote; /* where in a log's line the request begins */
    struct text host, user;
    struct text line; /* "GET /a HTTP/1.1" */
    unsigned status;
    struct text referer, agent;
};

/* How what the rules seek begins, so that most of a line is passed over 64 bytes at a time. */
struct visit_search {
    const struct sift *sift; /* any finds the same */
    struct needles_begin target, client, path;
};
void visit_search_start(struct visit_search *v, const struct sift *sift);

/* An RSIT type; NULL where no rule fits.  `scratch` takes the decoded request. */
const char *visit_event(const struct visit_search *v, const struct visit *q, char *scratch, size_t room);
/* The parts of that which error logs use, too: what a decoded request tries, and whether a path is of those that only
 * scanners ask for where they are not. */
const char *target_event(const struct visit_search *v, struct text target);
bool target_is_well_known(const struct visit_search *v, struct text target);

#endif
