/* What a dossier proves, by itself and the fingerprints of two roots that somebody compared.
 *
 * In this order, and the first that fails refuses the whole: the root of every record's card against the fingerprints;
 * every entry's first blob a card, whole, or shown to be none; entries to roots to checkpoints signed by the log keys
 * of the cards; every signature line under them by a key that the cards name, or by a witness that the terms name where
 * both the offer and its acceptance are opened (a policy of the dossier's own counts for nothing); each message opened
 * by its file key, its seal padded as it must be; each attachment opened and equal to what its message says of it. Then
 * record/judge.h and the fold say which messages count and how the cases stand by what was opened. What is not proved
 * is counted: closed messages, closed attachments.  Nothing is said of what they hold; a state rests on the messages
 * opened alone. Errors: ERR_INPUT for what is no dossier, ERR_NO for one that does not hold; the diag says where and
 * why. Ownership: the report lives in the arena and points into the dossier. */
#ifndef PARLEY_DOSSIER_VERIFY_H
#define PARLEY_DOSSIER_VERIFY_H

#include "dossier/dossier.h"
#include "fact/disclosure.h"
#include "matter/matter.h"

struct dossier_root { /* what the reader has from people: PARTY=FINGERPRINT */
    struct text party, fingerprint;
};

struct proved_receipt { /* a cosignature under a checkpoint */
    struct text key;    /* the vkey of a card of the counterparty */
    instant stamp;
};

struct quorum { /* of the witnesses that the terms name; named 0: no terms that are open name any */
    uint64_t named, needed;
};

struct proved_record {
    struct text channel, origin, root_vkey; /* of the party's root */
    uint64_t size;
    struct sha256 root;
    struct text log; /* the log's vkey that signed */
    const struct proved_receipt *receipts;
    size_t receipt_count;
    const struct proved_receipt *cosigned; /* by witnesses of the terms in force, as far as these are open */
    size_t cosigned_count;
    uint64_t cards, closed; /* first blobs: cards that took effect; messages not opened */
};

enum attached_state { ATTACHED_CLOSED, ATTACHED_OPEN, ATTACHED_ERASED };
struct proved_attachment {
    const struct attach *attach;
    enum attached_state state;
    struct bytes plain;      /* where it is open */
    struct text flaw;        /* open, but not what its message says of it beyond the hash: why; empty: none */
    struct disclosure lines; /* facts and lines that it shows, each proved to be what a claim commits to */
    struct text note; /* what it proves together with another message, or that this is not checked; empty: nothing */
};

struct proved_message {
    const struct entry_verdict *entry;
    const struct message *message;
    const struct message_verdict *verdict; /* NULL: its body is not understood, or it is outside of the cut */
    struct text flaw;                      /* why its body is not understood; empty: it is */
    struct names signed_by;                /* names of officers of the card in force whose signatures verify */
    bool sealed;                           /* false: signed and not sealed, as a first proposal */
    bool to_addressee; /* sealed to exactly the recipients that the cards name: the addressee could open it */
    struct proved_attachment *attachments;
    size_t attachment_count;
};

struct dossier_report {
    struct text parties[2], fingerprints[2]; /* empty fingerprint: no record of that party is here */
    struct verified_channel channel;
    struct channel_verdict verdict;
    struct proved_record *records[2];
    struct proved_message *messages; /* by party, record and entry */
    size_t message_count;
    uint64_t closed_messages, closed_attachments;
    struct quorum quorum;
    struct statement *statements;
    size_t statement_count;
    struct matter_state state; /* by the messages opened; as of the latest time in any entry, unless asked otherwise */
};

/* `as_of` INSTANT_NONE: the latest `time` of an entry.  Each party that has a record needs a fingerprint; more than one
 * for a party is fine, as roots change. */
enum error dossier_verify(const struct dossier *of, const struct dossier_root *roots, size_t root_count, instant as_of,
                          struct arena *a, struct dossier_report *out, struct diag *d) MUST_USE;

/* The report as JSON; the caller frees it. */
json_t *dossier_report_json(const struct dossier_report *r);
/* A page that people read: what is proved, what is not checked, how the cases stand. */
void dossier_report_page(const struct dossier_report *r, struct buf *out);
/* The same for browsers and paper: the cover of a dossier.  `file`: the dossier itself, which the cover names by its
 * hash.  Of a sheet of more than DOSSIER_PRINTED facts it has those that are refuted, unless all are asked for. */
enum { DOSSIER_PRINTED = 2000 };
void dossier_report_html(const struct dossier_report *r, struct bytes file, bool all_rows, struct buf *out);

#endif
