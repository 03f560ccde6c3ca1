/* Within finding/: what the writer and the reader of findings sheets share. */
#ifndef PARLEY_FINDING_SHEET_H
#define PARLEY_FINDING_SHEET_H

#include "base/csv.h"
#include "finding/finding.h"

#define findings_header TEXT("# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n")
enum { FINDING_COLUMNS = 7 };

/* Whether a finding can stand in a sheet. */
bool finding_holds(const struct finding *f);

#endif
