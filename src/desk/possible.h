/* What one can say now in a case, and how a message is refused that would not count: with what would count instead.
 *
 * What counts is asked of the rules (matter/possible.h); of that, what is useful is what would still change something:
 * nobody is told to acknowledge what is answered.  Sets of kinds are by KIND_BIT. */
#ifndef PARLEY_DESK_POSSIBLE_H
#define PARLEY_DESK_POSSIBLE_H

#include "desk/talk.h"
#include "matter/possible.h"

/* Kinds of which a message of ours would count now. */
uint64_t say_possible(struct talk *t, const struct matter *m);
/* Those of them that would change something as the case stands. */
uint64_t say_useful(struct talk *t, const struct matter *m);
/* Whether the talk shows the case as it stands with all that is held: at an earlier cut nothing is said. */
bool say_is_now(const struct talk *t);
/* "parley answer|ask|remark 5b2c4c0e", in the talk's arena; empty for the empty set. */
struct text possible_commands(struct talk *t, const struct matter *m, uint64_t kinds);
/* The first characters of a case's UUID, as people type it; empty where its opener named it for a shell. */
struct text matter_short(const struct matter *m);
/* The name of a case for commands that people copy and programs that a shell may run: who opens a case spells its name,
 * and one with other signs than letters, digits, `.`, `-`, `_` and `/` is `CASE` here. */
struct text matter_typed(const struct matter *m);

/* What is to be known of a message of that kind that counts, but comes at an odd time: a sentence; NULL: nothing. */
const char *say_oddly(struct talk *t, const struct matter *m, enum kind kind);
/* OK where a message of that kind would count now; else the refusal with all that it says. */
enum error say_may(struct talk *t, const struct matter *m, enum kind kind, struct diag *d) MUST_USE;
/* ERR_USAGE with why a message of that kind does not count. */
enum error say_refuse(enum kind kind, enum void_reason why, struct diag *d) MUST_USE;
/* Adds to a refusal how the case stands, and what would count; `m` may be NULL.  Returns `result`. */
enum error say_instead(struct talk *t, const struct matter *m, enum error result, struct diag *d) MUST_USE;

#endif
