/* A running witness: HTTP for whoever comes, as tlog-witness has it: who may ask for a cosignature, the log's own
 * signature says.
 *
 * Plain HTTP, for loopback or behind a proxy that speaks TLS, or TLS by a key and a certificate of its own.  Limits:
 * bodies of WITNESS_BODY_MAX bytes (413), requests of one address a minute (429), WITNESS_CONNECTIONS connections, and
 * WITNESS_PATIENCE_SECONDS without a byte. */
#ifndef PARLEY_NODE_WITNESS_RUN_H
#define PARLEY_NODE_WITNESS_RUN_H

#include "base/error.h"
#include "sync/witness.h"

enum { WITNESS_CONNECTIONS = 512, WITNESS_PATIENCE_SECONDS = 30, WITNESS_REQUESTS_MINUTE = 600 };

struct witness_server;
struct witness_server_options {
    struct witness *witness;
    const char *address;           /* "127.0.0.1:7444"; port 0: any */
    const char *key, *certificate; /* PEM, with a NUL; NULL: plain HTTP */
    uint64_t requests_minute;      /* of one address; 0: any */
};
enum error witness_server_open(const struct witness_server_options *o, struct witness_server **out,
                               struct diag *d) MUST_USE;
unsigned witness_server_port(const struct witness_server *s);
void witness_server_close(struct witness_server *s); /* NULL is fine */

/* Opens one, calls `listens` with its port, and returns on SIGTERM or SIGINT, which it takes for the whole process:
 * call it before threads exist. */
enum error witness_run(const struct witness_server_options *o, void (*listens)(void *state, unsigned port), void *state,
                       struct diag *d) MUST_USE;

#endif
