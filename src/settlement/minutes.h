/* The settlement text: what two parties sign byte for byte, and whose SHA-256 is its name.
 *
 *     parley minutes v1
 *     case cert.north.example/5b2c4c0e-…
 *     between cert.north.example cert.south.example          (bytewise order)
 *     held 2026-03-05T10:00:00Z                              (absent: not at a meeting)
 *     supersedes <sha256>                                    (an earlier text of this case)
 *     sheet <sha256>                                         (of the outcomes below, up to the next sheet)
 *     outcome 0-3,9 agreed
 *     outcome 4 disputed
 *     says cert.north.example <one line>                     (both parties, bytewise order)
 *     says cert.south.example <one line>
 *     outcome 5-8 unverifiable
 *     why <one line>
 *     undertaking 1 cert.south.example/abuse 2026-04-01T23:59:59Z    (numbered from 1: whose it is, until when)
 *     what en <one line>                                     (one or more, by language)
 *     what fr <one line>
 *     origins <sha256>                                       (a table of origins that both computed; ascending)
 *     text en                                                (one or more, by language)
 *     | First line of the text in that language.
 *     |
 *     | Another paragraph.
 *
 * A row of a sheet has one outcome at most.  The owner of an undertaking is one of the two, or a department of it.
 * write(read(b)) == b.  Ownership: views into what was read, and the arena. Limits: MINUTES_MAX_BYTES.  Source: the
 * design, section 5, "Settlement". */
#ifndef PARLEY_SETTLEMENT_MINUTES_H
#define PARLEY_SETTLEMENT_MINUTES_H

#include "base/hash.h"
#include "base/instant.h"
#include "claim/row_set.h"

enum { MINUTES_MAX_BYTES = 4 << 20 };

enum outcome_word { OUTCOME_AGREED, OUTCOME_DISPUTED, OUTCOME_UNVERIFIABLE, OUTCOME_COUNT };
const char *outcome_name(enum outcome_word w);

struct outcome {
    struct text sheet; /* hex */
    struct row_set rows;
    enum outcome_word word;
    struct text says[2]; /* disputed: each party's wording, in the order of `between` */
    struct text why;     /* unverifiable */
};

struct minutes_text {
    struct text lang;  /* RFC 5646, in its form: text_lang_valid */
    struct text lines; /* LF between lines and none at the end */
};

struct undertaking {   /* what a party will do; its number in the text is its place, from 1 */
    struct text owner; /* one of `between`, or that and a department */
    instant due;
    const struct minutes_text *what; /* one line a language */
    size_t what_count;
};

struct minutes {
    struct text matter;
    struct text between[2];
    instant held;           /* INSTANT_NONE: not said */
    struct text supersedes; /* hex; empty: none */
    const struct outcome *outcomes;
    size_t outcome_count;
    const struct undertaking *undertakings;
    size_t undertaking_count;
    const struct text *origins; /* hex, ascending */
    size_t origins_count;
    const struct minutes_text *texts;
    size_t text_count;
};

bool text_lang_valid(struct text t);
/* Which of the two an undertaking is of. */
unsigned undertaking_party(const struct minutes *m, const struct undertaking *u);
/* What is undertaken, in that language or else in the first. */
struct text undertaking_what(const struct undertaking *u, struct text lang);

enum error minutes_read(struct bytes b, struct arena *a, struct minutes *out, struct diag *d) MUST_USE;
/* ERR_INPUT where something is missing or would not read back. */
enum error minutes_write(const struct minutes *m, struct buf *out, struct diag *d) MUST_USE;

#endif
