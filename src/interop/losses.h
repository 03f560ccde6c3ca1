/* Losses: what a format or parley could not hold, by field, in words and as JSON.
 *
 * The one rule for all formats, in both directions: what was guessed, what was dropped, and what was kept only as words
 * is told.  A field that is lost a thousand times is one loss, with its first value.  Ownership: the arena's.
 * Limits: LOSSES_MAX different ones; beyond, one more says that there were others. */
#ifndef PARLEY_INTEROP_LOSSES_H
#define PARLEY_INTEROP_LOSSES_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

enum { LOSSES_MAX = 1024, LOSS_VALUE_MAX = 120 };

enum loss_kind {
    LOSS_DROPPED,  /* it is not in what came out */
    LOSS_GUESSED,  /* the source does not state it: this value was put */
    LOSS_AS_WORDS, /* it is there as text alone, which no program reads back */
    LOSS_COUNT
};

struct loss {
    enum loss_kind kind;
    struct text field; /* of the foreign format, or of parley where it is that one that had it: "Attribute.to_ids" */
    struct text value; /* the first one, cut to LOSS_VALUE_MAX bytes; empty: none to show */
    const char *why;   /* untranslated */
    uint64_t count;
};

struct losses {
    struct arena *arena;
    struct loss *at;
    size_t count, room;
};

static inline struct losses losses_in(struct arena *a) { return (struct losses){.arena = a}; }
/* `field` and `why` live as long as the losses; the value is copied. */
void losses_add(struct losses *l, enum loss_kind kind, const char *field, struct text value, const char *why);
/* The same `count` times; nothing for 0. */
void losses_add_many(struct losses *l, enum loss_kind kind, const char *field, struct text value, const char *why,
                     uint64_t count);
/* A line each, for people. */
void losses_page(const struct losses *l, struct buf *out);
/* An array of {"loss": "dropped", "field": …, "value": …, "why": …, "count": …}; the caller frees it. */
json_t *losses_json(const struct losses *l);
/* "dropped", "guessed", "as-words" */
const char *loss_name(enum loss_kind kind);

#endif
