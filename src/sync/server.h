/* The node's answers to a counterparty: one request in, one response out.
 *
 * Whose request it is follows from its pin alone.  A record that is not of a channel with that counterparty is answered
 * as one that does not exist.  The call always leaves a response; what it says was done is durable by then.
 * Source: the design, section 6; c2sp.org/tlog-tiles, tlog-witness, tlog-mirror.
 *
 *     GET  /<hash>/checkpoint, /<hash>/tile/…, /<hash>/tile/entries/…
 *     GET  /<hash>/blob/<sha256>          with Range or without
 *     GET  /<hash>/equivocation           the proof that its log signed two histories, where one is held
 *     PUT  /<hash>/blob/<sha256>          whole, or a part with Content-Range; `bytes * /<size>` (without the space)
 * asks POST /add-checkpoint, /add-entries POST /<hash>/receipt                a checkpoint of this node's record with
 * cosignatures POST /<hash>/shown                  the highest checkpoint that the other side holds of this node's
 * record (or nothing): compared; answered with the highest held of theirs, or with 409 */
#ifndef PARLEY_SYNC_SERVER_H
#define PARLEY_SYNC_SERVER_H

#include "sync/node.h"
#include "sync/request.h"

void server_answer(const struct sync_node *n, const struct request *q, instant now, struct response *r);
/* The same where the answer is in memory: costs microseconds, and touches neither the store nor its lock.  False: it is
 * not, and nothing was done. */
bool server_answer_kept(const struct sync_node *n, const struct request *q, struct response *r);

#endif
