/* Key agreements of seals that were computed before. */
#ifndef PARLEY_SIM_AGREEMENTS_H
#define PARLEY_SIM_AGREEMENTS_H

/* Begins anew, for another world. */
void agreements_forget(void);

#endif
