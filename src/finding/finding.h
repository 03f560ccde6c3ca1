/* Findings: what a respondent's records say of each fact.
 *
 * Two forms of the same thing.  The findings sheet is CSV for people and programs, with counts, times and notes:
 *
 *     # parley findings v1
 *     fact,finding,count,first_seen,last_seen,upstream_ip,note
 *     0,confirmed,12,2026-03-01T06:55:46Z,2026-03-01T06:58:02Z,,
 *     1,relayed,3,2026-03-01T07:00:00Z,2026-03-01T07:00:09Z,198.51.100.7,
 *
 * `fact` is the row of the fact sheet, from 0; rows ascend; empty means unknown.  The answer's body has the words
 * alone, one letter a row, because the rules need them: see answer.h.  The sheet is an attachment with the role
 * `findings`. write(read(b)) == b.  Limits: FINDINGS_MAX_BYTES, FINDING_NOTE_MAX bytes a note. */
#ifndef PARLEY_FINDING_FINDING_H
#define PARLEY_FINDING_FINDING_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/instant.h"
#include "base/ip.h"
#include "vocab/finding.h"

enum { FINDINGS_MAX_BYTES = 512 << 20, FINDING_NOTE_MAX = 1000 };
#define FINDING_NO_COUNT UINT64_MAX

struct finding {
    uint64_t row;
    enum finding_word word;
    uint64_t count;                /* of our own records; FINDING_NO_COUNT: not said */
    instant first_seen, last_seen; /* INSTANT_NONE: not said */
    bool has_upstream;
    struct ip upstream; /* relayed: where it came from */
    struct text note;   /* one line */
};

struct findings {
    const struct finding *at; /* by row */
    size_t count;
};

/* ERR_INPUT with the line: another header, a bad value, rows that do not ascend, another spelling. */
enum error findings_read(struct bytes b, struct arena *a, struct findings *out, struct diag *d) MUST_USE;
enum error findings_write(struct findings f, struct buf *out, struct diag *d) MUST_USE;

/* How many findings there are of each word. */
struct finding_totals {
    uint64_t of[FINDING_COUNT];
};
struct finding_totals findings_total(struct findings f);

#endif
