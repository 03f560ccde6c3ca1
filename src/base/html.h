/* Pages for browsers and for paper, as reports are: what they all share.
 *
 * A page is whole in one file: no script, nothing loaded, and a policy of its own that forbids both.  It prints in any
 * browser on A4 and Letter: level and title first, heads of tables on each sheet, rows and figures whole, and readable
 * without colour.  Whatever others wrote goes through html_text, html_format, html_others or html_lines: spelled out,
 * without what may not be shown (text_shown), and set apart, so that its direction turns nothing around it.
 * `attributes` are ours, as `class="number"`, or NULL.  All append to a buf, whose maximum is that of the page. */
#ifndef PARLEY_BASE_HTML_H
#define PARLEY_BASE_HTML_H

#include "base/instant.h"

struct html_page {
    struct text title;
    struct text above;    /* a line above the title; empty: none */
    const char *tlp;      /* "AMBER": the level, shown as TLP 2.0 asks for; NULL: none */
    const char *style[3]; /* rules of this page beside those of all; NULL: none */
    const char *name;     /* what kind of page it is, for programs: data-report="case" */
    bool wide;            /* for paper that lies on its long side */
};
void html_open(struct buf *out, const struct html_page *page);
void html_close(struct buf *out);
/* The code of the language in which the program speaks, as fr. */
const char *html_language(void);

void html_start(struct buf *out, const char *tag, const char *attributes);
void html_end(struct buf *out, const char *tag);
/* One element with a text in it, and a line end. */
void html_text(struct buf *out, const char *tag, const char *attributes, struct text t);
void html_format(struct buf *out, const char *tag, const char *attributes, const char *format, ...) FORMAT(4, 5);
/* A word of others inside of a line. */
void html_others(struct buf *out, struct text t);
/* A text of others: a paragraph a paragraph, and lines stay lines. */
void html_lines(struct buf *out, const char *attributes, struct text t);
/* "2026-03-01 12:00:00 UTC", which never breaks; a dash for INSTANT_NONE. */
void html_instant(struct buf *out, instant i);
/* A level as TLP 2.0 shows it. */
void html_tlp(struct buf *out, const char *level);

/* A term and what is said of it, inside of <dl class="pairs">. */
void html_pair(struct buf *out, const char *term, struct text t);
void html_pair_format(struct buf *out, const char *term, const char *format, ...) FORMAT(3, 4);

/* A table, which may scroll on a screen; html_table_end closes its body. */
void html_table(struct buf *out, const char *attributes);
/* After the head. */
void html_table_body(struct buf *out);
void html_table_end(struct buf *out);
/* A row of the head that is on paper alone, and so on each sheet that the table takes. */
void html_table_line(struct buf *out, unsigned columns, struct text t);
/* A column's head. */
void html_column(struct buf *out, const char *attributes, const char *words);

#endif
