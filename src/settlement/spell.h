/* Within settlement/: minutes as they are spelled, whether or not a reader would take them; texts in languages. */
#ifndef PARLEY_SETTLEMENT_SPELL_H
#define PARLEY_SETTLEMENT_SPELL_H

#include "settlement/minutes.h"

void minutes_spell(const struct minutes *m, struct buf *out);

/* The texts of minutes and of joint statements: `text <language>`, then its lines, each after `| `. */
enum { TEXTS_MAX = 32 };
struct texts_reading {
    struct text rest;
    uint64_t line;
    struct arena *arena;
    struct diag *diag;
};
/* Takes them off the front up to the end of `rest`: one at least, no language twice. */
enum error texts_read(struct texts_reading *r, struct minutes_text **out, size_t *count) MUST_USE;
void texts_spell(const struct minutes_text *texts, size_t count, struct buf *out);

#endif
