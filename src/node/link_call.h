/* Within node/: how a link's calls reach the node, for the files that make them. */
#ifndef PARLEY_NODE_LINK_CALL_H
#define PARLEY_NODE_LINK_CALL_H

#include "node/link.h"

struct client;
struct engine;

struct node_link {
    struct client *client; /* of a running node; or */
    struct engine *engine; /* of this process */
    instant now;           /* of the call under way, where that takes a time */
};

/* One call whose answer is text; it lives in the arena (`out` may be NULL). */
enum error link_ask_text(struct node_link *l, const char *method, struct text path, struct bytes body, struct arena *a,
                         struct text *out, struct diag *d) MUST_USE;
/* The same about a channel: below /desk/c/. */
enum error link_ask_channel(struct node_link *l, const char *method, struct text origin, const char *what,
                            struct bytes body, struct arena *a, struct text *out, struct diag *d) MUST_USE;
/* The error of that name; ERR_NETWORK where the name is none of ours. */
enum error link_named_error(struct text name);

#endif
