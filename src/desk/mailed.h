/* Claims that went out by mail, to departments that only have a mailbox: one's own side of the case.
 *
 *     <home>/desk/mailed/<id>      one of them with its mail, as JSON, sealed to one's own department as drafts are
 *
 * No record holds them: nobody else can tell that they were sent, and when.  What came back is noted by hand.  Parley
 * sends no mail itself.  Ownership: the desk's arena.  Errors: ERR_MISSING for no such claim, ERR_NO_KEY where it is
 * sealed to another department. */
#ifndef PARLEY_DESK_MAILED_H
#define PARLEY_DESK_MAILED_H

#include "desk/desk.h"
#include "vocab/tlp.h"
#include "vocab/words.h"
#include "json/json.h"

extern const struct word_list words_mailed; /* what became of one: written, answered, bounced, closed */

struct mailed_step {
    instant time;
    struct text word, text, by; /* of words_mailed; words of whoever noted it; that officer */
};

struct mailed {
    struct text id; /* a UUID; the case's name is the party's name, a slash and this */
    struct text title, to, format, mail;
    enum tlp tlp;
    uint64_t facts;
    const struct mailed_step *steps; /* the first: written */
    size_t step_count;
    enum error error; /* of one that can't be opened: why */
    struct text why;
};

/* Keeps one, in the place of what was kept of it; durable at OK. */
enum error mailed_keep(struct desk *k, const struct mailed *m, struct diag *d) MUST_USE;
/* All of them, the newest first. */
enum error mailed_list(struct desk *k, struct mailed **out, size_t *count, struct diag *d) MUST_USE;
/* By the first characters of just one id. */
enum error mailed_find(struct desk *k, struct text id, struct mailed *out, struct diag *d) MUST_USE;
/* Adds a step and keeps it. */
enum error mailed_step(struct desk *k, struct mailed *m, const struct mailed_step *step, struct diag *d) MUST_USE;

/* With or without the mail itself; the caller frees it. */
json_t *mailed_json(const struct mailed *m, bool with_mail);

#endif
