/* A running node: it listens for counterparties and for the desk, and exchanges on submission and every few minutes. */
#ifndef PARLEY_NODE_RUN_H
#define PARLEY_NODE_RUN_H

#include "node/keyring.h"

enum { NODE_INTERVAL_SECONDS = 180 };

enum node_event { NODE_LISTENS, NODE_SYNCED, NODE_FAILED, NODE_STOPS };

struct node_options {
    const char *folder;      /* <home>/node */
    const char *listen;      /* "127.0.0.1:7443"; NULL: not reachable, it only calls */
    const char *desk_listen; /* the same for desks on other machines; NULL: desks are on this one alone */
    struct passphrase_source passphrase;
    struct random *random;
    unsigned interval_s; /* between exchanges; 0: NODE_INTERVAL_SECONDS */
    /* What happened, as a sentence for the log; called in the thread that runs.  May be NULL. */
    void (*told)(void *state, enum node_event event, const char *words);
    void *state;
};
/* Runs until SIGTERM or SIGINT, which it blocks and takes for the whole process: call it before threads exist.  Then
 * it takes no more connections, ends what is under way, and returns OK.  ERR_BUSY where another process holds the
 * node. */
enum error node_run(const struct node_options *o, struct diag *d) MUST_USE;

#endif
