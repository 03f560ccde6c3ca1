/* The users that a line names: looked for only where somebody wants to know.
 *
 * Where a user stands is known from the format, by its columns and members, or, in messages, from the words around and
 * from the <USER> of rules.  A user's name is a stranger's word and may hold anything, so in a message it is taken to
 * reach as far as it can.
 * Limits: LOGINS_MAX names of LOGINS_BYTES together; `more` says that there were others. */
#ifndef PARLEY_LINE_LOGINS_H
#define PARLEY_LINE_LOGINS_H

#include <stdbool.h>

#include "base/text.h"

enum { LOGINS_MAX = 16, LOGINS_BYTES = 4096 };

struct logins {
    bool asked; /* somebody wants to know */
    bool more;
    size_t count, size;
    struct text at[LOGINS_MAX];   /* views of the room */
    struct text program, message; /* of the line that is read; empty: it is no program's message */
    uint64_t sections;            /* of the rules that are about the program */
    char room[LOGINS_BYTES];
};

static inline void logins_clear(struct logins *l) {
    l->more = false;
    l->count = l->size = 0;
    l->message.size = 0;
}
/* Sets a message aside: whether anyone is interested shows later. */
static inline void logins_set_aside(struct logins *l, struct text program, struct text message, uint64_t sections) {
    l->program = program;
    l->message = message;
    l->sections = sections;
}
/* Each name once; nothing for the empty text and `-`, or where nobody asks. */
void logins_add(struct logins *l, struct text name);

struct format;
struct reader;
struct columns;
/* Whether it is known where the lines of a format name users: of one with a header, by the columns that it has. */
bool logins_are_told(const struct format *f, const struct columns *c);
/* Those of the line that is read, where its format has not added them: of a web server's log, or of the message that
 * the reader has set aside. */
void logins_of_line(struct reader *r, struct text line);

#endif
