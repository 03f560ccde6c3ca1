/* JSON, strictly: one reader for everything that comes from outside, one canonical form for everything that is signed.
 *
 * Source: RFC 8259, RFC 7493 (I-JSON), RFC 8785 (the canonical form).
 * Shapes: a value is jansson's json_t.  Whoever gets one from json_read frees it with json_decref; the views and
 * pointers that the helpers below return live as long as it does.
 * Limits: JSON_MAX_BYTES a text (or less, by `max`), JSON_DEPTH_MAX levels.  The top level is an object or an array.
 * Refused: duplicate members, ill-formed UTF-8, lone surrogates, NUL characters (raw or \u0000), bytes after the value,
 * integers that do not fit in 64 bits signed, reals that overflow a double.
 * Errors: ERR_INPUT with the offset, ERR_LIMIT for size and depth. */
#ifndef PARLEY_JSON_JSON_H
#define PARLEY_JSON_JSON_H

#include <jansson.h>

#include "base/instant.h"

enum { JSON_MAX_BYTES = 64 << 20, JSON_DEPTH_MAX = 64 };

enum error json_read(struct bytes b, json_t **out, struct diag *d) MUST_USE;
/* The offset behind which a text spells more than `max` values, by its brackets and commas outside of strings; its size
 * where it does not.  Each value of jansson's takes many times the bytes that spell it: they are counted before memory
 * is. */
size_t json_values_end(struct bytes b, size_t max);
/* As json_read, and refuses what is not byte for byte its own canonical form: a signed text has one spelling.  Says at
 * which offset the first difference is. */
enum error json_read_canonical(struct bytes b, json_t **out, struct diag *d) MUST_USE;

/* Appends the canonical form (RFC 8785): members sorted by UTF-16 code units, numbers as ECMAScript prints them, only
 * the escapes that must be.  Integers beyond 2^53 are printed as the double next to them, as the RFC says; use text for
 * numbers that may be so large.  Fails `out` (buf_check) on what has no canonical form: NaN can't occur in a json_t. */
void json_canonical(const json_t *value, struct buf *out);
/* One number as ECMAScript prints it (ECMA-262, Number::toString); `value` must be finite. */
void json_number(double value, struct buf *out);

/* Reading members.  All take NULL, or a value that is no object, for an object without members. */
struct text json_text(const json_t *object, const char *key);        /* the empty text where there is no such string */
bool json_u64(const json_t *object, const char *key, uint64_t *out); /* an integer from 0 to 2^53; else false */
bool json_bool(const json_t *object, const char *key);               /* true only for `true` */
json_t *json_list(const json_t *object, const char *key);            /* the array; NULL where there is none */
json_t *json_child(const json_t *object, const char *key);           /* the object; NULL where there is none */
struct text json_as_text(const json_t *value);                       /* the empty text where it is no string */

/* Writing members.  Texts must be well-formed UTF-8 without NUL, numbers at most 2^53; memory must not run out: a
 * mistake in any of these is ours and ends the program (ASSERT).  Check what comes from outside with json_is_text. */
bool json_is_text(struct text t);
json_t *json_from_text(struct text t);
json_t *json_from_instant(instant i); /* as text; null for INSTANT_NONE */
void json_put_text(json_t *object, const char *key, struct text value);
void json_put_text_if(json_t *object, const char *key, struct text value); /* nothing for the empty text */
void json_put_u64(json_t *object, const char *key, uint64_t value);
void json_put_bool(json_t *object, const char *key, bool value);
void json_put(json_t *object, const char *key, json_t *taken); /* the object takes the reference over */
void json_add(json_t *array, json_t *taken);                   /* the array takes the reference over */
void json_add_text(json_t *array, struct text value);

#endif
