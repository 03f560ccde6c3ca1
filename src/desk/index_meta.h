/* Within desk/: how far an index has come, and what of a channel bears on everything after. */
#ifndef PARLEY_DESK_INDEX_META_H
#define PARLEY_DESK_INDEX_META_H

#include "base/arena.h"
#include "desk/index_rows.h"
#include "record/judge_on.h"
#include "store/store.h"

enum { INDEX_RECENT = 10, INDEX_DOUBTS_MAX = 256, INDEX_MISSING_MAX = 64 };

struct index_record { /* one record of the channel: of a party, by number */
    struct text origin;
    uint64_t size;   /* of its tree */
    uint64_t offset; /* of its entry 0, as a position, where it is judged */
};

struct index_card { /* one that took effect */
    uint64_t position, seen;
    struct bytes note;
    const struct card *card; /* read from the note, where it was asked for */
};

struct index_side {
    struct index_record *records; /* one a generation */
    size_t record_count;
    uint64_t done, seen; /* as in judged_side */
    uint64_t covered;    /* the first position that no `seen` of theirs covers */
    instant latest;      /* of the times of all entries that are not void */
    struct index_card *cards;
    size_t card_count, card_room;
    bool erased; /* something was */
};

struct index_doubt { /* a `seen` beyond what was held: false so far */
    unsigned party;
    size_t generation;
    uint64_t size;
    struct sha256 root;
};

struct recent_message { /* one of theirs, for the list of what came last */
    instant time;
    struct text kind, title, broken;
    bool understood;
};

struct index_meta {
    struct sha256 identities; /* of the recipients that this desk can open for */
    size_t generation;
    bool unfollowed; /* its successors don't count: what they follow is not closed */
    struct index_side sides[2];
    struct index_doubt *doubts;
    size_t doubt_count, doubt_room;
    uint64_t doubted_beyond;                  /* the smallest size of those that found no room; UINT64_MAX: none */
    struct sha256 missing[INDEX_MISSING_MAX]; /* messages that the node did not hold, the first of them */
    size_t missing_count;
    uint64_t matter_count;
    uint64_t message_count, closed_count;
    uint64_t *terms; /* numbers of cases with accepted terms */
    size_t terms_count, terms_room;
    bool limited; /* terms are in force, with these limits for the node */
    struct channel_limits limits;
    struct recent_message recent[INDEX_RECENT]; /* oldest first */
    size_t recent_count;
    struct text asked; /* the id of the last check-in of theirs that asks */
    bool answered;     /* we did */
    instant updated;
};

/* Everything lives in the arena.  ERR_MISSING where there is none yet, ERR_INPUT where it can't be read. */
enum error index_meta_get(struct rows *r, struct arena *a, struct index_meta *out, struct diag *d) MUST_USE;
enum error index_meta_put(struct rows *r, const struct index_meta *m, struct diag *d) MUST_USE;
/* Of nothing yet. */
struct index_meta index_meta_new(void);

#endif
