/* Findings on pages for browsers: each has a shape, a word and a colour, and each of the three suffices. */
#ifndef PARLEY_FINDING_HTML_H
#define PARLEY_FINDING_HTML_H

#include "base/html.h"
#include "vocab/finding.h"

/* Rules for what is below, for html_page.style. */
extern const char finding_style[];
/* The shapes and hatches, once a page, before any is used. */
void finding_shapes(struct buf *out);
/* Shape and word; FINDING_COUNT: unanswered. */
void finding_mark(struct buf *out, enum finding_word w);
/* How many facts support, go against, are silent and are not answered, as one bar, and below it each word with its
 * number.  `facts`: how many there are. */
void finding_bar(struct buf *out, const uint64_t totals[static FINDING_COUNT], uint64_t facts);

#endif
