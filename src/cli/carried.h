/* What `record` and `pack` have in common: a record that is written to be carried, and what came of one that arrived.
 */
#ifndef PARLEY_CLI_CARRIED_H
#define PARLEY_CLI_CARRIED_H

#include "cli/cli.h"
#include "desk/desk.h"
#include "json/json.h"

struct carried_wish { /* which record */
    bool theirs, drill;
    uint64_t generation;
};
/* The origin of that record of the channel with `party`. */
enum error carried_origin(struct cli *c, struct desk *desk, struct text party, const struct carried_wish *w,
                          struct link_channel *at, struct text *origin) MUST_USE;

/* What was written: the members of an object, or a line; and on standard error what is absent or held back. */
void carried_put_written(json_t *into, const struct folder_report *r);
void carried_tell_written(const struct folder_report *r);
void carried_warn(const struct cli *c, const struct link_channel *at, bool theirs, const struct folder_report *r);

/* What was taken. */
void carried_put_taken(json_t *into, const struct link_sync_row *r);
void carried_tell_taken(const struct link_sync_row *r);

#endif
