/* Notices: what people are told of without asking.  A message came, a deadline has run half or nine tenths of its time
 * or lapsed, a message has no receipt, a channel takes nothing more.
 *
 * What was told is remembered: how far the other side's records were looked at, and which reminders were given.  So
 * nothing is told twice, and what comes up while nobody watches is told later.  Who watches marks a notice once it has
 * been told, and keeps the memory then: a crash in between tells again, and loses nothing. */
#ifndef PARLEY_DESK_NOTICE_H
#define PARLEY_DESK_NOTICE_H

#include "base/map.h"
#include "desk/duty.h"

enum notice_what {
    NOTICE_STUCK,       /* the channel is frozen, restored from a backup, … */
    NOTICE_LAPSED,      /* a deadline */
    NOTICE_NINE_TENTHS, /* of the time of a deadline are gone */
    NOTICE_HALF,
    NOTICE_UNRECEIPTED, /* a message of one's own */
    NOTICE_CHECK_IN,    /* by the terms, one's own check-in is due */
    NOTICE_STALE,       /* by the terms, one of theirs should have come */
    NOTICE_UNOPENED,    /* an entry came that this desk can't open */
    NOTICE_ARRIVED,     /* a message came */
    NOTICE_COUNT
};
const char *notice_word(enum notice_what w);  /* "lapsed", "nine-tenths", …: for programs */
const char *notice_title(enum notice_what w); /* untranslated, for people */

struct notice {
    enum notice_what what;
    struct text party;           /* with whom the channel is */
    const struct matter *matter; /* NULL: in no case */
    struct text title;           /* of the case, or of the message; empty: none */
    struct text kind, id;        /* of the message; empty: about no message */
    const struct duty *duty;     /* of a deadline; NULL: none */
    instant at, due;             /* when it came up, or was said; INSTANT_NONE: not dated */
    struct text severity;        /* of the claim, as the claimant says; empty: not said */
    struct text words;           /* why, where there is more to say */
    struct text key;             /* of a reminder: its name in memory */
    struct text origin;          /* of what came: the record, */
    uint64_t index;              /* and the entry */
};

struct notice_memory {
    struct arena arena;
    bool fresh;        /* nothing was ever looked at: what is there already is not told as new */
    struct map seen;   /* origin of a record to uint64_t: the first entry not told */
    struct map told;   /* keys of reminders that were told */
    struct map active; /* keys that came up at this look: the others need not be remembered */
};

/* Reads <home>/desk/notices; ERR_INPUT names the file where it is damaged.  The caller calls notice_forget. */
enum error notice_recall(struct desk *k, struct notice_memory *out, struct diag *d) MUST_USE;
/* `whole`: every channel was looked at, so what did not come up again need not be remembered. */
enum error notice_remember(struct desk *k, const struct notice_memory *m, bool whole, struct diag *d) MUST_USE;
void notice_forget(struct notice_memory *m); /* frees it */

/* What is to be told of one channel, most pressing first.  In the talk's arena. */
enum error notice_list(struct talk *t, struct notice_memory *m, instant receipt_within, struct notice **out,
                       size_t *count, struct diag *d) MUST_USE;
/* The entries before `size` of a record need not be told. */
void notice_seen(struct notice_memory *m, struct text origin, uint64_t size);
/* It was told. */
void notice_mark(struct notice_memory *m, const struct notice *n);

json_t *notice_json(struct talk *t, const struct notice *n); /* the caller frees it */

#endif
