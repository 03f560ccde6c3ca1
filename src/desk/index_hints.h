/* Within desk/: what an index can save who reads a whole channel anew: the keys of files that were opened before, and
 * whose signatures were found good.
 *
 * Hints are taken only from an index whose trees are those of the records at hand; a file key opens nothing but its own
 * file, whose authentication is checked all the same. */
#ifndef PARLEY_DESK_INDEX_HINTS_H
#define PARLEY_DESK_INDEX_HINTS_H

#include "desk/desk.h"
#include "record/verify.h"

struct index_hint {
    uint8_t file_key[SEAL_FILE_KEY_SIZE];
    uint64_t signers; /* a set of the officers, by place, of the card by which the entry is judged */
    bool signers_told;
};

struct index_hints;
/* NULL where there is no index, or one of other records. */
struct index_hints *index_hints_open(struct desk *k, struct text party, bool drill, const struct raw_channel *raw);
void index_hints_close(struct index_hints *h); /* NULL is fine */
/* False where nothing is known of the message in that entry. */
bool index_hint(struct index_hints *h, unsigned party, size_t generation, uint64_t index, struct index_hint *out);

#endif
