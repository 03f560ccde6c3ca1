/* Of very many cases those that a page shows first, with how many there are: the newest, and what waits for each side
 * by deadline.  A page of ten thousand cases needs no more of them until one scrolls. */
#ifndef PARLEY_CLI_CASES_FIRST_H
#define PARLEY_CLI_CASES_FIRST_H

#include "desk/brief.h"

struct first_cases;

enum { FIRST_MAX = 10000 };

/* `first`: how many of each list, at most FIRST_MAX.  The caller calls first_free; NULL: out of memory. */
struct first_cases *first_new(size_t first, instant as_of);
/* Takes a case of a channel; what is kept of it is a copy. */
void first_add(struct first_cases *f, const struct case_brief *b, const struct text parties[2], unsigned own);
/* {as_of, first, count, joint, cases, waits: {ours: {count, lapsed, by: {WHAT: n}}, theirs: …}, deadlines}: `cases` are
 * those of any of the three lists; `joint`: how many are talked about together; `deadlines` the first of each hour and
 * side, from two days ago to seven ahead. */
json_t *first_json(struct first_cases *f);
void first_free(struct first_cases *f); /* NULL is fine */

#endif
