/* Answers kept in memory: what a GET was answered, until anything in the store changes.
 *
 * An answer to a GET follows from the store alone: whose pin may read what, how far a record is signed, which tile has
 * which hashes, what was erased.  So it is kept under the store's generation, with the pin that asked, and is good for
 * just that generation: the next commit, whatever it says, makes all of them void.  Thread-safe. */
#ifndef PARLEY_SYNC_ANSWERS_H
#define PARLEY_SYNC_ANSWERS_H

#include "sync/request.h"

enum {
    ANSWERS_BYTES_MAX = 16 << 20, /* of all bodies kept */
    ANSWER_BYTES_MAX = 1 << 20,   /* of one: a larger one is not kept */
    ANSWERS_MAX = 1024,
};

struct answers;
struct answers *answers_new(void);    /* NULL: no memory */
void answers_free(struct answers *a); /* NULL is fine */
/* Whether this was asked and answered in that generation; then `r` is a copy of the answer. */
bool answers_find(struct answers *a, uint64_t generation, const struct request *q, struct response *r);
/* `generation` is that of before the answer was made. */
void answers_keep(struct answers *a, uint64_t generation, const struct request *q, const struct response *r);

#endif
