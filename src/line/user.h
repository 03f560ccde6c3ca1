/* The user that a line names, where its format says in which place: asked only where somebody wants to know.
 *
 * A user's name is a stranger's word and may hold anything, so it is taken to reach as far as it can. */
#ifndef PARLEY_LINE_USER_H
#define PARLEY_LINE_USER_H

#include "line/formats.h"

/* Whether it is known where the lines of a format name users. */
bool line_tells_user(const struct format *f);
/* The bytes of the name as they stand in the line; empty where it names none. */
struct text line_user(const struct format *f, struct text line);

#endif
