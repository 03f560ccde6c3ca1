/* Within record/: which recorded cosignatures count. */
#ifndef PARLEY_RECORD_JUDGE_RECEIPT_H
#define PARLEY_RECORD_JUDGE_RECEIPT_H

#include "record/judge.h"

/* Adds a void line to an entry. */
void entry_add_line(struct entry_verdict *e, enum void_reason r, struct arena *a);
/* Judges the receipt lines of `mine`; cards and `seen` of both chains are judged already. */
void judge_receipts(struct entry_chain *mine, const struct entry_chain *theirs, struct arena *a);

#endif
