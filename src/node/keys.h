/* The node's keys, read from its keyring when they are first needed and kept until the end.  Thread-safe.
 *
 *     mirror.key               cosigns what is held of counterparties' records
 *     mirror.next.key          the one that comes after it, while it changes: the card names both, the old one cosigns
 *     log-<16 hex>.key         signs the checkpoints of one record; named after the hash of its origin
 *     log-<16 hex>.next.key    the key that comes after it, while it changes: both sign
 *     tls.key                  PEM; the certificate tls.crt lies beside it in the clear
 *     tls.next.key, .crt       those that come after them, while they change
 *
 * A key changes in two steps, so that nobody who knows the old card is shut out: a new one is made and announced while
 * the old one works; once counterparties have the card that names both, the new one takes its place.  A key that was
 * lost or stolen changes at once. */
#ifndef PARLEY_NODE_KEYS_H
#define PARLEY_NODE_KEYS_H

#include "node/keyring.h"
#include "sync/node.h"

enum node_key { NODE_MIRROR, NODE_LOG, NODE_TLS, NODE_KEYS };
enum key_step {
    KEY_LOOK,  /* which there are */
    KEY_BEGIN, /* makes the next one, where there is none yet */
    KEY_END,   /* the next one takes the place of the old one, which is gone then; ERR_NO where there is none */
    KEY_STEPS,
};
struct key_pair {
    struct text current, next; /* vkeys, or the hash of a SubjectPublicKeyInfo in hex; empty: there is none */
};

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
/* Appends the TLS key in PEM, and a NUL; the caller wipes it. */
enum error node_keys_tls(struct node_keys *keys, struct buf *pem, struct diag *d) MUST_USE;
/* Reads the TLS key anew; the old one is kept where that fails. */
enum error node_keys_read_tls(struct node_keys *keys, struct diag *d) MUST_USE;

/* Changes a key; `origin`: of the record whose log key it is.  `party` names the TLS certificate.  What is public of
 * it, before the step, lives in the arena.  A process that runs keeps to the TLS key that it
 * has read until it calls node_keys_read_tls. */
enum error node_keys_change(struct node_keys *keys, enum node_key which, enum key_step step, struct text origin,
                            struct text party, struct random *r, instant now, struct arena *a, struct key_pair *out,
                            struct diag *d) MUST_USE;
/* Finishes a change of the TLS key that was cut off; before its certificate is read. */
enum error node_keys_mend_tls(struct keyring *k, const char *folder, struct diag *d) MUST_USE;

#endif
