/* Within web/: connections to the TAXII server, and how many and how long.
 *
 * The manner is that of the node's listener (node/listener.h), and so are its times and its slowest rate
 * (node/settings.h): what takes longer than its bytes excuse is shut, for the time-out of the HTTP library only counts
 * idleness.  Nobody here has a certificate: a guest is known once it has shown a secret, and counted by its address (an
 * IPv6 network of 64 bits is one).  Where one more is too many, the oldest stranger goes, or else the one that has been
 * idle for longest: who holds connections open loses one's own, and nobody else waits for it. */
#ifndef PARLEY_WEB_TAXII_GUESTS_H
#define PARLEY_WEB_TAXII_GUESTS_H

#include <microhttpd.h>
#include <pthread.h>

#include "node/settings.h"

enum {
    GUESTS_MAX = 256,
    GUESTS_OF_ADDRESS_MAX = 64,
    GUEST_STRANGERS_MAX = 64, /* who have not shown a secret */
    GUEST_STRANGERS_OF_ADDRESS_MAX = 16,
    GUEST_SOCKETS_MAX = 1024 /* that are open or being closed */
};

/* What a connection is at: the TLS handshake and the first header; waiting for the next header or reading it; its body;
 * our work, which has no limit; the answer. */
enum guest_phase { GUEST_COMES, GUEST_IDLE, GUEST_BODY, GUEST_WORK, GUEST_ANSWER };

struct guest_address {
    uint8_t at[16];
};
struct guest {
    struct guest *next;
    int socket;
    struct guest_address address;
    bool known, shut;
    enum guest_phase phase;
    uint64_t came_ms, since_ms, bytes; /* the last two of the phase */
};
struct guests {
    pthread_mutex_t lock;
    struct guest *first; /* who came last */
    struct node_settings settings;
    unsigned patience_percent; /* of the limits in seconds; 0: 100.  For tests */
};

void guests_init(struct guests *g, unsigned patience_percent);
void guests_free(struct guests *g); /* once nobody is there */
/* Takes a connection in, and shuts another where it is one too many.  NULL: out of memory, and it is shut. */
struct guest *guests_take(struct guests *g, int socket, const struct sockaddr *address);
/* It is being closed. */
void guests_drop(struct guests *g, struct guest *one);
/* What it is at from now on; `bytes` excuse its time at the slowest rate.  NULL is nobody. */
void guest_enter(struct guests *g, struct guest *one, enum guest_phase phase, uint64_t bytes);
/* More of its body came. */
void guest_sends(struct guests *g, struct guest *one, uint64_t bytes);
/* Whether its last request had a secret. */
void guest_know(struct guests *g, struct guest *one, bool known);
/* Shuts who takes too long.  To be called each second. */
void guests_watch(struct guests *g);

#endif
