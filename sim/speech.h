/* What a party says: messages of all kinds, chosen by the seed among those that the rules allow, signed and sealed. */
#ifndef PARLEY_SIM_SPEECH_H
#define PARLEY_SIM_SPEECH_H

#include "book.h"

enum { SPEECH_BLOBS_MAX = 3 };

struct speech { /* what an entry is made of; in the arena that it was composed in */
    struct bytes blobs[SPEECH_BLOBS_MAX];
    size_t count;
    struct sha256 erase;
    bool erases;
    const struct entry_follows *follows; /* two; NULL: none */
    enum kind kind;
    struct sha256 identity; /* of the message */
    bool must_count;        /* by the rules, for its party had read all that it holds */
};

/* An error where the book can't be read, or where nobody can be spoken to yet. */
enum error speech_compose(struct seat *s, struct rng *r, struct arena *a, struct speech *out, struct diag *d) MUST_USE;
/* The rules allowed it, so it must count: asked of the book after it was said. */
void speech_must_count(struct seat *s, const struct speech *said);
/* Seals bytes to both sides as if they were a message: padded, as they must be, or not. */
enum error speech_seal(struct seat *s, struct bytes plain, bool padded, struct random *r, struct arena *a,
                       struct bytes *out, struct diag *d) MUST_USE;

#endif
