/* How a kind of message looks in STIX: what its writer and its reader share.*/
#ifndef PARLEY_STIX_BODY_FORM_H
#define PARLEY_STIX_BODY_FORM_H

#include "stix/body.h"

struct body_form {
    const char *kind;
    const char *type;         /* of the object that says it */
    const char *context;      /* of the grouping that it opens; NULL: it opens none */
    const char *title, *text; /* the members that hold them */
};

const struct body_form *body_form_of(struct text kind);
const char *body_opinion_word(enum body_opinion o); /* NULL for none */

#endif
