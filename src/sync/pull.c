/* Pulling the counterparty's record: its checkpoint, with a consistency proof made from its tiles; entries, proven
 * under it; blobs, from where an earlier try ended; then the cosignature, and the receipt for the other side. */
#include <stdio.h>
#include <string.h>

#include "record/entry.h"
#include "sync/cards.h"
#include "sync/mirror.h"
#include "sync/step.h"

/* How often one looks again where the other side, pushing meanwhile, was faster. */
enum {
    TRIES_MAX = 4,
    PACKAGES_AT_ONCE = 64,
    BLOBS_AT_ONCE = 4096, /* entries whose blobs are listed at a time */
    BATCH_BLOBS = 1024,   /* that are kept at once */
    BATCH_BYTES = 4 << 20,
    BATCH_BLOB_BYTES = STORE_INLINE_MAX - 1,
};

static int64_t theirs(const struct exchange *x) { return x->channel.of[SIDE_THEIRS].id; }

/* ---- blobs */

/* What one had said oneself is no burden that they put on this store: no limit holds for it. */
static enum error take_part(struct exchange *x, enum side side, struct sha256 sha, const struct response *r,
                            uint64_t have, uint64_t *size, struct diag *d) {
    struct content_range range = {.first = 0, .last = r->body.size ? r->body.size - 1 : 0, .size = r->body.size};
    if (r->status == 206 && !content_range_read(text_of(r->content_range), &range))
        return fail(d, ERR_NETWORK, _("the other side sent a part without saying which"));
    if (r->status == 206 && (range.first != have || range.last - range.first + 1 != r->body.size))
        return fail(d, ERR_NETWORK, _("the other side sent another part than the one asked for"));
    if (r->status != 206 && r->status != 200) return exchange_refused(r, _("fetching a blob"), d);
    if (side == SIDE_THEIRS && range.size > x->channel.limits.blob_bytes_max)
        return fail(
            d, ERR_LIMIT,
            _n("a blob of %llu byte is beyond the limit", "a blob of %llu bytes is beyond the limit", range.size),
            (unsigned long long)range.size);
    enum error result = have || side == SIDE_OWN ? OK : mirror_quota(x->node, &x->channel, range.size, d);
    *size = range.size;
    return result ? result
                  : store_put_blob_part_within(x->node->store, x->channel.id, side,
                                               side == SIDE_OWN ? UINT64_MAX : x->channel.limits.total_bytes_max, sha,
                                               range.first, range.size, buf_as_bytes(&r->body), d);
}

static enum error fetch_part(struct exchange *x, enum side side, struct sha256 sha, struct blob_about *about,
                             struct diag *d) {
    char what[16 + SHA256_HEX] = "blob/", range[HEADER_VALUE_MAX];
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    uint64_t size = about->size;
    sha256_hex(&sha, what + 5);
    snprintf(range, sizeof range, "bytes=%llu-%llu", (unsigned long long)about->have,
             (unsigned long long)about->have + WIRE_PART_BYTES - 1);
    struct asked q = {.method = "GET", .side = (int)side, .what = what, .range = range};
    enum error result = exchange_call(x, &q, &r, d);
    if (!result) result = take_part(x, side, sha, &r, about->have, &size, d);
    response_free(&r);
    return result ? result : store_blob_about(x->node->store, x->channel.id, sha, about, d);
}

/* A part did not fit to what is held.  Where the other side pushes the same blob, it has put parts meanwhile: one goes
 * on behind them.  Else what was begun is of another length, and is begun anew. */
static enum error look_at_blob_again(struct exchange *x, struct sha256 sha, struct blob_about *about, struct diag *d) {
    uint64_t before = about->have;
    enum error result = store_blob_about(x->node->store, x->channel.id, sha, about, d);
    if (!result && about->have == before) about->have = 0;
    return result;
}

