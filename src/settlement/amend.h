/* What an amended settlement text changes: outcomes by facts, undertakings, origins, and the words in each language.
 *
 * Facts whose outcome is the same in both are left out, however the texts group them; so are sections without a change.
 * Ownership: views into both texts, and the arena. */
#ifndef PARLEY_SETTLEMENT_AMEND_H
#define PARLEY_SETTLEMENT_AMEND_H

#include "base/diff.h"
#include "settlement/minutes.h"

enum amended_section { AMENDED_OUTCOMES, AMENDED_UNDERTAKINGS, AMENDED_ORIGINS, AMENDED_TEXT, AMENDED_SECTIONS };
const char *amended_section_name(enum amended_section s); /* untranslated */

struct amendment {
    enum amended_section section;
    struct text lang; /* of AMENDED_TEXT; else empty */
    struct diff lines;
};

/* `out`: in the order of the sections, then of languages; none where both say the same. */
void minutes_amended(const struct minutes *before, const struct minutes *after, struct arena *a, struct amendment **out,
                     size_t *count);

#endif
