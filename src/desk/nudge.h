/* A mail that says "there is something for you", and no more: neither who, nor what, nor how urgent.
 *
 * Mail is read by those who carry it, so nothing of a channel goes into it; whoever gets it looks with parley.  Source:
 * RFC 5322 (the message), RFC 2045 and 2047 (its text and subject in UTF-8), RFC 3834 (Auto-Submitted). */
#ifndef PARLEY_DESK_NUDGE_H
#define PARLEY_DESK_NUDGE_H

#include "base/instant.h"
#include "base/random.h"

/* One address, as `name@host` of ASCII without spaces or brackets, of at most 254 characters: ERR_USAGE. */
enum error nudge_check_address(struct text address, struct diag *d) MUST_USE;
/* The whole mail, lines ending in LF as `sendmail` takes it.  The addresses were checked; `from` may be empty. */
void nudge_write(struct text from, struct text to, instant now, struct random *r, struct buf *out);

#endif
