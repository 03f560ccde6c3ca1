/* Within cli/: parties as people name them on the command line. */
#ifndef PARLEY_CLI_PEER_H
#define PARLEY_CLI_PEER_H

#include "cli/cli.h"
#include "desk/invite.h"

/* FILE|PARTY: an invitation file where there is such a file, else a party whose invitation was accepted. */
enum error cli_peer(struct cli *c, struct desk *desk, const char *word, struct invitation *out) MUST_USE;
/* On standard error: who the invitation says that they are, and what they propose. */
void cli_peer_words(struct cli *c, const struct invitation *i);

#endif
