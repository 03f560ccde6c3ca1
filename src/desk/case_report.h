/* From a case to a report: what the neighbours' formats carry of it.
 *
 * In: a case as people look at it, and one of its sheets.  Out: a report (interop/report.h), whose texts live as long
 * as the talk.  Proved after it: a finding stands beside the fact that it answers, each message that counts and opens
 * here stands once, by time. */
#ifndef PARLEY_DESK_CASE_REPORT_H
#define PARLEY_DESK_CASE_REPORT_H

#include "desk/case_view.h"
#include "interop/report.h"

/* `sheet`: NULL for a case without facts.  ERR_MISSING where the sheet can't be opened. */
enum error case_report(const struct case_view *v, const struct case_sheet *sheet, struct report *out,
                       struct diag *d) MUST_USE;
/* Where the card says that people write to; empty where it says none.  `c` may be NULL. */
struct text card_mail(const struct card *c, struct text department, struct arena *a);
/* The most restricted level that any message of the report states. */
enum tlp report_level(const struct report *r);

#endif
