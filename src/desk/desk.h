/* An open desk: the home of one party, its keys, and the link to its node.
 *
 * Keys are read when they are first needed, so a command that only looks asks for no passphrase of the officers.  The
 * link, too, is opened at its first use.  Ownership: a desk and what its functions return live until desk_close, unless
 * a function takes an arena.  Not thread-safe. */
#ifndef PARLEY_DESK_DESK_H
#define PARLEY_DESK_DESK_H

#include "desk/home.h"
#include "node/link.h"
#include "seal/seal.h"

enum { DESK_IDENTITIES_MAX = 256 };

struct desk {
    struct home home;
    struct arena arena;
    struct random *random;
    instant now;
    struct passphrase_source passphrase; /* of the node's keys and the desk's */
    struct keyring *keyring;             /* of <home>/desk */
    struct buf tls_key;                  /* of a desk whose node is on another machine; its certificate: */
    struct buf tls_certificate;
    struct node_link *link; /* NULL until desk_link */
    const char *root_file;  /* where the root's private key is kept, if not on this desk; may be NULL */
    struct seal_identity *identities[DESK_IDENTITIES_MAX];
    size_t identity_count;
    bool identities_read;
};

struct desk_options {
    const char *home;
    struct passphrase_source passphrase;
    const struct keyring *keyring; /* of the desk, already open: its keys need no passphrase; may be NULL */
    struct random *random;
    instant now;
    const char *root_file; /* see struct desk */
};

enum error desk_open(const struct desk_options *o, struct desk **out, struct diag *d) MUST_USE;
void desk_close(struct desk *k); /* NULL is fine */

/* Makes desk->link where it is not there yet.  Where the node is on another machine, the newest card that stands in the
 * records takes the place of the one that this desk knew, by the root that it knows. */
enum error desk_link(struct desk *k, struct diag *d) MUST_USE;
/* ERR_NO on a desk whose node is on another machine: for what is done where the node is. */
enum error desk_has_node(const struct desk *k, struct diag *d) MUST_USE;
/* The channel in which one speaks with a party: the last of its records that no successor took the place of.  A drill
 * is a channel of its own.  ERR_MISSING names the parties that there are. */
enum error desk_channel(struct desk *k, struct text party, bool drill, struct link_channel *out,
                        struct diag *d) MUST_USE;

/* Each party with whom there is a channel, once, whatever the generations of the channel; a drill by itself.  `count`
 * takes how many there were. */
enum error desk_each(struct desk *k, enum error (*with)(struct text party, bool drill, void *state, struct diag *d),
                     void *state, size_t *count, struct diag *d) MUST_USE;

/* ---- keys.c: what the desk's keyring holds */

/* `P/root`, `P/officer/NAME`, and the age identities of departments, of which one may have several: a message sealed to
 * an old one must still open.  Each makes a key that is not there yet (ERR_CONFLICT where it is). */
enum error desk_make_root(struct desk *k, struct text *vkey, struct diag *d) MUST_USE;
enum error desk_make_officer(struct desk *k, struct text name, struct text *vkey, struct diag *d) MUST_USE;
/* The key that comes after the officer's: made at the first call, the same until a signed card names it. */
enum error desk_make_officer_next(struct desk *k, struct text name, struct text *vkey, struct diag *d) MUST_USE;
enum error desk_make_identity(struct desk *k, struct text department, struct text *recipient, struct diag *d) MUST_USE;
/* The caller frees the signer.  The root is read from desk->root_file where that is given: in the text form of
 * note/key.h, as it is or sealed under a passphrase.  An officer whose key changes signs with the new one as soon as
 * the last signed card names it; the old one is gone then. */
enum error desk_root(struct desk *k, struct signer **out, struct diag *d) MUST_USE;
enum error desk_officer(struct desk *k, struct text name, struct signer **out, struct diag *d) MUST_USE;
/* All identities of this desk, as an opener that lives as long as the desk. */
enum error desk_opener(struct desk *k, struct opener *out, struct diag *d) MUST_USE;

#endif
