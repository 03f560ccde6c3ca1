/* What the page asks for, as a command line.
 *
 *     {"words": ["5b2c", "We are looking into it."],
 *      "options": {"tlp": "AMBER", "draft": true, "covers": ["a", "b"], "findings": {"content": "…"}}}
 *
 * An option is named as on the command line, without its dashes; `true` is a flag, a list repeats it.  Where a command
 * takes a file, an object gives its content as text ("content") or in Base 64 ("base64"): the command then reads it
 * from memory.  Refused: members with other names; options that say where the home is, how its keys are opened, or in
 * which form the answer comes, which are the desk's. */
#ifndef PARLEY_WEB_CALL_H
#define PARLEY_WEB_CALL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

enum { CALL_WORDS_MAX = 4096, CALL_FILES_MAX = 64 };

struct call {
    const char **words; /* options, `--`, words; NULL last.  In the arena */
    size_t count;
    int files[CALL_FILES_MAX]; /* descriptors; call_close closes them */
    size_t file_count;
};
/* An empty body is `{}`.  Whatever it returns, the caller calls call_close. */
enum error call_read(struct bytes body, struct arena *a, struct call *out, struct diag *d) MUST_USE;
void call_close(struct call *c);

#endif
