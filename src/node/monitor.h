/* What a machine's keepers look at: numbers for Prometheus, and whether the node is well, on a port of loopback.
 *
 *     GET /metrics    text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats); names in doc/node.md
 *     GET /health     JSON; 200 where the node is well, 503 where it is not
 *
 * Nothing in it names a counterparty unless that was asked for: a channel is the first 16 hex digits of the SHA-256 of
 * the origin of one's own record, which also stands in paths of the exchange. */
#ifndef PARLEY_NODE_MONITOR_H
#define PARLEY_NODE_MONITOR_H

#include "node/engine.h"
#include "node/exchanges.h"
#include "node/listener.h"

enum { MONITOR_LISTENERS = 3 };

struct monitored {
    struct engine *engine;
    struct exchanges *exchanges;
    struct listener *listeners[MONITOR_LISTENERS]; /* for counterparties, the desk, desks on other machines; or NULL */
    instant started;
    bool names; /* of parties, beside the hashes of channels */
    uint64_t receipt_age_s;
};
/* What is monitored as it is now, for one answer. */
typedef struct monitored monitored_now(void *state);

struct monitor;
/* ERR_USAGE for an address that others than this machine reach. */
enum error monitor_open(const char *address, monitored_now *now, void *state, struct monitor **out,
                        struct diag *d) MUST_USE;
unsigned monitor_port(const struct monitor *m);
void monitor_close(struct monitor *m); /* NULL is fine */

/* metrics.c */
void metrics_write(const struct monitored *m, struct buf *out);
/* Appends the object; whether the node is well. */
bool health_write(const struct monitored *m, instant now, struct buf *out);

#endif
