/* The node's keys, read from its keyring when they are first needed and kept until the end.  Thread-safe.
 *
 *     mirror.key               cosigns what is held of counterparties' records
 *     log-<16 hex>.key         signs the checkpoints of one record; named after the hash of its origin
 *     log-<16 hex>.next.key    the key that comes after it, while it changes: both sign
 *     tls.key                  PEM; the certificate tls.crt lies beside it in the clear */
#ifndef PARLEY_NODE_KEYS_H
#define PARLEY_NODE_KEYS_H

#include "node/keyring.h"
#include "sync/node.h"

struct node_keys;
/* `k` must outlive it. */
struct node_keys *node_keys_new(struct keyring *k);
void node_keys_free(struct node_keys *keys); /* wipes; NULL is fine */
struct sync_keys node_keys_sync(struct node_keys *keys);

/* The log key of a record, made at the first call. */
enum error node_keys_make_log(struct node_keys *keys, struct text origin, struct random *r, const struct signer **out,
                              struct diag *d) MUST_USE;
/* Reads all that serving needs, so that a passphrase is asked for now and not in the night. */
enum error node_keys_warm(struct node_keys *keys, struct diag *d) MUST_USE;
/* The TLS key in PEM with a NUL at its end (not counted); valid as long as `keys`. */
enum error node_keys_tls(struct node_keys *keys, struct bytes *pem, struct diag *d) MUST_USE;

#endif
