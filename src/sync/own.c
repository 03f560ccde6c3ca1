#include "sync/own.h"

#include <stdio.h>

#include "sync/cards.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"

enum { RECEIPTS_PER_ENTRY_MAX = 16 };

static int64_t own(const struct channel *c) { return c->of[SIDE_OWN].id; }
static int64_t theirs(const struct channel *c) { return c->of[SIDE_THEIRS].id; }

/* One's own last entry; all zero, and size 0, where the record is empty. */
static enum error last_entry(const struct sync_node *n, const struct channel *c, struct arena *a, uint64_t *size,
                             struct entry *out, struct diag *d) {
    struct bytes *leaves;
    size_t got;
    *out = (struct entry){.time = INSTANT_NONE, .seen = {0, tree_empty_root()}};
    enum error result = store_size(n->store, own(c), size, d);
    if (result || !*size) return result;
    result = store_leaves(n->store, own(c), *size - 1, 1, UINT64_MAX, a, &leaves, &got, d);
    if (!result && !got) result = fail(d, ERR_INPUT, _("the store is damaged: it lacks an entry of a record"));
    return result ? result : entry_read(leaves[0], a, out, d);
}

/* ---- may one sign? */

static enum error seen_is_held(const struct sync_node *n, const struct channel *c, struct diag *d) {
    struct arena a = {0};
    struct entry last;
    struct sha256 root;
    uint64_t size, held = 0;
    enum error result = last_entry(n, c, &a, &size, &last, d);
    if (!result) result = store_size(n->store, theirs(c), &held, d);
    if (!result && held < last.seen.size)
        result =
            fail(d, ERR_BUSY, _("their record is held to %llu, and had been seen to %llu: it must be fetched first"),
                 (unsigned long long)held, (unsigned long long)last.seen.size);
    if (!result) result = store_root(n->store, theirs(c), last.seen.size, &root, d);
    if (!result && !sha256_equal(root, last.seen.root))
        result = fail(d, ERR_CONFLICT, _("their record is not the one that one's own last entry had seen"));
    arena_free(&a);
    return result;
}

/* The channel as it stands now: another thread may have frozen, completed or recovered it since `c` was read.  `alone`:
 * nobody was shown anything by this node that it could contradict. */
static enum error state_now(const struct sync_node *n, const struct channel *c, bool *alone, struct diag *d) {
    struct arena a = {0};
    struct channel now;
    enum error result = store_channel(n->store, c->id, &a, &now, d);
    *alone = !result && (now.state == CHANNEL_OFFERED || now.state == CHANNEL_MIRRORED);
    if (!result && !*alone) result = sync_is_open(&now, d);
    arena_free(&a);
    return result;
}

/* In the state that was just read. */
static enum error may_sign_now(const struct sync_node *n, const struct channel *c, bool alone, struct diag *d) {
    if (alone) return OK;
    if (!store_compared(n->store, c->id))
        return fail(d, ERR_BUSY, _("the record was not yet compared with what %.*s was shown"), TEXT_ARG(c->party));
    return seen_is_held(n, c, d);
}

enum error own_may_sign(const struct sync_node *n, const struct channel *c, struct diag *d) {
    bool alone;
    enum error result = state_now(n, c, &alone, d);
    return result ? result : may_sign_now(n, c, alone, d);
}

/* ---- signing */

/* In a transaction: what will be signed is durable with it. */
static enum error intend(const struct sync_node *n, const struct channel *c, struct checkpoint *at, struct diag *d) {
    enum error result = own_may_sign(n, c, d);
    if (!result) result = store_root(n->store, own(c), at->size, &at->root, d);
    return result ? result : store_intend(n->store, own(c), at->size, at->root, d);
}

/* After the transaction that intends it: the size and its root are durable before the signature exists. */
static enum error sign_intended(const struct sync_node *n, const struct channel *c, const struct checkpoint *at,
                                struct diag *d) {
    const struct signer *signers[2];
    size_t count;
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    enum error result = n->keys.logs(n->keys.state, at->origin, signers, &count, d);
    if (!result) result = checkpoint_sign(at, signers, count, &note, d);
    if (!result) {
        struct kept_checkpoint kept = {at->size, at->root, buf_as_bytes(&note)};
        result = store_put_checkpoint(n->store, own(c), CHECKPOINT_SIGNED, &kept, d);
    }
    buf_free(&note);
    return result;
}

static enum error sign_at(const struct sync_node *n, const struct channel *c, uint64_t size, struct diag *d) {
    struct checkpoint at = {.origin = c->of[SIDE_OWN].origin, .size = size};
    enum error result = store_begin(n->store, d);
    if (result) return result;
    result = store_end(n->store, intend(n, c, &at, d), d);
    return result ? result : sign_intended(n, c, &at, d);
}

