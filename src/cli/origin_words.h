/* Within `origins`: how its cells and words are written.  What is returned lives in the command's arena. */
#ifndef PARLEY_CLI_ORIGIN_WORDS_H
#define PARLEY_CLI_ORIGIN_WORDS_H

#include "cli/cli.h"
#include "territory/origins.h"

struct text code_of(struct cli *c, const struct origin *row);
struct text number(struct cli *c, uint64_t n);
struct text rank_text(struct cli *c, const struct origin *row); /* "-" for none, or no row */
struct text share_text(struct cli *c, const struct origin *row);
/* Blocks in eighths of a column, the longest `columns` long; what is there at all can be seen. */
struct text bar(struct cli *c, uint64_t share, uint64_t longest, size_t columns);
/* "forged, few"; or by their numbers, "1 4". */
struct text marks_text(struct cli *c, const struct origin *row, bool by_number);
/* At most so many columns, the last of which says that there is more. */
struct text cut_to(struct cli *c, struct text t, size_t columns);
/* Ranks as one says them: "second", "no. 17". */
struct text ordinal(struct cli *c, uint64_t rank);
const char *origin_unit_word(enum origins_unit unit);

#endif
