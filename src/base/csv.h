/* CSV by RFC 4180, with LF as the line end: one row at a time. */
#ifndef PARLEY_BASE_CSV_H
#define PARLEY_BASE_CSV_H

#include "base/arena.h"
#include "base/buf.h"

/* Takes one row off the front of `*t`: fields unquoted (quoted ones that hold "" are copied into `a`, others are
 * views). Returns OK, ERR_MISSING at the end of input, ERR_INPUT for a stray quote, text after a closing quote, an
 * unclosed quote, a CR outside quotes, or more than max_fields; `line` (a count of lines read, for messages) advances.
 */
enum error csv_row(struct text *t, struct arena *a, struct text *fields, size_t max_fields, size_t *count,
                   uint64_t *line, struct diag *d) MUST_USE;
/* Appends one field, quoted only where it holds a comma, a quote, CR or LF. */
void csv_field(struct buf *out, struct text field);

#endif
