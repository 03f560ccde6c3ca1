/* Within desk/: what an index keeps of a case, so that the rules can be asked about it again: the statements that count
 * in it and their copies, the `unreadable`s that name them, and what lists show beside the state. */
#ifndef PARLEY_DESK_INDEX_CASE_H
#define PARLEY_DESK_INDEX_CASE_H

#include "desk/index_pack.h"
#include "matter/matter.h"
#include "store/store.h"

struct opened_entry;
struct kept { /* a message and what the rules ask of its entry */
    struct statement statement;
    uint64_t position, seen;
    instant time;
    uint64_t card; /* by which it is judged: its place among those that took effect, from 1; 0: none */
    const struct opened_entry *opened; /* where it is new; else NULL */
    const struct leaf *leaf;           /* the same */
    bool limits_given;
    struct channel_limits limits; /* of an offer of terms: for the node */
};

struct kept_list { /* of one party, by position */
    struct kept *at;
    size_t count, room;
};

struct index_case {
    uint64_t number; /* from 1; 0: not there yet */
    struct text name, title, action;
    struct text numbers[2]; /* the case's number in the files of each party; empty: not told */
    struct kept_list sides[2];
};

/* Appends a row. */
void index_case_write(const struct index_case *c, struct buf *out);
/* Everything lives in the arena.  ERR_INPUT where the row is not as it was written. */
enum error index_case_read(struct bytes row, struct arena *a, struct index_case *out, struct diag *d) MUST_USE;
void kept_add(struct kept_list *l, const struct kept *k, struct arena *a);

#endif