enum error exchange_fetch_blob(struct exchange *x, enum side side, struct sha256 sha, struct diag *d) {
    struct blob_about about;
    enum error result = store_blob_about(x->node->store, x->channel.id, sha, &about, d);
    for (unsigned stuck = 0; !result && about.state != BLOB_HELD;) {
        uint64_t before = about.have;
        result = fetch_part(x, side, sha, &about, d);
        if (result == ERR_CONFLICT && before && stuck < TRIES_MAX) result = look_at_blob_again(x, sha, &about, d);
        if (!result && about.state != BLOB_HELD && about.have <= before && stuck++ == TRIES_MAX)
            result = fail(d, ERR_NETWORK, _("the other side sends no more of a blob"));
    }
    if (!result) x->report->got_blobs++;
    return result;
}

/* ---- the checkpoint */

enum error exchange_fetch_checkpoint(struct exchange *x, struct bytes *note, struct diag *d) {
    struct response r = {.body = {.max = CHECKPOINT_MAX_BYTES}};
    struct asked q = {.method = "GET", .side = SIDE_THEIRS, .what = "checkpoint"};
    enum error result = exchange_call(x, &q, &r, d);
    if (!result && r.status == 404)
        result = ERR_MISSING; /* nothing was said yet: no failure to be told */
    else if (!result && r.status != 200)
        result = exchange_refused(&r, _("fetching the checkpoint"), d);
    if (!result) *note = arena_bytes(&x->arena, buf_as_bytes(&r.body));
    response_free(&r);
    return result;
}

static enum error fetch_checkpoint(struct exchange *x, struct bytes *note, struct checkpoint *at, struct diag *d) {
    struct note read;
    enum error result = exchange_fetch_checkpoint(x, note, d);
    if (!result) result = note_read(*note, &x->arena, &read, d);
    return result ? result : checkpoint_read(read.text, at, d);
}

/* The log key stands in the card of entry 0, which must then be had before the checkpoint can be verified. */
static enum error fetch_first_card(struct exchange *x, uint64_t size, struct diag *d) {
    struct vkey keys[LOG_KEYS_MAX];
    struct bytes leaf;
    struct entry e;
    struct buf card = {.max = CARD_MAX_BYTES};
    size_t count;
    enum error result = cards_log_keys(x->node->store, &x->channel, SIDE_THEIRS, &x->arena, keys, &count, d);
    if (result || count || !size) return result;
    result = exchange_fetch_bundle(x, SIDE_THEIRS, size, 0, 1, &x->arena, &leaf, d);
    if (!result) result = entry_read(leaf, &x->arena, &e, d);
    if (!result && (e.blob_count != 1 || e.blobs[0].size > CARD_MAX_BYTES))
        result = fail(d, ERR_INPUT, _("their first entry holds no card"));
    if (!result) result = exchange_fetch_blob(x, SIDE_THEIRS, e.blobs[0].sha, d);
    if (!result) result = store_get_blob(x->node->store, x->channel.id, e.blobs[0].sha, 0, CARD_MAX_BYTES, &card, d);
    if (!result) result = cards_early(x->node->store, &x->channel, buf_as_bytes(&card), d);
    buf_free(&card);
    return result;
}

static enum error known_size(struct exchange *x, uint64_t *size, struct diag *d) {
    struct kept_checkpoint known;
    enum error result = mirror_known(x->node, &x->channel, &x->arena, &known, d);
    if (!result) *size = known.size;
    return result;
}

/* Older than what is held: looked at, because it may contradict, and then left. */
static enum error look_at_older(struct exchange *x, struct remote_tree *tree, struct bytes note, struct diag *d) {
    struct tree_reader reader = remote_tree_reader(tree);
    struct add_checkpoint c = {.old = tree->size, .note = note};
    enum error result = mirror_take_checkpoint(x->node, &x->channel, &c, &reader, x->now, NULL);
    return result == ERR_CONFLICT || !result ? OK : fail(d, result, _("their older checkpoint does not hold"));
}

/* Hashes that a neutral mirror serves must be those under the checkpoint: else they say something of the mirror, and
 * nothing of whose record it is. */
static enum error mirror_holds(const struct exchange *x, const struct tree_reader *r, const struct add_checkpoint *c,
                               uint64_t size, struct sha256 root, struct diag *d) {
    struct sha256 front;
    if (!x->stead.size || !c->old || c->old == size) return OK;
    enum error result = tree_range(r, 0, c->old, &front, d);
    if (!result && consistency_verify(&c->proof, c->old, front, size, root, NULL))
        result = fail(d, ERR_NETWORK, _("the mirror serves hashes that are not those under the checkpoint"));
    return result;
}

