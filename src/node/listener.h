/* The server's side of HTTP: TLS 1.3 for counterparties, a Unix socket for the desk.
 *
 * A peer without a certificate whose pin is known is refused in the handshake: its HTTP is never read.  Over the Unix
 * socket (mode 0600) only processes of the same user are served.  libmicrohttpd with GnuTLS, a thread a connection.
 *
 * Limits: LISTENER_CONNECTIONS_MAX connections, LISTENER_PEER_MAX of one pin; bodies of REQUEST_BODY_MAX bytes; a
 * watchdog shuts connections that take longer than their bytes excuse (LISTENER_RATE a second), or that wait longer
 * than LISTENER_IDLE_SECONDS for a request to be complete.  Refused are framings that are ambiguous: Transfer-Encoding,
 * several Content-Length, encodings other than gzip, queries. */
#ifndef PARLEY_NODE_LISTENER_H
#define PARLEY_NODE_LISTENER_H

#include "sync/request.h"

enum {
    LISTENER_CONNECTIONS_MAX = 256,
    LISTENER_PEER_MAX = 8,
    LISTENER_HANDSHAKE_SECONDS = 20,
    LISTENER_IDLE_SECONDS = 60,
    LISTENER_GRACE_SECONDS = 30, /* of a request before the rate counts */
    LISTENER_RATE = 16384,       /* bytes a second */
    LISTENER_DRAIN_SECONDS = 5,
};

struct listener;
struct listener_options {
    const char *address;           /* "127.0.0.1:7443", "[::1]:7443"; port 0: any */
    const char *socket;            /* or the path of a Unix socket; then what follows for TLS is not used */
    struct bytes key, certificate; /* PEM */
    bool (*pin_known)(void *state, struct text pin);
    /* Called from many threads. */
    void (*answer)(void *state, const struct request *q, struct response *r);
    void *state;
    unsigned patience_percent; /* of the limits in seconds; 0: 100.  For tests */
};
enum error listener_open(const struct listener_options *o, struct listener **out, struct diag *d) MUST_USE;
/* The port that it listens on. */
unsigned listener_port(const struct listener *l);
/* Takes no more connections, lets requests under way end (LISTENER_DRAIN_SECONDS), and closes. */
void listener_close(struct listener *l); /* NULL is fine */

#endif
