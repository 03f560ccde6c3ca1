#include "sync/mend.h"

#include <stdio.h>
#include <string.h>

#include "store/mend.h"
#include "sync/cards.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/step.h"

struct mender {
    struct exchange x; /* its channel as it stood when mending began */
    const struct fault *faults;
    size_t count;
    struct diag *trouble;
};

static int64_t record_of(const struct mender *m, enum side side) { return m->x.channel.of[side].id; }
static struct store *store_of(const struct mender *m) { return m->x.node->store; }

static bool concerns(const struct mender *m, const struct fault *f) {
    return text_equal(f->where, m->x.channel.of[f->side].name);
}

static bool found(const struct mender *m, enum side side, enum fault_kind kind) {
    for (size_t i = 0; i < m->count; i++)
        if (m->faults[i].kind == kind && m->faults[i].side == side && concerns(m, &m->faults[i])) return true;
    return false;
}

/* What is in the way of one thing does not keep others from being mended. */
static void note_trouble(struct mender *m, const struct diag *why) {
    if (!m->trouble->text[0]) *m->trouble = *why;
}

/* ---- entries */

struct anchor { /* what was signed; size 0: nothing */
    uint64_t size;
    struct sha256 root;
};

static enum error log_keys(struct mender *m, enum side side, struct vkey keys[static LOG_KEYS_MAX], size_t *count) {
    return side == SIDE_OWN ? own_log_keys(m->x.node, &m->x.channel, &m->x.arena, keys, count, NULL)
                            : cards_log_keys(store_of(m), &m->x.channel, side, &m->x.arena, keys, count, NULL);
}

/* The largest checkpoint whose signature holds. */
static enum error find_anchor(struct mender *m, enum side side, struct anchor *out, struct diag *d) {
    struct vkey keys[LOG_KEYS_MAX];
    struct kept_checkpoint at;
    struct signed_checkpoint opened;
    size_t count = 0;
    enum checkpoint_kind kind = side == SIDE_OWN ? CHECKPOINT_SIGNED : CHECKPOINT_MIRROR;
    *out = (struct anchor){0};
    if (log_keys(m, side, keys, &count)) return OK; /* nothing verifies then */
    for (uint64_t size = INT64_MAX; size;) {
        enum error result =
            store_checkpoint(store_of(m), record_of(m, side), kind, PICK_AT_MOST, size, &m->x.arena, &at, d);
        if (result) return result == ERR_MISSING ? OK : result;
        if (checkpoint_open(at.note, m->x.channel.of[side].origin, keys, count, &m->x.arena, &opened, NULL) == OK) {
            *out = (struct anchor){opened.at.size, opened.at.root};
            return OK;
        }
        size = at.size ? at.size - 1 : 0;
    }
    return OK;
}

/* How many entries the other side serves of a record. */
static enum error served_size(struct mender *m, enum side side, uint64_t *size, struct diag *d) {
    struct response r = {.body = {.max = CHECKPOINT_MAX_BYTES}};
    struct note note;
    struct checkpoint at;
    struct asked q = {.method = "GET", .side = (int)side, .what = "checkpoint"};
    enum error result = exchange_call(&m->x, &q, &r, d);
    if (!result && r.status != 200) result = exchange_refused(&r, _("fetching the checkpoint"), d);
    struct bytes whole = result ? bytes_of(NULL, 0) : arena_bytes(&m->x.arena, buf_as_bytes(&r.body));
    response_free(&r);
    if (!result) result = note_read(whole, &m->x.arena, &note, d);
    if (!result) result = checkpoint_read(note.text, &at, d);
    if (!result) *size = at.size;
    return result;
}

struct fetched {
    uint64_t *places;
    struct bytes *leaves;
    size_t count, room, leaf_room;
};

static void keep_fetched(struct mender *m, struct fetched *f, uint64_t place, struct bytes leaf) {
    f->places = arena_grow(&m->x.arena, f->places, f->count, &f->room, sizeof *f->places);
    f->leaves = arena_grow(&m->x.arena, f->leaves, f->count, &f->leaf_room, sizeof *f->leaves);
    f->places[f->count] = place;
    f->leaves[f->count++] = leaf;
}

