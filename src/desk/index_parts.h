/* Within desk/: how an index comes to be, step by step.
 *
 * A step takes some entries of both records, beginning where the last one ended, verifies and judges them, opens their
 * messages, says which entries were delivered by them, and asks the rules again about the cases that are touched.  Each
 * step is one transaction, so whoever is interrupted goes on with the next.  An index that is made from nothing is made
 * by the same steps. */
#ifndef PARLEY_DESK_INDEX_PARTS_H
#define PARLEY_DESK_INDEX_PARTS_H

#include "desk/brief.h"
#include "desk/index.h"
#include "desk/index_case.h"
#include "desk/index_entries.h"
#include "desk/index_meta.h"
#include "desk/index_tree.h"

enum { STEP_ENTRIES = 4096, STEP_CASES = 1024 }; /* of one record; that are asked about at once */

struct index {
    struct desk *desk;
    struct arena arena;
    struct link_channel *channels; /* by number */
    size_t channel_count;
    struct text parties[2];
    unsigned own;
    struct rows *rows;
    struct index_progress progress;
    struct arena meta_arena;
    struct index_meta meta;
    struct arena brief_arena;
    struct case_brief *briefs;
    size_t brief_count;
};

struct opened_entry { /* the message of a new entry */
    struct bytes blob;
    const struct entry_verdict *entry;
    enum error error; /* why it does not open */
    struct text why;
    struct said said; /* entry, message and what was understood of it */
    uint64_t signers; /* as in index_entry */
    bool signers_told;
};

struct step {
    struct index *index;
    struct arena arena;
    struct index_tree *trees[2]; /* one a generation */
    size_t generations[2];
    struct index_entries entries;
    struct map blobs; /* hex SHA-256 to struct bytes, as fetched */
    struct bytes *leaves[2];
    size_t leaf_count[2];
    uint64_t end[2]; /* as in more_leaves */
    struct verified_channel verified;
    struct judged_more more;
    struct opened_entry *opened[2]; /* one a new entry with a message */
    size_t opened_count[2];
    uint64_t *touched; /* numbers of cases, some more than once */
    size_t touched_count, touched_room;
};

static inline uint64_t step_offset(const struct step *s, unsigned party) {
    const struct index_side *side = &s->index->meta.sides[party];
    size_t generation = s->index->meta.generation;
    return generation < side->record_count ? side->records[generation].offset : 0;
}
void step_touch(struct step *s, uint64_t matter);
/* A blob of the channel, whole; each is fetched once a step. */
enum error step_blob(struct step *s, struct sha256 name, uint64_t max, struct bytes *out, struct diag *d) MUST_USE;

/* The rows of a channel's index; where there are none and `make` is not set, ERR_MISSING. */
enum error index_rows_open(struct desk *k, struct text party, bool drill, bool make, struct rows **out,
                           struct diag *d) MUST_USE;

/* One that is made from nothing and kept nowhere. */
enum error index_open_anew(struct desk *k, struct text party, bool drill, struct index **out, struct diag *d) MUST_USE;

/* ---- index_records.c: what is there, and whether it still is what the index was made of */

/* ERR_CONFLICT: it is not; the index is to be made anew.  *more: only trees grew, and the step is over. */
enum error step_records(struct step *s, bool *more, struct diag *d) MUST_USE;
/* Fetches and verifies the next leaves. */
enum error step_leaves(struct step *s, struct diag *d) MUST_USE;

/* ---- index_judge.c */

enum error step_judge(struct step *s, struct diag *d) MUST_USE;
/* Whether a party erased the attachment of that name. */
enum error step_is_erased(struct step *s, unsigned party, struct text name, bool *out, struct diag *d) MUST_USE;

/* ---- index_open.c: with all processors */

enum error step_open(struct step *s, struct diag *d) MUST_USE;

/* ---- index_deliver.c */

enum error step_deliver(struct step *s, struct diag *d) MUST_USE;

/* ---- index_fold.c */

enum error step_fold(struct step *s, struct diag *d) MUST_USE;

/* ---- index_brief.c */

enum error index_brief_put(struct rows *r, const struct case_brief *b, struct diag *d) MUST_USE;
enum error index_briefs_get(struct index *x, struct diag *d) MUST_USE;

/* ---- index_words.c: by what a case is found */

/* Appends the addresses and objects of the facts that a message attaches, one a line. */
void index_words_add(struct step *s, const struct said *said, struct buf *words);

#endif
