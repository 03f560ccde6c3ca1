/* Drafts: a message that is composed and signed by its author, and that nobody has sent.
 *
 *     parley draft v1
 *     party cert.south.example                   (whom it is for)
 *     drill                                      (where it is for the channel for drills)
 *     made 2026-03-01T12:00:00Z
 *     recipient age1…                            (to whom its attachments are sealed; none or more, each once)
 *     refused <time> <officer> <base64 reason>   (by whoever was to clear it; absent: by nobody)
 *
 *     <the message, a signed note>
 *
 * A draft is sealed to the author's own department and lives outside the record: no counterparty ever sees its form.
 * Ownership: everything is a view into the bytes that were read, or into an arena.
 * Limits: DRAFT_MAX_BYTES.  ERR_INPUT for what is not a draft; write(read(b)) is b. */
#ifndef PARLEY_MESSAGE_DRAFT_H
#define PARLEY_MESSAGE_DRAFT_H

#include "base/instant.h"
#include "message/message.h"

enum { DRAFT_MAX_BYTES = MESSAGE_MAX_BYTES + (1 << 20), DRAFT_REASON_MAX = 4096 };

struct draft {
    struct text party;
    bool drill;
    instant made;
    struct names recipients;
    struct draft_refusal {
        instant at; /* INSTANT_NONE: nobody has refused it */
        struct text by, reason;
    } refused;
    struct message message; /* well-formed; whose signatures it bears is asked of a card */
};

enum error draft_read(struct bytes whole, struct arena *a, struct draft *out, struct diag *d) MUST_USE;
/* Takes of the message its note, `message.whole`, alone. */
void draft_write(const struct draft *draft, struct buf *out);

#endif
