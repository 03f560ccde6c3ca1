/* What is said on the way to a settlement: meetings, minutes that offer a text, and agreement to a text.
 *
 * `minutes` names a settlement text (minutes.h) that it attaches with the role `text`; `agree` names it again.  A text
 * that is not attached can't be agreed to and comes out empty.  Ownership: what is read lives in the arena. */
#ifndef PARLEY_SETTLEMENT_SETTLEMENT_H
#define PARLEY_SETTLEMENT_SETTLEMENT_H

#include "message/frame.h"
#include "settlement/minutes.h"

#define ROLE_TEXT "text" /* a settlement text, or the text of a joint statement */

struct meeting_time {
    instant from, until; /* INSTANT_NONE: open */
};

struct delegate { /* who comes, by role; the name may stay unsaid */
    struct text name, role;
};

struct consult { /* offers, confirms or changes a meeting */
    struct text title, text;
    struct member_list times;      /* of struct meeting_time: those that suit */
    struct text place, link;       /* a room; an address on the network */
    struct member_list agenda;     /* of struct text */
    struct member_list delegation; /* of struct delegate: one's own */
    struct member_list matters;    /* of struct text: other cases to be talked about */
    struct text languages;         /* "en,fr" */
    bool cancelled;                /* the author comes at none of the times named before */
};

struct offered_minutes {
    struct text title, text;          /* what the author says of it */
    struct text settlement;           /* the SHA-256 of the settlement text, hex */
    struct text supersedes;           /* hex; empty: none */
    uint64_t outcomes[OUTCOME_COUNT]; /* rows of each; MEMBER_NO_NUMBER: not said */
    uint64_t undertakings;            /* how many; likewise */
};

struct agree {
    struct text settlement; /* hex */
    struct text text;
};

/* ERR_INPUT where a delegate has no role, or times are named by who comes at none. */
enum error consult_write(const struct consult *c, const struct head *h, instant created, struct buf *out,
                         struct diag *d) MUST_USE;
enum error consult_from_message(const struct message *m, struct arena *a, struct consult *out, struct diag *d) MUST_USE;

/* What to offer for a settlement text: its name, what it supersedes, its outcomes counted.  Title and text are empty.
 */
struct offered_minutes offered_minutes_of(const struct minutes *m, struct bytes text, struct arena *a);
/* ERR_INPUT where the head does not attach the settlement text. */
enum error minutes_offer_write(const struct offered_minutes *o, const struct head *h, instant created, struct buf *out,
                               struct diag *d) MUST_USE;
enum error minutes_from_message(const struct message *m, struct arena *a, struct offered_minutes *out,
                                struct diag *d) MUST_USE;
/* Whether the attached text is the one that was offered, is of that case and has the outcomes that were said:
 * ERR_INPUT with what differs. */
enum error minutes_fit(const struct offered_minutes *o, struct text matter, struct bytes text, struct arena *a,
                       struct diag *d) MUST_USE;

enum error agree_write(const struct agree *g, const struct head *h, instant created, struct buf *out,
                       struct diag *d) MUST_USE;
enum error agree_from_message(const struct message *m, struct arena *a, struct agree *out, struct diag *d) MUST_USE;

#endif
