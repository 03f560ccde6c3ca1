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
#include "sync/request.h"

struct engine {
    char *folder;
    int lock; /* of <folder>/lock */
    struct store *store;
    struct keyring *keyring;
    struct node_keys *keys;
    struct sync_node sync;
    struct random *random;
    struct buf certificate;     /* PEM, with a NUL */
    pthread_mutex_t exchanging; /* one exchange at a time */
    atomic_bool stop;           /* ends an exchange under way */
    /* Called when something was submitted; may be NULL. */
    void (*woken)(void *state);
    void *woken_state;
};

/* ERR_BUSY where another process holds the node. */
enum error engine_open(const char *folder, struct passphrase_source passphrase, struct random *r, struct engine **out,
                       struct diag *d) MUST_USE;
void engine_close(struct engine *e); /* NULL is fine */

enum error engine_public(struct engine *e, struct arena *a, struct node_public *out, struct diag *d) MUST_USE;
/* See node/keys.h.  After KEY_END a node that runs is to be started again where that was its TLS key. */
enum error engine_change_key(struct engine *e, enum node_key which, enum key_step step, struct text origin, instant now,
                             struct arena *a, struct key_pair *out, struct diag *d) MUST_USE;
enum error engine_open_channel(struct engine *e, const struct link_opening *o, instant now, struct diag *d) MUST_USE;
enum error engine_submit(struct engine *e, const struct channel *c, const struct entry_blob *blobs, size_t blob_count,
                         const struct sha256 *erase, size_t erase_count, instant now, uint64_t *index,
                         struct diag *d) MUST_USE;
/* Exchanges with one party, or all (empty): a row for each channel tried. */
enum error engine_sync(struct engine *e, struct text party, instant now, struct arena *a, struct link_sync_row **rows,
                       size_t *count, struct diag *d) MUST_USE;

enum error engine_fill_row(struct engine *e, const struct channel *c, struct arena *a, struct link_sync_row *row,
                           struct diag *d) MUST_USE;

/* folders.c: records in folders, by paths from the root of the file system (sync/folder.h). */
enum error engine_export(struct engine *e, const struct channel *c, enum side side, const char *path,
                         struct folder_report *out, struct diag *d) MUST_USE;
enum error engine_import(struct engine *e, const char *path, instant now, struct arena *a, struct link_sync_row *row,
                         struct diag *d) MUST_USE;

/* fsck.c: checks all that is kept, on a connection of its own: a node that runs goes on meanwhile. */
enum error engine_fsck(struct engine *e, struct fsck *f, struct diag *d) MUST_USE;

/* The desk's requests: see api.c for the table.  Always leaves a response. */
void engine_answer_desk(struct engine *e, const struct request *q, instant now, struct response *r);

#define TYPE_ERROR "text/x.parley.error" /* the name of the code, LF, words for people, LF */

#endif
