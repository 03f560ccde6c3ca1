/* The roots that a desk on another machine has seen in channels: what its node says of them is not believed twice.
 *
 *     <home>/desk/roots      lines `<party> <root vkey>`, of one's own party and of counterparties
 *
 * Where the card is kept, people compare a counterparty's root before a channel opens.  A desk that joined learns of it
 * from the node, and whoever broke into that could put a root of their own in its place: they would read what is
 * sealed to it.  So the roots of a party are those that were shown when it was first seen, until `join open` is said
 * again.  Source: the design, section 9, "A stolen node". */
#ifndef PARLEY_DESK_ROOTS_H
#define PARLEY_DESK_ROOTS_H

#include "desk/desk.h"

/* `own`: the root that people compared.  ERR_SIGNATURE for a root that is new of a party that is not. */
enum error roots_check(struct desk *k, struct text own, const struct link_channel *list, size_t count,
                       struct diag *d) MUST_USE;
/* Forgets them: those that are shown next are taken. */
enum error roots_forget(struct desk *k, struct diag *d) MUST_USE;

#endif
