/* Within node/: a connection of a listener, its handshake, its requests and its watchdog. */
#ifndef PARLEY_NODE_PEER_H
#define PARLEY_NODE_PEER_H

#include <microhttpd.h>

#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "node/listener.h"
#include "node/meter.h"

/* What a connection is at, and since when: each has its own patience. */
enum peer_phase { PEER_HANDSHAKE, PEER_IDLE, PEER_BODY, PEER_WORK, PEER_ANSWER };

struct peer {
    struct listener *listener;
    struct peer *next;
    int socket;
    bool at_work;         /* its request is being answered, and others of its pin wait */
    bool shut;            /* by the watchdog, or because it may not be here */
    char pin[SHA256_HEX]; /* empty until the handshake proved it */
    enum peer_phase phase;
    uint64_t since_ms, bytes; /* of the phase */
    uint64_t held;            /* bytes of memory of its request or answer */
};

struct credentials {
    struct credentials *older;
    gnutls_certificate_credentials_t made;
};

struct listener {
    struct listener_options options; /* its texts are copied or outlive the opening */
    struct MHD_Daemon *daemon;
    int socket;
    unsigned port;
    char path[108];                  /* of the Unix socket; empty: TLS */
    struct credentials *credentials; /* those in force first, then older ones, which connections may still use */
    pthread_mutex_t lock;            /* over the list of peers and what they are at, credentials, settings and counts */
    pthread_cond_t turns;            /* somebody's work is done */
    struct peer *peers;
    struct node_settings settings;
    struct listener_counts counts;
    struct meter *meter;
    uint64_t watched_ms; /* when the watchdog last looked */
    pthread_t watchdog;
    bool watching;
    atomic_bool stopping;
};

uint64_t peer_clock_ms(void);
/* Says what the connection is at from now on. */
void peer_enter(struct peer *p, enum peer_phase phase, uint64_t bytes);
/* Counts, under the lock or not. */
void peer_refused(struct listener *l, enum refusal why);
void peer_refused_locked(struct listener *l, enum refusal why);
/* Ends a connection; under the lock. */
void peer_shut(struct peer *p, enum refusal why);
struct node_settings peer_settings(struct listener *l);

/* handshake.c */
enum error handshake_prepare(struct listener *l, struct bytes key, struct bytes certificate, struct diag *d) MUST_USE;
void handshake_forget(struct listener *l);
/* Sets credentials and the check of the pin on a connection that begins. */
bool handshake_begin(struct peer *p, gnutls_session_t session);

/* watchdog.c */
enum error watchdog_start(struct listener *l, struct diag *d) MUST_USE;
void watchdog_stop(struct listener *l);

/* handle.c */
enum MHD_Result handle_request(void *state, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **request);
void handle_completed(void *state, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code);
struct peer *peer_of(struct MHD_Connection *connection);

#endif
