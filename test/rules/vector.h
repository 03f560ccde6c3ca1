/* Vectors of the rules, read into the views that the fold takes.
 *
 * A vector is abstract: cryptography is replaced by `ok` flags, keys and hashes by names.  The identity of a message is
 * the SHA-256 of its members but for its signatures, as sorted JSON. */
#ifndef PARLEY_TEST_RULES_VECTOR_H
#define PARLEY_TEST_RULES_VECTOR_H

#include <jansson.h>

#include "matter/matter.h"

struct vector {
    struct channel_view view;
    struct cut *cuts; /* NULL: all that is held */
    const struct statement *statements;
    size_t count;
    instant as_of;
};

/* Views into `json` and the arena.  ERR_INPUT where the vector does not say what it must. */
enum error vector_read(const json_t *json, struct arena *a, struct vector *out, struct diag *d) MUST_USE;

#endif
