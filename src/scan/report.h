/* What a scan tells people and programs: the files, and by reason what was passed over or could not be read. */
#ifndef PARLEY_SCAN_REPORT_H
#define PARLEY_SCAN_REPORT_H

#include "scan/scan.h"
#include "json/json.h"

/* Appends lines for people: each file, what could not be read, what says nothing; an example `FILE:LINE: …` each. */
void scan_report_page(const struct scan_report *r, struct buf *out);
/* Puts `files`, `lines`, `bytes`, `twice`, `zoneless`, `out_of_order` and `reasons` into an object. */
void scan_report_put(const struct scan_report *r, json_t *object);
/* Appends one line that could not be read; the name is shown as it stands. */
void scan_reject_write(const char *name, uint64_t line, enum reason reason, struct text text, struct buf *out);
/* Appends all that could not be read: a line `FILE:LINE: REASON: …` each. */
void scan_rejects_write(const struct scan_report *r, struct buf *out);

/* Appends foreign bytes so that a terminal shows them and does nothing else: control characters and what is not UTF-8
 * become \xHH, a backslash becomes two, what is beyond `max` bytes becomes an ellipsis. */
void scan_show_text(struct text t, size_t max, struct buf *out);

#endif
