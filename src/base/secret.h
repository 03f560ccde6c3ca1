/* Memory for secrets: locked where the system allows it, guarded, wiped when freed (libsodium's sodium_malloc).
 *
 * sodium_malloc succeeds unlocked past RLIMIT_MEMLOCK; secret_locked tells whether all so far were locked. */
#ifndef PARLEY_BASE_SECRET_H
#define PARLEY_BASE_SECRET_H

#include "base/text.h"

void *secret_new(size_t size);  /* zeroed; never NULL */
void secret_free(void *secret); /* wipes; NULL is fine */
void secret_wipe(void *at, size_t size);
bool secret_locked(void);

#endif
