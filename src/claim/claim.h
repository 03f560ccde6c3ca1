/* Claims and inquiries: what opens a case about facts, what corrects it, and what is asked for and shown of its facts.
 *
 * The body names the fact sheet by its SHA-256; the sheet itself is an attachment with the role `facts`.  What is
 * needed to compose one is asked of the writer; what comes in is taken as it is, and a claim whose sheet is not
 * attached comes out without rows: the rules then show it as inadmissible.  Ownership: what is read lives in the arena.
 * Source: the design, sections 2 and 5; doc/stix.md has the names of the members. */
#ifndef PARLEY_CLAIM_CLAIM_H
#define PARLEY_CLAIM_CLAIM_H

#include "claim/row_set.h"
#include "message/frame.h"

/* Roles of attachments. */
#define ROLE_FACTS "facts"       /* a fact sheet, CSV */
#define ROLE_EVIDENCE "evidence" /* lines, salts and proofs that a `disclose` shows */

struct claim {                 /* claim; correct */
    struct text title;         /* one line; a correction may have none */
    struct text summary;       /* the text; of a correction, why */
    struct text sheet;         /* the SHA-256 of the plain sheet, hex; empty: none */
    uint64_t rows;             /* of the sheet */
    struct text events;        /* the sheet's event classes, comma separated, for lists; empty: not said */
    struct text evidence_root; /* hex; empty: no evidence tree */
    uint64_t evidence_size;    /* its leaves; MEMBER_NO_NUMBER */
    struct text corrects;      /* correct: the sheet that it takes the place of */
    /* What the claimant says of it; each may be empty, and no rule asks for it. */
    struct text severity;       /* a word of words_severity */
    struct text class;          /* a word of words_claim_class */
    struct member_list states;  /* of struct text: the states affected, ISO 3166-1 alpha-2 */
    struct member_list sectors; /* of struct text: words of words_sector */
    struct text own_number;     /* of the case, in the claimant's files */
};
#define CLAIM_EMPTY ((struct claim){.rows = MEMBER_NO_NUMBER, .evidence_size = MEMBER_NO_NUMBER})

struct inquiry {
    struct text title, question;
    struct text action;     /* a word of words_action; empty: an answer in words is enough */
    instant by;             /* when an answer is wished for: a wish, and no deadline; INSTANT_NONE */
    struct text own_number; /* of the case, in one's own files; empty: not given */
};
#define INQUIRY_EMPTY ((struct inquiry){.by = INSTANT_NONE})

struct ask { /* names facts whose evidence one wants to see */
    struct text sheet, text;
    struct row_set rows;
};

struct disclose { /* carries lines, salts and proofs: attachments with the role `evidence` */
    struct text sheet, text;
    struct row_set rows;
    struct text ask; /* the id of the message that asked; empty: not said */
};

enum { CLAIM_STATES_MAX = 256, CLAIM_SECTORS_MAX = 64 };

/* A message of kind claim or correct.  ERR_INPUT without a title (claim), without a sheet and its rows (claim), or
 * where the head does not attach the sheet; a correction without a sheet is refused as well. */
enum error claim_write(const struct claim *c, const struct head *h, instant created, struct buf *out,
                       struct diag *d) MUST_USE;
enum error claim_from_message(const struct message *m, struct arena *a, struct claim *out, struct diag *d) MUST_USE;

enum error inquiry_write(const struct inquiry *i, const struct head *h, instant created, struct buf *out,
                         struct diag *d) MUST_USE;
enum error inquiry_from_message(const struct message *m, struct arena *a, struct inquiry *out, struct diag *d) MUST_USE;

enum error ask_write(const struct ask *s, const struct head *h, instant created, struct buf *out,
                     struct diag *d) MUST_USE;
enum error ask_from_message(const struct message *m, struct arena *a, struct ask *out, struct diag *d) MUST_USE;

enum error disclose_write(const struct disclose *s, const struct head *h, instant created, struct buf *out,
                          struct diag *d) MUST_USE;
enum error disclose_from_message(const struct message *m, struct arena *a, struct disclose *out,
                                 struct diag *d) MUST_USE;

#endif
