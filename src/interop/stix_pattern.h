/* Patterns of STIX indicators, of the simple comparison kind: what one names, as facts.
 *
 * Source: OASIS STIX Version 2.1, section 9.  Read are observations in brackets, joined by OR, of comparisons by `=`
 * and IN, joined by AND (one fact that has all of it) and OR (a fact each).  Everything else (other operators, NOT,
 * nesting, qualifiers, sequences, networks) is not of this kind. Limits: STIX_PATTERN_FACTS_MAX facts of one pattern.
 */
#ifndef PARLEY_INTEROP_STIX_PATTERN_H
#define PARLEY_INTEROP_STIX_PATTERN_H

#include "fact/sheet.h"

enum { STIX_PATTERN_FACTS_MAX = 4096, STIX_PATTERN_VALUES_MAX = 1024 };

struct stix_pattern {
    const struct fact *facts; /* without times and counts */
    size_t count;
    bool side_guessed; /* of an address it does not say whether it is the source or the target: source was put */
};
/* False: the pattern is not of this kind, names what a fact can't hold, or more than `facts_max` facts. */
bool stix_pattern_read(struct text pattern, struct arena *a, size_t facts_max, struct stix_pattern *out);
/* An address as observables and patterns write it; also with the length of its family's whole prefix. */
bool stix_read_address(struct text t, struct ip *out);

#endif
