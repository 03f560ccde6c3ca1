/* What people found when they read the safety number of a party to each other.
 *
 *     <home>/desk/compared/<party>     lines `<time> matched|differ <number> <officer> <how>`, the newest last
 *
 * The last line counts.  Where people found that the numbers differ, nothing is said to that party from this desk until
 * they have compared again and found them alike: someone may stand between the two.  `number` has no spaces; `how` is a
 * line in words, or nothing.
 * Ownership: texts live in the desk's arena. */
#ifndef PARLEY_DESK_COMPARED_H
#define PARLEY_DESK_COMPARED_H

#include "desk/desk.h"
#include "json/json.h"

struct compared {
    instant time; /* INSTANT_NONE: nobody has said that it was compared */
    bool differ;
    struct text number;
    struct text by, how;
};

/* `number` may have spaces; `by`: the officer of the home where it is empty.  ERR_USAGE for what is no line. */
enum error compared_add(struct desk *k, struct text party, const struct compared *c, struct diag *d) MUST_USE;
enum error compared_last(struct desk *k, struct text party, struct compared *out, struct diag *d) MUST_USE;
/* ERR_FROZEN where people found that the numbers differ, with the way on. */
enum error compared_allows(struct desk *k, struct text party, struct diag *d) MUST_USE;
/* {time, result, by, how, current}: the last is whether the roots are still those that were compared, by the safety
 * number as it is now. */
json_t *compared_json(const struct compared *c, struct text number);

#endif
