/* Within claim/: the members of the bodies, by which they are written and read. */
#ifndef PARLEY_CLAIM_BODY_H
#define PARLEY_CLAIM_BODY_H

#include "claim/claim.h"

/* An ask or a disclosure as its body spells it: the rows are a text there. */
struct named_rows {
    struct text sheet, rows, ask;
};

extern const struct member_table claim_members, correct_members, inquiry_members, rows_members;

#endif
