/* Drafts of claims, of what other tools say: for `import` and for what tools add by TAXII.  Nothing is sent. */
#ifndef PARLEY_CLI_DRAFTING_H
#define PARLEY_CLI_DRAFTING_H

#include "cli/waiver.h"
#include "interop/report.h"

struct drafting {
    const char *to;                    /* PARTY/DEPARTMENT */
    const char *title, *tlp;           /* in the place of what a report has; NULL: what it has */
    const char *else_title, *else_tlp; /* where it has none; NULL: that is refused */
    struct waiver waiver;
    struct text request; /* its drafts are made once, however often it is worked off; empty: each time */
    struct losses *losses;
    json_t *list; /* takes what became of each; NULL: it is printed */
};
/* A draft for each report that has facts; the others are told as lost. */
enum error drafting_make(struct cli *c, struct drafting *x, const struct reports *r) MUST_USE;

#endif
