/* A neutral mirror: a folder as a node's (keys, certificate, store), whose channels are records that it holds in
 * somebody's stead.  It answers c2sp.org/tlog-mirror over TLS with both ends pinned: the record's party pushes, the
 * party that it stands in for reads, and anybody else is refused in the handshake. */
#ifndef PARLEY_NODE_MIRROR_RUN_H
#define PARLEY_NODE_MIRROR_RUN_H

#include "base/random.h"
#include "node/keyring.h"

struct mirror_run_options {
    const char *folder, *address;
    struct passphrase_source passphrase;
    struct random *random;
    uint64_t quota_blob, quota_total; /* bytes of one file, and of all files of one record */
    void (*listens)(void *state, unsigned port);
    void *state;
};
/* Returns on SIGTERM or SIGINT, which it takes for the whole process: call it before threads exist. */
enum error mirror_run(const struct mirror_run_options *o, struct diag *d) MUST_USE;

#endif
