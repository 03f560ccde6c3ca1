/* Enrolment: how a desk on another machine becomes one of a party's, in two files.
 *
 * The request, made at the new desk, a note signed by the officer's own key:
 *
 *     parley desk v1
 *     party cert.north.example
 *     officer <vkey>                       (its name is <party>/officer/<name>)
 *     department incident
 *     tls <sha256 of the SubjectPublicKeyInfo of the desk's certificate, hex>
 *     recipient age1…                      (to which the answer is sealed)
 *
 * The answer, made where the card is kept, sealed to that recipient:
 *
 *     parley desk answer v1
 *     node https://host:port               (where the node listens for desks)
 *     card <base64 of the signed card>
 *     identity AGE-SECRET-KEY-1…           (one or more: what opens messages to the department)
 *
 * The node keeps the request: it takes the certificate for as long as the card in force names that officer's key, so
 * it needs no other word of anybody, and a card that drops the officer drops the desk.
 * Source: the design, section 6, last paragraph.  Ownership: views into the bytes, or in the arena.
 * Limits: ENROLMENT_MAX_BYTES, ENROLMENT_IDENTITIES_MAX.  ERR_INPUT for another form, ERR_SIGNATURE where the officer
 * has not signed. */
#ifndef PARLEY_PARTY_ENROLMENT_H
#define PARLEY_PARTY_ENROLMENT_H

#include "party/card.h"

enum { ENROLMENT_MAX_BYTES = 4096, ENROLMENT_ANSWER_MAX_BYTES = 1 << 20, ENROLMENT_IDENTITIES_MAX = 256 };

struct enrolment {
    struct text party, department;
    struct text key, name; /* the officer's vkey, and the last part of its name */
    struct text tls, recipient;
};
enum error enrolment_read(struct bytes note, struct arena *a, struct enrolment *out, struct diag *d) MUST_USE;
/* The text that is to be signed; `name` is that of the key. */
void enrolment_write(const struct enrolment *e, struct buf *out);

struct enrolment_answer {
    struct text node;
    struct bytes card_note;
    struct card card;
    struct names identities; /* secret */
};
/* Verifies the card by the root that it names; whether that is the party's root is for people to compare. */
enum error enrolment_answer_read(struct bytes plain, struct arena *a, struct enrolment_answer *out,
                                 struct diag *d) MUST_USE;
void enrolment_answer_write(const struct enrolment_answer *w, struct buf *out);

#endif
