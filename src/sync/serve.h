/* Within sync/: a request under way, and the handlers of the table of routes. */
#ifndef PARLEY_SYNC_SERVE_H
#define PARLEY_SYNC_SERVE_H

#include "sync/server.h"

struct serving {
    const struct sync_node *node;
    const struct request *request;
    struct response *response;
    instant now;
    struct arena arena;
    struct channel channel;
    enum side side;   /* whose record the path names */
    struct text rest; /* of the path, after the origin's hash */
};

/* Handlers answer by themselves and return OK, or return why not: the error's status follows then. */
typedef enum error serve(struct serving *s, struct diag *d);
serve serve_checkpoint, serve_tile, serve_blob, serve_equivocation, take_blob, take_checkpoint, take_entries,
    take_receipt, take_shown;

/* The channel of an origin or a hash, where the request's pin is its counterparty's; else ERR_MISSING. */
enum error serve_find(struct serving *s, struct text origin_or_hash, struct diag *d) MUST_USE;

#endif
