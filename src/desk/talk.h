/* A talk: what two parties have said to each other, as this desk sees it: both records, verified; the messages that its
 * keys open; the state that follows.
 *
 * Everything is derived from the node's bytes at one moment and lives in the talk's arena.  Parties are numbered in
 * bytewise order of their names, as everywhere both sides compute the same; `own` says which one is us. */
#ifndef PARLEY_DESK_TALK_H
#define PARLEY_DESK_TALK_H

#include "desk/desk.h"
#include "matter/from_message.h"
#include "matter/matter.h"
#include "record/verify.h"

enum { TALK_BLOB_MAX = 16 << 20 }; /* bytes of a sealed message that is fetched; a larger one stays closed */

struct said {                          /* one opened message */
    const struct entry_verdict *entry; /* over all that is held */
    struct message message;
    struct statement statement;
    bool understood;    /* the body is what its kind asks for: the statement is there */
    bool sealed;        /* false: signed alone, as a first proposal is */
    struct text broken; /* why it is not understood; empty: it is */
    struct sha256 blob;
    uint8_t file_key[SEAL_FILE_KEY_SIZE]; /* where it was sealed */
};

struct closed { /* an entry with a message that this desk can't open */
    const struct entry_verdict *entry;
    enum error error; /* ERR_NO_KEY: sealed to others */
    struct text why;
};

struct talk {
    struct arena arena;
    struct desk *desk;
    struct text parties[2];
    unsigned own;                  /* 0 or 1 */
    struct link_channel *channels; /* by number; the last one is spoken in */
    size_t channel_count;
    struct verified_channel verified;
    struct channel_verdict whole; /* of all that is held */
    struct said *said;            /* by party, record and entry */
    size_t said_count;
    struct closed *closed;
    size_t closed_count;
    struct statement *statements; /* of those that are understood */
    size_t statement_count;
    struct matter_state state; /* at the cut asked for */
};

struct talk_at { /* which state is asked for; {0} with as_of: all that is held */
    bool given;  /* `sizes` of the last generation, by party */
    struct cut sizes;
    bool shared; /* the last cut that both recorded */
    instant as_of;
};

/* Reads the channel with a party from the node and opens what can be opened.  The caller calls talk_close; the desk
 * must live as long. */
enum error talk_open(struct desk *k, struct text party, bool drill, const struct talk_at *at, struct talk **out,
                     struct diag *d) MUST_USE;
void talk_close(struct talk *t); /* NULL is fine */
/* Opens the channel with each party in turn, drills apart, and closes it again after `with`, which sets *keep where the
 * talk is to stay open: its caller then closes it.  `count` takes how many there were. */
enum error talk_each(struct desk *k, const struct talk_at *at,
                     enum error (*with)(struct talk *t, void *state, bool *keep, struct diag *d), void *state,
                     size_t *count, struct diag *d) MUST_USE;
/* Opens the channel that holds a case, and finds it: by its name, or by the first characters of its UUID. */
enum error talk_open_case(struct desk *k, struct text name, const struct talk_at *at, struct talk **out,
                          const struct matter **matter, struct diag *d) MUST_USE;

/* The channel in which the desk speaks. */
static inline const struct link_channel *talk_channel(const struct talk *t) {
    return &t->channels[t->channel_count - 1];
}
/* The opened message behind a verdict of the state. */
const struct said *talk_said(const struct talk *t, const struct message_verdict *v);
/* By the whole id, or by the first characters of just one. ERR_MISSING, ERR_USAGE where several begin so. */
enum error talk_find_said(const struct talk *t, struct text id, const struct said **out, struct diag *d) MUST_USE;
/* The case by its name, or by the first characters of its UUID: of just one. */
enum error talk_find_matter(const struct talk *t, struct text name, const struct matter **out, struct diag *d) MUST_USE;
/* The card of a party in force after all that is held; NULL before its first. */
const struct card *talk_card(const struct talk *t, unsigned party);
/* Opens an attachment of a message: its plain bytes, whose hash and size are those of the attach line. */
enum error talk_attachment(const struct talk *t, const struct attach *attach, struct buf *out, struct diag *d) MUST_USE;
/* Opens a case's sheet of facts by its SHA-256 (hex): from whichever message attaches it. */
enum error talk_sheet(const struct talk *t, struct text sheet, struct buf *out, struct diag *d) MUST_USE;

#endif
