/* Pushing one's own record: blobs, then the checkpoint, then entries; the answer to the last is the receipt. */
#include <inttypes.h>
#include <stdio.h>

#include "sync/gzip.h"
#include "sync/own.h"
#include "sync/step.h"

enum { TRIES_MAX = 4 };

struct push {
    struct exchange *x;
    int64_t record;
    struct kept_checkpoint at; /* what is pushed */
    uint64_t receipted;
    bool overtaken; /* the other side knows a later checkpoint by now: the next round sees to that one */
};

/* The other side tells that it knows a checkpoint of that size, later than the one that is pushed.  Where so much is
 * signed and served here by now, it came by it in an exchange of its own meanwhile; else nothing explains it. */
static bool is_overtaken(struct push *p, uint64_t told) {
    struct kept_checkpoint served;
    p->overtaken = told > p->at.size && own_served(p->x->node, &p->x->channel, &p->x->arena, &served, NULL) == OK &&
                   told <= served.size;
    return p->overtaken;
}

/* ---- blobs */

static enum error put_part(struct push *p, const char *what, const struct content_range *range, struct bytes part,
                           struct response *r, struct diag *d) {
    char header[HEADER_VALUE_MAX];
    if (range) content_range_write(range, header, sizeof header);
    struct asked q = {.method = "PUT",
                      .side = SIDE_OWN,
                      .what = what,
                      .content_type = TYPE_BYTES,
                      .content_range = range ? header : NULL,
                      .body = part};
    return exchange_call(p->x, &q, r, d);
}

/* What the other side says that it holds of a blob; `whole` where that is all of it. */
static enum error answer_of_put(const struct response *r, uint64_t *have, bool *whole, struct diag *d) {
    *whole = r->status == 200 || r->status == 201;
    bool told = (r->status == 202 || r->status == 409) && text_is(text_of(r->content_type), TYPE_HAVE) &&
                number_line_read(buf_as_bytes(&r->body), have);
    return *whole || told ? OK : exchange_refused(r, _("sending a blob"), d);
}

static enum error send_next_part(struct push *p, const char *what, const struct wanted_blob *blob, uint64_t size,
                                 uint64_t *have, bool *whole, struct diag *d) {
    struct buf part = {.max = WIRE_PART_BYTES};
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    enum error result =
        store_get_blob(p->x->node->store, p->x->channel.id, blob->sha, *have, WIRE_PART_BYTES, &part, d);
    struct content_range range = {.first = *have, .last = *have + part.size - 1, .size = size};
    if (!result) result = put_part(p, what, size ? &range : NULL, buf_as_bytes(&part), &r, d);
    if (!result) result = answer_of_put(&r, have, whole, d);
    buf_free(&part);
    response_free(&r);
    return result;
}

static enum error send_blob(struct push *p, const struct wanted_blob *blob, struct diag *d) {
    struct blob_about about;
    char what[16 + SHA256_HEX] = "blob/";
    bool whole = false;
    uint64_t have = 0, before = UINT64_MAX;
    enum error result = store_blob_about(p->x->node->store, p->x->channel.id, blob->sha, &about, d);
    if (result || about.state != BLOB_HELD) return result;
    sha256_hex(&blob->sha, what + 5);
    if (about.size >= STORE_INLINE_MAX) { /* worth a question */
        struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
        struct content_range ask = {.asks = true, .size = about.size};
        result = put_part(p, what, &ask, bytes_of("", 0), &r, d);
        if (!result) result = answer_of_put(&r, &have, &whole, d);
        response_free(&r);
    }
    for (unsigned stuck = 0; !result && !whole;) {
        stuck = have == before ? stuck + 1 : 0;
        before = have;
        if (stuck == TRIES_MAX || have > about.size)
            return fail(d, ERR_NETWORK, _("the other side takes no more of a blob"));
        result = send_next_part(p, what, blob, about.size, &have, &whole, d);
    }
    if (!result) p->x->report->sent_blobs++;
    return result;
}

