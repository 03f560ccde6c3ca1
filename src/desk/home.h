/* A home: the folder where one party keeps its things.
 *
 *     home/config           text: `parley config v1`, then one `word value` a line; lines that begin with # are for
 *                           people, and stay where they are when the program writes one of the others
 *     home/desk/            what people use: officer keys, department identities, the root, cards, invitations
 *     home/desk/index/      what lists show, derived and sealed; deletable at any time (desk/index.h)
 *     home/desk/mailed/     claims that went out by mail, sealed to one's own department (desk/mailed.h)
 *     home/desk/taxii/      what tools of the house may ask for (web/taxii_store.h), derived; and who may ask
 *     home/node/            what the network's side uses: log, mirror and TLS keys, the store
 *     home/territory/       compiled territory tables
 *
 * Ownership: texts live in the arena. */
#ifndef PARLEY_DESK_HOME_H
#define PARLEY_DESK_HOME_H

#include "base/arena.h"
#include "base/os.h"
#include "node/settings.h"

struct home {
    const char *path;
    struct text party;       /* cert.north.example */
    struct text department;  /* incident: for which this desk speaks */
    struct text officer;     /* a.officer: who speaks, unless --officer says otherwise */
    struct text listen;      /* 127.0.0.1:7443; empty: this node is not reachable and only calls */
    struct text desk_listen; /* 0.0.0.0:7444: where desks on other machines reach the node; empty: they can't */
    struct text node;        /* https://host:7444, of a desk without a node of its own; empty: the node of this home */
    struct text url;         /* under which counterparties reach it; empty: they can't */
    struct text country;     /* ISO 3166 code of the party's territory; empty: none */
    struct text lang;        /* of what is written here: en, fr, ru */
    struct text metrics;     /* 127.0.0.1:9464: where the node tells its numbers; empty: nowhere */
    struct text metrics_names; /* yes: they name parties; else channels have hashes alone */
    struct text log;           /* json: a line of the node's log is an object; else for people */
    struct node_settings settings;
};

/* The lines of the config that are text, and what they mean; those that are numbers stand in node/settings.h. */
struct home_word {
    const char *word, *example, *meaning; /* untranslated */
    bool needed;
};
extern const struct home_word home_words[];
extern const size_t home_word_count;
/* The value of a word, empty where there is none. */
struct text home_value(const struct home *h, size_t word);

/* ERR_MISSING with the way to `parley init` where there is no home; ERR_INPUT for a bad line. */
enum error home_open(const char *path, struct arena *a, struct home *out, struct diag *d) MUST_USE;
/* Reads the config and tells everything that is wrong with it, each fault with its line where it has one: words,
 * values, ports, folders.  *out is what could be read.  An error where nothing could. */
enum error home_check(const char *path, struct arena *a, void (*fault)(void *state, const struct diag *d), void *state,
                      struct home *out, struct diag *d) MUST_USE;
/* Makes the folders (0700) and writes the config; ERR_CONFLICT where there is a home already.  Until home_finish the
 * home is not whole: no command opens it, and home_create, called again, removes what the first one's process left. */
enum error home_create(const struct home *h, struct diag *d) MUST_USE;
enum error home_finish(const struct home *h, struct diag *d) MUST_USE;
/* Whether it was begun and not finished; and whether there is a whole one. */
bool home_is_begun(const char *path);
bool home_is_there(const char *path);
/* Writes the config again. */
enum error home_save(const struct home *h, struct diag *d) MUST_USE;
/* A path inside the home, in the arena: home_path(h, a, "desk/%s", name). */
const char *home_path(const struct home *h, struct arena *a, const char *format, ...) FORMAT(3, 4);

#endif
