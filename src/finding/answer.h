/* Answers: findings and what they rest on, as a message; and findings committed to before they are shown.
 *
 * In the body, runs of words stand as {"first_row":0,"words":"cccn"}, one letter a fact (FINDING_LETTERS), so what a
 * reader must hold grows with the bytes it was sent.  Letters of a later version are passed over.
 * Ownership: what is read lives in the arena.  Source: the design, section 5. */
#ifndef PARLEY_FINDING_ANSWER_H
#define PARLEY_FINDING_ANSWER_H

#include "finding/finding.h"
#include "message/frame.h"

#define ROLE_FINDINGS "findings"   /* a findings sheet, CSV */
#define FINDING_LETTERS "cmyfnroi" /* in the order of FINDING_LIST: relaYed, reFuted, no-Records, not-Ours */

/* One source of records, and what it covers.  An answer names all that was looked at, whatever it showed. */
struct coverage {
    struct text source;           /* "ssh logs of mail hosts", "border flow, 1 in 1000" */
    instant from, until;          /* of what it covers; INSTANT_NONE: unknown */
    bool sampled;                 /* it does not hold every event */
    uint64_t clock_bound_seconds; /* how far its clock may be off; MEMBER_NO_NUMBER: unknown */
    struct text note;             /* gaps, fields that are not kept, … */
};

struct answer {
    struct text sheet;           /* the fact sheet's SHA-256, hex; empty: an answer to an inquiry */
    struct text text;            /* in words */
    struct findings findings;    /* from a body: rows and words alone */
    struct text findings_sheet;  /* the SHA-256 of the attached findings sheet; empty: none */
    struct member_list coverage; /* of struct coverage */
    struct text territory_table; /* the SHA-256 of the table that `not-ours` rests on; empty: none */
    struct text done;            /* to an inquiry that asks for an action: a word of words_done; empty: not said */
    struct text reason;          /* why it was not done, or in part: a word of words_decline; empty: not said */
    struct text own_number;      /* of the case, in one's own files; empty: not given */
};

/* What an answer's findings come to as a STIX opinion: support alone agrees, against alone disagrees, all else is
 * neutral. */
enum body_opinion findings_opinion(struct findings f);

/* The note's content repeats the totals and the coverage in words, so that a STIX tool shows them. */
enum error answer_write(const struct answer *w, const struct head *h, instant created, struct buf *out,
                        struct diag *d) MUST_USE;
enum error answer_from_message(const struct message *m, struct arena *a, struct answer *out, struct diag *d) MUST_USE;
/* Whether an attached findings sheet says the same words of the same rows as the body: ERR_INPUT with the first row
 * that differs. */
enum error answer_fits(const struct answer *w, struct findings sheet, struct diag *d) MUST_USE;

/* A promise of findings: SHA-256 of the 32-byte salt and the findings sheet. */
enum { COMMIT_SALT_SIZE = 32 };
struct commit {                    /* commit; reveal, which attaches the findings sheet */
    struct text sheet, commitment; /* hex */
    struct text salt;              /* reveal: hex */
    struct text text;
};
struct sha256 commitment_of(const uint8_t salt[static COMMIT_SALT_SIZE], struct bytes findings_sheet);
enum error commit_write(const struct commit *c, const struct head *h, instant created, struct buf *out,
                        struct diag *d) MUST_USE;
enum error commit_from_message(const struct message *m, struct arena *a, struct commit *out, struct diag *d) MUST_USE;
/* Whether salt and sheet are those that were committed to: ERR_PROOF. */
enum error commit_check(const struct commit *c, struct text salt_hex, struct bytes findings_sheet,
                        struct diag *d) MUST_USE;

#endif
