/* Bech32 (BIP 173) as age uses it: no limit of 90 characters, one case only. */
#ifndef PARLEY_SEAL_BECH32_H
#define PARLEY_SEAL_BECH32_H

#include "base/buf.h"

/* `hrp` in lower case.  Writes lower case. */
void bech32_write(struct text hrp, struct bytes data, struct buf *out);
/* Exactly `count` bytes under this hrp.  All upper case or all lower case. */
bool bech32_read(struct text t, struct text hrp, uint8_t *out, size_t count);

#endif
