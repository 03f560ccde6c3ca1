/* Saying something: head, body, signature, seal, entry.
 *
 * Before anything leaves, the rules are asked: the message is put into a copy of what stands, and one that would not
 * count is refused here with the reason, instead of standing void in a record for ever.  Source: the design, section 5,
 * "Message"; record/reason.h has the reasons. */
#ifndef PARLEY_DESK_SAY_H
#define PARLEY_DESK_SAY_H

#include "desk/talk.h"

struct say_attach {
    const char *role;
    struct text media_type, name;
    struct bytes plain;
};

struct say {
    enum kind kind;
    struct text matter; /* empty: none, or, for kinds that open a case, a new one */
    struct text to;     /* PARTY, PARTY/DEPARTMENT, or a department; empty: who the case is with, else all of them */
    enum tlp tlp;       /* TLP_NONE: what the case has */
    struct text by;     /* an officer; empty: the home's */
    struct text lang;   /* empty: the home's */
    bool draft;         /* not sent yet: kept as a draft, whatever the card asks for */
    struct text id;     /* 32 digits of hex that are nobody else's; empty: random ones */
    const struct say_attach *attach;
    size_t attach_count;
    /* Writes the body for that head; `what` is the kind's own struct. */
    enum error (*body)(const void *what, const struct head *h, instant created, struct buf *out, struct diag *d);
    const void *what;
};

struct said_at { /* in the talk's arena */
    struct text matter, id;
    uint64_t index; /* of the entry */
    bool draft;     /* there is none: it is kept as a draft, and `missing` signatures of `roles` are asked for */
    uint64_t missing;
    struct names roles;
};

/* Says it; or keeps it as a draft (desk/draft.h), where that is asked for, where the card asks for signatures besides
 * the author's, and where the author does nothing but draft.  ERR_NO for one who only reads. */
enum error say(struct talk *t, const struct say *s, struct said_at *out, struct diag *d) MUST_USE;
/* The same message newly sealed, to the recipients as they are now: what `unreadable` asks for. */
enum error say_again(struct talk *t, const struct said *s, uint64_t *index, struct diag *d) MUST_USE;

/* Bodies: one a kind of struct, for `body` above. */
#define SAY_BODIES(X)                                                                                                  \
    X(claim, struct claim)                                                                                             \
    X(inquiry, struct inquiry)                                                                                         \
    X(ask, struct ask)                                                                                                 \
    X(disclose, struct disclose)                                                                                       \
    X(answer, struct answer)                                                                                           \
    X(commit, struct commit)                                                                                           \
    X(consult, struct consult)                                                                                         \
    X(minutes_offer, struct offered_minutes)                                                                           \
    X(agree, struct agree)                                                                                             \
    X(dialogue, struct dialogue)
#define X(name, type)                                                                                                  \
    enum error say_##name(const void *what, const struct head *h, instant created, struct buf *out, struct diag *d)    \
        MUST_USE;
SAY_BODIES(X)
#undef X

#endif
