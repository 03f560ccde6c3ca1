/* Fewer events that still break the same promise. */
#ifndef PARLEY_SIM_SHRINK_H
#define PARLEY_SIM_SHRINK_H

#include "world.h"

/* Leaves out events by halves, quarters and so on (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing
 * input", 2002), for as long as the run breaks a promise in the same words but for the numbers; prints what is left. */
void shrink(const struct settings *set, const char *violation);

#endif
