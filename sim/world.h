/* The simulated world: parties with their real code, and what is between them.
 *
 * One seed, and one thread, or lanes of events that share no party (lanes.c).  A party is its keys, a disk, a clock
 * that may be wrong, and a store with the node's exchange on top; a seat is its end of a channel.  Events come from a
 * list that was drawn before anything ran, each with a seed of its own, so that one can be left out without changing
 * what the others do.  A call between two parties may run other events while it is under way. */
#ifndef PARLEY_SIM_WORLD_H
#define PARLEY_SIM_WORLD_H

#include <stdio.h>

#include "disk.h"
#include "record/cut.h"
#include "record/entry.h"
#include "rng.h"
#include "seal/seal.h"
#include "sync/exchange.h"
#include "sync/server.h"

#define SIM_MINUTE (60 * INSTANT_SECOND)

enum {
    IDENTITIES_MAX = 64,
    PARTIES_MAX = 32,
    CHANNELS_MAX = 64,
    PLACES_MAX = 8,
    GENERATIONS_MAX = 4,
    KNOWN_STATES_MAX = 4
};

struct world;
struct party;
struct book;

struct mark { /* a checkpoint of one's own record that left the node */
    uint64_t size;
    struct sha256 root;
};
struct seat {
    struct party *who;
    struct seat *other;
    struct seat *first, *after; /* of the channel and its successors; NULL: none came after it */
    unsigned generation;
    struct entry_follows follows[2]; /* of a successor */
    unsigned number;                 /* of the channel */
    struct text name, origin, hash;
    uint8_t secret[CHANNEL_SECRET_SIZE];
    struct signer *log, *next_log; /* the latter while the key changes, when both sign */
    uint64_t next_since;           /* serial of the card that first names both */
    int64_t channel, own, theirs;  /* in the store; 0: not made yet */
    struct remote remote;
    struct rng *chance;      /* what decides about its calls, while it exchanges */
    unsigned looked;         /* how often it was checked since its start */
    uint64_t sizes[2];       /* that were seen last, by side */
    bool fails_over;         /* it came from a replica, and its operator will say so */
    uint64_t awaited;        /* then: so much of theirs it had held */
    bool restored;           /* it came from a backup: it may lack what it had */
    instant withholds_until; /* receipts, where it is malicious */
    bool lied;               /* a contradiction of this record went out */
    /* What is known of this seat, outside of any disk. */
    struct mark *left; /* by size */
    size_t left_count, left_room;
    struct mark held[2];  /* what stood durably, by side: it must stay */
    struct mark promised; /* what was cosigned of theirs, and left */
    struct book *book;    /* what its desk has read */
    size_t compared_at;   /* entries, of both sides, when their states were last compared */
    unsigned remembered;  /* states of the channel that were */
};

struct keys { /* those that a card names */
    struct signer *officer, *mirror;
    struct signer *next_mirror; /* the one that comes after it, while it changes; NULL */
};

struct party {
    struct world *world; /* while it acts in a lane: that */
    unsigned number;
    struct text name, pin;
    struct signer *root;
    struct bytes invitation; /* the first of its cards */
    struct bytes *cards;     /* by serial: that of the invitation, that of entry 0, and those that followed */
    struct keys *keys;       /* by serial of the card */
    size_t card_count, card_room, key_room;
    struct seal_identity *identities[IDENTITIES_MAX]; /* of its department; it seals to the last */
    size_t identity_count;
    instant skew, acted_at; /* the latter is the world's time when it last acted in a lane */
    struct store *store;    /* NULL: down */
    struct sync_node node;
    instant up_at;   /* when it is down */
    unsigned starts; /* how often it started */
    unsigned frames; /* of its code, under way */
    bool dies, malicious;
    enum disk_rule rule; /* of the crash that is under way */
    char folder[32];
    struct seat *seats[CHANNELS_MAX];
    size_t seat_count;
};

enum event_kind {
    EVENT_SAY,
    EVENT_SYNC,
    EVENT_CARD,
    EVENT_LATE,
    EVENT_LIE,
    EVENT_BACK_UP,
    EVENT_RESTORE,
    EVENT_FAIL_OVER,
    EVENT_CRASH, /* faults of the disk, the clock and the network, from here on */
    EVENT_KILL,
    EVENT_DISK_FAILS,
    EVENT_SYNC_FAILS,
    EVENT_DISK_FULL,
    EVENT_CLOCK,
    EVENT_CUT,
    EVENT_KINDS
};
struct event {
    instant at;
    enum event_kind kind;
    unsigned seat; /* index in the world's seats; its party, where the event is a party's */
    uint64_t seed;
};

struct settings {
    uint64_t seed;
    unsigned parties, channels, minutes;
    unsigned says;       /* messages a party an hour */
    unsigned faults;     /* an hour, in all */
    unsigned call_fails; /* of 1000 calls */
    unsigned liars;      /* parties that are malicious */
    unsigned restores;   /* whether backups are put back */
    unsigned threads;
    bool parts; /* whether events that share no party may run at once */
    bool trace, drops_syncs;
};

