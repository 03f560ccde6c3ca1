/* The engine of a node: its lock, store and keys, and what it does with them.  A running node holds one; where none
 * runs, a command holds one for as long as it lives.  Thread-safe, but for opening and closing. */
#ifndef PARLEY_NODE_ENGINE_H
#define PARLEY_NODE_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "node/keys.h"
#include "node/link.h"
#include "store/fsck.h"
#include "sync/folder.h"
#include "sync/own.h"
#include "sync/request.h"

struct engine_busy {
    struct engine_busy *next;
    int64_t channel;
};

struct engine {
    char *folder;
    int lock; /* of <folder>/lock */
    struct store *store;
    struct keyring *keyring;
    struct node_keys *keys;
    struct sync_node sync;
    struct random *random;
    struct buf certificate;     /* PEM, with a NUL */
    pthread_mutex_t tls_lock;   /* over the certificate, and the TLS key that goes with it */
    pthread_mutex_t exchanging; /* one folder at a time */
    pthread_mutex_t busy_lock;  /* over `busy` */
    pthread_cond_t freed;
    struct engine_busy *busy; /* channels that are being exchanged: one exchange of a channel at a time */
    atomic_bool stop;         /* ends an exchange under way */
    atomic_bool lost;         /* the store is empty, and channels were open (node/opened.h) */
    /* Called when something was submitted; may be NULL. */
    void (*woken)(void *state);
    void *woken_state;
    /* Called when the TLS key is another one; may be NULL. */
    void (*rekeyed)(void *state);
};

/* ERR_BUSY where another process holds the node. */
enum error engine_open(const char *folder, struct passphrase_source passphrase, struct random *r, struct engine **out,
                       struct diag *d) MUST_USE;
void engine_close(struct engine *e); /* NULL is fine */

enum error engine_public(struct engine *e, struct arena *a, struct node_public *out, struct diag *d) MUST_USE;
/* Copies of the TLS key, to be wiped, and of its certificate: PEM, each with a NUL at its end. */
enum error engine_tls(struct engine *e, struct buf *key, struct buf *certificate, struct diag *d) MUST_USE;
/* Reads both anew; where that fails the old ones stay. */
enum error engine_read_tls(struct engine *e, struct diag *d) MUST_USE;
/* See node/keys.h.  A new TLS key is in force at once, for connections to come. */
enum error engine_change_key(struct engine *e, enum node_key which, enum key_step step, struct text origin, instant now,
                             struct arena *a, struct key_pair *out, struct diag *d) MUST_USE;
enum error engine_open_channel(struct engine *e, const struct link_opening *o, instant now, struct diag *d) MUST_USE;
enum error engine_submit(struct engine *e, const struct channel *c, const struct own_entry *entry, instant now,
                         uint64_t *index, struct diag *d) MUST_USE;
/* Exchanges with one party, or all (empty): a row for each channel tried. */
enum error engine_sync(struct engine *e, struct text party, instant now, struct arena *a, struct link_sync_row **rows,
                       size_t *count, struct diag *d) MUST_USE;

/* One exchange of one channel.  Where another exchanges it already: waits for that, or with `skip` does nothing and
 * returns ERR_BUSY.  What keeps the parties from exchanging is in the row, whose texts live in the arena. */
enum error engine_sync_channel(struct engine *e, const struct channel *c, bool skip, instant now, struct arena *a,
                               struct link_sync_row *row, struct diag *d) MUST_USE;
/* Whether a channel is one that is exchanged. */
bool engine_exchanges(const struct channel *c);

enum error engine_fill_row(struct engine *e, const struct channel *c, struct arena *a, struct link_sync_row *row,
                           struct diag *d) MUST_USE;

/* folders.c: records in folders and packs, by paths from the root of the file system (sync/folder.h, sync/pack.h). */
enum error engine_export(struct engine *e, const struct channel *c, enum side side, const char *path,
                         struct folder_report *out, struct diag *d) MUST_USE;
enum error engine_import(struct engine *e, const char *path, instant now, struct arena *a, struct link_sync_row *row,
                         struct diag *d) MUST_USE;

/* Removes parts of packs that were put aside, where all that the pack would have brought came another way. */
enum error engine_clean_packs(struct engine *e, struct diag *d) MUST_USE;
enum error engine_pack(struct engine *e, const struct channel *c, enum side side, const struct pack_wish *w,
                       struct pack_report *out, struct diag *d) MUST_USE;
enum error engine_unpack(struct engine *e, const char *path, instant now, struct arena *a, struct link_unpacked *out,
                         struct diag *d) MUST_USE;

/* witnesses.c: has the witnesses of the terms cosign, and looks at what they were shown.  What keeps them from it is
 * kept for people; ERR_IO and such alone come back. */
enum error engine_ask_witnesses(struct engine *e, const struct channel *c, instant now, struct diag *d) MUST_USE;
/* Appends how a channel stands with its witnesses, as fields; nothing where it has none. */
enum error engine_witnessed(struct engine *e, const struct channel *c, struct buf *out, struct diag *d) MUST_USE;

/* neutral.c: after an exchange that did not reach the counterparty: one's own record goes to the mirrors that its card
 * names, and what one's own mirrors hold is fetched.  What came of it stands in the row's words. */
enum error engine_ask_neutrals(struct engine *e, const struct channel *c, instant now, struct arena *a,
                               struct link_sync_row *row, struct diag *d) MUST_USE;

/* What asks the other side of a channel, while nothing else exchanges over it; `r` is NULL where it has no address. */
typedef enum error engine_asks(void *state, struct remote *r, struct diag *d);
enum error engine_with_remote(struct engine *e, const struct channel *c, engine_asks *with, void *state,
                              struct diag *d) MUST_USE;

/* fsck.c: checks all that is kept, on a connection of its own: a node that runs goes on meanwhile. */
enum error engine_fsck(struct engine *e, struct fsck *f, struct diag *d) MUST_USE;
/* repair.c: checks, mends what was found (sync/mend.h), and checks again.  `folder`: of a record as somebody else holds
 * it, by a path from the root of the file system, which is asked in the place of the counterparty; NULL: none.  Where
 * the store is lost, its channels are put back first, and all that the counterparties hold is fetched. */
/* ERR_MISSING, with what to do, where the store is lost. */
enum error engine_is_lost(struct engine *e, struct diag *d) MUST_USE;
struct engine_repair {
    uint64_t put_back;    /* channels */
    struct buf *troubles; /* what was in the way, a line each */
};
enum error engine_repair(struct engine *e, const char *folder, instant now, struct fsck *before, struct fsck *after,
                         struct engine_repair *out, struct diag *d) MUST_USE;

/* The desk's requests: see api.c for the table.  Always leaves a response. */
void engine_answer_desk(struct engine *e, const struct request *q, instant now, struct response *r);

#define TYPE_ERROR "text/x.parley.error" /* the name of the code, LF, words for people, LF */

#endif
