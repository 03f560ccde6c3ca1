/* The link: how a desk reaches its node.
 *
 * Where a node runs on this home, requests go over its Unix socket; where none runs, the link takes the node's lock and
 * does the node's part in this process, with the same handler.  Command line and page use nothing else to reach records
 * and blobs.  A desk on another machine reaches the node by pinned TLS, with the certificate of its enrolment: it may
 * ask for what its officer's roles allow (ERR_NO for anything else).
 *
 * Ownership: what a function returns lives in the arena it is given.  Errors: ERR_BUSY where another command holds the
 * lock, ERR_MISSING for a channel, an entry or a blob that is not there, ERR_FROZEN where the channel takes nothing
 * more, ERR_NO_KEY where the passphrase of the node's keys is missing or wrong. */
#ifndef PARLEY_NODE_LINK_H
#define PARLEY_NODE_LINK_H

#include "base/arena.h"
#include "base/hash.h"
#include "node/keys.h"
#include "party/card.h"
#include "record/channel.h"
#include "record/entry.h"
#include "store/fsck.h"
#include "sync/folder.h"
#include "sync/pack.h"

struct node_link;

struct link_options {
    const char *folder;                  /* <home>/node */
    struct passphrase_source passphrase; /* of the node's keys; asked only when a key is needed */
    struct random *random;
    bool unlinked; /* never use the socket: what `serve` itself and tests want */
    /* A node on another machine: then the folder is not used. */
    struct text url;               /* "https://host:port"; empty: the node of this home */
    struct names pins;             /* of the node's certificate */
    struct bytes key, certificate; /* this desk's, in PEM; must live as long as the link */
};

/* ---- the node's own keys: for `init`, and for whoever composes a card */

/* Makes <home>/node with its keyring, TLS key and certificate, mirror key and an empty store. */
enum error node_create(const char *folder, struct text party, struct text passphrase, struct random *r, instant now,
                       struct diag *d) MUST_USE;

struct node_public { /* what the card says of the node */
    struct text party;
    struct text mirror;   /* vkey */
    struct text tls_spki; /* SHA-256 of the certificate's SubjectPublicKeyInfo, hex */
};

enum error link_open(const struct link_options *o, struct node_link **out, struct diag *d) MUST_USE;
void link_close(struct node_link *l); /* NULL is fine */
/* Whether a running node answers (else this process holds its lock). */
bool link_is_remote(const struct node_link *l);
enum error link_public(struct node_link *l, struct arena *a, struct node_public *out, struct diag *d) MUST_USE;

/* ---- desks on other machines (node/desks.h) */

/* The newest card of one's own party in its records; ERR_MISSING where no channel is open. */
enum error link_own_card(struct node_link *l, struct arena *a, struct bytes *note, struct diag *d) MUST_USE;
/* Enrolments that the node has admitted; admits one; takes one off by its pin. */
enum error link_desks(struct node_link *l, struct arena *a, struct bytes **notes, size_t *count,
                      struct diag *d) MUST_USE;
enum error link_admit_desk(struct node_link *l, struct bytes enrolment, struct diag *d) MUST_USE;
enum error link_drop_desk(struct node_link *l, struct text pin, struct diag *d) MUST_USE;

/* Looks at a key of the node, or changes it, in two steps (node/keys.h).  `origin`: of the record whose log key it is,
 * else empty.  `out`: as they were before the step, but with the next one that KEY_BEGIN made. */
enum error link_key(struct node_link *l, enum node_key which, enum key_step step, struct text origin, instant now,
                    struct arena *a, struct key_pair *out, struct diag *d) MUST_USE;

/* ---- opening channels: for `invite --to`, `accept` and successors */

/* The log key for a record of one's own: made at the first call for that origin, the same ever after.  The card that
 * goes into entry 0 must name it. */
enum error link_log_key(struct node_link *l, struct text origin, struct arena *a, struct text *vkey,
                        struct diag *d) MUST_USE;

struct link_opening {
    struct channel_name own; /* from: one's own party; to: theirs; their record has the same number and drill */
    uint8_t own_secret[CHANNEL_SECRET_SIZE];
    struct bytes own_card; /* signed; names the log key of the record */
    /* What their invitation says; absent (empty) in a one-sided start. */
    bool theirs_known;
    uint8_t their_secret[CHANNEL_SECRET_SIZE];
    struct text their_root;  /* vkey that people compared */
    struct bytes their_card; /* signed by it: first pins, mirror keys and addresses */
    /* Two lines in a successor, else none. */
    const struct entry_follows *follows;
    size_t follows_count;
    /* A first proposal, signed and not sealed: entry 1 of a one-sided start.  Size 0: none. */
    struct bytes proposal;
};
/* Opens one's own record (entry 0 with the card, entry 1 with a proposal) and keeps what is known of theirs.  Called
 * again for a channel that is open, it adds what was not known before (their side of a one-sided start) and writes no
 * entry; ERR_CONFLICT where it contradicts what is kept. */
