/* Settlement texts on pages for browsers: what was agreed, disputed and undertaken as tables, and the text beside
 * itself in each language. */
#ifndef PARLEY_SETTLEMENT_HTML_H
#define PARLEY_SETTLEMENT_HTML_H

#include "base/html.h"
#include "settlement/minutes.h"

extern const char minutes_style[]; /* rules for what is below, for html_page.style */
/* `above`: a line for each sheet of paper. */
void minutes_html(const struct minutes *m, struct text above, struct buf *out);

#endif
