/* Lines of "word value", and blocks of them ended by an empty line: how node and desk tell each other things. */
#ifndef PARLEY_NODE_FIELDS_H
#define PARLEY_NODE_FIELDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/instant.h"

/* A value's LF becomes a space; an empty value leaves the line out. */
void field_text(struct buf *out, const char *word, struct text value);
void field_u64(struct buf *out, const char *word, uint64_t value);
void field_instant(struct buf *out, const char *word, instant value);    /* INSTANT_NONE leaves it out */
void field_bytes(struct buf *out, const char *word, struct bytes value); /* base64 */
void field_hex(struct buf *out, const char *word, struct bytes value);

/* Takes the next block off the front; false at the end. */
bool fields_next(struct text *rest, struct text *block);
/* The value of the first line with that word, or the empty text. */
struct text fields_text(struct text block, const char *word);
/* Takes the next line with that word off the front of what is left of a block. */
bool fields_each(struct text *block, const char *word, struct text *value);
uint64_t fields_u64(struct text block, const char *word); /* 0 where there is none */
instant fields_instant(struct text block, const char *word);
bool fields_bytes(struct text block, const char *word, struct arena *a, struct bytes *out); /* absent: size 0 */

#endif