static enum error take_newer(struct exchange *x, struct remote_tree *tree, uint64_t known, struct sha256 root,
                             struct bytes note, struct diag *d) {
    struct tree_reader reader = remote_tree_reader(tree);
    struct add_checkpoint c = {.old = known, .note = note};
    enum error result = consistency_make(&reader, known, tree->size, &c.proof, d);
    if (!result) result = mirror_holds(x, &reader, &c, tree->size, root, d);
    return result ? result : mirror_take_checkpoint(x->node, &x->channel, &c, &reader, x->now, d);
}

/* The other side may push meanwhile, and what is known grow while the proof is made from its tiles: then one looks
 * again.  A contradiction is the same kind of error, but it freezes the channel. */
static enum error take_checkpoint(struct exchange *x, struct remote_tree *tree, struct sha256 root, struct bytes note,
                                  struct diag *d) {
    uint64_t known, now;
    enum error result = known_size(x, &known, d);
    for (unsigned tries = 0; !result && known <= tree->size; tries++) {
        struct channel channel;
        result = take_newer(x, tree, known, root, note, d);
        if (result != ERR_CONFLICT || tries == TRIES_MAX) return result;
        if (store_channel(x->node->store, x->channel.id, &x->arena, &channel, NULL) || sync_is_open(&channel, NULL) ||
            known_size(x, &now, NULL) || now <= known)
            return result;
        known = now;
        result = OK;
    }
    return result ? result : look_at_older(x, tree, note, d);
}

/* ---- entries */

struct packages {
    struct package *list;
    size_t room, count, bytes;
    struct arena arena; /* of the entries: a record may be long */
};

static enum error fetch_package(struct exchange *x, const struct tree_reader *reader, uint64_t start,
                                const struct kept_checkpoint *at, struct packages *all, struct diag *d) {
    struct package *p = &all->list[all->count];
    package_bounds(start, at->size, p);
    enum error result = exchange_fetch_bundle(x, SIDE_THEIRS, at->size, p->start, p->end, &all->arena, p->entries, d);
    if (!result) result = proof_make(reader, p->aligned, p->end, at->size, &p->proof, d);
    if (result) return result;
    for (uint64_t i = p->start; i < p->end; i++) all->bytes += p->entries[i - p->start].size;
    all->count++;
    return OK;
}

/* What came before a failure is kept: the next exchange goes on there. */
static enum error keep_packages(struct exchange *x, const struct kept_checkpoint *at, struct packages *all,
                                struct diag *d) {
    size_t taken = 0;
    enum error result =
        all->count ? mirror_take_packages(x->node, &x->channel, all->list, all->count, at, &taken, d) : OK;
    for (size_t i = 0; i < taken; i++) x->report->got_entries += all->list[i].end - all->list[i].start;
    all->count = all->bytes = 0;
    arena_free(&all->arena); /* a package that broke off has left its entries there, too */
    return result;
}

static enum error fetch_entries(struct exchange *x, struct remote_tree *tree, const struct kept_checkpoint *at,
                                struct diag *d) {
    const struct tree_reader reader = remote_tree_reader(tree);
    struct packages all = {0};
    uint64_t held;
    enum error result = store_size(x->node->store, theirs(x), &held, d);
    if (result || held >= at->size) return result;
    const uint64_t due = (at->size - held + 2 * TILE_WIDTH - 2) / TILE_WIDTH;
    all.room = due < PACKAGES_AT_ONCE ? (size_t)due : PACKAGES_AT_ONCE;
    all.list = ARENA_ARRAY(&x->arena, struct package, all.room);
    while (!result && held < at->size) {
        result = fetch_package(x, &reader, held, at, &all, d);
        if (!result) held = all.list[all.count - 1].end;
        if (!result && (all.count == all.room || all.bytes >= BATCH_BYTES)) result = keep_packages(x, at, &all, d);
    }
    enum error kept = keep_packages(x, at, &all, result ? NULL : d);
    return result ? result : kept;
}

