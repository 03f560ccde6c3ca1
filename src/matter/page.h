/* Pages of the manual that are written from the table of kinds, so that they can't differ from what the program does.
 */
#ifndef PARLEY_MATTER_PAGE_H
#define PARLEY_MATTER_PAGE_H

#include "base/buf.h"
#include "message/kind.h"

/* Who may say a message of the kind; untranslated. */
const char *kind_sender(enum sender sender);
/* A Markdown table, one row a kind: opens a case, belongs to a case, who may send it, after what. */
void page_write_kinds(struct buf *out);
/* A Mermaid state diagram (the fenced block) of the three sides of a case: which kind leads from which word to which.
 */
void page_write_states(struct buf *out);

#endif
