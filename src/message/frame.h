/* The frame of a body: what it repeats of its head, and what its kind says by a table of members.
 *
 * Every meaning is written and read through it, so that no body says another kind, case, author, level or language than
 * the head above it: such a message is refused.  Ownership: what is read lives in the arena. */
#ifndef PARLEY_MESSAGE_FRAME_H
#define PARLEY_MESSAGE_FRAME_H

#include "message/message.h"
#include "stix/body.h"
#include "stix/members.h"

struct wording { /* what a message says, whatever its kind */
    struct text title, text;
    enum body_opinion opinion;
    const struct member_table *members; /* NULL: none */
    const void *from;                   /* the struct of the table */
    json_t *objects;                    /* further STIX objects, taken over; NULL: none */
};

#define FRAME_KIND(kind) (UINT64_C(1) << (kind))
#define FRAME_ANY_KIND UINT64_MAX

/* Appends the canonical body of a message with that head.  `created`: whole milliseconds count. */
enum error frame_write(const struct head *h, instant created, const struct wording *what, struct buf *out,
                       struct diag *d) MUST_USE;
/* Reads the body of a message of one of `kinds`, a set of FRAME_KIND: members into the struct at `into`, title and text
 * into `title` and `text`, either of which may be NULL.  ERR_INPUT where body and head differ or a member is not as it
 * must be. */
enum error frame_read(const struct message *m, uint64_t kinds, const struct member_table *members, struct arena *a,
                      void *into, struct text *title, struct text *text, struct diag *d) MUST_USE;

/* The attachment with that role and, unless `plain` is empty, that SHA-256 of its plain bytes (hex); or NULL. */
const struct attach *head_attachment(const struct head *h, const char *role, struct text plain);

#endif