enum error own_sign(const struct sync_node *n, const struct channel *c, struct diag *d) {
    uint64_t size, signed_size;
    enum error result = store_size(n->store, own(c), &size, d);
    if (!result) result = store_checkpoint_size(n->store, own(c), CHECKPOINT_SIGNED, &signed_size, d);
    return result || size <= signed_size ? result : sign_at(n, c, size, d);
}

void own_sign_if_allowed(const struct sync_node *n, const struct channel *c) {
    struct diag waits = {0};
    enum error result = own_sign(n, c, &waits);
    (void)result;
}

/* ---- composing */

/* For each own entry with a blob that no recorded receipt covers, the smallest receipt that does. */
static enum error gather_receipts(const struct sync_node *n, const struct channel *c, struct arena *a,
                                  struct entry *out, struct diag *d) {
    uint64_t covered;
    enum error result = store_recorded_size(n->store, own(c), &covered, d);
    out->receipts = ARENA_ARRAY(a, struct entry_receipt, RECEIPTS_PER_ENTRY_MAX);
    while (!result && out->receipt_count < RECEIPTS_PER_ENTRY_MAX) {
        struct kept_receipt r;
        uint64_t index;
        result = store_next_with_blob(n->store, own(c), covered, &index, d);
        if (result || index == UINT64_MAX) break;
        enum error found = store_receipt_covering(n->store, own(c), index + 1, a, &r, NULL);
        if (found == ERR_MISSING) break;
        if (found) return fail(d, found, _("could not read a receipt"));
        out->receipts[out->receipt_count++] = (struct entry_receipt){{r.size, r.root}, r.line};
        covered = r.size;
    }
    return result;
}

static enum error look_at_theirs(const struct sync_node *n, const struct channel *c, struct arena *a,
                                 const struct entry *last, struct entry *out, struct diag *d) {
    struct kept_checkpoint mirrored;
    out->seen = last->seen;
    if (!theirs(c)) return OK;
    enum error result = store_checkpoint(n->store, theirs(c), CHECKPOINT_MIRROR, PICK_NEWEST, 0, a, &mirrored, NULL);
    if (!result && mirrored.size > out->seen.size) out->seen = (struct entry_size){mirrored.size, mirrored.root};
    if (result && result != ERR_MISSING) return fail(d, result, _("could not read a checkpoint"));
    /* A receipt recorded before their entry 0 was seen would never count. */
    return out->seen.size ? gather_receipts(n, c, a, out, d) : OK;
}

/* Kept in this very transaction. */
static bool is_kept_with(const struct own_entry *e, size_t i) { return e->contents && e->contents[i].at; }

static enum error check_said(const struct sync_node *n, const struct channel *c, const struct own_entry *e,
                             uint64_t size, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < e->blob_count && !result; i++) {
        struct blob_about about;
        if (is_kept_with(e, i)) continue;
        result = store_blob_about(n->store, c->id, e->blobs[i].sha, &about, d);
        if (!result && about.state != BLOB_HELD) result = fail(d, ERR_MISSING, _("a blob of the entry is not held"));
    }
    for (size_t i = 0; i < e->erase_count && !result; i++) {
        bool attachment;
        result = store_is_attachment(n->store, own(c), e->erase[i], size, &attachment, d);
        if (!result && !attachment)
            result = fail(d, ERR_NO, _("only an attachment of an earlier entry of one's own can be erased"));
    }
    return result;
}

static enum error compose(const struct sync_node *n, const struct channel *c, const struct own_entry *e, instant now,
                          struct arena *a, uint64_t *index, struct buf *out, struct diag *d) {
    struct entry last;
    struct entry entry = {.follows = (struct entry_follows *)(uintptr_t)e->follows,
                          .follows_count = e->follows_count,
                          .erase = (struct sha256 *)(uintptr_t)e->erase,
                          .erase_count = e->erase_count,
                          .blobs = (struct entry_blob *)(uintptr_t)e->blobs,
                          .blob_count = e->blob_count};
    enum error result = last_entry(n, c, a, index, &last, d);
    if (!result) result = check_said(n, c, e, *index, d);
    if (!result) result = look_at_theirs(n, c, a, &last, &entry, d);
    if (result) return result;
    if (!*index) entry.channel = c->of[SIDE_OWN].name;
    entry.time = now > last.time ? now : last.time; /* a clock set back does not turn one's own times around */
    return entry_write(&entry, out, d);
}

