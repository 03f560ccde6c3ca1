/* Findings that a person writes in an editor, fact by fact: what `answer` asks where no findings are given. */
#ifndef PARLEY_CLI_FILL_IN_H
#define PARLEY_CLI_FILL_IN_H

#include "cli/editor.h"
#include "cli/logs.h"
#include "desk/talk.h"
#include "finding/answer.h"

struct fill_in {
    struct cli *cli;
    struct talk *talk;
    const struct matter *matter;
    const struct sheet_state *sheet;
    const char *findings;   /* to begin with: a findings sheet, or the form of an earlier attempt; NULL: none */
    struct words logs;      /* in which `check` seeks the facts first; none: suggests nothing */
    struct log_options log; /* how they are read */
    bool yes;               /* send without being asked */
    struct editing editing;
};

/* Runs the editor until what is written can be read, shows what it comes to, and asks whether to send it.  `answer`
 * takes the findings and, with logs, the coverage; `file` the findings sheet, in the arena.  ERR_NO where nothing was
 * changed, or a person said no. */
enum error fill_in(struct fill_in *f, struct answer *answer, struct bytes *file) MUST_USE;
/* What was written is wiped where it was sent or nothing stands in it, else kept, and where is said. */
void fill_in_end(struct fill_in *f, bool sent);

#endif
