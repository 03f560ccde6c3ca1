/* Within settlement/: the members of the bodies, by which they are written and read. */
#ifndef PARLEY_SETTLEMENT_BODY_H
#define PARLEY_SETTLEMENT_BODY_H

#include "settlement/settlement.h"

extern const struct member_table consult_members, minutes_members, agree_members;

#endif
