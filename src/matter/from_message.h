/* From opened messages to what the rules judge.
 *
 * In comes a message whose seal was opened and whose head was read, and the verdict on the entry that holds it; out
 * comes a statement.  Refused is a body that its kind does not allow: such a message has no statement, so the rules
 * judge as if it were closed, on both sides alike, and its reader may say `unreadable`.  A kind that this version does
 * not know has an empty meaning: the rules void it. */
#ifndef PARLEY_MATTER_FROM_MESSAGE_H
#define PARLEY_MATTER_FROM_MESSAGE_H

#include "matter/statement.h"
#include "message/message.h"
#include "record/judge.h"

/* What the rules need of a body; lives in the arena. */
enum error meaning_from_message(const struct message *m, struct arena *a, struct meaning *out, struct diag *d) MUST_USE;
/* As below, with the keys whose signatures are known to be good. */
enum error statement_signed_by(const struct message *m, const struct entry_verdict *entry, struct names signatures,
                               struct arena *a, struct statement *out, struct diag *d) MUST_USE;
/* `entry`: from channel_judge over all that is held; its party, place and card are taken.  The message must live as
 * long as the statement. */
enum error statement_from_message(const struct message *m, const struct entry_verdict *entry, struct arena *a,
                                  struct statement *out, struct diag *d) MUST_USE;

#endif
