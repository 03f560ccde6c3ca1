/* Leaves: what verification found about each entry of a channel's records.
 *
 * Whoever fills a leaf has done the cryptography; whoever judges it (record/judge.h, matter/) does none.  So the rules
 * are a pure function of what stands here.  Everything is a view; nothing here owns memory. */
#ifndef PARLEY_RECORD_LEAF_H
#define PARLEY_RECORD_LEAF_H

#include "base/instant.h"
#include "party/card.h"

struct leaf_seen {
    uint64_t size; /* how many entries of their record of the same number */
    bool ok;       /* the root is that of as many of the leaves that one holds */
};

struct leaf_follows {
    struct text channel;
    uint64_t size;
    bool ok; /* the root is that of as many leaves of that channel's record */
};

struct leaf_receipt {
    uint64_t size; /* how many entries of this record */
    instant stamp;
    struct text key; /* the vkey whose cosignature it is */
    bool ok;         /* the cosignature by `key` verifies for the root of this record at `size` */
};

struct leaf {
    instant time;   /* by its writer's word; INSTANT_NONE where the entry did not parse */
    bool malformed; /* it did not parse: nothing in it counts */
    struct leaf_seen seen;
    const struct leaf_follows *follows;
    size_t follows_count;
    const struct leaf_receipt *receipts;
    size_t receipt_count;
    struct names erase;       /* names of attachments */
    struct names attachments; /* names of the blob lines after the first */
    const struct card *card;  /* the first blob, where that is a card; NULL: it is none */
    bool card_ok;             /* the signature of the party's root verifies, and the card is this party's */
    bool has_message;         /* the first blob is something else than a card: a message, sealed or not */
    bool blob_ok;             /* the first blob has the length that its line says; true where there is no blob */
};

struct record_view {
    struct text channel, origin;
    const struct leaf *leaves; /* all that one holds, oldest first */
    size_t count;
};

struct party_view {
    struct text party;
    const struct record_view *records; /* its record, then its successors */
    size_t count;
};

struct channel_view {
    struct party_view parties[2];
};

#endif