static enum error fetch_told(struct mender *m, enum side side, uint64_t served, struct fetched *f, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < m->count && !result; i++) {
        const struct fault *one = &m->faults[i];
        struct bytes leaf;
        uint64_t place = one->place.number;
        if (one->kind != FAULT_ENTRY || one->side != side || !concerns(m, one) || place >= served) continue;
        result = exchange_fetch_bundle(&m->x, side, served, place, place + 1, &m->x.arena, &leaf, d);
        if (!result) keep_fetched(m, f, place, leaf);
    }
    return result;
}

static enum error compare_bundle(struct mender *m, enum side side, uint64_t from, uint64_t to, uint64_t served,
                                 struct fetched *f, struct diag *d) {
    struct bytes theirs[TILE_WIDTH], *held;
    struct arena a = {0}; /* what is fetched is kept only where it differs */
    enum error result = exchange_fetch_bundle(&m->x, side, served, from, to, &a, theirs, d);
    for (uint64_t i = from; i < to && !result; i++) {
        size_t got = 0;
        result = store_leaves(store_of(m), record_of(m, side), i, 1, UINT64_MAX, &a, &held, &got, d);
        struct bytes leaf = theirs[i - from];
        bool same = !result && got && held[0].size == leaf.size && !memcmp(held[0].at, leaf.at, leaf.size);
        if (!result && !same) keep_fetched(m, f, i, arena_bytes(&m->x.arena, leaf));
    }
    arena_free(&a);
    return result;
}

/* Where damage hides which entry is at fault, all are compared with those that the other side holds. */
static enum error fetch_differing(struct mender *m, enum side side, uint64_t to, uint64_t served, struct fetched *f,
                                  struct diag *d) {
    enum error result = OK;
    f->count = 0;
    for (uint64_t from = 0; from < to && !result; from += TILE_WIDTH)
        result = compare_bundle(m, side, from, to - from < TILE_WIDTH ? to : from + TILE_WIDTH, served, f, d);
    return result;
}

/* Entries that nothing signed covers count only by the hash that was made of them when they were added. */
static enum error tail_stands(struct mender *m, enum side side, uint64_t from, struct diag *d) {
    uint64_t size;
    enum error result = store_size(store_of(m), record_of(m, side), &size, d);
    for (uint64_t i = from; i < size && !result; i++) {
        struct arena a = {0};
        struct bytes *leaves;
        size_t got;
        struct buf kept = {.max = SHA256_SIZE};
        result = store_leaves(store_of(m), record_of(m, side), i, 1, UINT64_MAX, &a, &leaves, &got, d);
        if (!result && !got) result = ERR_MISSING;
        if (!result) result = store_hashes(store_of(m), record_of(m, side), 0, i, 1, &kept, d);
        struct sha256 hash = result ? (struct sha256){{0}} : tree_leaf_hash(leaves[0]);
        if (!result && memcmp(kept.at, hash.at, SHA256_SIZE) != 0) result = ERR_PROOF;
        if (result == ERR_MISSING || result == ERR_PROOF)
            result = fail(d, ERR_PROOF, _("nothing that was signed tells what entry %llu was"), (unsigned long long)i);
        buf_free(&kept);
        arena_free(&a);
    }
    return result;
}

/* All of it, or nothing. */
static enum error put_right(struct mender *m, enum side side, const struct anchor *at, const struct fetched *f,
                            struct diag *d) {
    struct store *s = store_of(m);
    int64_t record = record_of(m, side);
    struct sha256 root;
    enum error result = store_begin(s, d);
    if (result) return result;
    for (size_t i = 0; i < f->count && !result; i++) result = store_mend_leaf(s, record, f->places[i], f->leaves[i], d);
    if (!result) result = store_mend_beside(s, record, d);
    if (!result && at->size) result = store_root(s, record, at->size, &root, d);
    if (!result && at->size && !sha256_equal(root, at->root))
        result = fail(d, ERR_PROOF, _("what is signed does not follow from the entries that came"));
    return store_end(s, result, d);
}

