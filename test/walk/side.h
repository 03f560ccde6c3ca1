/* What the two sides of the walk can do: speak, carry a record to the other, read what they hold.
 *
 * Each is a few calls into `src`, in the order in which the program makes them; side.c is the second thing to read.
 * Whatever refuses ends the test with its own words.  Everything lives in the arena of the pair. */
#ifndef PARLEY_TEST_WALK_SIDE_H
#define PARLEY_TEST_WALK_SIDE_H

#include "unit.h"

#include "pair.h"

#include "dossier/dossier.h"
#include "matter/matter.h"
#include "message/frame.h"

enum { NORTH, SOUTH };
enum { OPENED_MAX = 32, ATTACH_MAX = 2 };

/* Expects OK, and tells the diag where it is not. */
#define HOLDS(call) holds((call), __FILE__, __LINE__)
extern struct diag walk_diag; /* of the call in HOLDS */
void holds(enum error result, const char *file, int line);

struct side {                                 /* what a side holds beside its own record */
    struct tree mirror;                       /* of the other's record */
    struct dossier_opened opened[OPENED_MAX]; /* blobs that it has opened, with the file key of each */
    size_t opened_count;
};

struct walk {
    struct pair pair; /* keys, cards, records */
    struct side sides[2];
    struct text matter; /* the name of the case */
};

/* Two parties with cards in their records, each mirrored by the other. */
void walk_begin(struct walk *w, const char *matter);
void walk_end(struct walk *w);
/* Moves a buffer's bytes into the arena. */
struct bytes walk_keep(struct walk *w, struct buf *b);
struct text walk_hex(struct walk *w, struct sha256 sha);

/* ---- speaking: message/, seal/, record/ */

struct saying {
    unsigned who;
    struct head head;
    struct pair_blob *blobs[1 + ATTACH_MAX]; /* the message, then its attachments, sealed */
    struct buf body;                         /* for the writer of the kind's meaning */
};

/* A head: where in the dialogue the message stands, and between whom. */
struct saying say_begin(struct walk *w, unsigned who, const char *kind);
/* Seals an attachment and names it in the head, by the hashes of both forms. */
void say_attach(struct walk *w, struct saying *s, const char *role, const char *name, struct bytes plain);
/* Signs, seals and appends to one's own record; gives the index of the entry. */
uint64_t say_end(struct walk *w, struct saying *s);

/* ---- carrying: tlog/ */

/* The other side mirrors the owner's record and cosigns it: "everything up to here is durably held". */
struct entry_receipt mirror(struct walk *w, unsigned owner);
/* The same, and the owner records that receipt; then it mirrors the other's record in turn. */
void deliver(struct walk *w, unsigned owner);

/* ---- reading: record/, message/, matter/ */

struct reading {
    struct raw_channel raw;          /* both records as far as the side holds them */
    struct verified_channel channel; /* each line of each entry, verified */
    struct channel_verdict verdict;  /* which of them count, and by which card */
    struct message *messages;        /* all of them, opened */
    struct statement *statements;    /* what they mean */
    size_t count;
};

struct reading *read_as(struct walk *w, unsigned who);
/* The last message of a kind. */
const struct message *find(const struct reading *r, const char *kind);
/* The plain bytes of the attachment with that role. */
struct bytes open_attachment(struct walk *w, unsigned who, const struct message *m, const char *role);
/* The case, as it stands at a cut (NULL: all that is held). */
const struct matter *fold(struct walk *w, const struct reading *r, const struct cut *at, struct matter_state *state);

#endif
