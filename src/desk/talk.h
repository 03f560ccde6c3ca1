/* A talk: one channel as its desk sees it: both records, verified; the messages that one's keys open; the state they
 * give.
 *
 * Everything is derived from the node's bytes at one moment and lives in the talk's arena.  Party 0 is one's own. */
#ifndef PARLEY_DESK_TALK_H
#define PARLEY_DESK_TALK_H

#include "desk/desk.h"
#include "matter/matter.h"
#include "message/message.h"
#include "stix/body.h"

enum { OWN = 0, THEIRS = 1 };

struct said { /* one opened message */
    unsigned party;
    size_t generation;
    uint64_t index;
    struct message message;
    struct body body;   /* readable only where has_body */
    bool has_body;      /* the body is what its kind asks for */
    bool sealed;        /* false: a first proposal */
    struct text broken; /* why the body could not be read */
    uint8_t file_key[SEAL_FILE_KEY_SIZE];
    struct names recipients; /* as sealed to, by the writer's cards; for dossiers */
};

struct closed { /* an entry with a message that no key of this desk opens, or that is broken */
    unsigned party;
    size_t generation;
    uint64_t index;
    struct text why;
};

struct talk {
    struct arena arena;
    struct link_channel info; /* names, origins, sizes, frozen */
    struct channel_view view;
    struct bytes **leaves[2]; /* [party][generation][index] */
    struct said *said;
    size_t said_count;
    struct closed *closed;
    size_t closed_count;
    struct statement *statements; /* one for each of `said`, in its order */
    struct matter_state state;
};

struct talk_at {           /* which state is asked for */
    const struct cut *cut; /* NULL: all that is held */
    bool shared;           /* the last cut that both recorded */
    instant as_of;
};

/* Reads a channel from the node and opens what can be opened.  The caller calls talk_close. */
enum error talk_open(struct desk *desk, const struct link_channel *channel, const struct talk_at *at, struct talk **out,
                     struct diag *d) MUST_USE;
void talk_close(struct talk *t);

/* The opened message behind a verdict. */
const struct said *talk_said(const struct talk *t, const struct message_verdict *v);
/* The card in force of a party at the cut; NULL before its first. */
const struct card *talk_card(const struct talk *t, unsigned party);
/* Opens an attachment of a message: its plain bytes, whose hash and size are those of the attach line. */
enum error talk_attachment(struct desk *desk, const struct talk *t, const struct said *s, const struct attach *attach,
                           struct buf *out, struct diag *d) MUST_USE;
/* The first attachment with that role, or NULL. */
const struct attach *said_attachment(const struct said *s, const char *role);

#endif
