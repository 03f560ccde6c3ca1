/* Within sync/: the steps of an exchange, and what they ask of each other. */
#ifndef PARLEY_SYNC_STEP_H
#define PARLEY_SYNC_STEP_H

#include "sync/exchange.h"
#include "sync/wire.h"
#include "tlog/tile.h"

struct exchange {
    const struct sync_node *node;
    struct channel channel; /* as it stood when the step began */
    struct remote *remote;
    instant now;
    struct sync_report *report;
    struct text stead; /* the other side is a neutral mirror whose key has this name; empty: the counterparty */
    enum error lost;   /* why a blob of one's own that a recovery lacks did not come, with why_lost */
    struct diag why_lost;
    bool carried;       /* the other side is a folder: it is compared every time, and told nothing */
    struct arena arena; /* of the step */
};

/* A step of the exchange: sees the channel as it stands then, and has an arena of its own. */
typedef enum error exchange_run(struct exchange *x, bool *moved, struct diag *d);
enum error exchange_step(struct exchange *x, exchange_run *run, bool *moved, struct diag *d) MUST_USE;
exchange_run exchange_compare, exchange_settle;
/* Where the other side signs nothing: takes the proofs that it holds, of either record, and what they prove freezes the
 * channel here, too (ERR_FROZEN). */
enum error exchange_take_proofs(struct exchange *x, struct diag *d) MUST_USE;
/* Where a contradiction of theirs froze the channel without a proof: makes it from what they serve, as far as they do.
 */
exchange_run exchange_prove;

/* Calls "/<hash of the side's origin>/<what>", or "/<what>" with a negative side.  `r` must be fresh or reused. */
struct asked {
    const char *method;
    int side; /* enum side, or -1 */
    const char *what;
    const char *content_type, *content_range, *range; /* may be NULL */
    bool gzip;                                        /* the body is in that form */
    struct bytes body;
};
enum error exchange_call(struct exchange *x, const struct asked *q, struct response *r, struct diag *d) MUST_USE;
/* ERR_NETWORK with the status and the first words of a response that is no answer to what was asked. */
enum error exchange_refused(const struct response *r, const char *doing, struct diag *d);

enum error exchange_push(struct exchange *x, bool *moved, struct diag *d) MUST_USE;
enum error exchange_pull(struct exchange *x, bool *moved, struct diag *d) MUST_USE;
/* The checkpoint that they serve of their record, as it came.  ERR_MISSING: nothing was said yet. */
enum error exchange_fetch_checkpoint(struct exchange *x, struct bytes *note, struct diag *d) MUST_USE;
/* Fetches a blob that the other side holds, in parts, from where an earlier try ended. */
enum error exchange_fetch_blob(struct exchange *x, enum side side, struct sha256 sha, struct diag *d) MUST_USE;
/* The entries [from, to) of one tile, as the other side serves the record at `size`; they live in the arena. */
enum error exchange_fetch_bundle(struct exchange *x, enum side side, uint64_t size, uint64_t from, uint64_t to,
                                 struct arena *a, struct bytes *entries, struct diag *d) MUST_USE;

/* A tree whose hashes come from the tiles that the other side serves. */
enum { REMOTE_TILES_KEPT = 16 };
struct remote_tree {
    struct exchange *exchange;
    enum side side;
    uint64_t size;
    struct {
        struct tile at;
        uint8_t hashes[TILE_WIDTH * SHA256_SIZE];
    } kept[REMOTE_TILES_KEPT];
    size_t count; /* of tiles fetched; the last ones are kept */
    struct tile_source source;
};
struct tree_reader remote_tree_reader(struct remote_tree *t);

#endif
