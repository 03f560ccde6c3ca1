/* The comparison of one's own record with what the counterparty was shown of it, and recovery after a failover. */
#include <stdio.h>

#include "sync/cards.h"
#include "sync/contradiction.h"
#include "sync/own.h"
#include "tlog/checkpoint.h"
#include "tlog/equivocation.h"

struct comparison {
    const struct sync_node *node;
    const struct channel *channel;
    const struct own_source *from;
    instant now;
    struct arena arena;
    struct signed_checkpoint shown;
    struct vkey keys[LOG_KEYS_MAX];
    size_t key_count;
    uint64_t size, intended; /* of one's own record: entries held, entries signed */
    bool recovers;           /* behind, and a failover was declared */
    bool behind;             /* and it is known to be a backup: what is missing comes back, and nothing is signed */
};

static int64_t own(const struct comparison *w) { return w->channel->of[SIDE_OWN].id; }

static const char *failover_name(const struct channel *c, char out[static 64]) {
    snprintf(out, 64, "failover %lld", (long long)c->id);
    return out;
}

static enum error declare(const struct sync_node *n, const struct channel *c, const char *word, struct diag *d) {
    char name[64];
    if (c->state != CHANNEL_RESTORED) return fail(d, ERR_NO, _("this channel is not behind what was shown"));
    return store_set_meta(n->store, failover_name(c, name), bytes_from_text(text_of(word)), d);
}

enum error own_declare_failover(const struct sync_node *n, const struct channel *c, struct diag *d) {
    if (c->state == CHANNEL_RESTORED && sync_is_contradicted(n, c))
        return fail(d, ERR_FROZEN,
                    _("two histories of a record of this channel are known: nobody signs in it any more. Open a "
                      "successor"));
    return declare(n, c, "declared", d);
}

enum error own_declare_restored(const struct sync_node *n, const struct channel *c, struct diag *d) {
    return declare(n, c, "restored", d);
}

static bool is_declared(const struct comparison *w, const char *word) {
    char name[64];
    struct buf value = {.max = 64};
    bool declared = store_meta(w->node->store, failover_name(w->channel, name), &value, NULL) == OK &&
                    text_is(buf_as_text(&value), word);
    buf_free(&value);
    return declared;
}

/* What froze the channel were it open must not be opened by a declaration, whichever of the two came first. */
static bool failover_declared(const struct comparison *w) {
    return is_declared(w, "declared") && !sync_is_contradicted(w->node, w->channel);
}

/* ---- blobs that are still to come back */

static const char *lost_name(const struct channel *c, char out[static 64]) {
    snprintf(out, 64, "lost-blobs %lld", (long long)c->id);
    return out;
}

enum error own_note_lost(const struct sync_node *n, const struct channel *c, bool lost, struct diag *d) {
    char name[64];
    return store_set_meta(n->store, lost_name(c, name), bytes_from_text(text_of(lost ? "yes" : "")), d);
}

bool own_has_lost(const struct sync_node *n, const struct channel *c) {
    char name[64];
    struct buf value = {.max = 64};
    bool lost = store_meta(n->store, lost_name(c, name), &value, NULL) == OK && value.size;
    buf_free(&value);
    return lost;
}

/* ---- recovery */

/* Says anew what was waiting unsigned: entries that carried blobs or erased; the others have no point any more. */
static enum error say_again(struct comparison *w, const struct bytes *waiting, size_t count, struct diag *d) {
    enum error result = OK;
    struct channel open = *w->channel;
    open.state = CHANNEL_OPEN;
    for (size_t i = 0; i < count && !result; i++) {
        struct entry e;
        uint64_t index;
        result = entry_read(waiting[i], &w->arena, &e, d);
        struct own_entry again = {
            .blobs = e.blobs, .blob_count = e.blob_count, .erase = e.erase, .erase_count = e.erase_count};
        if (!result && (e.blob_count || e.erase_count)) result = own_append(w->node, &open, &again, w->now, &index, d);
    }
    return result;
}

static enum error put_back(struct comparison *w, const struct bytes *missing, uint64_t count, struct diag *d) {
    struct store *s = w->node->store;
    const struct checkpoint *at = &w->shown.at;
    struct sha256 root;
    enum error result = store_cut_leaves(s, own(w), w->intended, d);
    if (!result) result = store_add_leaves(s, own(w), w->intended, missing, (size_t)count, d);
    if (!result) result = store_root(s, own(w), at->size, &root, d);
    if (!result && !sha256_equal(root, at->root))
        result = fail(d, ERR_PROOF, _("the entries that came are not those below the checkpoint that was shown"));
    if (!result) result = store_intend(s, own(w), at->size, at->root, d);
    struct kept_checkpoint kept = {at->size, at->root, w->shown.whole};
    if (!result) result = store_put_checkpoint(s, own(w), CHECKPOINT_SIGNED, &kept, d);
    return result ? result : cards_apply(s, w->channel, SIDE_OWN, w->intended, at->size, d);
}

