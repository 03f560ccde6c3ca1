/* From claims to what is to be checked.
 *
 * In: the facts of the sheet that a claim rests on.  Out: for each of them, in the sheet's order, the trace and the
 * stretch of time that a check seeks in one's own logs.  Refused: nothing; a fact that no check can seek (without a
 * time, or without an address or object) comes out as such and ends as `insufficient`.  Proved after it: the i-th
 * finding of a check is of row i of the sheet.
 *
 * A sheet's times are cut to whole seconds, so a fact's last second counts to its end.
 * Ownership: texts are those of the facts. */
#ifndef PARLEY_FINDING_FROM_CLAIM_H
#define PARLEY_FINDING_FROM_CLAIM_H

#include "fact/sheet.h"
#include "finding/check.h"

struct check_fact check_fact_of(const struct fact *f);

/* One a row, `sheet.count` in all, in the arena. */
const struct check_fact *check_facts_of(struct sheet sheet, struct arena *a);

#endif
