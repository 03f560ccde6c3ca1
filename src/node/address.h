/* Addresses that a node listens on: "127.0.0.1:7443", "[::1]:7443"; numbers only, for a name may change its meaning. */
#ifndef PARLEY_NODE_ADDRESS_H
#define PARLEY_NODE_ADDRESS_H

#include "base/error.h"
#include "base/text.h"

struct address {
    char host[64], port[8];
    bool loopback; /* reachable from this machine alone */
};
/* ERR_USAGE for what is no address and port. */
enum error address_read(const char *address, struct address *out, struct diag *d) MUST_USE;
/* A socket that listens there, and its port: port 0 lets the system choose. */
enum error address_listen(const char *address, int backlog, int *socket, unsigned *port, struct diag *d) MUST_USE;

#endif
