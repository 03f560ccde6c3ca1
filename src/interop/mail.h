/* Within interop/: mails as bytes, by libgmime, bounded.
 *
 * Source: RFC 5322, RFC 2045 to 2047, RFC 5965 (ARF).  Limits: the enums, asked before anything walks a mail, and again
 * while it is walked.  libgmime aborts where memory runs out: what reaches it is at most MAIL_BYTES_MAX. */
#ifndef PARLEY_INTEROP_MAIL_H
#define PARLEY_INTEROP_MAIL_H

#include "interop/case_format.h"

enum {
    MAIL_BYTES_MAX = 32 << 20,   /* of one mail */
    MAIL_HEADER_MAX = 1 << 20,   /* bytes of its header */
    MAIL_BOUNDARIES_MAX = 20000, /* lines that begin as a boundary does: libgmime's time grows with their square */
    MAIL_PARTS_MAX = 1000,
    MAIL_LEVELS_MAX = 24, /* of parts in each other */
    MAIL_TEXT_MAX = 1 << 16
};

#define MAIL_TLP_HEADER "TLP"

/* Takes the next mail off the front of a mailbox (mbox: each begins with a line `From …`), or the whole of what is
 * none; false at the end. */
bool mail_next(struct text *rest, struct text *mail);
/* ERR_LIMIT for what is too large to be looked at. */
enum error mail_check(struct text mail, struct diag *d) MUST_USE;

/* ---- a feedback report: fields as in a header, unfolded */

struct mail_field {
    struct text name, value;
};
struct mail_fields {
    struct mail_field *at;
    size_t count, room;
};
enum { MAIL_FIELDS_MAX = 10000 };
/* Lines that are no field are left out. */
void mail_fields_read(struct text t, struct arena *a, struct mail_fields *out);
/* The first of that name, in whatever case; empty where there is none. */
struct text mail_field(const struct mail_fields *f, const char *name);
bool mail_name_is(struct text name, const char *wanted);

/* The field in which parley's own reports carry a row of a fact sheet: bytes but letters, digits and a few as %XX. */
#define MAIL_FACT_FIELD "Parley-Fact"
void mail_fact_write(const struct fact *f, struct buf *out);
bool mail_fact_read(struct text value, struct arena *a, struct fact *out);

/* Which event a Feedback-Type means, and back; `near`: they are not the same.  Empty: it reports nothing. */
struct text mail_event(struct text feedback_type, bool *near);
const char *mail_feedback_type(struct text event);

#endif
