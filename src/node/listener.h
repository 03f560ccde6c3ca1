/* The server's side of HTTP: TLS 1.3 for counterparties, a Unix socket for the desk.
 *
 * A peer without a certificate whose pin is known is refused in the handshake: its HTTP is never read.  Over the Unix
 * socket (mode 0600) only processes of the same user are served.  libmicrohttpd with GnuTLS, a thread a connection.
 *
 * Limits are those of node/settings.h, which may change while it runs: connections in all and of one pin, requests and
 * bytes of one pin a minute, memory of one pin; bodies of REQUEST_BODY_MAX bytes.  A watchdog shuts connections that
 * take longer than their bytes excuse, or that wait too long for the next request.  Where too many connections have not
 * proved whose they are, the oldest of them goes: an honest handshake takes milliseconds, so that who holds many open
 * loses his own.  Refused are framings that are ambiguous: Transfer-Encoding, several Content-Length, encodings other
 * than gzip, queries. */
#ifndef PARLEY_NODE_LISTENER_H
#define PARLEY_NODE_LISTENER_H

#include "node/settings.h"
#include "sync/request.h"

enum {
    LISTENER_SOCKETS_MAX = 4096, /* that are open or being closed, whatever the settings say */
    LISTENER_DRAIN_SECONDS = 5,
};

/*       reason word meaning: why a connection or a request was refused or ended */
#define LISTENER_REFUSALS(X)                                                                                           \
    X(REFUSED_UNKNOWN, "unknown", N_("no certificate of a counterparty"))                                              \
    X(REFUSED_PEER_CONNECTIONS, "peer-connections", N_("too many connections of one counterparty"))                    \
    X(REFUSED_CONNECTIONS, "connections", N_("too many connections in all"))                                           \
    X(REFUSED_HANDSHAKES, "handshakes", N_("too many connections that had not proved whose they are"))                 \
    X(REFUSED_SLOW, "slow", N_("slower than the slowest rate, or a handshake that took too long"))                     \
    X(REFUSED_RATE, "rate", N_("more requests or bytes than a minute allows"))                                         \
    X(REFUSED_MEMORY, "memory", N_("more under way than a counterparty's memory allows"))                              \
    X(REFUSED_SIZE, "size", N_("a body larger than any may be"))                                                       \
    X(REFUSED_FORM, "form", N_("a request that is not well-formed"))
enum refusal {
#define X(reason, word, meaning) reason,
    LISTENER_REFUSALS(X)
#undef X
        REFUSALS
};
extern const char *const refusal_words[REFUSALS];

struct listener_counts {
    uint64_t connections, handshakes; /* now; the second those without a proved pin */
    uint64_t accepted, requests, bytes_in, bytes_out;
    uint64_t answers[6]; /* by the first digit of their status */
    uint64_t refusals[REFUSALS];
};

struct listener;
struct listener_options {
    const char *address;           /* "127.0.0.1:7443", "[::1]:7443"; port 0: any */
    const char *socket;            /* or the path of a Unix socket; then what follows for TLS is not used */
    struct bytes key, certificate; /* PEM */
    bool (*pin_known)(void *state, struct text pin);
    /* What follows is called from many threads.  Where the first is given, it answers what takes no time, or gives back
     * false; and of the rest one pin has one request at work at a time: others wait for their turn, so that a
     * counterparty has no more of the node, however many connections it opens, than another. */
    bool (*answer_kept)(void *state, const struct request *q, struct response *r);
    void (*answer)(void *state, const struct request *q, struct response *r);
    void *state;
    const struct node_settings *settings; /* NULL: the defaults */
    unsigned patience_percent;            /* of the limits in seconds; 0: 100.  For tests */
};
enum error listener_open(const struct listener_options *o, struct listener **out, struct diag *d) MUST_USE;
/* The port that it listens on. */
unsigned listener_port(const struct listener *l);
/* From now on, for connections that are open too. */
void listener_set(struct listener *l, const struct node_settings *s);
/* The key and certificate of connections to come; those that are open go on under the old one. */
enum error listener_set_tls(struct listener *l, struct bytes key, struct bytes certificate, struct diag *d) MUST_USE;
void listener_count(struct listener *l, struct listener_counts *out);
/* Whether its watchdog has looked in the last seconds. */
bool listener_alive(struct listener *l);
/* Takes no more connections, lets requests under way end (LISTENER_DRAIN_SECONDS), and closes. */
void listener_close(struct listener *l); /* NULL is fine */

#endif
