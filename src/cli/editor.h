/* What a person writes in an editor: a file that nobody else can read, in a folder of its own within the home.
 *
 *     <home>/desk/editing-<random>/<name>       mode 0600 in a folder of mode 0700, so that what an editor leaves
 * beside it (a backup, a swap file) is found and goes with it
 *
 * The editor is that of $VISUAL, else of $EDITOR, else `sensible-editor`, else `vi`. */
#ifndef PARLEY_CLI_EDITOR_H
#define PARLEY_CLI_EDITOR_H

#include "cli/cli.h"

struct editing {
    const char *folder, *path; /* in the arena */
};

enum error editing_begin(struct cli *c, const char *name, struct bytes content, struct editing *out) MUST_USE;
/* Runs the editor until it ends.  ERR_IO where it could not be run, or ended with another status than 0. */
enum error editing_run(struct cli *c, const struct editing *e) MUST_USE;
/* Overwrites and removes all that is in the folder, and the folder. */
void editing_end(const struct editing *e);

#endif
