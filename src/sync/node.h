/* What the exchange works on: a store and the node's signing keys.  Time is an argument of whatever needs it. */
#ifndef PARLEY_SYNC_NODE_H
#define PARLEY_SYNC_NODE_H

#include "note/key.h"
#include "store/store.h"

enum { LOG_KEYS_MAX = 8 /* of one origin, by a card */ };

/* Keys are asked for when something is to be signed, so that who only reads needs no passphrase.  They stay the
 * property of who gives them, and valid as long as the node is.  Called under the store's lock or not: must not call
 * the store. */
struct sync_keys {
    /* The log keys of a record of one's own: one, or two while it changes. */
    enum error (*logs)(void *state, struct text origin, const struct signer *out[static 2], size_t *count,
                       struct diag *d);
    enum error (*mirror)(void *state, const struct signer **out, struct diag *d);
    void *state;
};

struct pins;
struct answers;
struct sync_node {
    struct store *store;
    struct sync_keys keys;
    struct pins *pins;       /* NULL: cards are read and judged for each request */
    struct answers *answers; /* NULL: none are kept */
    bool neutral;            /* a neutral mirror: it holds records, and has none of its own */
};

/* Keeps how far the other clock is ahead of this one, in seconds, for people: no rule depends on it. */
void sync_note_skew(const struct sync_node *n, const struct channel *c, instant ahead);

/* OK where the channel is open (or held as a neutral mirror); ERR_FROZEN, with why, where nothing may be appended,
 * signed or taken. */
enum error sync_is_open(const struct channel *c, struct diag *d) MUST_USE;
/* The same for the channel as it stands now: another thread may have frozen it since `c` was read.  Within the
 * transaction that this is to guard. */
enum error sync_still_open(const struct sync_node *n, const struct channel *c, struct diag *d) MUST_USE;

/* What may be taken, though nothing is signed: where this store is behind, too, so that it gets back what it had. */
enum error sync_may_take(const struct channel *c, struct diag *d) MUST_USE;
enum error sync_may_still_take(const struct sync_node *n, const struct channel *c, struct diag *d) MUST_USE;

/* Keeps a contradiction (a proof, or what was found) and freezes the channel.  `why` is for people. */
enum error sync_contradict(const struct sync_node *n, const struct channel *c, enum side side,
                           const struct kept_contradiction *found, const char *why, struct diag *d) MUST_USE;

/* Whether one is on record, of either side: such a channel is not to be opened again, whatever is declared. */
bool sync_is_contradicted(const struct sync_node *n, const struct channel *c);

#endif