enum error link_open_channel(struct node_link *l, const struct link_opening *o, instant now, struct diag *d) MUST_USE;

/* ---- what is there */

struct link_channel {
    struct text party; /* theirs */
    uint64_t number;   /* 1, successors 2, … */
    bool drill;
    struct text own_name, their_name;     /* of the two records: `<from>/to/<to>/<n>` */
    struct text own_origin, their_origin; /* theirs is empty while their invitation is not known */
    struct text own_root, their_root;     /* vkeys, as accepted when the channel opened; theirs empty: not known */
    struct bytes their_card;              /* the signed card in force, or that of the invitation; size 0: none */
    enum channel_state state;             /* store/store.h: open, frozen, restored, … */
    struct text why;                      /* of that state, for people; empty where it is open */
    uint64_t own_size, their_size;        /* entries held */
    uint64_t receipted_size;              /* of one's own record, by their newest receipt; 0: none */
    instant receipted_at;                 /* its stamp */
    uint64_t cosigned_size;               /* of theirs, by our newest receipt */
    instant contacted_at;                 /* the last exchange that came to its end; INSTANT_NONE: never */
    instant tried_at;                     /* the last attempt */
    struct text trouble;                  /* why the last attempt failed; empty: it did not */
    struct text skew;                     /* seconds that their clock is ahead, as measured last; empty: not yet */
    uint64_t witnesses, quorum;           /* of the terms, as the desk has handed them to the node; 0: none */
    uint64_t witnessed_size[2];           /* by side: the largest that the quorum has cosigned */
    instant witnessed_at[2];              /* when it was met there; INSTANT_NONE */
    struct text witness_trouble;          /* the last one of a witness; empty: none */
};
/* All channels, by party, drill and number. */
enum error link_channels(struct node_link *l, struct arena *a, struct link_channel **out, size_t *count,
                         struct diag *d) MUST_USE;

/* The entries of a record (either origin of a channel) from index `from` on, all that are held. */
enum error link_leaves(struct node_link *l, struct text origin, uint64_t from, struct arena *a, struct bytes **leaves,
                       size_t *count, struct diag *d) MUST_USE;
/* The same, but no more than the node gives in one answer; none at the end: for records that are gone through in parts.
 */
enum error link_some_leaves(struct node_link *l, struct text origin, uint64_t from, struct arena *a,
                            struct bytes **leaves, size_t *count, struct diag *d) MUST_USE;
/* Appends a blob of a channel, named by either of its origins: ERR_MISSING where it is not held or was erased,
 * ERR_LIMIT past `max` bytes, ERR_PROOF where the node sends bytes with another hash. */
enum error link_blob(struct node_link *l, struct text origin, struct sha256 sha, uint64_t max, struct buf *out,
                     struct diag *d) MUST_USE;
/* The signed checkpoint of a record, with the cosignatures held for just that size: the newest (size 0), or the
 * smallest that covers `size` entries. */
enum error link_checkpoint(struct node_link *l, struct text origin, uint64_t size, struct buf *out,
                           struct diag *d) MUST_USE;

struct link_proof { /* of a counterparty that contradicted itself, or a contradiction that proves nothing */
    bool proves;    /* an equivocation proof that verifies (tlog/equivocation.h) */
    instant found_at;
    struct text origin, text;
};
enum error link_contradictions(struct node_link *l, struct text origin, struct arena *a, struct link_proof **out,
                               size_t *count, struct diag *d) MUST_USE;

/* ---- saying something */

struct link_submission {
    struct text origin;        /* of one's own record */
    const struct bytes *blobs; /* the sealed message, then its attachments; or one card */
    size_t blob_count;
    const struct sha256 *erase; /* attachments of earlier entries of one's own */
    size_t erase_count;
};
/* Stores the blobs and appends one entry that carries them; `index` is that entry's.  Durable at
 * OK.  The node then tells the counterparty by itself where one runs; else call link_sync. */
