/* Within desk/: what an index keeps of each entry, by party and position, in pages. */
#ifndef PARLEY_DESK_INDEX_ENTRIES_H
#define PARLEY_DESK_INDEX_ENTRIES_H

#include "base/arena.h"
#include "base/instant.h"
#include "desk/index_rows.h"
#include "seal/seal.h"

enum { ENTRY_OPENED = 1, ENTRY_SIGNERS = 2 }; /* the file key is known; `signers` tells all */

struct index_entry {
    uint64_t seen;    /* effective, as a position */
    instant latest;   /* of the times of all entries up to this one that are not void; INSTANT_NONE */
    instant covered;  /* the `time` of the first entry of theirs whose `seen` covers it; INSTANT_NONE */
    instant stamp;    /* the smallest stamp that covers it, of the receipts that count; INSTANT_NONE */
    uint64_t matter;  /* the number of its case, from 1; 0: none */
    uint64_t signers; /* a set of the officers, by place, of the card by which it is judged, whose signatures verify */
    uint8_t file_key[SEAL_FILE_KEY_SIZE];
    uint8_t flags;
};

struct entries_page;
struct index_entries {
    struct rows *rows;
    struct arena *arena; /* of the pages that are at hand */
    struct entries_page **pages[2];
    size_t page_count[2]; /* of the arrays */
    size_t held;          /* pages at hand */
};
/* The entry, to be read, or to be changed where `change`; it stays where it is until index_entries_put.  A new one is
 * all zero but for its instants. */
enum error index_entry_at(struct index_entries *e, unsigned party, uint64_t position, bool change,
                          struct index_entry **out, struct diag *d) MUST_USE;
/* Writes what was changed.  The pages stay at hand; the owner of the arena forgets them with index_entries_forget. */
enum error index_entries_put(struct index_entries *e, struct diag *d) MUST_USE;
void index_entries_forget(struct index_entries *e);

#endif
