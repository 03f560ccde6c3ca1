/* What `taxii` does in processes of their own: bringing its objects up to date, and making drafts of what tools added.
 */
#ifndef PARLEY_CLI_TAXII_FILL_H
#define PARLEY_CLI_TAXII_FILL_H

#include "cli/cli.h"
#include "vocab/tlp.h"
#include "web/taxii_store.h"

struct taxii_filling {
    struct cli *c; /* of the process; its keys are open */
    const char *store;
    const uint8_t *key;
    enum tlp up_to;       /* what is more restricted is not served */
    const char *to, *tlp; /* drafts: for whom, and their level where the objects state none; may be NULL */
};

/* Adds what is new in all channels but drills.  Where what was served before may no longer be, all is made anew. */
enum error taxii_fill(struct taxii_filling *f, struct diag *d) MUST_USE;
/* Works off the oldest request to add: its status is complete after it, and has as `x_parley_losses` what could not be
 * taken, by field.  ERR_MISSING: none waits. */
enum error taxii_draft(struct taxii_filling *f, struct diag *d) MUST_USE;
/* Makes an end of a request that is not to be tried again: its objects failed, for that reason. */
enum error taxii_give_up(const char *path, const uint8_t *key, struct text id, const char *why,
                         struct diag *d) MUST_USE;

#endif