/* ---- many small blobs: kept in one transaction, for each by itself waits for the disk */

struct batch {
    struct sha256 names[BATCH_BLOBS];
    struct bytes blobs[BATCH_BLOBS];
    size_t count, bytes;
    struct arena arena;
};

static enum error keep_one(struct exchange *x, struct sha256 name, struct bytes blob, struct diag *d) {
    enum error result = mirror_quota(x->node, &x->channel, blob.size, d);
    return result ? result
                  : store_put_blob_part(x->node->store, x->channel.id, SIDE_THEIRS, name, 0, blob.size, blob, d);
}

static enum error keep_batch(struct exchange *x, struct batch *b, struct diag *d) {
    enum error result = b->count ? store_begin(x->node->store, d) : OK;
    if (!result && b->count) {
        for (size_t i = 0; i < b->count && !result; i++) result = keep_one(x, b->names[i], b->blobs[i], d);
        result = store_end(x->node->store, result, d);
    }
    if (!result) x->report->got_blobs += b->count;
    b->count = b->bytes = 0;
    arena_free(&b->arena);
    return result;
}

/* Fetches a blob that fits into a row of the store; *whole is false where it is another than its entry says, or was
 * begun: then it goes the way of large ones. */
static enum error fetch_small(struct exchange *x, const struct wanted_blob *wanted, struct batch *b, bool *whole,
                              struct diag *d) {
    char what[16 + SHA256_HEX] = "blob/", range[HEADER_VALUE_MAX];
    struct blob_about about;
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    *whole = false;
    enum error result = store_blob_about(x->node->store, x->channel.id, wanted->sha, &about, d);
    if (result || about.state != BLOB_ABSENT || !wanted->size || wanted->size > BATCH_BLOB_BYTES) return result;
    sha256_hex(&wanted->sha, what + 5);
    snprintf(range, sizeof range, "bytes=0-%llu", (unsigned long long)wanted->size - 1);
    struct asked q = {.method = "GET", .side = SIDE_THEIRS, .what = what, .range = range};
    result = exchange_call(x, &q, &r, d);
    struct content_range got = {0};
    *whole = !result && r.status == 206 && content_range_read(text_of(r.content_range), &got) && !got.first &&
             got.size == wanted->size && r.body.size == wanted->size && got.size <= x->channel.limits.blob_bytes_max &&
             sha256_equal(sha256_of(buf_as_bytes(&r.body)), wanted->sha);
    if (*whole) {
        b->names[b->count] = wanted->sha;
        b->blobs[b->count++] = arena_bytes(&b->arena, buf_as_bytes(&r.body));
        b->bytes += r.body.size;
    }
    response_free(&r);
    return result;
}

static enum error fetch_one(struct exchange *x, const struct wanted_blob *wanted, struct batch *b, struct diag *d) {
    bool whole;
    enum error result = fetch_small(x, wanted, b, &whole, d);
    if (!result && whole) return b->count == BATCH_BLOBS || b->bytes >= BATCH_BYTES ? keep_batch(x, b, d) : OK;
    return result ? result : exchange_fetch_blob(x, SIDE_THEIRS, wanted->sha, d);
}

/* Of some entries at a time; what was erased further on is none of them, by `to`. */
static enum error fetch_some_blobs(struct exchange *x, uint64_t from, uint64_t end, uint64_t to, struct diag *d) {
    struct arena a = {0};
    struct batch *b = ARENA_NEW(&a, struct batch);
    struct wanted_blob *missing;
    size_t count = 0;
    enum error result = store_missing_some_blobs(x->node->store, theirs(x), from, end, to, &a, &missing, &count, d);
    for (size_t i = 0; i < (result ? 0 : count) && !result; i++) result = fetch_one(x, &missing[i], b, d);
    /* What came before a failure is kept: the next exchange goes on there. */
    enum error kept = keep_batch(x, b, result ? NULL : d);
    arena_free(&a);
    return result ? result : kept;
}

