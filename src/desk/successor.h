/* Successors: where two parties go on after a fork, a lost log key, a changed root or a restored backup.
 *
 * Both entries 0 of a successor carry the same two `follows` lines: what both hold of both old records, closed under
 * all that their entries have seen.  Whoever writes the invitation proposes the sizes; whoever accepts tests them by
 * what is held here, and where they do not fit says who lacks what, and which sizes would fit.
 * Source: the design, sections 5 and 5.1 ("Follows").  Cuts are in the bytewise order of the two parties' names. */
#ifndef PARLEY_DESK_SUCCESSOR_H
#define PARLEY_DESK_SUCCESSOR_H

#include "desk/desk.h"
#include "record/cut.h"

/* The channel of that number with a party; number 0: the last one.  ERR_MISSING. */
enum error successor_find(struct desk *k, struct text party, bool drill, uint64_t number, struct link_channel *out,
                          struct diag *d) MUST_USE;

/* Why the parties should go on in a successor of this channel, for people; NULL: they need not.  `own_root`: that of
 * the last card that was signed. */
const char *successor_needed(const struct link_channel *c, struct text own_root);
/* The command that begins one. */
struct text successor_command(const struct link_channel *c, struct arena *a);

/* The lines to propose.  Without `at`: of one's own record what they certainly hold (by receipts and by what they have
 * seen), of theirs all that is held here.  ERR_USAGE for an `at` that names what is not held or not closed. */
enum error successor_propose(struct desk *k, const struct link_channel *before, const struct cut *at,
                             struct entry_follows out[static 2], struct diag *d) MUST_USE;
/* Whether lines that the other side proposes are true here and closed: ERR_CONFLICT with what is lacking, and the
 * sizes that would do. */
enum error successor_check(struct desk *k, const struct link_channel *before,
                           const struct entry_follows lines[static 2], struct diag *d) MUST_USE;
/* The lines in entry 0 of one's own record; ERR_MISSING where there are not two. */
enum error successor_lines(struct desk *k, const struct link_channel *c, struct entry_follows out[static 2],
                           struct diag *d) MUST_USE;
/* Whether both say the same, in any order. */
bool successor_same(const struct entry_follows a[static 2], const struct entry_follows b[static 2]);
/* The sizes in two lines, in the order of the names of the parties, as `--at` takes them. */
struct cut successor_cut(const struct desk *k, const struct link_channel *before,
                         const struct entry_follows lines[static 2]);

#endif
