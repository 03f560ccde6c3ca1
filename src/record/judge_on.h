/* Going on with the verdicts on a channel: what new entries are worth, from what is known of those before.
 *
 * Gives for each entry the verdict that channel_judge gives for it over the whole channel, at the price of the new
 * entries alone.  Two things may change the worth of older ones, and are told: a new card that drops a mirror key takes
 * the receipts by that key beyond what its owner had seen; and a `seen` beyond what was held (record/cut.h) is false
 * until it can be tested.  Whoever goes on keeps such ones in mind and begins anew where one proves true.
 * Source: the design, sections 5 and 5.1. */
#ifndef PARLEY_RECORD_JUDGE_ON_H
#define PARLEY_RECORD_JUDGE_ON_H

#include "record/judge.h"

struct judged_card { /* one that took effect */
    uint64_t position, seen;
    const struct card *card;
};

struct judged_side {
    uint64_t offset; /* the position of entry 0 of the record that grows */
    uint64_t done;   /* how many of its entries are judged */
    uint64_t seen;   /* the effective `seen` of the last one, as a position; 0: none was judged yet */
    const struct judged_card *cards;
    size_t card_count;
};

struct more_leaves {
    const struct leaf *at; /* from index `done` on */
    uint64_t count;
    uint64_t held; /* entries of the whole record that one holds */
    uint64_t end;  /* no entry from this index on is judged: what successors follow; UINT64_MAX: nothing follows */
};

struct judging {
    size_t generation; /* of the records that grow */
    struct judged_side before[2];
    struct more_leaves leaves[2];
    /* Whether an entry of that party before `done` carries an attachment of that name. */
    bool (*attached)(void *state, unsigned party, struct text name);
    void *state;
};

struct dropped_key {
    unsigned party; /* whose key it was: it signs for the other's record */
    struct text key;
    uint64_t seen; /* sizes of the other's record beyond this position don't count any more */
};

struct judged_more {
    struct entry_chain chains[2]; /* the new entries, as far as they lie in the reduced cut; positions as ever */
    struct dropped_key *dropped;
    size_t dropped_count;
};

/* `j` need not outlive the verdicts, but its leaves and cards must. */
void judge_on(const struct judging *j, struct arena *a, struct judged_more *out);

#endif
