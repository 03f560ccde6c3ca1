/* A new home: its folders, the keys of node and desk, the first card, signed. */
#ifndef PARLEY_DESK_CREATE_H
#define PARLEY_DESK_CREATE_H

#include "desk/home.h"
#include "party/card.h"

struct desk_wanted {
    struct home home;
    struct text title;      /* of its department */
    struct names remits;    /* of the same */
    struct text passphrase; /* of all keys; empty: none */
    struct random *random;
    instant now;
};
/* The officer gets the roles `officer` and `lead`, the department the home's language.  `root`: the vkey, in the arena.
 * ERR_CONFLICT where there is a home; ERR_INPUT, with nothing made, for what no card could say.  Where it fails later,
 * what was made stays, and goes when it is called again. */
enum error desk_create(const struct desk_wanted *w, struct arena *a, struct text *root, struct diag *d) MUST_USE;

#endif