static enum error go_on(struct comparison *w, struct diag *d) {
    char name[64];
    struct store *s = w->node->store;
    if (!failover_declared(w)) return fail(d, ERR_FROZEN, _("the failover is not to go on any more"));
    enum error result = store_set_meta(s, failover_name(w->channel, name), bytes_of("", 0), d);
    return result ? result : store_set_state(s, w->channel->id, CHANNEL_OPEN, TEXT(""), d);
}

static enum error recover(struct comparison *w, struct diag *d) {
    struct bytes *waiting = NULL, *missing;
    size_t waiting_count = 0;
    uint64_t count = w->shown.at.size - w->intended;
    struct store *s = w->node->store;
    enum error result = w->from->entries(w->from->state, w->intended, w->shown.at.size, &w->arena, &missing, d);
    if (!result) result = store_begin(s, d);
    if (result) return result;
    result = store_leaves(s, own(w), w->intended, UINT64_MAX, UINT64_MAX, &w->arena, &waiting, &waiting_count, d);
    if (!result) result = put_back(w, missing, count, d);
    if (!result) result = go_on(w, d);
    if (!result) result = own_note_lost(w->node, w->channel, true, d);
    if (!result) result = say_again(w, waiting, waiting_count, d);
    return store_end(s, result, d);
}

static uint64_t count_said(struct comparison *w, const struct bytes *leaves, size_t count) {
    uint64_t said = 0;
    for (size_t i = 0; i < count; i++) {
        struct entry e;
        said += entry_read(leaves[i], &w->arena, &e, NULL) == OK && e.blob_count > 0;
    }
    return said;
}

/* What one said before the backup was lost comes back, signed as it was, so that a successor can follow all of it; the
 * record itself is at its end.  What waited unsigned names a record that signs no more: it is to be said anew there. */
static enum error take_back(struct comparison *w, struct diag *d) {
    struct bytes *waiting = NULL, *missing;
    size_t waiting_count = 0;
    char why[512];
    uint64_t count = w->shown.at.size - w->intended;
    struct store *s = w->node->store;
    enum error result = w->from->entries(w->from->state, w->intended, w->shown.at.size, &w->arena, &missing, d);
    if (!result) result = store_begin(s, d);
    if (result) return result;
    result = store_leaves(s, own(w), w->intended, UINT64_MAX, UINT64_MAX, &w->arena, &waiting, &waiting_count, d);
    char name[64];
    if (!result) result = put_back(w, missing, count, d);
    if (!result) result = store_set_meta(s, failover_name(w->channel, name), bytes_of("", 0), d);
    snprintf(
        why, sizeof why,
        _("this store came from a backup; what one had said since came back from the counterparty (entries %llu to "
          "%llu), and what waited to be signed was taken off (messages: %llu): say it again. Nothing is signed in "
          "this channel any more: open a successor"),
        (unsigned long long)w->intended, (unsigned long long)w->shown.at.size - 1,
        (unsigned long long)count_said(w, waiting, waiting_count));
    if (!result) result = store_set_state(s, w->channel->id, CHANNEL_RESTORED, text_of(why), d);
    return store_end(s, result, d);
}

/* ---- comparing */

static enum error keep_shown(struct comparison *w, struct diag *d) {
    struct kept_checkpoint shown = {w->shown.at.size, w->shown.at.root, w->shown.whole};
    return store_put_checkpoint(w->node->store, own(w), CHECKPOINT_SHOWN, &shown, d);
}

static enum error is_behind(struct comparison *w, struct diag *d) {
    char why[1024];
    enum error result = keep_shown(w, d);
    if (result) return result;
    w->recovers = failover_declared(w) && w->from;
    w->behind = is_declared(w, "restored") && w->from;
    if (w->recovers) return OK;
    snprintf(why, sizeof why,
             _("this store is behind: %llu entries are signed here, and the counterparty was shown %llu. Nothing is "
               "signed. Where it came from a backup, `parley sync %.*s --restored` brings back what is missing, and a "
               "successor follows; where it is a replica and no other signs any more, `--failover` goes on here"),
             (unsigned long long)w->intended, (unsigned long long)w->shown.at.size, TEXT_ARG(w->channel->party));
    result = store_set_state(w->node->store, w->channel->id, CHANNEL_RESTORED, text_of(why), d);
    return result ? result : fail(d, ERR_FROZEN, "%s", why);
}

