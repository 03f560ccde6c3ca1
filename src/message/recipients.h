/* To whom a message is sealed: one convention, so that whoever is shown a file key can rebuild the header.
 *
 * First all recipients of the department that `to` names, in the order of the addressee's card; then those of one's own
 * department, in the order of one's own card, that were not named before.  A `to` that names the party alone means all
 * of its departments.  Source: the design, section 5: "sealed to the recipient department and to one's own". */
#ifndef PARLEY_MESSAGE_RECIPIENTS_H
#define PARLEY_MESSAGE_RECIPIENTS_H

#include "message/head.h"
#include "party/card.h"

/* `theirs`: the card that the entry's `seen` has seen; `own`: the author's, in force at the entry.  Either may be NULL.
 */
struct names message_recipients(const struct head *h, const struct card *theirs, const struct card *own,
                                struct arena *a);
/* How many of them, from the first, are the addressee's. */
size_t message_recipients_theirs(const struct head *h, const struct card *theirs);

#endif
