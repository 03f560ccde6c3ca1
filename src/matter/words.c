/* The words of standings and proposals; those of the three sides stand with their order, in side.c. */
#include "matter/matter.h"

#define X(code, text) [code] = text,
static const char *const standing_words[STANDING_COUNT] = {STANDING_WORDS(X)};
static const char *const proposal_words[PROPOSAL_COUNT] = {PROPOSAL_WORDS(X)};
#undef X

const char *standing_word_text(enum standing_word w) { return standing_words[w]; }
const char *proposal_word_text(enum proposal_word w) { return proposal_words[w]; }
