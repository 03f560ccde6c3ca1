/* What parties and departments say of themselves for people: the `about` lines of a card, as an RFC 2350 document and
 * as a security.txt, written and read.
 *
 * Source: RFC 2350, appendix D (the outline of the document), and RFC 9116; CSAF is registered by IANA.  A key is the
 * number of a section, or the name of a field in small letters; a section of several lines has as many `about` lines.
 * What the card says elsewhere is written where a reader of RFC 2350 looks for it, and is read back from there: the
 * title (2.1), hours and holidays (2.11, `Hours:` and `Closed:`), languages (2.10, `Languages:`), networks, domains and
 * sectors of the remit (3.2), classes (4.1).  Keys, officers and the date are written and not taken from a text.
 * Limits: PROFILE_MAX_BYTES, PROFILE_LINES_MAX, PROFILE_LINE_MAX bytes a line.  What is read lives in the arena or is a
 * view of the text. */
#ifndef PARLEY_PARTY_PROFILE_H
#define PARLEY_PARTY_PROFILE_H

#include "base/instant.h"
#include "party/card.h"

enum { PROFILE_MAX_BYTES = 262144, PROFILE_LINES_MAX = 4096, PROFILE_LINE_MAX = 1024 };

struct about_key {
    const char *key, *title; /* "3.2", "Constituency"; of a field its name: "Contact".  Never translated. */
    bool field;              /* of security.txt */
    bool group;              /* a section that only has sections in it */
};
extern const struct about_key about_keys[]; /* sections in order, then fields */
extern const size_t about_key_count;
const struct about_key *about_find(struct text key); /* NULL where there is none */

struct profile_left { /* a line that was not taken */
    uint64_t line;
    const char *why; /* untranslated */
};

struct profile { /* what a text says of a department; whatever is empty it does not say */
    bool fields; /* it is a security.txt */
    struct text title, languages;
    struct names remits, hours, holidays;
    const struct card_about *abouts; /* without a department */
    size_t about_count;
    const struct profile_left *left;
    size_t left_count;
    instant expires; /* security.txt */
};

/* ERR_INPUT where no section is found, ERR_LIMIT. */
enum error rfc2350_read(struct text t, struct arena *a, struct profile *out, struct diag *d) MUST_USE;
/* ERR_INPUT where Contact or Expires is missing, or Expires or Preferred-Languages stands twice. */
enum error security_txt_read(struct text t, struct arena *a, struct profile *out, struct diag *d) MUST_USE;

/* Of a department, with what the party says where the department says nothing; or of the party (empty). */
void rfc2350_write(const struct card *c, struct text department, struct buf *out);
/* ERR_MISSING where the card states no contact or no expiry.  `expires` takes the latter. */
enum error security_txt_write(const struct card *c, struct text department, struct buf *out, instant *expires,
                              struct diag *d) MUST_USE;

/* A time as RFC 3339 has it, with an offset or Z in either case; to whole microseconds. */
bool rfc3339_read(struct text t, instant *out);

/* Lines of an `about` key: of the department, or of the party where it has none. */
struct names about_lines(const struct card *c, struct text department, const char *key, struct arena *a);
/* An address as a field of security.txt has it: no http. */
bool uri_fits(struct text t);

#endif
