/* A joint statement: what two parties say together, in one or more languages under one SHA-256.
 *
 *     parley statement v1
 *     text en
 *     | First line of the text in that language.
 *     text fr
 *     | …
 *
 * A proposal attaches it with the role `text`; whoever accepts the proposal accepts these bytes.  Who the two are, the
 * messages say.  write(read(b)) == b.  Ownership: the arena.  Limits: JOINT_STATEMENT_MAX_BYTES. */
#ifndef PARLEY_SETTLEMENT_JOINT_STATEMENT_H
#define PARLEY_SETTLEMENT_JOINT_STATEMENT_H

#include "settlement/minutes.h"

enum { JOINT_STATEMENT_MAX_BYTES = 1 << 20 };

struct joint_statement {
    const struct minutes_text *texts;
    size_t text_count;
};

enum error joint_statement_read(struct bytes b, struct arena *a, struct joint_statement *out, struct diag *d) MUST_USE;
/* ERR_INPUT where something is missing or would not read back. */
enum error joint_statement_write(const struct joint_statement *s, struct buf *out, struct diag *d) MUST_USE;

#endif
