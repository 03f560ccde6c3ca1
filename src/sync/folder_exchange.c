/* An exchange with a folder: the steps of one over the wire, less what tells the other side something. */
#include <stdio.h>

#include "base/os.h"
#include "sync/cards.h"
#include "sync/folder.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/step.h"

static const struct folder *folder_of(const struct exchange *x) { return x->remote->state; }

/* ---- the counterparty's record */

/* Two records of which neither was ever signed: nobody was shown anything that a backup could lack. */
static enum error greet(struct exchange *x, bool *moved, struct diag *d) {
    uint64_t intended, held;
    enum error result = store_intended_size(x->node->store, x->channel.of[SIDE_OWN].id, &intended, d);
    if (!result) result = store_size(x->node->store, x->channel.of[SIDE_THEIRS].id, &held, d);
    if (result) return result;
    if (intended || held)
        return fail(d, ERR_CONFLICT,
                    _("the folder holds no checkpoint: it was written before either record was signed"));
    return exchange_compare(x, moved, d);
}

/* A folder that is older than what is held says nothing new, and nothing of what was shown since. */
static enum error is_newest(struct exchange *x, bool *moved, struct diag *d) {
    struct kept_checkpoint known;
    uint64_t size = folder_of(x)->at.size;
    *moved = false;
    enum error result = x->channel.state == CHANNEL_FROZEN ? sync_is_open(&x->channel, d) : OK;
    if (!result) result = mirror_known(x->node, &x->channel, &x->arena, &known, d);
    if (result || size >= known.size) return result;
    return fail(d, ERR_CONFLICT,
                _n("the folder is an old one: its record has %llu entry, and %llu are known already",
                   "the folder is an old one: its record has %llu entries, and %llu are known already", size),
                (unsigned long long)size, (unsigned long long)known.size);
}

static enum error take_receipt(struct exchange *x, bool *moved, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    *moved = false;
    os_path(path, folder_of(x)->path, "receipt");
    if (!os_is_file(path)) return OK;
    enum error result = os_read(path, CHECKPOINT_MAX_BYTES, &note, d);
    if (!result) result = own_take_cosigned(x->node, &x->channel, buf_as_bytes(&note), x->now, d);
    buf_free(&note);
    return result;
}

static enum error pull_uncompared(struct exchange *x, bool *moved, struct diag *d) {
    enum error result = exchange_pull(x, moved, d);
    return result == ERR_BUSY ? OK : result;
}

/* ---- one's own record, as the counterparty holds it */

static enum error is_ours(struct exchange *x, bool *moved, struct diag *d) {
    const struct folder *f = folder_of(x);
    struct vkey keys[LOG_KEYS_MAX];
    struct signed_checkpoint at;
    struct kept_receipt receipt;
    size_t count;
    *moved = false;
    if (!f->note.size) return fail(d, ERR_MISSING, _("the folder holds no checkpoint"));
    enum error result = own_log_keys(x->node, &x->channel, &x->arena, keys, &count, d);
    if (!result) result = checkpoint_open(f->note, f->origin, keys, count, &x->arena, &at, d);
    if (result || own_held_by_them(x->node, &x->channel, &x->arena, &receipt, NULL) || receipt.size <= f->at.size)
        return result;
    return fail(d, ERR_CONFLICT,
                _n("the folder is an old one: it has %llu entry, and %llu were receipted already",
                   "the folder is an old one: it has %llu entries, and %llu were receipted already", f->at.size),
                (unsigned long long)f->at.size, (unsigned long long)receipt.size);
}

static enum error take_cosigned(struct exchange *x, bool *moved, struct diag *d) {
    *moved = false;
    return own_take_cosigned(x->node, &x->channel, folder_of(x)->note, x->now, d);
}

/* ---- the steps */

static enum error sign(struct exchange *x, bool *moved, struct diag *d) {
    *moved = false;
    return own_sign(x->node, &x->channel, d);
}

/* What is said to have been shown counts once the record beside it has shown itself to be the counterparty's and not
 * an old one: so all is taken, and nothing is cosigned, before one's own record is compared. */
static exchange_run *const of_theirs[] =
    {pull_uncompared, is_newest, exchange_compare, exchange_pull, take_receipt, exchange_settle, sign, NULL},
                           *const of_own[] = {is_ours, exchange_compare, take_cosigned, exchange_settle, sign, NULL},
                           *const of_greeting[] = {greet, exchange_settle, sign, NULL};

enum error sync_folder(const struct sync_node *n, int64_t channel, enum side side, struct folder *f, instant now,
                       struct sync_report *report, struct diag *d) {
    struct remote remote = folder_remote(f);
    struct exchange x = {
        .node = n, .channel = {.id = channel}, .remote = &remote, .now = now, .report = report, .carried = true};
    exchange_run *const *steps = side == SIDE_OWN ? of_own : f->note.size ? of_theirs : of_greeting;
    bool moved = false;
    *report = (struct sync_report){0};
    f->of_reader = side == SIDE_OWN;
    enum error result = folder_check(f, d);
    for (; *steps && !result; steps++) result = exchange_step(&x, *steps, &moved, d);
    arena_free(&x.arena);
    return result;
}
