/* From a talk to a dossier: all entries of both records, and what was chosen to be opened.
 *
 * Each record goes in up to a signed checkpoint: one's own up to the newest receipt where that covers what is opened
 * and what they have seen of it, for a receipt is worth more than a few entries; else, and theirs always, up to the
 * newest. Source: the design, section 5, "Dossier". */
#ifndef PARLEY_DESK_DOSSIER_H
#define PARLEY_DESK_DOSSIER_H

#include "desk/talk.h"
#include "dossier/dossier.h"

struct dossier_attachment {
    const struct said *said; /* whose it is: it is opened, too */
    const struct attach *attach;
};

struct dossier_choice { /* what is opened; each once */
    const struct said **said;
    size_t said_count;
    struct dossier_attachment *attachments;
    size_t attachment_count;
    bool all;           /* what does not open here stays closed: the other side may attach what nobody can open */
    size_t left_closed; /* then: how many attachments did */
};

/* ERR_MISSING where a blob is not held, as an attachment that was erased; ERR_NO_KEY where one opens with no key here.
 */
enum error talk_dossier(struct talk *t, struct dossier_choice *choice, struct tar_sink into, struct diag *d) MUST_USE;
/* The roots that a reader of a dossier needs, each once: one's own, and theirs of each record; in the talk's arena. */
struct talk_root {
    struct text party, root; /* the root's vkey */
};
enum error talk_roots(struct talk *t, struct talk_root **out, size_t *count, struct diag *d) MUST_USE;

#endif
