/* Within desk/: what the files of a case's page for browsers share. */
#ifndef PARLEY_DESK_CASE_HTML_H
#define PARLEY_DESK_CASE_HTML_H

#include "base/html.h"
#include "desk/case_view.h"

struct case_paper {
    const struct case_view *view;
    struct arena *arena;
    struct buf *out;
    struct text above;   /* "TLP:AMBER · numbers · cut": stands on each sheet of paper */
    struct text command; /* that prints the same state */
    bool all_rows;
};

/* ---- case_html_facts.c */

/* A sheet of a claim: its standing, its facts with both sides' words, the lines that were shown. */
void paper_facts(struct case_paper *p, const struct case_sheet *s);

/* ---- case_html_line.c */

void paper_line(struct case_paper *p);

#endif
