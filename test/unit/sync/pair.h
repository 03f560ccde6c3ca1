/* Two parties with real keys and cards, two stores, and a line between them that can break: no network. */
#ifndef PARLEY_TEST_SYNC_PAIR_H
#define PARLEY_TEST_SYNC_PAIR_H

#include "unit.h"

#include "sync/answers.h"
#include "sync/exchange.h"
#include "sync/pins.h"
#include "sync/server.h"

struct pair;
struct player {
    struct pair *pair;
    struct text party, pin;
    struct signer *root, *mirror, *log;
    struct signer *next_log;      /* while the log key changes, both sign; NULL */
    const struct signer *neutral; /* a second mirror key on its card, of a third party; NULL: none */
    uint8_t secret[CHANNEL_SECRET_SIZE];
    struct text name, origin;
    struct bytes invited, card; /* serial 0, for the invitation; serial 1, which names the log key */
    struct store *store;
    struct sync_node node;
    int64_t channel;
    const char *folder;   /* NULL: in memory */
    struct remote to;     /* the other one's node */
    struct text calls_as; /* the pin that its calls bear */
};

enum break_where { BEFORE, AFTER }; /* the other side got the request, or answered it */
struct pair {
    struct player of[2];
    struct arena arena;
    struct random random;
    instant now;
    uint64_t calls;
    uint64_t break_at; /* the call that fails; 0: none */
    enum break_where where;
    uint64_t meet_at;        /* before this call is answered, the other side exchanges, too; 0: never */
    unsigned meet_says;      /* bit i: party i says something just before that */
    uint64_t meet_breaks_at; /* the call of that exchange that fails; 0: none */
    uint64_t met_calls;      /* the calls of that exchange; 0: there was none */
    struct diag diag;
};

/* Its store is another one now. */
void pair_took_store(struct player *w);
void pair_start(struct pair *p);
void pair_end(struct pair *p);
/* Opens both records: entry 0 with the card, not signed yet. */
void pair_open(struct pair *p);
void pair_must(struct pair *p, enum error result);
struct channel pair_channel(struct pair *p, int i);
/* A card as the party stands now, signed by its root. */
struct bytes pair_card(struct player *w, uint64_t serial, struct bytes previous, bool log);
/* An entry with that one blob. */
uint64_t pair_publish(struct pair *p, int i, struct bytes blob);
/* Says something: an entry with one blob of that many bytes; its index. */
uint64_t pair_say(struct pair *p, int i, size_t bytes);
uint64_t pair_erase(struct pair *p, int i, struct sha256 sha);
enum error pair_sync(struct pair *p, int i, struct sync_report *report);
uint64_t pair_size(struct pair *p, int i, enum side side);
/* The largest receipt that party i has for its own record. */
uint64_t pair_receipted(struct pair *p, int i);
/* Closes and opens a store on disk: a start. */
void pair_restart(struct pair *p, int i);

#endif