static enum error send_blobs(struct push *p, struct diag *d) {
    struct wanted_blob *blobs;
    size_t count = 0;
    enum error result =
        store_named_blobs(p->x->node->store, p->record, p->receipted, p->at.size, &p->x->arena, &blobs, &count, d);
    for (size_t i = 0; i < count && !result; i++) result = send_blob(p, &blobs[i], d);
    return result;
}

/* ---- the checkpoint */

static enum error post_checkpoint(struct push *p, uint64_t old, struct response *r, struct diag *d) {
    struct store_tree tree = {p->x->node->store, p->record};
    struct tree_reader reader = store_tree_reader(&tree);
    struct add_checkpoint c = {.old = old, .note = p->at.note};
    struct buf body = {.max = REQUEST_BODY_MAX};
    enum error result = consistency_make(&reader, old, p->at.size, &c.proof, d);
    if (!result) add_checkpoint_write(&c, &body);
    struct asked q = {
        .method = "POST", .side = -1, .what = "add-checkpoint", .content_type = TYPE_TEXT, .body = buf_as_bytes(&body)};
    if (!result) result = exchange_call(p->x, &q, r, d);
    buf_free(&body);
    return result;
}

static enum error send_checkpoint(struct push *p, struct diag *d) {
    uint64_t old = p->receipted;
    for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
        struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
        uint64_t told = UINT64_MAX;
        enum error result = post_checkpoint(p, old, &r, d);
        bool sized = !result && r.status == 409 && text_is(text_of(r.content_type), TYPE_SIZE) &&
                     number_line_read(buf_as_bytes(&r.body), &told);
        bool taken = !result && r.status == 200;
        bool done = taken || (sized && is_overtaken(p, told));
        if (!result && !done && (!sized || told > p->at.size || told == old))
            result = exchange_refused(&r, _("sending the checkpoint"), d);
        response_free(&r);
        if (result || done) return result;
        old = told;
    }
    return fail(d, ERR_NETWORK, _("the other side names another size each time"));
}

/* ---- entries */

static enum error write_package(struct push *p, uint64_t start, struct package *package, struct buf *body,
                                struct diag *d) {
    struct store_tree tree = {p->x->node->store, p->record};
    struct tree_reader reader = store_tree_reader(&tree);
    struct arena a = {0};
    struct bytes *leaves;
    size_t got = 0;
    package_bounds(start, p->at.size, package);
    uint64_t count = package->end - package->start;
    enum error result = store_leaves(tree.store, p->record, start, count, UINT64_MAX, &a, &leaves, &got, d);
    if (!result && got != count) result = fail(d, ERR_INTERNAL, _("entries of one's own record are missing"));
    for (size_t i = 0; i < got && !result; i++) package->entries[i] = leaves[i];
    if (!result) result = proof_make(&reader, package->aligned, package->end, p->at.size, &package->proof, d);
    if (!result) result = package_write(package, body, d);
    arena_free(&a);
    return result;
}

static enum error write_upload(struct push *p, uint64_t start, struct bytes ticket, struct buf *body, struct diag *d) {
    struct add_entries head = {p->x->channel.of[SIDE_OWN].origin, start, p->at.size, ticket};
    struct package *package = ARENA_NEW(&p->x->arena, struct package);
    enum error result = OK;
    add_entries_write(&head, body);
    for (unsigned i = 0; i < WIRE_PACKAGES_MAX && start < p->at.size && !result; i++) {
        if (i && body->size > WIRE_UPLOAD_BYTES) break;
        size_t before = body->size;
        result = write_package(p, start, package, body, d);
        if (i && body->size > REQUEST_BODY_MAX) { /* a prefix of the packages is an upload, too */
            body->size = before;
            break;
        }
        start = package->end;
    }
    return result;
}

struct upload_answer {
    bool taken; /* cosigned */
    struct mirror_info info;
};

