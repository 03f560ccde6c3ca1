/* The client's side of HTTP: pinned TLS 1.3 to a counterparty's node, or plain HTTP over one's own node's Unix socket.
 *
 * TLS: libcurl with OpenSSL, because key and certificate from memory work there alone.  Names and chains are not
 * checked; the pin is, and there must be one: without a pin there would be no authentication at all.
 * Not thread-safe; one request at a time.  ERR_NETWORK where no whole response came in time. */
#ifndef PARLEY_NODE_CLIENT_H
#define PARLEY_NODE_CLIENT_H

#include <stdatomic.h>

#include "party/card.h"
#include "sync/request.h"

struct client;
struct client_options {
    struct text url;          /* "https://host:port", of the card */
    const char *socket;       /* or a Unix socket; then what follows is not used */
    bool anybody;             /* or http:// or https:// by the system's authorities: then neither pins nor keys are */
    bool encrypted;           /* of `anybody`: https:// alone */
    struct bytes authorities; /* of `encrypted`: whose certificates count, PEM; size 0: the system's */
    struct text authorization, accept; /* headers of all requests, at most HEADER_VALUE_MAX; empty: none; must live as
                                          long as the client */
    struct names pins;                 /* hex SHA-256 of SubjectPublicKeyInfo: one of them must be the server's */
    struct bytes key, certificate;     /* PEM; must live as long as the client */
    const atomic_bool *stop;           /* ends a request under way; may be NULL */
    unsigned whole_s;                  /* of all requests together; 0: without end */
    unsigned patience_percent;         /* of the limits in seconds; 0: 100.  For tests */
};
/* ERR_NO_KEY without a pin, ERR_INPUT for another scheme than https. */
enum error client_open(const struct client_options *o, struct client **out, struct diag *d) MUST_USE;
void client_close(struct client *c); /* NULL is fine */
struct remote *client_remote(struct client *c);

#endif
