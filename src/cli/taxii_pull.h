/* A TAXII 2.1 server of one's own house, asked for the objects of a collection.
 *
 * taxii+https://HOST/ROOT/collections/ID/[objects/][?match[type]=…]: TLS with the certificate checked, no redirects,
 * pages of 1,000 objects, and bounds on pages, bytes and time.  taxii+http:// is for this machine alone. */
#ifndef PARLEY_CLI_TAXII_PULL_H
#define PARLEY_CLI_TAXII_PULL_H

#include "cli/cli.h"

enum { TAXII_PULL_PAGES_MAX = 10000, TAXII_PULL_LIMIT = 1000 };

bool taxii_is_place(const char *word);
/* All its objects, as an envelope.  The first line of `key_file` is a secret (Bearer), NAME:SECRET (Basic), or a whole
 * value of an Authorization header; NULL: none.  `authorities`: a file in PEM; NULL: the system's. */
enum error taxii_pull(struct cli *c, const char *key_file, const char *authorities, const char *word,
                      struct bytes *out) MUST_USE;

#endif