static enum error upload(struct push *p, uint64_t start, struct bytes ticket, struct upload_answer *out,
                         struct diag *d) {
    struct buf body = {.max = 2 * REQUEST_BODY_MAX};
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    struct buf packed = {.max = 2 * REQUEST_BODY_MAX};
    enum error result = write_upload(p, start, ticket, &body, d);
    bool pack = !result && body.size >= GZIP_WORTH_BYTES;
    if (pack) result = gzip_pack(buf_as_bytes(&body), &packed, d);
    struct asked q = {.method = "POST",
                      .side = -1,
                      .what = "add-entries",
                      .content_type = TYPE_BYTES,
                      .gzip = pack,
                      .body = buf_as_bytes(pack ? &packed : &body)};
    if (!result) result = exchange_call(p->x, &q, &r, d);
    out->taken = !result && r.status == 200;
    bool told = !result && (r.status == 202 || r.status == 409) && text_is(text_of(r.content_type), TYPE_MIRROR_INFO);
    if (out->taken)
        result = own_take_receipt(p->x->node, &p->x->channel, p->at.size, buf_as_text(&r.body), p->x->now, d);
    else if (told)
        result = mirror_info_read(buf_as_bytes(&r.body), &p->x->arena, &out->info, d);
    else if (!result)
        result = exchange_refused(&r, _("sending entries"), d);
    buf_free(&body);
    buf_free(&packed);
    response_free(&r);
    return result;
}

static enum error send_entries(struct push *p, struct diag *d) {
    struct upload_answer answer = {.info = {.next = p->receipted}};
    uint64_t start, first = UINT64_MAX;
    unsigned stuck = 0;
    do {
        start = answer.info.next;
        enum error result = upload(p, start, answer.info.ticket, &answer, d);
        if (result) return result;
        if (first == UINT64_MAX && (answer.taken || answer.info.next > start)) first = start;
        if (answer.taken) break;
        if (is_overtaken(p, answer.info.size)) return OK;
        if (answer.info.size != p->at.size || answer.info.next > p->at.size)
            return fail(d, ERR_CONFLICT, _("the other side waits for another checkpoint, of size %" PRIu64),
                        answer.info.size);
        stuck = answer.info.next > start ? 0 : stuck + 1;
    } while (stuck < TRIES_MAX);
    if (first < p->at.size) p->x->report->sent_entries += (answer.taken ? p->at.size : answer.info.next) - first;
    return answer.taken ? OK : fail(d, ERR_PENDING, _("the other side still misses blobs"));
}

/* What this other side itself holds: a third party's receipts tell nothing of what the counterparty has, though its
 * card does not name it any more, nor do the counterparty's tell what a neutral mirror has. */
static uint64_t receipted_by(struct exchange *x) {
    struct kept_receipt receipt;
    int64_t record = x->channel.of[SIDE_OWN].id;
    enum error result = x->stead.size
                            ? store_newest_receipt_by(x->node->store, record, x->stead, &x->arena, &receipt, NULL)
                            : own_held_by_them(x->node, &x->channel, &x->arena, &receipt, NULL);
    return result == OK ? receipt.size : 0;
}

enum error exchange_push(struct exchange *x, bool *moved, struct diag *d) {
    struct push p = {.x = x, .record = x->channel.of[SIDE_OWN].id};
    *moved = false;
    /* What is signed already a neutral mirror may hold, though nothing new may be signed here yet. */
    enum error result = own_sign(x->node, &x->channel, d);
    if (!result || (result == ERR_BUSY && x->stead.size)) {
        result = own_served(x->node, &x->channel, &x->arena, &p.at, d);
        if (result == ERR_MISSING) return OK; /* nothing was said yet */
    }
    if (result) return result;
    p.receipted = receipted_by(x);
    if (p.receipted >= p.at.size) return OK;
    result = send_blobs(&p, d);
    if (!result) result = send_checkpoint(&p, d);
    if (!result && !p.overtaken) result = send_entries(&p, d);
    *moved = !result;
    return result;
}
