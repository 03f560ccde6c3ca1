/* What is known of signatures. */
#ifndef PARLEY_SIM_SIGNATURES_H
#define PARLEY_SIM_SIGNATURES_H

#include "note/key.h"

void signatures_forget(void);

#endif
