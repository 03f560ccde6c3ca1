/* The form in which a person answers facts: a findings sheet with comments, for an editor.
 *
 *     # parley findings v1
 *     fact,finding,count,first_seen,last_seen,upstream_ip,note
 *     # … what to write …
 *     #
 *     # 0: 2026-03-01T06:55:46Z to 2026-03-01T06:55:48Z; from 192.0.2.17; to :22; tcp; brute-force; 2 times
 *     0,?confirmed,2,,,,
 *
 * Lines that begin with # are comments.  A fact whose finding is empty, or whose line is gone, stays unanswered; so
 * does one whose finding begins with a question mark: what `check` suggests is nobody's word until a person takes the
 * mark away.  People type it, so blanks around columns, columns left out at the end and CR LF are taken; all faults are
 * told, by line, not the first alone.  What comes out is written as a findings sheet, which has one spelling. Limits:
 * FINDINGS_MAX_BYTES, FORM_FAULTS_MAX faults.  Ownership: what is read lives in the arena. */
#ifndef PARLEY_FINDING_FORM_H
#define PARLEY_FINDING_FORM_H

#include "fact/sheet.h"
#include "finding/finding.h"

enum { FORM_FAULTS_MAX = 20 };

struct blank_form {
    struct sheet facts;
    struct findings given;         /* written into the lines of their facts */
    bool suggested;                /* by a machine: each gets a question mark */
    const enum finding_word *said; /* one a fact: what was answered before; FINDING_COUNT: nothing.  NULL: nothing */
};
void findings_form_write(const struct blank_form *f, struct buf *out);

struct form_fault {
    uint64_t line;
    struct text words;
};
struct filled_form {
    struct findings findings;
    uint64_t unconfirmed; /* suggestions whose question mark stands */
    struct form_fault faults[FORM_FAULTS_MAX];
    size_t fault_count; /* with any, the findings are not to be used */
};
/* `rows`: of the sheet.  ERR_LIMIT past FINDINGS_MAX_BYTES; faults of the lines are no error. */
enum error findings_form_read(struct bytes b, uint64_t rows, struct arena *a, struct filled_form *out,
                              struct diag *d) MUST_USE;

#endif