static enum error fetch_blobs(struct exchange *x, uint64_t to, struct diag *d) {
    uint64_t from;
    enum error result = store_checkpoint_size(x->node->store, theirs(x), CHECKPOINT_MIRROR, &from, d);
    for (uint64_t end; from < to && !result; from = end) {
        end = to - from < BLOBS_AT_ONCE ? to : from + BLOBS_AT_ONCE;
        result = fetch_some_blobs(x, from, end, to, d);
    }
    return result;
}

/* ---- the receipt */

static const char *posted_name(const struct exchange *x, char out[static 64]) {
    snprintf(out, 64, "posted %lld", (long long)x->channel.id);
    return out;
}

/* The size of the last receipt that the other side is known to have taken. */
static uint64_t posted_size(const struct exchange *x) {
    char name[64];
    struct buf value = {.max = 64};
    uint64_t size = 0;
    bool kept = store_meta(x->node->store, posted_name(x, name), &value, NULL) == OK &&
                number_line_read(buf_as_bytes(&value), &size);
    buf_free(&value);
    return kept ? size : 0;
}

static enum error post_receipt(struct exchange *x, const struct kept_checkpoint *at, struct text line, struct diag *d) {
    char name[64];
    struct buf body = {.max = REQUEST_BODY_MAX};
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    buf_bytes(&body, at->note);
    buf_text(&body, line);
    struct asked q = {.method = "POST",
                      .side = SIDE_THEIRS,
                      .what = "receipt",
                      .content_type = TYPE_TEXT,
                      .body = buf_as_bytes(&body)};
    enum error result = exchange_call(x, &q, &r, d);
    if (!result && r.status != 200) result = exchange_refused(&r, _("sending a receipt"), d);
    buf_clear(&body);
    buf_u64(&body, at->size);
    buf_char(&body, '\n');
    if (!result) result = store_set_meta(x->node->store, posted_name(x, name), buf_as_bytes(&body), d);
    buf_free(&body);
    response_free(&r);
    return result;
}

/* Whether what the other side pushed meanwhile was cosigned beyond that size: its push got the receipt. */
static bool went_on(const struct exchange *x, uint64_t size) {
    uint64_t mirrored;
    return store_checkpoint_size(x->node->store, theirs(x), CHECKPOINT_MIRROR, &mirrored, NULL) == OK &&
           mirrored > size;
}

static enum error commit(struct exchange *x, const struct kept_checkpoint *at, bool *moved, struct diag *d) {
    struct buf line = {.max = 65536};
    uint64_t mirrored;
    enum error result = store_checkpoint_size(x->node->store, theirs(x), CHECKPOINT_MIRROR, &mirrored, d);
    if (!result) result = mirror_commit(x->node, &x->channel, at->size, x->now, &line, d);
    if (result == ERR_CONFLICT && went_on(x, at->size)) {
        buf_free(&line);
        *moved = true;
        return OK;
    }
    if (!result && !x->carried && posted_size(x) < at->size) result = post_receipt(x, at, buf_as_text(&line), d);
    *moved = !result && at->size > mirrored;
    buf_free(&line);
    return result;
}

enum error exchange_pull(struct exchange *x, bool *moved, struct diag *d) {
    struct bytes note;
    struct checkpoint offered;
    struct kept_checkpoint at = {0};
    uint64_t before;
    *moved = false;
    enum error result = known_size(x, &before, d);
    if (!result) result = fetch_checkpoint(x, &note, &offered, d);
    if (result == ERR_MISSING) return OK;
    if (result || !offered.size) return result;
    struct remote_tree *tree = ARENA_NEW(&x->arena, struct remote_tree);
    *tree = (struct remote_tree){.exchange = x, .side = SIDE_THEIRS, .size = offered.size};
    result = fetch_first_card(x, offered.size, d);
    if (!result) result = take_checkpoint(x, tree, offered.root, note, d);
    if (!result) result = mirror_known(x->node, &x->channel, &x->arena, &at, d);
    if (result) return result;
    if (offered.size < at.size) { /* an old one, or they pushed meanwhile: then there may be more to fetch */
        *moved = at.size > before;
        return OK;
    }
    result = fetch_entries(x, tree, &at, d);
    if (!result) result = fetch_blobs(x, at.size, d);
    return result ? result : commit(x, &at, moved, d);
}