static enum error mend_record(struct mender *m, enum side side, struct diag *d) {
    struct anchor at;
    struct fetched f = {0};
    struct diag why = {0};
    uint64_t served = 0;
    enum error result = find_anchor(m, side, &at, d);
    if (result) return result;
    enum error tried = tail_stands(m, side, at.size, &why);
    if (!tried && m->x.remote && found(m, side, FAULT_ENTRY)) tried = served_size(m, side, &served, &why);
    if (!tried && served) tried = fetch_told(m, side, served < at.size ? served : at.size, &f, &why);
    if (!tried) tried = put_right(m, side, &at, &f, &why);
    if ((tried == ERR_PROOF || tried == ERR_MISSING) && m->x.remote && at.size) {
        why = (struct diag){0};
        tried = served_size(m, side, &served, &why);
        if (!tried) tried = fetch_differing(m, side, served < at.size ? served : at.size, served, &f, &why);
        if (!tried) tried = tail_stands(m, side, at.size, &why);
        if (!tried) tried = put_right(m, side, &at, &f, &why);
    }
    if (tried) note_trouble(m, &why);
    return tried == ERR_IO || tried == ERR_FULL ? fail(d, tried, "%s", why.text) : OK;
}

/* ---- checkpoints, receipts, cards */

/* Whether what was found may hide the card that names a key: a signature by it only seems to be by nobody then.  What
 * is mended first shows at the next look which are. */
static bool hides_keys(const struct mender *m) {
    static const enum fault_kind kinds[] = {FAULT_ENTRY, FAULT_INDEX, FAULT_CARD, FAULT_BLOB};
    for (size_t i = 0; i < m->count; i++)
        if (m->faults[i].kind == FAULT_DATABASE) return true;
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (found(m, SIDE_OWN, kinds[i]) || found(m, SIDE_THEIRS, kinds[i])) return true;
    return false;
}

static enum error forget_signatures(struct mender *m, struct diag *d) {
    enum error result = OK;
    if (hides_keys(m)) return OK;
    for (size_t i = 0; i < m->count && !result; i++) {
        const struct fault *f = &m->faults[i];
        if (!concerns(m, f)) continue;
        if (f->kind == FAULT_CHECKPOINT)
            result = store_forget_checkpoint(store_of(m), record_of(m, f->side), f->place.of, f->place.number, d);
        if (f->kind == FAULT_RECEIPT)
            result = store_forget_receipt(store_of(m), record_of(m, f->side), f->place.number, f->place.line, d);
    }
    return result;
}

/* What is here can be signed and cosigned again, where anything may be signed. */
static enum error sign_again(struct mender *m, struct diag *d) {
    struct buf line = {.max = 65536};
    uint64_t size = 0;
    struct diag why = {0};
    enum error result = OK, tried = OK;
    if (found(m, SIDE_OWN, FAULT_CHECKPOINT)) tried = own_sign(m->x.node, &m->x.channel, &why);
    if (!tried && found(m, SIDE_THEIRS, FAULT_RECEIPT)) {
        result = store_checkpoint_size(store_of(m), record_of(m, SIDE_THEIRS), CHECKPOINT_MIRROR, &size, d);
        if (!result && size) tried = mirror_commit(m->x.node, &m->x.channel, size, m->x.now, &line, &why);
    }
    if (tried) note_trouble(m, &why);
    buf_free(&line);
    return result;
}

static enum error mend_cards(struct mender *m, enum side side, struct diag *d) {
    struct store *s = store_of(m);
    uint64_t to = 0;
    enum error result = store_begin(s, d);
    if (result) return result;
    if (side == SIDE_OWN)
        result = store_size(s, record_of(m, side), &to, d);
    else
        result = store_checkpoint_size(s, record_of(m, side), CHECKPOINT_MIRROR, &to, d);
    if (!result) result = store_forget_cards(s, record_of(m, side), d);
    if (!result) result = cards_apply(s, &m->x.channel, side, 0, to, d);
    return store_end(s, result, d);
}