struct late { /* a request that is still on its way */
    struct seat *from;
    unsigned starts;     /* of the receiver: connections end with it */
    struct buf bytes[2]; /* path, body */
    char method[8], type[HEADER_VALUE_MAX], range[HEADER_VALUE_MAX];
};

struct counts {
    uint64_t events, said, exchanges, calls, faults, crashes, checks, proofs, judged, folded, recovered, succeeded;
};

struct known_state { /* of a channel, at a cut */
    struct cut cuts[GENERATIONS_MAX];
    instant as_of; /* 0: none is known */
    struct sha256 hash;
};

struct world {
    struct settings set;
    struct arena arena;
    struct random random; /* of keys */
    struct party *parties[PARTIES_MAX];
    struct seat *seats[2 * CHANNELS_MAX];
    size_t seat_count;
    instant now, *cut_until; /* by channel */
    struct event *events;
    size_t event_count, next;
    unsigned depth;                                /* of calls */
    struct late (*late)[PLACES_MAX];               /* by channel; where there are no lanes, all in the first */
    struct known_state (*known)[KNOWN_STATES_MAX]; /* by channel */
    struct signer **signers;                       /* all of them */
    size_t signer_count, signer_room;
    struct counts counts;
    char violation[512]; /* empty: none */
    bool calm;           /* no faults any more: what is left must come to rest */
    struct lanes *lanes; /* NULL: none */
};

/* Says what promise was broken; the first time counts. */
void violated(struct world *w, const char *format, ...) FORMAT(2, 3);
void trace(const struct world *w, const char *format, ...) FORMAT(2, 3);

/* world.c */
void world_start(struct world *w, const struct settings *set);
void world_end(struct world *w);
instant party_now(const struct party *p);
/* Its code runs between the two; where it died meanwhile, it is down after the last. */
void party_enter(struct party *p);
void party_leave(struct party *p);
/* Cuts the power, now or as soon as its code has ended. */
void party_crash(struct party *p, enum disk_rule rule, instant up_at);
/* An end of a channel, or of the successor of one. */
struct seat *make_seat(struct world *w, unsigned channel, unsigned number, struct party *who,
                       const struct party *other);
/* Finds it in the store, or puts it there. */
enum error seat_look_up(struct seat *s, struct diag *d) MUST_USE;
/* Opens the store, and what the party had not begun. */
void party_start(struct party *p);
/* Signs the next card, with some key changed where `r` is not NULL; it is said by whoever likes to. */
struct bytes party_next_card(struct party *p, struct rng *r);
/* The recipient to whom messages for it are sealed now. */
struct text party_recipient(const struct party *p, struct arena *a);
/* The keys that the card with that serial names. */
const struct keys *party_keys(const struct party *p, uint64_t serial);

/* act.c */
bool seat_say(struct seat *s, struct bytes blob);
/* Entry 0: a card, and what the channel follows. */
void seat_begin(struct seat *s);
/* Says the cards that the party's records lack. */
void publish_cards(struct party *p);
/* Whether anything moved, or may yet. */
bool seat_sync(struct seat *s, struct rng *r);
void act(struct world *w, const struct event *e);
/* Runs events up to that time. */
void world_run_until(struct world *w, instant at);

/* succeed.c */
/* The end of a channel in which one speaks now. */
struct seat *seat_latest(struct seat *s);
/* Where a channel can't go on, people may agree on a successor. */
void succeed(struct seat *s, struct rng *r);
/* Begins what could not be begun before, as the disk failed. */
void seat_ensure(struct seat *s);

/* net.c */
enum error net_call(struct remote *self, const struct request *q, struct response *r, struct diag *d);
void net_deliver_late(struct seat *s, uint64_t which);

/* Sends a request and cares for no answer. */
void net_send(struct seat *from, const struct request *q);

/* lie.c */
void lie(struct seat *s, struct rng *r);
bool corrupt(struct seat *by, struct buf *body, struct rng *r);

/* check.c */
/* Compares what a seat holds with what is known of it; takes what it holds now as known. */
void check_seat(struct seat *s);
/* A checkpoint of a record left the node that it is of. */
void check_left(struct seat *owner, struct bytes note);
/* The seat cosigned what it holds of theirs, and that left. */
void check_promised(struct seat *s);
/* All is calm: both hold the same, know it of each other, and judge alike. */
void check_rest(struct world *w);

/* state.c */
/* Both sides hold so much of the channel: they compute the same of it. */
void check_state(struct seat *s);
void check_states_at_rest(struct world *w);

/* plan.c */
void plan(struct world *w);
const char *event_word(enum event_kind kind);

/* lanes.c */
void lanes_begin(struct world *w);
void lanes_end(struct world *w);
/* Runs all events, those that share no party at once. */
void lanes_run(struct world *w);
/* Asks something of each channel, by the first of its seats; of those that share no party at once, where there are
 * lanes. */
typedef void channel_task(struct world *w, struct seat *s);
void each_channel(struct world *w, channel_task *task);

/* run.c */
/* Runs the events whose places are kept (NULL: all). */
void run(const struct settings *set, const bool *kept, struct counts *counts, char violation[static 512],
         struct event **events, size_t *event_count);

#endif
