#include "sync/exchange.h"

#include <stdio.h>

#include "sync/cards.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/step.h"

enum { ROUNDS_MAX = 8 };

enum error exchange_call(struct exchange *x, const struct asked *q, struct response *r, struct diag *d) {
    char path[REQUEST_PATH_MAX];
    int size = q->side < 0 ? snprintf(path, sizeof path, "/%s", q->what)
                           : snprintf(path, sizeof path, "/%.*s/%s", TEXT_ARG(x->channel.of[q->side].hash), q->what);
    ASSERT(size > 0 && size < (int)sizeof path);
    struct request request = {.method = text_of(q->method),
                              .path = text_of(path),
                              .content_type = text_of(q->content_type),
                              .content_encoding = text_of(q->gzip ? "gzip" : NULL),
                              .content_range = text_of(q->content_range),
                              .range = text_of(q->range),
                              .body = q->body};
    return x->remote->call(x->remote, &request, r, d);
}

enum error exchange_refused(const struct response *r, const char *doing, struct diag *d) {
    struct text words = buf_as_text(&r->body);
    words = text_sub(words, 0, text_find(words, '\n'));
    if (words.size > 200 || !text_is_note_text(words)) words = TEXT("");
    return fail(d, ERR_NETWORK, _("%s: the other side answered %u %.*s"), doing, r->status, TEXT_ARG(words));
}

/* ---- showing and comparing */

/* Shows the other side what one holds of its record; gets the highest checkpoint that it holds of one's own. */
static enum error show(struct exchange *x, struct bytes *shown, struct diag *d) {
    struct kept_checkpoint known;
    struct response r = {.body = {.max = CHECKPOINT_MAX_BYTES}};
    enum error result = mirror_known(x->node, &x->channel, &x->arena, &known, d);
    struct asked q = {
        .method = "POST", .side = SIDE_THEIRS, .what = "shown", .content_type = TYPE_TEXT, .body = known.note};
    if (!result) result = exchange_call(x, &q, &r, d);
    /* 409: the other side is behind what it had shown.  That is its trouble; one's own record can still be compared. */
    if (!result && r.dated) sync_note_skew(x->node, &x->channel, r.ahead);
    if (!result && (r.status == 403 || r.status == 409) && !x->carried) result = exchange_take_proofs(x, d);
    if (!result && r.status != 200 && r.status != 409) result = exchange_refused(&r, _("comparing"), d);
    if (!result && r.status == 409)
        result = fail(d, ERR_PENDING, _("the other side signs nothing: its store is behind what it had shown"));
    if (!result) *shown = arena_bytes(&x->arena, buf_as_bytes(&r.body));
    response_free(&r);
    return result;
}

static enum error missing_entries(void *state, uint64_t from, uint64_t to, struct arena *a, struct bytes **leaves,
                                  struct diag *d) {
    struct exchange *x = state;
    struct bytes *list = ARENA_ARRAY(a, struct bytes, (size_t)(to - from));
    enum error result = OK;
    for (uint64_t at = from; at < to && !result;) {
        struct package bounds;
        package_bounds(at, to, &bounds);
        result = exchange_fetch_bundle(x, SIDE_OWN, to, bounds.start, bounds.end, a, list + (at - from), d);
        at = bounds.end;
    }
    if (!result) *leaves = list;
    return result;
}

/* After a recovery one's own blobs, too, are where the entries came from, or will be: the other side may have taken
 * entries whose blobs had not arrived. */
static enum error fetch_own_blobs(struct exchange *x, struct diag *d) {
    struct wanted_blob *missing;
    size_t count = 0;
    uint64_t size;
    int64_t record = x->channel.of[SIDE_OWN].id;
    enum error result = store_size(x->node->store, record, &size, d);
    if (!result) result = store_missing_blobs(x->node->store, record, 0, size, &x->arena, &missing, &count, d);
    struct diag why = {0};
    enum error lost = OK;
    size_t at = 0;
    for (size_t i = 0; i < count && !result; i++) {
        enum error one = exchange_fetch_blob(x, SIDE_OWN, missing[i].sha, lost ? NULL : &why);
        if (one && !lost) lost = one, at = i;
    }
    if (lost)
        return fail(d, lost, _("a blob of one's own entry %llu was lost and did not come back yet: %s"),
                    (unsigned long long)missing[at].index, why.text);
    if (!result && count) result = cards_apply(x->node->store, &x->channel, SIDE_OWN, missing[0].index, size, d);
    return result ? result : own_note_lost(x->node, &x->channel, false, d);
}

