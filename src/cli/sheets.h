/* What commands share that speak of the facts of a case: which sheet, and which of its facts. */
#ifndef PARLEY_CLI_SHEETS_H
#define PARLEY_CLI_SHEETS_H

#include "claim/row_set.h"
#include "cli/cli.h"
#include "desk/talk.h"
#include "fact/sheet.h"
#include "finding/finding.h"

/* The sheet whose SHA-256 begins as typed, or (NULL) the last that was raised or corrected: NULL where there is none,
 * as in an inquiry.  ERR_MISSING where there is no such sheet. */
enum error cli_sheet(struct cli *c, const struct matter *m, const char *typed, const struct sheet_state **out) MUST_USE;
/* The facts of a sheet, opened; in the arena. */
enum error cli_sheet_facts(struct cli *c, struct talk *t, const struct sheet_state *s, struct sheet *out) MUST_USE;
/* "0-3,7", or "all", of `count` facts.  NULL leaves *out alone. */
enum error cli_rows(struct cli *c, const char *option, const char *typed, uint64_t count, struct row_set *out) MUST_USE;
/* A findings sheet of at most `rows` facts: its bytes, and what they say; in the arena. */
enum error cli_findings(struct cli *c, const char *path, uint64_t rows, struct bytes *file,
                        struct findings *out) MUST_USE;

#endif