static enum error keep_contents(const struct sync_node *n, const struct channel *c, const struct own_entry *e,
                                struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < e->blob_count && !result; i++) {
        struct sha256 sha;
        if (!is_kept_with(e, i)) continue;
        result = store_put_blob(n->store, c->id, SIDE_OWN, e->contents[i], &sha, d);
        if (!result && !sha256_equal(sha, e->blobs[i].sha))
            result = fail(d, ERR_INPUT, _("a blob is not the one that the entry names"));
    }
    return result;
}

/* What is at hand need not be read again to see that it is none. */
static bool may_name_a_card(const struct own_entry *e) {
    return e->blob_count == 1 && (!is_kept_with(e, 0) || cards_may_be(e->contents[0]));
}

static enum error append(const struct sync_node *n, const struct channel *c, const struct own_entry *e, instant now,
                         uint64_t *index, struct diag *d) {
    struct arena a = {0};
    struct buf leaf = {.max = ENTRY_MAX_BYTES + 1};
    enum error result = keep_contents(n, c, e, d);
    if (!result) result = compose(n, c, e, now, &a, index, &leaf, d);
    if (!result) result = store_add_leaf(n->store, own(c), *index, buf_as_bytes(&leaf), d);
    for (size_t i = 0; i < e->erase_count && !result; i++) result = store_erase_blob(n->store, c->id, e->erase[i], d);
    if (!result && may_name_a_card(e)) result = cards_apply(n->store, c, SIDE_OWN, *index, *index + 1, d);
    buf_free(&leaf);
    arena_free(&a);
    return result;
}

enum error own_append(const struct sync_node *n, const struct channel *c, const struct own_entry *e, instant now,
                      uint64_t *index, struct diag *d) {
    const struct signer *signers[2];
    size_t count;
    uint64_t at = 0;
    bool alone, sign = false;
    if (c->state == CHANNEL_MIRRORED) return fail(d, ERR_NO, _("a mirror says nothing in anybody's stead"));
    /* Asked for though nothing may be signed yet: what could never be signed is not to be said. */
    enum error result = n->keys.logs(n->keys.state, c->of[SIDE_OWN].origin, signers, &count, d);
    if (!result) result = store_begin(n->store, d);
    if (result) return result;
    result = state_now(n, c, &alone, d);
    if (!result) sign = may_sign_now(n, c, alone, NULL) == OK;
    if (!result) result = append(n, c, e, now, &at, d);
    struct checkpoint next = {.origin = c->of[SIDE_OWN].origin, .size = at + 1};
    if (!result && sign) result = intend(n, c, &next, d); /* in one transaction, and so in one sync */
    result = store_end(n->store, result, d);
    if (!result) *index = at;
    return result;
}

enum error own_settle(const struct sync_node *n, const struct channel *c, instant now, bool *appended, struct diag *d) {
    struct arena a = {0};
    struct entry last, next = {0};
    uint64_t size, with_blob = 0, index;
    *appended = false;
    if (c->state == CHANNEL_MIRRORED) return OK;  /* it has no record of its own */
    enum error result = store_begin(n->store, d); /* what is needed must not change before it is appended */
    if (result) return result;
    result = own_may_sign(n, c, d);
    if (!result) result = last_entry(n, c, &a, &size, &last, d);
    if (!result) result = look_at_theirs(n, c, &a, &last, &next, d);
    if (!result && theirs(c)) result = store_size_with_blob(n->store, theirs(c), next.seen.size, &with_blob, d);
    bool needed = !result && size && (next.receipt_count || with_blob > last.seen.size);
    if (needed) result = append(n, c, &(struct own_entry){0}, now, &index, d);
    result = store_end(n->store, result, d);
    *appended = !result && needed;
    arena_free(&a);
    return result;
}

/* ---- keys */

enum error own_log_keys(const struct sync_node *n, const struct channel *c, struct arena *a,
                        struct vkey out[static LOG_KEYS_MAX], size_t *count, struct diag *d) {
    const struct signer *signers[2];
    size_t signer_count;
    enum error result = cards_log_keys(n->store, c, SIDE_OWN, a, out, count, d);
    if (result) return result;
    result = n->keys.logs(n->keys.state, c->of[SIDE_OWN].origin, signers, &signer_count, *count ? NULL : d);
    if (result) return *count ? OK : result;
    for (size_t i = 0; i < signer_count && *count < LOG_KEYS_MAX; i++) out[(*count)++] = *signer_vkey(signers[i]);
    return OK;
}

/* ---- receipts */

static enum error from_the_future(const struct vkey *key, instant stamp, struct diag *d) {
    char at[INSTANT_TEXT_MAX];
    return fail(d, ERR_SIGNATURE,
                _("the receipt by %.*s is dated %.*s, which is to come: one of the two clocks is wrong"),
                TEXT_ARG(key->name), TEXT_ARG(instant_write(stamp, at)));
}

