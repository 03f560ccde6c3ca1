/* Changing keys: one's own card and the keyrings of desk and node, in step.
 *
 * `rotate` makes a new key beside the old one and puts both on the working copy of the card; `retire` drops the old one
 * once every counterparty has receipted the card that names both.  `replace` is for a key that was lost or stolen: the
 * new one takes its place at once, on the next card.  Nothing is signed or published here but the card of a new root.
 * Source: the design, section 5, "Card", "Which key counts". */
#ifndef PARLEY_DESK_ROTATION_H
#define PARLEY_DESK_ROTATION_H

#include "desk/desk.h"
#include "party/card.h"

struct key_wish {
    enum node_key which;
    const struct link_channel *channel; /* of the log key; else NULL */
};
/* The keys as they are.  `named`: by the last signed card: 1 the current one, 2 the next one, added up. */
enum error rotation_look(struct desk *k, const struct key_wish *w, struct key_pair *out, unsigned *named,
                         struct diag *d) MUST_USE;
enum error rotation_begin(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d) MUST_USE;
/* ERR_NO where no change was begun, or with the counterparty that has not receipted the card with both yet. */
enum error rotation_end(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d) MUST_USE;
/* ERR_USAGE for a log key: a record can't be trusted to another one; a successor has its own. */
enum error rotation_replace(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d) MUST_USE;

/* A new root, and a card signed by it, the next by its serial.  Every channel then needs a successor.  The old private
 * key, where it is here, is gone. */
enum error rotation_root(struct desk *k, struct text *vkey, struct diag *d) MUST_USE;
/* Takes the root's private key off the desk into a file (its text form; sealed under a passphrase where there is one),
 * from which own_card_sign reads it with desk->root_file. */
enum error rotation_take_out_root(struct desk *k, const char *path, struct text passphrase, struct diag *d) MUST_USE;

#endif
