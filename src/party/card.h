/* Cards: a party's signed self-description.  A card is a signed note; its text, one item a line, in this order:
 *
 *     parley card v1
 *     party cert.north.example
 *     serial 0
 *     previous <sha256 of the card before, as a signed note>       (serial 0: absent)
 *     root <vkey>
 *     mirror <vkey>                                                (one or more)
 *     log <origin> <vkey>                                          (two keys for one origin while it changes)
 *     tls <sha256 of the SubjectPublicKeyInfo, hex>
 *     url https://node.north.example:7443
 *     neutral <key name> <tls sha256> https://…                    (a neutral mirror, whose key a `mirror` line names)
 *     department <id> <title>
 *     remit <department> class:… | sector:… | network:… | domain:…       (party/remit.h)
 *     languages <department> en,fr
 *     hours <department> Mo-Fr 08:00-18:00 Europe/Paris, or a text       (party/hours.h)
 *     holiday <department> 2026-12-24/2027-01-02 <name>                  (party/hours.h)
 *     about <department, or *: the party> <section or field> <a line>    (party/profile.h)
 *     recipient <department> age1…
 *     officer <name> <department> <roles, comma separated> <vkey>
 *     clearance <kinds, comma separated> <tlp> <number> <roles, comma separated>
 *     date 2026-03-01                                              (for display only)
 *
 * Source: the design, section 5.  Ownership: everything in a card is a view into an arena.
 * Limits: CARD_MAX_BYTES a note, CARD_LINES_MAX lines. */
#ifndef PARLEY_PARTY_CARD_H
#define PARLEY_PARTY_CARD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "vocab/tlp.h"

enum { CARD_MAX_BYTES = 262144, CARD_LINES_MAX = 4096, CARD_NEUTRALS_MAX = 4 };

struct names { /* a list of words */
    const struct text *at;
    size_t count;
};

struct card_log {
    struct text origin, key;
};

struct card_neutral {     /* a third party that receipts in this one's stead */
    struct text name;     /* of one of the mirror keys */
    struct text tls, url; /* hex SHA-256 of its SubjectPublicKeyInfo; https://… */
};

struct card_line { /* `remit`, `languages`, `hours`, `holiday`, `recipient`: a department and what is said of it;
                      `department`: its title */
    struct text department, value;
};

struct card_about {
    struct text department; /* `*`: the party */
    struct text key, value; /* as 3.2 or contact; one line of what is said */
};

struct officer {
    struct text name, department;
    struct text key; /* vkey */
    struct names roles;
};

struct clearance {
    struct names kinds;
    enum tlp tlp; /* asked for at this level and at more restricted ones */
    uint64_t number;
    struct names roles;
};

struct card {
    struct text id; /* SHA-256 of the whole signed note, hex */
    struct text party;
    uint64_t serial;
    struct text previous; /* an id; empty: none */
    struct text root;     /* vkey */
    struct names mirrors; /* vkeys */
    struct card_log *logs;
    size_t log_count;
    struct names tls, urls;
    struct card_neutral *neutrals;
    size_t neutral_count;
    struct card_line *departments, *remits, *languages, *hours, *holidays, *recipients;
    size_t department_count, remit_count, language_count, hours_count, holiday_count, recipient_count;
    struct card_about *abouts;
    size_t about_count;
    struct officer *officers;
    size_t officer_count;
    struct clearance *clearances;
    size_t clearance_count;
    struct text date;
};

bool names_have(struct names list, struct text word);

/* Reads a card note and verifies the signature of the root key that it names (whether that root is the party's is the
 * caller's to know).  The card lives in `a`. */
enum error card_read(struct bytes note, struct arena *a, struct card *out, struct diag *d) MUST_USE;
/* The same for a note of just these bytes that card_read took before: its signature is not looked at again. */
enum error card_read_again(struct bytes note, struct arena *a, struct card *out, struct diag *d) MUST_USE;
/* The text alone, as it was before it was signed; `id` stays empty. */
enum error card_read_text(struct text t, struct arena *a, struct card *out, struct diag *d) MUST_USE;
/* A department, the name of an officer or a role: a-z, 0-9, `-`, `.` and `_`, at most 64 of them. */
bool card_word_valid(struct text t);
/* The mirror key of that name; NULL: none. */
const struct text *card_mirror_named(const struct card *c, struct text name);
/* The text to be signed; the inverse of reading: write(read(t)) == t. */
void card_write(const struct card *c, struct buf *out);

#endif