enum error link_submit(struct node_link *l, const struct link_submission *s, instant now, uint64_t *index,
                       struct diag *d) MUST_USE;

/* ---- the exchange */

struct link_sync_row { /* one a channel that was tried */
    struct text party, own_origin;
    enum error error;  /* OK: the exchange came to its end */
    struct text words; /* of the error, for people; empty: none */
    bool waits;        /* their card gives no address: it is they who call */
    uint64_t sent_entries, sent_blobs, got_entries, got_blobs;
    uint64_t own_size, receipted_size;
    instant receipted_at;
    uint64_t their_size;
};
/* Exchanges with one party, or all (empty).  A channel that fails does not fail the call: see the rows. */
enum error link_sync(struct node_link *l, struct text party, instant now, struct arena *a, struct link_sync_row **rows,
                     size_t *count, struct diag *d) MUST_USE;

/* ---- folders, where there is no wire (sync/folder.h); the node itself writes and reads them */

/* The record of that origin: one's own, or the mirror of theirs. */
enum error link_export(struct node_link *l, struct text origin, const char *path, struct folder_report *out,
                       struct diag *d) MUST_USE;
/* An exchange with a folder that a counterparty wrote. */
enum error link_import(struct node_link *l, const char *path, instant now, struct arena *a, struct link_sync_row *out,
                       struct diag *d) MUST_USE;

/* The same in tar archives that are carried (sync/pack.h). */
enum error link_pack(struct node_link *l, struct text origin, const struct pack_wish *w, struct pack_report *out,
                     struct diag *d) MUST_USE;
struct link_unpacked {
    unsigned part;            /* the one that was read */
    unsigned held, parts;     /* how many are there, of how many; 0: the last one did not come yet */
    bool whole;               /* all were there, and were taken: */
    struct link_sync_row row; /* then as after link_import */
};
/* Takes one part of a pack. */
enum error link_unpack(struct node_link *l, const char *path, instant now, struct arena *a, struct link_unpacked *out,
                       struct diag *d) MUST_USE;

/* ---- checking all that the node keeps (store/fsck.h) */

struct link_fsck {
    struct fsck checked;        /* the counts */
    const struct fault *faults; /* at most 10,000 of them */
    size_t count;
};
enum error link_fsck(struct node_link *l, struct arena *a, struct link_fsck *out, struct diag *d) MUST_USE;

struct link_repair {
    struct link_fsck before, after;
    uint64_t put_back;     /* channels of a store that was lost */
    struct names troubles; /* what was in the way */
};
/* Mends what can be: by the counterparties, or by a folder with a record as another holds it (`folder`; NULL: none). */
enum error link_repair(struct node_link *l, const char *folder, instant now, struct arena *a, struct link_repair *out,
                       struct diag *d) MUST_USE;

/* ---- settings and drafts */

/* Numbers of the terms in force, which are sealed: the desk hands them to its node.  UINT64_MAX: no limit. */
enum error link_set_limits(struct node_link *l, struct text origin, const struct channel_limits *limits,
                           struct diag *d) MUST_USE;
/* The same for the witnesses of the terms in force, a line each (sync/witnessed.h); `quorum` UINT64_MAX: the terms say
 * nothing. */
enum error link_set_witnesses(struct node_link *l, struct text origin, struct names lines, uint64_t quorum,
                              struct diag *d) MUST_USE;
/* The operator's word that a store found behind what the counterparty was shown is a failover and no backup. */
enum error link_declare_failover(struct node_link *l, struct text origin, struct diag *d) MUST_USE;
/* That it is one: what the counterparty holds of it comes back with the next exchange, and a successor follows. */
enum error link_declare_restored(struct node_link *l, struct text origin, struct diag *d) MUST_USE;

/* Deletes attachments of theirs that they erased in their record and that are still held here.  Nobody is obliged to:
 * what was said stays said, by its hash; this is for retention. */
enum error link_drop_erased(struct node_link *l, struct text origin, uint64_t *count, struct diag *d) MUST_USE;

/* Drafts: age files to one's own department, which the node keeps and can't read.  Names as file names: letters,
 * digits, `.`, `-`, `_`, at most 128 bytes. */
enum error link_drafts(struct node_link *l, struct arena *a, struct names *out, struct diag *d) MUST_USE;
enum error link_draft(struct node_link *l, struct text name, struct buf *out, struct diag *d) MUST_USE;
/* A content of size 0 removes the draft. */
enum error link_put_draft(struct node_link *l, struct text name, struct bytes content, struct diag *d) MUST_USE;

#endif
