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
    struct joint_options joint;
};

struct asked {
    const struct asking *typed;
    struct origins_options options;
    struct address_list relays, shared;
    struct table tables[TABLES_MAX];
    struct origins of[TABLES_MAX];
    size_t count;   /* of tables that are open */
    bool by_number; /* marks stand in the rows by their numbers: the terminal is narrow */
};

/* What was counted, or the one rank that was asked for, with all that no count is shown without. */
void origins_print(struct cli *c, struct asked *q);
bool origins_any_has(const struct asked *q, struct text name);

#endif
