/* Within finding/: what the writer and the reader of findings sheets share. */
#ifndef PARLEY_FINDING_SHEET_H
#define PARLEY_FINDING_SHEET_H

#include "base/csv.h"
#include "finding/finding.h"

#define FINDINGS_COLUMNS "fact,finding,count,first_seen,last_seen,upstream_ip,note"
#define findings_header TEXT("# parley findings v1\n" FINDINGS_COLUMNS "\n")
enum { FINDING_COLUMNS = 7 };

/* Whether a finding can stand in a sheet. */
bool finding_holds(const struct finding *f);
/* One row from its columns: ERR_INPUT names the column of that line and what is expected there. */
enum error finding_row_read(const struct text *fields, uint64_t line, struct finding *out, struct diag *d) MUST_USE;
/* One row with its LF; `mark` stands before the finding. */
void finding_row_write(const struct finding *f, const char *mark, struct buf *out);

#endif
