/* Within `origins`: what was asked and counted, and how it is printed. */
#ifndef PARLEY_CLI_ORIGINS_PRINT_H
#define PARLEY_CLI_ORIGINS_PRINT_H

#include "cli/joint.h"
#include "scan/table.h"
#include "territory/origins.h"

enum { TABLES_MAX = ORIGINS_TABLES_MAX };

struct asking {
    struct words tables, relays, shared;
    const char *by, *unit, *rank, *findings, *svg;
    uint64_t below;
    bool html, all;
    struct joint_options joint;
};

struct asked {
    const struct asking *typed;
    struct origins_options options;
    struct address_list relays, shared;
    struct table tables[TABLES_MAX];
    struct origins of[TABLES_MAX];
    size_t count;   /* of tables that are open */
    enum tlp tlp;   /* of the case; TLP_NONE: the sheet is of none */
    bool by_number; /* marks stand in the rows by their numbers: the terminal is narrow */
};

/* What was counted, or the one rank that was asked for, with all that no count is shown without. */
void origins_print(struct cli *c, struct asked *q);
/* What a table says, a row an origin: the first row are the heads; the bars, last but one, are so many columns long. */
struct grid origins_grid(struct cli *c, struct asked *q, size_t t, size_t width);
/* The ranks by each table side by side, and how far they agree, as lines. */
struct grid origins_side_by_side(struct cli *c, const struct asked *q);
void origins_agreement(struct cli *c, const struct asked *q, struct buf *out);
/* Where one origin stands by each measure and table, in a sentence. */
void origins_rank_sentence(struct cli *c, const struct asked *q, struct text name, struct buf *out);
/* What origins_print prints, for browsers and paper, with map and ranking as a figure. */
void origins_html(struct cli *c, struct asked *q, struct buf *out);
bool origins_any_has(const struct asked *q, struct text name);

#endif
