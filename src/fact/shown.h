/* Within fact/: what the writer and the reader of disclosures share. */
#ifndef PARLEY_FACT_SHOWN_H
#define PARLEY_FACT_SHOWN_H

#include "base/text.h"

/* Whether a line is shown as text; any other is shown in Base 64. */
bool shown_as_text(struct text line);

#endif
