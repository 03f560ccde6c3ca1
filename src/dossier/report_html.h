/* Within dossier/: what the two files of the report for browsers share. */
#ifndef PARLEY_DOSSIER_REPORT_HTML_H
#define PARLEY_DOSSIER_REPORT_HTML_H

#include "base/html.h"
#include "dossier/verify.h"

struct cover {
    const struct dossier_report *report;
    struct arena *arena;
    struct buf *out;
    struct text above; /* stands on each sheet of paper */
    bool all_rows;
};

/* The title of a case by its opening; empty where that is closed or has none. */
struct text cover_title(struct cover *c, const struct matter *m);

/* ---- report_html_messages.c */

void cover_messages(struct cover *c);
/* Facts of sheets that are open, with the findings on them, and lines that were shown. */
void cover_facts(struct cover *c);

#endif
