/* Cosignatures: a mirror's or a witness's statement on a checkpoint, with the time at which it was made.
 *
 * Source: c2sp.org/tlog-cosignature.  Each is 8 bytes of big-endian seconds and a signature:
 *   Ed25519 (type 0x04) of "cosignature/v1", "time <seconds>" and the checkpoint's text;
 *   ML-DSA-44 (type 0x06, verified only) of the structure cosigned_message: the cosigner's name, the time, and the
 *   checkpoint's origin, size and root.  Extension lines are not in it. */
#ifndef PARLEY_TLOG_COSIGNATURE_H
#define PARLEY_TLOG_COSIGNATURE_H

#include "base/instant.h"
#include "tlog/checkpoint.h"

/* Appends a signature line, with LF.  `text`: the checkpoint's note text.  `now`: whole seconds count; not before 1970.
 */
void cosignature_make(const struct signer *mirror, struct text text, instant now, struct buf *out);
/* Verifies one signature by a key that cosigns over a checkpoint's text; gives its time.  ERR_SIGNATURE where it does
 * not hold. */
enum error cosignature_verify(const struct note_signature *s, const struct vkey *cosigner, struct text text,
                              instant *stamp, struct diag *d) MUST_USE;

#endif
