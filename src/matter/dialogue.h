/* What is said about the dialogue itself: offers and replies, receipts in words, remarks, links, ends, contacts.
 *
 * One struct a kind, one table of members each; doc/stix.md lists them.  Ownership: what is read lives in the arena. */
#ifndef PARLEY_MATTER_DIALOGUE_H
#define PARLEY_MATTER_DIALOGUE_H

#include "matter/statement.h"
#include "message/frame.h"

/* All that two parties may agree on about a channel.  The rules compute with the first two; a node is handed the
 * numbers that concern it; the rest binds people. */
struct offered_terms {
    uint64_t acknowledge_within_hours, answer_within_hours; /* each HOURS_NONE: no such term; so below */
    uint64_t check_in_every_hours;
    uint64_t blob_bytes_max;  /* of one blob */
    uint64_t total_bytes_max; /* of all blobs of a channel from one side */
    uint64_t window_entries;  /* served beyond the last receipt */
    uint64_t retain_days;
    struct member_list witnesses; /* of struct text: vkeys */
    uint64_t quorum;              /* of them */
    bool no_press;                /* no publication before both agree */
};
#define OFFERED_TERMS_EMPTY                                                                                            \
    ((struct offered_terms){.acknowledge_within_hours = HOURS_NONE,                                                    \
                            .answer_within_hours = HOURS_NONE,                                                         \
                            .check_in_every_hours = HOURS_NONE,                                                        \
                            .blob_bytes_max = HOURS_NONE,                                                              \
                            .total_bytes_max = HOURS_NONE,                                                             \
                            .window_entries = HOURS_NONE,                                                              \
                            .retain_days = HOURS_NONE,                                                                 \
                            .quorum = HOURS_NONE})
bool offered_terms_empty(const struct offered_terms *t);

#define TRANSFER_DOMESTIC "domestic" /* to a body of one's own state that is not named */

struct dialogue {
    struct text title, text;
    struct text about;           /* proposal: "dialogue", "terms" or "statement" */
    struct text reply;           /* reply: "accept", "decline" or "counter" */
    struct text offer;           /* reply: the id of the message that offered */
    struct offered_terms terms;  /* proposal, counter */
    struct text statement;       /* proposal, counter: SHA-256 of the attached text (role `text`), hex */
    instant until;               /* proposal, counter: INSTANT_NONE: for ever */
    struct text reason;          /* decline, unreadable, close, a declining reply: a word of its list; reopen, withdraw:
                                    empty */
    struct text own_number;      /* proposal, reply, acknowledge, decline, transfer, remark, close: the case's number in
                                    one's own files; the last that a party gives is in force */
    uint64_t entry;              /* unreadable: an index in the counterparty's record; ENTRY_NONE */
    enum tlp consent;            /* remark: the level that one's words may be lowered to; TLP_NONE */
    struct text remarks_on;      /* remark: the id of a message; empty: on the case */
    struct text settlement;      /* remark on an undertaking: the settlement text that holds it, SHA-256, hex */
    uint64_t undertaking;        /* its number in that text; MEMBER_NO_NUMBER */
    struct text progress;        /* what became of it: a word of words_undertaking */
    struct text department;      /* transfer: "cert.south.example/abuse", TRANSFER_DOMESTIC, or the name of an
                                    authority outside */
    struct text relation, other; /* link: a word of words_link, and the name of the other case */
    struct member_list contacts; /* contacts: of struct contact */
    struct text answers;         /* check-in: the id of the check-in that a person answers; empty: it asks */
    struct member_list blobs;    /* erase: of struct text: SHA-256 of sealed attachments, hex */
    struct text document;        /* origins: SHA-256 of the attached table (role `origins`), hex */
    struct text basis;           /* origins: one line: unit counted, territory basis, table */
    struct text sheet, table;    /* origins: SHA-256 of the fact sheet and of the territory table, hex */
};
#define DIALOGUE_EMPTY                                                                                                 \
    ((struct dialogue){.terms = OFFERED_TERMS_EMPTY,                                                                   \
                       .until = INSTANT_NONE,                                                                          \
                       .entry = ENTRY_NONE,                                                                            \
                       .consent = TLP_NONE,                                                                            \
                       .undertaking = MEMBER_NO_NUMBER})

struct contact { /* begin with CONTACT_EMPTY */
    struct text name, role, department, phone, mail, hours, languages, note;
    struct text point;    /* a word of words_contact: what for */
    instant from, until;  /* when it is on duty; INSTANT_NONE: not stated.  A rota has a contact a turn. */
    uint64_t step;        /* place in the escalation ladder, 1 first; MEMBER_NO_NUMBER: in none */
    uint64_t after_hours; /* without an answer, before this step is called; MEMBER_NO_NUMBER: not stated */
};
#define CONTACT_EMPTY                                                                                                  \
    ((struct contact){                                                                                                 \
        .from = INSTANT_NONE, .until = INSTANT_NONE, .step = MEMBER_NO_NUMBER, .after_hours = MEMBER_NO_NUMBER})

/* Any kind that has no struct of its own: proposal, reply, acknowledge, decline, transfer, remark, link, withdraw,
 * reopen, close, unreadable, origins, contacts, check-in, erase.  Each takes the members of its kind; others that are
 * set are refused (ERR_INTERNAL), so that nothing is lost silently. */
enum error dialogue_write(const struct dialogue *s, const struct head *h, instant created, struct buf *out,
                          struct diag *d) MUST_USE;
enum error dialogue_from_message(const struct message *m, struct arena *a, struct dialogue *out,
                                 struct diag *d) MUST_USE;

#endif
