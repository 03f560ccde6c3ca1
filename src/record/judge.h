/* What entries and their lines are worth: cards in force, effective `seen`, erasures, receipts that count.
 *
 * A pure function of the leaves and the cut; no message is opened for it, so the node judges by it too.  Source: the
 * design, sections 5 and 5.1.
 * Positions count over a party's record and its successors, of which all after `follows` is left out; indices count
 * inside one record.  Shapes: parties are 0 and 1, as in the view; generations count from 0.
 * Limits: O(n log n) in the lines of both records, whatever they say.  Ownership: verdicts live in the arena and point
 * into the view. */
#ifndef PARLEY_RECORD_JUDGE_H
#define PARLEY_RECORD_JUDGE_H

#include "record/cut.h"
#include "record/reason.h"

#define POSITION_NONE UINT64_MAX

struct counted_receipt {
    uint64_t size; /* the first position not covered */
    instant stamp;
    struct text key; /* whose cosignature it is */
};

struct entry_verdict {
    const struct leaf *leaf;
    unsigned party;
    size_t generation;
    uint64_t index, position;  /* POSITION_NONE: outside of what is judged */
    enum void_reason void_for; /* why nothing in it counts */
    enum void_reason *lines;   /* what is void alone, in the order card, seen, erase, receipts */
    size_t line_count, line_room;
    uint64_t seen;                    /* effective: the first position of theirs not seen */
    const struct card *card;          /* by which it is judged; NULL: none */
    const struct card *card_after;    /* in force after it */
    bool card_takes_effect;           /* `card_after` is the one that it carries */
    struct text *erased;              /* names of attachments */
    struct counted_receipt *receipts; /* those that count */
    size_t erased_count, receipt_count;
};

struct generation_place {          /* where the entries of one record are to be found */
    uint64_t offset;               /* position of entry 0 */
    uint64_t used;                 /* this many are judged, */
    struct entry_verdict *outside; /* the others of the cut are here */
};

struct entry_chain { /* what is judged of one party, over all generations */
    struct entry_verdict *entries;
    uint64_t count;
    struct generation_place *places; /* one a generation */
};

struct channel_verdict {
    const struct channel_view *view;
    bool drill;
    size_t generations;
    struct cut *cuts; /* as reduced, one a generation */
    struct entry_chain chains[2];
    struct entry_verdict *outside; /* in the cut, but after `follows` or in a successor that does not count */
    uint64_t outside_count;
    const struct entry_verdict **contradictions; /* entries with a false `seen`, by party */
    size_t contradiction_count;
};

/* `cuts`: one a generation (view_generations), or NULL for all that is held.  ERR_INPUT where the channels' names are
 * not from one of the two parties to the other, or mix drill and real. */
enum error channel_judge(const struct channel_view *v, const struct cut *cuts, struct arena *a,
                         struct channel_verdict *out, struct diag *d) MUST_USE;
/* The verdict on an entry; NULL where it lies outside of the cut. */
struct entry_verdict *channel_entry(const struct channel_verdict *c, unsigned party, size_t generation, uint64_t index);
/* The name of the channel that holds the entry. */
struct text entry_channel(const struct channel_verdict *c, const struct entry_verdict *e);
/* The effective `seen` as a size of the counterparty's record of the same number. */
uint64_t entry_seen_size(const struct channel_verdict *c, const struct entry_verdict *e);

#endif
