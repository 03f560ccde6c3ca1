/* Within matter/: the members of each kind of dialogue, by which it is written and read. */
#ifndef PARLEY_MATTER_DIALOGUE_BODY_H
#define PARLEY_MATTER_DIALOGUE_BODY_H

#include "matter/dialogue.h"

/* NULL where the kind is no dialogue. */
const struct member_table *dialogue_members(enum kind kind);
/* Whether all that is set in `s` belongs to the kind: ERR_INTERNAL. */
enum error dialogue_check(const struct dialogue *s, const struct member_table *members, struct diag *d) MUST_USE;

#endif
