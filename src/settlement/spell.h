/* Within settlement/: minutes as they are spelled, whether or not a reader would take them. */
#ifndef PARLEY_SETTLEMENT_SPELL_H
#define PARLEY_SETTLEMENT_SPELL_H

#include "settlement/minutes.h"

void minutes_spell(const struct minutes *m, struct buf *out);

#endif
