/* The index: what lists show of all cases of a channel, kept so that it need not be found out again.
 *
 *     <home>/desk/index/<party>[.drill]
 *
 * Derived from the node's records and deletable at any time: whoever deletes it waits a little longer once.  It is
 * brought up to date whenever it is opened, by what is new alone.  It is never trusted: where the records are not those
 * that it was made of (a store that was rolled back, another root), where keys of departments were added, where it is
 * damaged, foreign or of another version, it is made anew.  At rest it is sealed under a key of the desk's keyring.
 * Kept are statements, file keys and what lists show, and no bodies.  Where the disk takes nothing it is made in
 * memory, for the one command.
 *
 * Source: the design, section 8. */
#ifndef PARLEY_DESK_INDEX_H
#define PARLEY_DESK_INDEX_H

#include "desk/desk.h"
#include "record/cut.h"
#include "json/json.h"

struct index_progress { /* told now and then while entries are read; `tell` may be NULL */
    void (*tell)(void *state, struct text party, uint64_t done, uint64_t all);
    void *state;
};

struct index;
/* Of the channel with a party, up to date.  The caller calls index_close; the desk must live as long. */
enum error index_open(struct desk *k, struct text party, bool drill, struct index_progress progress, struct index **out,
                      struct diag *d) MUST_USE;
void index_close(struct index *x); /* NULL is fine */
/* Deletes it, as whoever may delete the file does; nothing of it is open. */
enum error index_forget(struct desk *k, struct text party, bool drill, struct diag *d) MUST_USE;
/* Compares what is kept with what is made anew from the records, in memory; where nothing is kept, nothing is compared.
 * `what` lives until `tell` returns.  ERR_NO_KEY where its key can't be read. */
struct index_check {
    void (*tell)(void *state, struct text party, struct text what);
    void *state;
    uint64_t cases, faults;
};
enum error index_check(struct desk *k, struct text party, bool drill, struct index_check *c, struct diag *d) MUST_USE;
/* Each party once, as talk_each; `with` may set *keep. */
enum error index_each(struct desk *k, struct index_progress progress,
                      enum error (*with)(struct index *x, void *state, bool *keep, struct diag *d), void *state,
                      size_t *count, struct diag *d) MUST_USE;

struct index_view { /* what stands at the top of lists; all lives as long as the index */
    struct text parties[2];
    unsigned own;
    bool drill;
    struct cut cut;                  /* of the last records */
    struct text own_origin;          /* of the record in which one speaks */
    const struct link_channel *link; /* how that one's link stands */
    uint64_t messages, closed;       /* opened, and not */
    struct text check_in;            /* the id of the last of theirs that asks, where no answer was given; else empty */
    instant updated;
};
struct index_view index_view(const struct index *x);

struct case_brief;
/* All cases, in any order.  The list lives as long as the index. */
enum error index_briefs(struct index *x, struct case_brief **out, size_t *count, struct diag *d) MUST_USE;
/* One case as matter_json_case writes it; the caller frees it. */
enum error index_case_json(struct index *x, const struct case_brief *b, instant as_of, json_t **out,
                           struct diag *d) MUST_USE;
/* Whether a case is about an address, a domain or another object. */
enum error index_has_words(struct index *x, const struct case_brief *b, struct text sought, bool *out,
                           struct diag *d) MUST_USE;

struct recent_message;
/* The last messages of theirs, oldest first. */
size_t index_recent(const struct index *x, const struct recent_message **out);
/* What of theirs does not open here, by entry. */
enum error index_closed(struct index *x, void (*with)(void *state, uint64_t entry, struct text why), void *state,
                        struct diag *d) MUST_USE;
/* Hands the limits of the terms in force to the node, where there are terms. */
enum error index_hand_over_limits(struct index *x, struct diag *d) MUST_USE;

#endif
