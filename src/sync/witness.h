/* A witness: it cosigns checkpoints of the logs that it knows, and sees of them origins, sizes and hashes alone.
 *
 *     POST /add-checkpoint            an old size, a proof, a checkpoint: answered with the cosignature
 *     GET  /<hash>/checkpoint         the last one that was cosigned, with the log's signatures and this witness's
 *     GET  /<hash>/equivocation       the proof that a log signed two roots at one size, where one was seen; parley's
 * own
 *
 * What it holds is a folder, and one file a log in each of its folders, named by the hex SHA-256 of the origin:
 *
 *     logs/<hash>     vkeys of the log, one a line: who adds a log writes it, and a witness that runs heeds it at once
 *     seen/<hash>     the last checkpoint that was cosigned; it stands there, durably, before the cosignature leaves
 *     forks/<hash>    the equivocation proof
 *
 * A folder that was put back from a backup would let a log sign two histories under one witness: it is to be begun
 * anew, under another name. Source: c2sp.org/tlog-witness; doc/c2sp.md says statement by statement what of it holds
 * here.  Statuses: 200; 400 no request of that form, or an old size above the checkpoint's; 403 no known key has
 * signed, or one whose signature does not hold; 404 unknown origin; 409 another size was seen last (text/x.tlog.size);
 * 422 a proof or a root that does not fit; 500 where it can't keep what it would sign. */
#ifndef PARLEY_SYNC_WITNESS_H
#define PARLEY_SYNC_WITNESS_H

#include "base/instant.h"
#include "note/key.h"
#include "sync/request.h"
#include "tlog/checkpoint.h"

enum { WITNESS_LOG_KEYS_MAX = 8, WITNESS_BODY_MAX = CHECKPOINT_MAX_BYTES + 8192 };

struct witness;
/* Makes the folders where they are not there.  `key`, of type KEY_COSIGNATURE, must live as long.  ERR_BUSY where
 * another process holds the folder. */
enum error witness_open(const char *folder, const struct signer *key, struct witness **out, struct diag *d) MUST_USE;
void witness_close(struct witness *w); /* NULL is fine */
/* Always leaves a response.  Thread-safe. */
void witness_answer(struct witness *w, const struct request *q, instant now, struct response *r);

/* Has the witness of a folder cosign what that key of a log signs: the key's name is the origin.  A second key of the
 * same log joins the first, for the time of a change.  ERR_LIMIT past WITNESS_LOG_KEYS_MAX keys. */
enum error witness_add_log(const char *folder, const struct vkey *key, bool *added, struct diag *d) MUST_USE;
enum error witness_drop_log(const char *folder, struct text origin, struct diag *d) MUST_USE;

struct witness_log {
    struct text hash, origin;
    size_t keys;
    uint64_t size; /* of the last checkpoint that was cosigned; 0: none was, or it is empty */
    bool forked;
};
/* All logs of a folder, by hash.  Asks for no key. */
enum error witness_logs(const char *folder, struct arena *a, struct witness_log **out, size_t *count,
                        struct diag *d) MUST_USE;

#endif
