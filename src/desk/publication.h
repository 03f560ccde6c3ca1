/* A joint statement for the press: the text that both accepted, at TLP:CLEAR, with the SHA-256 of a dossier that proves
 * it and how anybody verifies that.
 *
 * Nothing is published as joint that both have not accepted; where the terms in force say so, nothing at all before
 * that.  The dossier, too, is for everybody: each message that it opens must be TLP:CLEAR.  Source: the design,
 * sections 2 and 5. */
#ifndef PARLEY_DESK_PUBLICATION_H
#define PARLEY_DESK_PUBLICATION_H

#include "desk/dossier.h"
#include "settlement/joint_statement.h"

struct publication { /* in the talk's arena */
    struct talk *talk;
    const struct matter *matter;
    struct joint_statement statement;
    struct text sha;           /* of the statement, hex */
    struct text message;       /* the id of the offer */
    unsigned offered_by;       /* the other has accepted it */
    instant offered, accepted; /* the `time` of their entries */
    struct talk_root *roots;
    size_t root_count;
    struct sha256 dossier;
    uint64_t dossier_bytes;
    struct text dossier_name;
    bool opens_unsealed; /* the dossier holds a first proposal that is not CLEAR: it was never sealed */
};

/* The statement of a proposal that both have accepted.  ERR_NO, with what is missing, where that is not so or it is not
 * TLP:CLEAR; ERR_MISSING where the case offers none. */
enum error publication_of(struct talk *t, const struct matter *m, struct publication *out, struct diag *d) MUST_USE;
/* Verifies the dossier by the roots that are known here, and that it opens the text and shows that both accepted it.
 * ERR_NO where it does not, or opens more than is CLEAR. */
enum error publication_prove(struct publication *p, struct bytes dossier, struct text name, struct diag *d) MUST_USE;

/* Who offered and accepted it, its hashes, and how anybody verifies the dossier: some lines. */
void publication_proof(const struct publication *p, struct buf *out);
void publication_page(const struct publication *p, struct buf *out);
json_t *publication_json(const struct publication *p);

#endif