/* One's own key signed two histories: of the two, the counterparty may hold either. */
static enum error is_another(struct comparison *w, struct diag *d) {
    const char *why =
        _("the counterparty was shown another history of one's own record, signed by its log key. Nothing "
          "is signed: open a successor");
    struct buf text = {.max = EQUIVOCATION_MAX_BYTES};
    const struct contradicting x = {.shown = &w->shown};
    bool proves = false;
    enum error result = keep_shown(w, d);
    if (!result)
        result =
            contradiction_text(w->node, w->channel, SIDE_OWN, &x, w->keys, w->key_count, &w->arena, &text, &proves, d);
    struct kept_contradiction found = {proves, w->now, buf_as_text(&text)};
    if (!result) result = store_put_contradiction(w->node->store, own(w), &found, d);
    buf_free(&text);
    if (!result) result = store_set_state(w->node->store, w->channel->id, CHANNEL_RESTORED, text_of(why), d);
    return result ? result : fail(d, ERR_FROZEN, "%s", why);
}

static enum error compare(struct comparison *w, struct diag *d) {
    struct store *s = w->node->store;
    const struct checkpoint *at = &w->shown.at;
    struct sha256 root;
    enum error result = store_size(s, own(w), &w->size, d);
    if (!result) result = store_intended_size(s, own(w), &w->intended, d);
    if (result) return result;
    if (at->size > w->size) return is_behind(w, d);
    result = store_root(s, own(w), at->size, &root, d);
    if (result) return result;
    if (sha256_equal(root, at->root)) return at->size > w->intended ? store_intend(s, own(w), at->size, root, d) : OK;
    return at->size > w->intended ? is_behind(w, d) : is_another(w, d);
}

static bool is_signed_by_us(struct comparison *w, struct bytes shown) {
    return own_log_keys(w->node, w->channel, &w->arena, w->keys, &w->key_count, NULL) == OK && w->key_count &&
           checkpoint_open(shown, w->channel->of[SIDE_OWN].origin, w->keys, w->key_count, &w->arena, &w->shown, NULL) ==
               OK;
}

/* What was shown before stands, whatever is shown now: once a store is known to be behind, an answer that tells of
 * less, or of nothing that was signed here, must not let it sign a second history. */
static enum error recall(struct comparison *w, bool *any, struct diag *d) {
    struct kept_checkpoint kept;
    enum error result =
        store_checkpoint(w->node->store, own(w), CHECKPOINT_SHOWN, PICK_NEWEST, 0, &w->arena, &kept, NULL);
    if (result == ERR_MISSING) return OK;
    if (result) return fail(d, result, _("could not read a checkpoint"));
    if (*any && w->shown.at.size >= kept.size) return OK;
    w->shown =
        (struct signed_checkpoint){.at = {w->channel->of[SIDE_OWN].origin, kept.size, kept.root}, .whole = kept.note};
    result = note_read(kept.note, &w->arena, &w->shown.note, d); /* it was verified when it was kept */
    if (result) return result;
    *any = true;
    return OK;
}

/* In one transaction, by the channel as it stands: a recovery that ends meanwhile must not be taken for a lag. */
static enum error judge(struct comparison *w, struct bytes shown, struct diag *d) {
    struct channel now;
    enum error result = store_channel(w->node->store, w->channel->id, &w->arena, &now, d);
    bool restored = !result && now.state == CHANNEL_RESTORED;
    bool again = restored && failover_declared(w);
    if (!result && !restored) result = sync_is_open(&now, d);
    bool any = !result && shown.size && is_signed_by_us(w, shown);
    if (!result) result = recall(w, &any, d);
    if (!result && any) result = compare(w, d);
    /* Where nothing that was signed here is shown, and nothing is recalled, nothing was compared. */
    if (!result && again && any && !w->recovers) return go_on(w, d); /* what was missing is here already */
    return !result && restored && !w->recovers ? sync_is_open(&now, d) : result;
}

static enum error why_now(struct comparison *w, struct diag *d) {
    struct channel now;
    enum error result = store_channel(w->node->store, w->channel->id, &w->arena, &now, d);
    return result ? result : sync_is_open(&now, d);
}

enum error own_compare(const struct sync_node *n, const struct channel *c, struct bytes shown,
                       const struct own_source *from, instant now, struct diag *d) {
    struct comparison w = {.node = n, .channel = c, .from = from, .now = now};
    enum error result = store_begin(n->store, d);
    if (result) return result;
    enum error judged = judge(&w, shown, d);
    result = store_end(n->store, judged == ERR_FROZEN ? OK : judged, d); /* why it is so is to be kept */
    if (!result) result = judged;
    if (!result && w.recovers) result = recover(&w, d);
    if (result == ERR_FROZEN && w.behind && take_back(&w, NULL) == OK) result = why_now(&w, d);
    if (!result) store_set_compared(n->store, c->id, true);
    arena_free(&w.arena);
    return result;
}
