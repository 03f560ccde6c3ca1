/* Facts on pages for browsers: the cells of one, and the heads of its columns. */
#ifndef PARLEY_FACT_HTML_H
#define PARLEY_FACT_HTML_H

#include "base/html.h"
#include "fact/sheet.h"

enum { FACT_HTML_COLUMNS = 6 }; /* number, times, source, target, event, count */
void fact_html_heads(struct buf *out);
void fact_html_cells(const struct fact *f, uint64_t row, struct buf *out);
/* A cell with a number; empty where it is not known. */
void fact_html_number(struct buf *out, bool known, uint64_t n);

#endif
