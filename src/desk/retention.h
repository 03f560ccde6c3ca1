/* Retention: what the terms say that is kept no longer.
 *
 * Terms may state days (`retain_days`).  An attachment is past them when that many days have gone by since anything was
 * said in its case, by either side; one that belongs to no case, since it was said itself.  The terms are those that
 * the case holds.  Its sender then erases it, in the way of all erasures (desk/erasures.h): the entry names what is
 * gone, a message says why, hash and entry stay and everything else verifies; the other side drops its copy.  Messages
 * and cards can't be erased, and an agreed text is not: it is what the case has come to.
 *
 * Left for now, and told: what a running deadline still asks for, and what stands in a record that has ended. */
#ifndef PARLEY_DESK_RETENTION_H
#define PARLEY_DESK_RETENTION_H

#include "desk/say.h"

enum retention_word { RETENTION_PAST, RETENTION_DEADLINE, RETENTION_RECORD };
const char *retention_words(enum retention_word w); /* why it is left; untranslated */

struct retained { /* one attachment that is past the days of its terms */
    enum retention_word word;
    const struct said *said;
    const struct attach *attach;
    const struct matter *matter; /* NULL: it belongs to no case */
    const struct said *terms;    /* the offer that was accepted */
    uint64_t days;
    instant last; /* since when nothing was said */
};
struct retention {
    struct retained *own; /* that one's own side attached and has not erased; by entry */
    size_t count;
    uint64_t theirs; /* that the other side attached and has not erased */
    bool agreed;     /* some terms state days */
};
/* The lists live in the arena. */
enum error retention_gather(struct talk *t, instant as_of, struct arena *a, struct retention *out,
                            struct diag *d) MUST_USE;
/* Erases all that is RETENTION_PAST, in one message for each case and department; `with` is told of each (may be NULL).
 */
enum error retention_erase(struct talk *t, const struct retention *r,
                           void (*with)(void *state, const struct said_at *at), void *state, struct diag *d) MUST_USE;

#endif