static enum error take_line(const struct sync_node *n, const struct channel *c, const struct kept_checkpoint *at,
                            struct text line, const struct card *card, instant now, struct arena *a, bool *taken,
                            struct diag *d) {
    struct note_signature signature;
    struct note note;
    struct vkey key;
    instant stamp;
    enum error result = note_read_signature(line, a, &signature, d);
    if (!result) result = note_read(at->note, a, &note, d);
    for (size_t i = 0; i < card->mirrors.count && !result; i++) {
        if (vkey_read(card->mirrors.at[i], &key, NULL) || !text_equal(key.name, signature.name) ||
            key.id != signature.id)
            continue;
        result = cosignature_verify(&signature, &key, note.text, &stamp, d);
        if (!result && stamp > now + (instant)STAMP_AHEAD_SECONDS * INSTANT_SECOND)
            result = from_the_future(&key, stamp, d);
        struct kept_receipt receipt = {at->size, at->root, line, stamp, false};
        if (!result) result = store_put_receipt(n->store, own(c), &receipt, d);
        *taken = *taken || !result;
    }
    return result;
}

enum error own_take_receipt(const struct sync_node *n, const struct channel *c, uint64_t size, struct text lines,
                            instant now, struct diag *d) {
    struct arena a = {0};
    struct card card;
    struct kept_checkpoint at;
    struct text line;
    bool taken = false;
    enum error result = sync_may_take(c, d);
    if (!result) result = store_checkpoint(n->store, own(c), CHECKPOINT_SIGNED, PICK_AT, size, &a, &at, d);
    if (!result) result = cards_current(n->store, c, SIDE_THEIRS, &a, &card, d);
    while (!result && text_line(&lines, &line)) result = take_line(n, c, &at, line, &card, now, &a, &taken, d);
    if (!result && !taken)
        result = fail(d, ERR_SIGNATURE, _("no cosignature by a mirror key of the counterparty's card"));
    arena_free(&a);
    return result;
}

enum error own_take_cosigned(const struct sync_node *n, const struct channel *c, struct bytes whole, instant now,
                             struct diag *d) {
    struct arena a = {0};
    struct note note;
    struct checkpoint at;
    struct kept_checkpoint kept;
    enum error result = note_read(whole, &a, &note, d);
    if (!result) result = checkpoint_read(note.text, &at, d);
    if (!result) result = store_checkpoint(n->store, own(c), CHECKPOINT_SIGNED, PICK_AT, at.size, &a, &kept, d);
    if (!result && !sha256_equal(kept.root, at.root))
        result = fail(d, ERR_CONFLICT, _("this record has another root at that size"));
    struct text lines = text_from_bytes(whole);
    if (!result) result = own_take_receipt(n, c, at.size, text_sub(lines, note.text.size + 1, lines.size), now, d);
    arena_free(&a);
    return result;
}

enum error own_held_by_them(const struct sync_node *n, const struct channel *c, struct arena *a,
                            struct kept_receipt *out, struct diag *d) {
    struct text name = arena_format(a, "%.*s/mirror", TEXT_ARG(c->party));
    return store_newest_receipt_by(n->store, own(c), name, a, out, d);
}

/* ---- serving */

/* Where the window holds a part back: once, as this is asked at each look. */
static void sign_window(const struct sync_node *n, const struct channel *c, uint64_t size, struct arena *a) {
    struct kept_checkpoint kept;
    struct diag waits = {0};
    enum error result = store_checkpoint(n->store, own(c), CHECKPOINT_SIGNED, PICK_AT, size, a, &kept, &waits);
    if (result == ERR_MISSING) result = sign_at(n, c, size, &waits);
    (void)result;
}

enum error own_served(const struct sync_node *n, const struct channel *c, struct arena *a, struct kept_checkpoint *out,
                      struct diag *d) {
    struct kept_receipt receipt;
    struct kept_checkpoint newest;
    uint64_t erased, limit = c->limits.window_entries;
    own_sign_if_allowed(n, c);
    enum error result = store_checkpoint(n->store, own(c), CHECKPOINT_SIGNED, PICK_NEWEST, 0, a, &newest, d);
    if (result) return result;
    if (store_newest_receipt(n->store, own(c), a, &receipt, NULL) == OK)
        limit = limit > UINT64_MAX - receipt.size ? UINT64_MAX : limit + receipt.size;
    if (newest.size > limit) {
        result = store_size_with_erase(n->store, own(c), newest.size, &erased, d);
        if (erased > limit) limit = erased;
        if (!result) sign_window(n, c, limit, a);
        if (!result) result = store_checkpoint(n->store, own(c), CHECKPOINT_SIGNED, PICK_AT_MOST, limit, a, &newest, d);
    }
    if (!result) *out = newest;
    return result;
}