/* What does not come back holds up nothing else: it is told where nothing worse happens, and asked for each time. */
static void take_own_blobs(struct exchange *x) {
    x->lost = own_has_lost(x->node, &x->channel) ? fetch_own_blobs(x, &x->why_lost) : OK;
}

/* A store that came from a backup signs nothing, and gets back what it had: of its own record, and of theirs. */
static void take_what_was_lost(struct exchange *x) {
    bool moved;
    if (store_channel(x->node->store, x->channel.id, &x->arena, &x->channel, NULL) ||
        x->channel.state != CHANNEL_RESTORED)
        return;
    enum error own = fetch_own_blobs(x, NULL), theirs = exchange_pull(x, &moved, NULL);
    (void)own, (void)theirs; /* the next exchange tries again; what is told is why nothing is signed */
}

/* Once after each start, and again where this store counts as restored; the other side compares every time. */
enum error exchange_compare(struct exchange *x, bool *moved, struct diag *d) {
    struct bytes shown;
    struct own_source source = {missing_entries, x};
    bool was_open = x->channel.state == CHANNEL_OPEN;
    *moved = false;
    enum error result = show(x, &shown, d);
    if (!result && (!was_open || x->carried || !store_compared(x->node->store, x->channel.id)))
        result = own_compare(x->node, &x->channel, shown, &source, x->now, d);
    if (result == ERR_FROZEN) take_what_was_lost(x);
    if (!result) take_own_blobs(x);
    return result;
}

enum error exchange_settle(struct exchange *x, bool *moved, struct diag *d) {
    return own_settle(x->node, &x->channel, x->now, moved, d);
}

/* ---- rounds */

enum error exchange_step(struct exchange *x, exchange_run *run, bool *moved, struct diag *d) {
    bool this_moved = false;
    int64_t id = x->channel.id;
    arena_free(&x->arena);
    enum error result = store_channel(x->node->store, id, &x->arena, &x->channel, d);
    if (!result) result = run(x, &this_moved, d);
    *moved = *moved || this_moved;
    return result;
}

/* A failure to pull is no reason not to push, and what failed first is what is told. */
static enum error round_of(struct exchange *x, bool *moved, struct diag *d) {
    struct diag second = {0};
    enum error pulled = exchange_step(x, exchange_pull, moved, d);
    bool frozen = pulled == ERR_FROZEN;
    enum error settled = frozen ? OK : exchange_step(x, exchange_settle, moved, &second);
    enum error pushed = frozen || settled ? OK : exchange_step(x, exchange_push, moved, &second);
    enum error later = settled ? settled : pushed;
    if (pulled || !later) return pulled;
    return fail(d, later, "%s", second.text);
}

enum error sync_channel(const struct sync_node *n, int64_t channel, struct remote *r, instant now,
                        struct sync_report *report, struct diag *d) {
    struct exchange x = {.node = n, .channel = {.id = channel}, .remote = r, .now = now, .report = report};
    *report = (struct sync_report){0};
    bool moved = true;
    struct diag unproved = {0};
    /* What they don't serve is asked for again with the next exchange: nothing is signed either way. */
    (void)(exchange_step(&x, exchange_prove, &moved, &unproved) == OK);
    enum error result = exchange_step(&x, exchange_compare, &moved, d);
    for (unsigned round = 0; !result && moved && round < ROUNDS_MAX; round++) {
        moved = false;
        result = round_of(&x, &moved, d);
    }
    /* The other side misses the same: the more exact words are told. */
    if ((!result || result == ERR_PENDING) && x.lost) result = fail(d, x.lost, "%s", x.why_lost.text);
    arena_free(&x.arena);
    return result;
}