/* ---- blobs */

/* Bytes that are wrong are kept until the right ones can be had. */
static enum error can_be_had(struct mender *m, enum side side, struct sha256 sha, struct diag *d) {
    char what[16 + SHA256_HEX] = "blob/";
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    sha256_hex(&sha, what + 5);
    struct asked q = {.method = "GET", .side = (int)side, .what = what, .range = "bytes=0-0"};
    enum error result = exchange_call(&m->x, &q, &r, d);
    if (!result && r.status != 200 && r.status != 206) result = exchange_refused(&r, _("fetching a blob"), d);
    response_free(&r);
    return result;
}

static enum error mend_blob(struct mender *m, const struct fault *f, bool *left, struct diag *d) {
    struct store *s = store_of(m);
    struct diag why = {0};
    bool named;
    enum error looked = store_is_named(s, m->x.channel.id, f->place.sha, &named, d);
    if (looked) return looked;
    if (!named) /* of use to nobody */
        return f->side == SIDE_OWN ? store_drop_unnamed(s, m->x.channel.id, f->place.sha, d)
                                   : store_forget_blob(s, m->x.channel.id, f->place.sha, d);
    *left = true;
    if (!m->x.remote) return OK;
    enum error tried = can_be_had(m, f->side, f->place.sha, &why);
    if (!tried) {
        enum error result = store_forget_blob(s, m->x.channel.id, f->place.sha, d);
        if (result) return result;
        tried = exchange_fetch_blob(&m->x, f->side, f->place.sha, &why);
    }
    *left = tried != OK;
    if (tried) note_trouble(m, &why);
    return tried == ERR_IO || tried == ERR_FULL ? fail(d, tried, "%s", why.text) : OK;
}

static enum error mend_blobs(struct mender *m, bool left[static 2], struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < m->count && !result; i++) {
        bool this_left = false;
        if (m->faults[i].kind != FAULT_BLOB || !concerns(m, &m->faults[i])) continue;
        result = mend_blob(m, &m->faults[i], &this_left, d);
        left[m->faults[i].side] = left[m->faults[i].side] || this_left;
    }
    return result;
}

/* ---- all of it */

static bool is_record_fault(const struct mender *m, enum side side) {
    return found(m, side, FAULT_ENTRY) || found(m, side, FAULT_HASH) || found(m, side, FAULT_INDEX) ||
           found(m, side, FAULT_ROOT) || (side == SIDE_OWN && found(m, side, FAULT_RECEIPT));
}

static enum error mend(struct mender *m, struct diag *d) {
    bool left[2] = {false, false};
    enum error result = forget_signatures(m, d);
    for (int side = SIDE_THEIRS; side >= SIDE_OWN && !result; side--)
        if (record_of(m, (enum side)side) && is_record_fault(m, (enum side)side))
            result = mend_record(m, (enum side)side, d);
    if (!result) result = mend_blobs(m, left, d);
    /* A card whose blob is not to be had stands in the list alone. */
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !result; side++)
        if (found(m, side, FAULT_CARD) && !left[side]) result = mend_cards(m, side, d);
    if (!result && found(m, SIDE_THEIRS, FAULT_STATE))
        result = store_set_state(store_of(m), m->x.channel.id, CHANNEL_FROZEN,
                                 text_of(_("a contradiction of the counterparty is kept")), d);
    return result ? result : sign_again(m, d);
}

enum error mend_channel(const struct mending *q, const struct fault *faults, size_t count, struct diag *trouble,
                        struct diag *d) {
    struct sync_report report = {0};
    struct mender m = {.x = {.node = q->node, .remote = q->remote, .now = q->now, .report = &report},
                       .faults = faults,
                       .count = count,
                       .trouble = trouble};
    *trouble = (struct diag){0};
    enum error result = store_channel(q->node->store, q->channel, &m.x.arena, &m.x.channel, d);
    if (!result) result = mend(&m, d);
    arena_free(&m.x.arena);
    return result;
}
