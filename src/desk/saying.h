/* Within desk/: a message on its way out, from its head to its entry; say.c takes it there, draft.c holds it on the
 * way. */
#ifndef PARLEY_DESK_SAYING_H
#define PARLEY_DESK_SAYING_H

#include "desk/say.h"

struct saying {
    struct talk *talk;
    const struct say *what;
    const struct card *own, *theirs;
    struct head head;
    struct names recipients;
    struct bytes *blobs; /* the sealed message, then its attachments */
    struct bytes note;
    struct message message;
};

/* Whether one may speak in the channel, and by which cards. */
enum error saying_begin(struct saying *s, struct diag *d) MUST_USE;
/* What the rules would make of the message: the verdict of a copy of what stands with one entry more.  Of it there are
 * why, kind and level, the card and the place of the entry, and the statement, whose head is `s->message.head`. */
enum error saying_judge(struct saying *s, const struct message_verdict **out, struct diag *d) MUST_USE;
/* Why one that would not count is not sent; OK for one that counts. */
enum error saying_refuse(const struct message_verdict *m, struct diag *d) MUST_USE;
/* Seals one's note and appends the entry. */
enum error saying_submit(struct saying *s, uint64_t *index, struct diag *d) MUST_USE;

#endif
