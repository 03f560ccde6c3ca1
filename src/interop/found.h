/* What a foreign file says was found of its facts: words gathered beside the facts, which are put in order later. */
#ifndef PARLEY_INTEROP_FOUND_H
#define PARLEY_INTEROP_FOUND_H

#include "interop/report.h"

struct found {
    struct losses unfit; /* facts that can't stand in a sheet are told elsewhere */
    struct collect by[FINDING_COUNT];
    bool any;
};
void found_start(struct found *f, struct arena *a);
/* The fact as it was given to collect_fact. */
void found_add(struct found *f, const struct fact *fact, enum finding_word word);
/* One a fact of the sheet, which collect_end made of the facts; NULL where nothing was found.  Of several words
 * that are said of one fact the first in the order of FINDING_LIST stands, and the others are told. */
enum error found_end(struct found *f, struct sheet s, struct losses *l, const struct finding **out,
                     struct diag *d) MUST_USE;

#endif
