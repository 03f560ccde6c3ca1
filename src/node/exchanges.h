/* The exchanges of a running node: some threads, and the channels that wait for one.
 *
 * One slow counterparty holds one thread, for as long as an exchange may take, and nobody else waits for it; a channel
 * that is still being exchanged is passed over by the next round. */
#ifndef PARLEY_NODE_EXCHANGES_H
#define PARLEY_NODE_EXCHANGES_H

#include "node/engine.h"

enum { EXCHANGES_THREADS_MAX = 32 };

struct exchange_counts {
    uint64_t done, failed, waited; /* exchanges; the last: their card gives no address, so it is they who call */
    uint64_t sent_entries, sent_blobs, got_entries, got_blobs;
    uint64_t running, queued; /* now */
};

struct exchanges;
struct exchanges_options {
    struct engine *engine;
    unsigned threads; /* 1 to EXCHANGES_THREADS_MAX */
    /* Called from many threads, after each exchange. */
    void (*done)(void *state, const struct link_sync_row *row);
    void *state;
};
enum error exchanges_start(const struct exchanges_options *o, struct exchanges **out, struct diag *d) MUST_USE;
/* Queues all channels that are not waiting or being exchanged already. */
enum error exchanges_round(struct exchanges *x, struct diag *d) MUST_USE;
void exchanges_count(struct exchanges *x, struct exchange_counts *out);
/* The engine's `stop` ends what is under way. */
void exchanges_stop(struct exchanges *x); /* NULL is fine */

#endif
