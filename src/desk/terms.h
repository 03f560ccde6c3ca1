/* Terms as people and programs read them: what is agreed, what an offer changes, and who holds to it.
 *
 * One table names the terms, in the order in which they are shown.  Source: the design, section 2, "terms". */
#ifndef PARLEY_DESK_TERMS_H
#define PARLEY_DESK_TERMS_H

#include "base/buf.h"
#include "matter/dialogue.h"
#include "json/json.h"

/* In one line, set off from what stands in `out` since `from`; nothing where there are none. */
void terms_line(const struct offered_terms *t, size_t from, struct buf *out);
/* A line for each, with who holds to it: the rules, the node, or people. */
void terms_page(const struct offered_terms *t, const char *indent, struct buf *out);
/* "hours to answer: 168 → 336; days of retention: none → 90"; nothing where they are the same. */
void terms_changes_line(const struct offered_terms *before, const struct offered_terms *after, struct buf *out);

/* Each for the caller to free: {name: value}; {name: who holds to it}, of those that are there; {name: [before,
 * after]}, of those that differ, null where there is no such term. */
json_t *terms_json(const struct offered_terms *t);
json_t *terms_held_json(const struct offered_terms *t);
json_t *terms_changes_json(const struct offered_terms *before, const struct offered_terms *after);

#endif
