/* Within interop/: what the writer and the reader of STIX bundles share.
 *
 * Beside the objects of the messages, which carry parley's extension as doc/stix.md says, an exported bundle has four
 * kinds of objects with the same extension, whose `kind` is no kind of message:
 *
 *     fact       observed-data   one fact: its row of the sheet, to the bit
 *     finding    note            what was found of one fact, about its observed-data
 *     standing   opinion         what all findings come to, about the case
 *     facts      grouping        the facts, and what the report says of them as a whole
 *
 * The tables here are those by which they are written and read. */
#ifndef PARLEY_INTEROP_STIX_CASE_H
#define PARLEY_INTEROP_STIX_CASE_H

#include "interop/case_format.h"
#include "stix/members.h"
#include "stix/stix.h"

struct stix_fact {
    struct text kind, matter, sheet, fact; /* the row as in the sheet */
    uint64_t row;
};
struct stix_finding {
    struct text kind, matter, sheet, finding, upstream, note;
    uint64_t row, count;
    instant first_seen, last_seen;
};
struct stix_standing {
    struct text kind, matter, sheet;
    struct member_list findings; /* of struct stix_total */
};
struct stix_total {
    struct text finding;
    uint64_t count;
};
struct stix_facts {
    struct text kind, matter, sheet, from, to, from_mail, severity, action, own_number;
    uint64_t rows;
    struct member_list states, sectors; /* of struct text */
};
extern const struct member_table stix_fact_members, stix_finding_members, stix_standing_members, stix_facts_members;

/* ---- writing */

struct stix_out {
    struct stix s;
    struct arena *arena;
    struct losses *losses;
    const struct report *report;
    char sheet[SHA256_HEX]; /* empty: no facts */
    struct stix_id facts;   /* the grouping of them; empty: none */
};
/* Adds an object, marked at least with that level; TLP_NONE: as it is. */
void stix_put(struct stix_out *w, json_t *taken, enum tlp level);
/* Gives an object parley's extension, by a table. */
enum error stix_extend(json_t *object, const struct member_table *table, const void *from, struct diag *d) MUST_USE;
/* The text, or nothing and a loss where JSON can't hold it. */
struct text stix_sound(struct stix_out *w, const char *field, struct text t);
/* The facts with their observables, in a grouping. */
enum error stix_put_facts(struct stix_out *w, struct diag *d) MUST_USE;
/* What was found of them. */
enum error stix_put_findings(struct stix_out *w, struct diag *d) MUST_USE;
/* "observed-data--…" of a fact. */
struct stix_id stix_fact_id(const struct stix_out *w, const struct fact *f);
/* The value of a `url:` as RFC 3986 has it: what may not stand in a URI is percent-encoded (RFC 3987, 3.1).  `guessed`:
 * it had no scheme, and http stands there. */
struct text stix_uri(struct arena *a, struct text value, bool *guessed);
/* A mail address as STIX validators take it (RFC 5321, 4.1.2, without quoted names and literals). */
bool stix_is_mail(struct text value);

#endif
