/* Within record/: the rules of single entries, by which a whole channel is judged and by which one goes on with it. */
#ifndef PARLEY_RECORD_JUDGE_PARTS_H
#define PARLEY_RECORD_JUDGE_PARTS_H

#include "record/judge.h"

/* Adds a void line to an entry. */
void entry_add_line(struct entry_verdict *e, enum void_reason r, struct arena *a);
/* Judges the card of an entry before which `force` was in force (NULL: none); returns the one in force after it. */
const struct card *judge_card(struct entry_verdict *e, const struct card *force, struct arena *a);
/* Judges the erase lines: each must name an attachment of an earlier entry of one's own. */
void judge_erase(struct entry_verdict *e, bool (*attached)(void *state, struct text name), void *state,
                 struct arena *a);
/* Judges the receipt lines of `mine`; cards and `seen` of both chains are judged already.  Of theirs only the entries
 * with a card that takes effect are looked at. */
void judge_receipts(struct entry_chain *mine, const struct entry_chain *theirs, struct arena *a);

#endif
