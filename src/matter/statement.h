/* Statements: opened messages, and what the rules need to know of their bodies.
 *
 * Who makes a statement has opened the seal, read the head and checked the signatures; what a body means is read by
 * the rooms of its noun (claim/, finding/, settlement/).  A message that could not be opened has no statement: the
 * rules then judge as if it were not there.  Everything is a view. */
#ifndef PARLEY_MATTER_STATEMENT_H
#define PARLEY_MATTER_STATEMENT_H

#include "base/instant.h"
#include "message/head.h"
#include "party/card.h"
#include "vocab/finding.h"

#define HOURS_NONE UINT64_MAX
#define ENTRY_NONE UINT64_MAX

struct row_finding { /* words that no finding is are left out by who makes the statement: they are passed over */
    uint64_t row;    /* of the sheet, from 0 */
    enum finding_word word;
};

enum reply_word { REPLY_OTHER, REPLY_ACCEPT, REPLY_DECLINE, REPLY_COUNTER };

struct terms {
    bool given;                                             /* the body offers terms */
    uint64_t answer_within_hours, acknowledge_within_hours; /* HOURS_NONE: no such term */
};

/* What a body says, as far as a rule asks for it.  Each kind fills its own fields; begin with MEANING_EMPTY. */
struct meaning {
    struct text sheet;                  /* claim, correct, answer, ask, commit: the SHA-256 of the sheet */
    uint64_t rows;                      /* claim, correct: the facts of the sheet */
    const struct row_finding *findings; /* answer to a claim */
    size_t finding_count;
    struct text text, supersedes; /* minutes, agree: the SHA-256 of a text */
    enum reply_word reply;        /* reply */
    struct text to;               /* reply: the id of the offer */
    struct text about;            /* proposal */
    struct terms terms;           /* proposal; reply that counters */
    instant until;                /* proposal, reply: INSTANT_NONE: for ever */
    uint64_t entry;               /* unreadable: an index in the counterparty's record */
    struct text relation, matter; /* link: what the case is to which other one */
    enum tlp consent;             /* remark: the level that one's words may be lowered to; TLP_NONE */
};
#define MEANING_EMPTY                                                                                                  \
    ((struct meaning){.terms = {.answer_within_hours = HOURS_NONE, .acknowledge_within_hours = HOURS_NONE},            \
                      .until = INSTANT_NONE,                                                                           \
                      .entry = ENTRY_NONE,                                                                             \
                      .consent = TLP_NONE})

struct statement {
    unsigned party; /* 0 or 1, as in channel_view.parties: in whose record it stands */
    size_t generation;
    uint64_t index; /* of its entry, inside that record */
    const struct head *head;
    struct sha256 identity;  /* of the message's text, less its signatures */
    struct names attached;   /* the sealed SHA-256 of its `attach` lines, in order, spelled as leaf.attachments */
    struct names signatures; /* the keys (vkeys) whose signatures verify */
    struct meaning meaning;
};

#endif
