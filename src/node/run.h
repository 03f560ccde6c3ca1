/* A running node: it listens for counterparties and for the desk, and exchanges on submission and every few minutes.
 * What started it is told how it stands (node/service.h). */
#ifndef PARLEY_NODE_RUN_H
#define PARLEY_NODE_RUN_H

#include "node/keyring.h"
#include "node/settings.h"

enum node_event { NODE_LISTENS, NODE_SYNCED, NODE_FAILED, NODE_RELOADED, NODE_STOPS };
struct node_told {
    enum node_event event;
    const char *words; /* a sentence */
    struct text party; /* that it is about; empty: none */
};

struct node_options {
    const char *folder;      /* <home>/node */
    const char *listen;      /* "127.0.0.1:7443"; NULL: not reachable, it only calls */
    const char *desk_listen; /* the same for desks on other machines; NULL: desks are on this one alone */
    struct passphrase_source passphrase;
    struct random *random;
    struct node_settings settings;
    unsigned interval_s; /* between exchanges, whatever the settings say; 0: as they say */
    const char *metrics; /* "127.0.0.1:9464": where monitor.h answers; NULL: nowhere */
    bool metrics_names;
    /* The settings as they are now, on SIGHUP; called in a thread of the node.  NULL: they do not change. */
    enum error (*reload)(void *state, struct node_settings *out, struct diag *d);
    /* What happened, for the log; called from many threads.  May be NULL. */
    void (*told)(void *state, const struct node_told *what);
    void *state;
};
/* Runs until SIGTERM or SIGINT, which it blocks and takes for the whole process: call it before threads exist.  Then
 * it takes no more connections, ends what is under way, and returns OK.  SIGHUP has it read settings and TLS key
 * again; connections and exchanges go on.  ERR_BUSY where another process holds the
 * node. */
enum error node_run(const struct node_options *o, struct diag *d) MUST_USE;

#endif
