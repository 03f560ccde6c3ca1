#include "node/link_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "base/os.h"
#include "node/client.h"
#include "node/engine.h"
#include "node/fields.h"
#include "sync/wire.h"
#include "tlog/tile.h"

enum { LOCK_WAIT_MS = 5000, LOCK_TICK_MS = 50, ALONG_BYTES_MAX = 512 << 10 /* of blobs that go with an entry */ };

/* ---- opening */

static enum error try_socket(const char *folder, struct node_link *l, struct diag *d) {
    char path[OS_PATH_MAX];
    struct client_options o = {.socket = os_path(path, folder, "socket")};
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    struct request q = {.method = TEXT("GET"), .path = TEXT("/desk/public")};
    if (!os_exists(path)) return fail(d, ERR_MISSING, _("no node runs here"));
    enum error result = client_open(&o, &l->client, d);
    if (!result) result = client_remote(l->client)->call(client_remote(l->client), &q, &r, d);
    response_free(&r);
    if (result) {
        client_close(l->client);
        l->client = NULL;
    }
    return result;
}

/* Another command may hold the lock for a moment, or a node may be starting. */
static enum error open_one(const struct link_options *o, struct node_link *l, struct diag *d) {
    struct timespec tick = {0, LOCK_TICK_MS * 1000000};
    enum error result = ERR_BUSY;
    for (unsigned waited = 0; result == ERR_BUSY && waited <= LOCK_WAIT_MS; waited += LOCK_TICK_MS) {
        if (!o->unlinked && try_socket(o->folder, l, NULL) == OK) return OK;
        if (d) *d = (struct diag){0};
        result = engine_open(o->folder, o->passphrase, o->random, &l->engine, d);
        if (result == ERR_BUSY) nanosleep(&tick, NULL);
    }
    return result;
}

void link_close(struct node_link *l) {
    if (!l) return;
    client_close(l->client);
    engine_close(l->engine);
    free(l);
}

bool link_is_remote(const struct node_link *l) { return l->client != NULL; }

/* ---- calling */

enum error link_named_error(struct text name) {
    static const enum error codes[] = {
#define X(code, exit, http, sentence) code,
        ERROR_LIST(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(codes); i++)
        if (text_is(name, error_name(codes[i]))) return codes[i];
    return ERR_NETWORK;
}

/* The error that a node told, with its words. */
static enum error told_error(const struct response *r, struct diag *d) {
    struct text rest = buf_as_text(&r->body), name;
    if (!text_is(text_of(r->content_type), TYPE_ERROR) || !text_line(&rest, &name) || !link_named_error(name))
        return fail(d, ERR_NETWORK, _("the node answered %u"), r->status);
    struct text words = text_sub(rest, 0, text_find(rest, '\n'));
    return fail(d, link_named_error(name), "%.*s", TEXT_ARG(words));
}

struct question {
    const char *method;
    struct text path;
    struct bytes body;
    const char *range, *content_range;
};

static enum error ask(struct node_link *l, const struct question *q, struct response *r, struct diag *d) {
    struct request request = {.method = text_of(q->method),
                              .path = q->path,
                              .content_type = q->body.size ? TEXT("application/octet-stream") : TEXT(""),
                              .range = text_of(q->range),
                              .content_range = text_of(q->content_range),
                              .body = q->body};
    enum error result = OK;
    if (l->client)
        result = client_remote(l->client)->call(client_remote(l->client), &request, r, d);
    else
        engine_answer_desk(l->engine, &request, l->now, r);
    if (!result && r->status != 200 && r->status != 206) result = told_error(r, d);
    return result;
}

enum error link_ask_text(struct node_link *l, const char *method, struct text path, struct bytes body, struct arena *a,
                         struct text *out, struct diag *d) {
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    enum error result = ask(l, &(struct question){.method = method, .path = path, .body = body}, &r, d);
    if (!result && out) *out = arena_text(a, buf_as_text(&r.body));
    response_free(&r);
    return result;
}

/* The first call tells whether this is the node, and whether it takes this desk. */
static enum error open_remote(const struct link_options *o, struct node_link *l, struct diag *d) {
    struct client_options c = {.url = o->url, .pins = o->pins, .key = o->key, .certificate = o->certificate};
    struct arena a = {0};
    struct text answer;
    struct diag why = {0};
    enum error result = client_open(&c, &l->client, &why);
    if (!result) result = link_ask_text(l, "GET", TEXT("/desk/public"), bytes_of("", 0), &a, &answer, &why);
    arena_free(&a);
    if (!result) return OK;
    client_close(l->client);
    if (result != ERR_NETWORK) return fail(d, result, "%s", why.text);
    /* What a refusal in the handshake looks like from here is the TLS library's to say. */
    return fail(d, result, _("%s (where the node runs: it takes no desk whose officer no card in its records names)"),
                why.text);
}

enum error link_open(const struct link_options *o, struct node_link **out, struct diag *d) {
    struct node_link *l = calloc(1, sizeof *l);
    if (!l) return fail(d, ERR_MEMORY, _("out of memory"));
    enum error result = o->url.size ? open_remote(o, l, d) : open_one(o, l, d);
    if (result)
        free(l);
    else
        *out = l;
    return result;
}

static struct text channel_path(struct text origin, const char *what, struct arena *a) {
    return arena_format(a, "/desk/c/%.*s/%s", TEXT_ARG(origin_hash(origin, a)), what);
}

enum error link_ask_channel(struct node_link *l, const char *method, struct text origin, const char *what,
                            struct bytes body, struct arena *a, struct text *out, struct diag *d) {
    return link_ask_text(l, method, channel_path(origin, what, a), body, a, out, d);
}

/* ---- the node, and opening channels */

enum error link_public(struct node_link *l, struct arena *a, struct node_public *out, struct diag *d) {
    struct text t;
    enum error result = link_ask_text(l, "GET", TEXT("/desk/public"), bytes_of("", 0), a, &t, d);
    if (!result) *out = (struct node_public){fields_text(t, "party"), fields_text(t, "mirror"), fields_text(t, "tls")};
    return result;
}

enum error link_own_card(struct node_link *l, struct arena *a, struct bytes *note, struct diag *d) {
    struct text t;
    enum error result = link_ask_text(l, "GET", TEXT("/desk/card"), bytes_of("", 0), a, &t, d);
    if (!result) *note = bytes_from_text(t);
    return result;
}

enum error link_desks(struct node_link *l, struct arena *a, struct bytes **notes, size_t *count, struct diag *d) {
    struct text t, block;
    struct bytes *list = NULL;
    size_t got = 0, room = 0;
    enum error result = link_ask_text(l, "GET", TEXT("/desk/desks"), bytes_of("", 0), a, &t, d);
    while (!result && fields_next(&t, &block)) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        if (!fields_bytes(block, "desk", a, &list[got++])) result = fail(d, ERR_NETWORK, _("the node told no desks"));
    }
    if (result) return result;
    *notes = list;
    *count = got;
    return OK;
}

enum error link_admit_desk(struct node_link *l, struct bytes enrolment, struct diag *d) {
    struct arena a = {0};
    enum error result = link_ask_text(l, "PUT", TEXT("/desk/desk"), enrolment, &a, NULL, d);
    arena_free(&a);
    return result;
}

enum error link_drop_desk(struct node_link *l, struct text pin, struct diag *d) {
    struct arena a = {0};
    enum error result = link_ask_text(l, "POST", TEXT("/desk/drop-desk"), bytes_from_text(pin), &a, NULL, d);
    arena_free(&a);
    return result;
}

enum error link_log_key(struct node_link *l, struct text origin, struct arena *a, struct text *vkey, struct diag *d) {
    return link_ask_text(l, "POST", TEXT("/desk/log-key"), bytes_from_text(origin), a, vkey, d);
}

enum error link_key(struct node_link *l, enum node_key which, enum key_step step, struct text origin, instant now,
                    struct arena *a, struct key_pair *out, struct diag *d) {
    struct buf body = {.max = 4096};
    struct text t;
    l->now = now;
    field_u64(&body, "which", which);
    field_u64(&body, "step", step);
    field_text(&body, "origin", origin);
    enum error result = link_ask_text(l, "POST", TEXT("/desk/key"), buf_as_bytes(&body), a, &t, d);
    if (!result) *out = (struct key_pair){fields_text(t, "current"), fields_text(t, "next")};
    buf_free(&body);
    return result;
}

static void write_opening(const struct link_opening *o, struct arena *a, struct buf *out) {
    field_text(out, "own", channel_name_write(&o->own, a));
    field_hex(out, "own-secret", bytes_of(o->own_secret, CHANNEL_SECRET_SIZE));
    field_bytes(out, "own-card", o->own_card);
    if (o->theirs_known) {
        field_hex(out, "their-secret", bytes_of(o->their_secret, CHANNEL_SECRET_SIZE));
        field_text(out, "their-root", o->their_root);
        field_bytes(out, "their-card", o->their_card);
    }
    for (size_t i = 0; i < o->follows_count; i++) {
        char hex[SHA256_HEX];
        const struct entry_follows *f = &o->follows[i];
        sha256_hex(&f->at.root, hex);
        field_text(out, "follows",
                   arena_format(a, "%.*s %llu %s", TEXT_ARG(f->channel), (unsigned long long)f->at.size, hex));
    }
    field_bytes(out, "proposal", o->proposal);
}

enum error link_open_channel(struct node_link *l, const struct link_opening *o, instant now, struct diag *d) {
    struct arena a = {0};
    struct buf body = {.max = REQUEST_BODY_MAX};
    l->now = now;
    write_opening(o, &a, &body);
    enum error result = buf_check(&body, d);
    if (!result) result = link_ask_text(l, "POST", TEXT("/desk/open"), buf_as_bytes(&body), &a, NULL, d);
    buf_free(&body);
    arena_free(&a);
    return result;
}

/* ---- what is there */

static bool read_channel(struct text t, struct arena *a, struct link_channel *out) {
    *out = (struct link_channel){
        .party = fields_text(t, "party"),
        .number = fields_u64(t, "number"),
        .drill = fields_u64(t, "drill") != 0,
        .own_name = fields_text(t, "own-name"),
        .their_name = fields_text(t, "their-name"),
        .own_origin = fields_text(t, "own-origin"),
        .their_origin = fields_text(t, "their-origin"),
        .own_root = fields_text(t, "own-root"),
        .their_root = fields_text(t, "their-root"),
        .state = (enum channel_state)fields_u64(t, "state"),
        .why = fields_text(t, "why"),
        .own_size = fields_u64(t, "own-size"),
        .their_size = fields_u64(t, "their-size"),
        .receipted_size = fields_u64(t, "receipted-size"),
        .receipted_at = fields_instant(t, "receipted-at"),
        .cosigned_size = fields_u64(t, "cosigned-size"),
        .contacted_at = fields_instant(t, "contacted-at"),
        .tried_at = fields_instant(t, "tried-at"),
        .trouble = fields_text(t, "trouble"),
        .skew = fields_text(t, "skew"),
        .witnesses = fields_u64(t, "witnesses"),
        .quorum = fields_u64(t, "quorum"),
        .witnessed_size = {fields_u64(t, "own-witnessed"), fields_u64(t, "their-witnessed")},
        .witnessed_at = {fields_instant(t, "own-witnessed-at"), fields_instant(t, "their-witnessed-at")},
        .witness_trouble = fields_text(t, "witness-trouble")};
    return fields_bytes(t, "their-card", a, &out->their_card);
}

enum error link_channels(struct node_link *l, struct arena *a, struct link_channel **out, size_t *count,
                         struct diag *d) {
    struct text rest, block;
    struct link_channel *list = NULL;
    size_t got = 0, room = 0;
    enum error result = link_ask_text(l, "GET", TEXT("/desk/channels"), bytes_of("", 0), a, &rest, d);
    while (!result && fields_next(&rest, &block)) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        if (!read_channel(block, a, &list[got++]))
            result = fail(d, ERR_NETWORK, _("the node told of a channel in an unknown way"));
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

struct reading {
    struct bytes *list;
    size_t count, room;
};

static enum error read_bundle(struct node_link *l, struct text origin, uint64_t from, struct arena *a,
                              struct reading *into, struct diag *d) {
    char what[64];
    struct text bundle;
    snprintf(what, sizeof what, "entries/%llu", (unsigned long long)from);
    enum error result = link_ask_channel(l, "GET", origin, what, bytes_of("", 0), a, &bundle, d);
    struct bytes rest = bytes_from_text(result ? TEXT("") : bundle), entry;
    while (bundle_next(&rest, &entry)) {
        into->list = arena_grow(a, into->list, into->count, &into->room, sizeof entry);
        into->list[into->count++] = entry;
    }
    return result;
}

enum error link_leaves(struct node_link *l, struct text origin, uint64_t from, struct arena *a, struct bytes **leaves,
                       size_t *count, struct diag *d) {
    struct reading r = {0};
    size_t before;
    do {
        before = r.count;
        enum error result = read_bundle(l, origin, from + r.count, a, &r, d);
        if (result) return result;
    } while (r.count > before);
    *leaves = r.list;
    *count = r.count;
    return OK;
}

enum error link_some_leaves(struct node_link *l, struct text origin, uint64_t from, struct arena *a,
                            struct bytes **leaves, size_t *count, struct diag *d) {
    struct reading r = {0};
    enum error result = read_bundle(l, origin, from, a, &r, d);
    if (result) return result;
    *leaves = r.list;
    *count = r.count;
    return OK;
}

static enum error read_part(struct node_link *l, struct text path, uint64_t from, uint64_t *size, struct buf *out,
                            struct diag *d) {
    char range[HEADER_VALUE_MAX];
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    struct content_range got = {0};
    snprintf(range, sizeof range, "bytes=%llu-", (unsigned long long)from);
    enum error result = ask(l, &(struct question){.method = "GET", .path = path, .range = range}, &r, d);
    if (!result && r.status == 206 && !content_range_read(text_of(r.content_range), &got))
        result = fail(d, ERR_NETWORK, _("the node sent a part without saying which"));
    if (!result) buf_bytes(out, buf_as_bytes(&r.body));
    if (!result) *size = got.size;
    response_free(&r);
    return result ? result : buf_check(out, d);
}

enum error link_blob(struct node_link *l, struct text origin, struct sha256 sha, uint64_t max, struct buf *out,
                     struct diag *d) {
    struct arena a = {0};
    char hex[SHA256_HEX], what[SHA256_HEX + 8];
    sha256_hex(&sha, hex);
    snprintf(what, sizeof what, "blob/%s", hex);
    struct text path = channel_path(origin, what, &a);
    size_t start = out->size;
    uint64_t size = UINT64_MAX, before;
    enum error result;
    do {
        before = out->size - start;
        result = read_part(l, path, before, &size, out, d);
        if (!result && size > max)
            result = fail(d, ERR_LIMIT, _n("the blob has %llu byte", "the blob has %llu bytes", size),
                          (unsigned long long)size);
    } while (!result && out->size - start < size && out->size - start > before);
    if (!result && out->size - start != size) result = fail(d, ERR_NETWORK, _("the node sent a blob that is cut off"));
    /* The node may be on another machine and in other hands: what it sends is what was named, or nothing. */
    if (!result && !sha256_equal(sha256_of(bytes_of(out->at + start, out->size - start)), sha)) {
        out->size = start;
        result = fail(d, ERR_PROOF, _("the node sent another blob than the one that the record names"));
    }
    arena_free(&a);
    return result;
}

enum error link_checkpoint(struct node_link *l, struct text origin, uint64_t size, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct text note;
    char what[64];
    snprintf(what, sizeof what, "checkpoint/%llu", (unsigned long long)size);
    enum error result = link_ask_channel(l, "GET", origin, what, bytes_of("", 0), &a, &note, d);
    if (!result) buf_text(out, note);
    arena_free(&a);
    return result ? result : buf_check(out, d);
}

enum error link_contradictions(struct node_link *l, struct text origin, struct arena *a, struct link_proof **out,
                               size_t *count, struct diag *d) {
    struct text rest, block;
    struct bytes text;
    struct link_proof *list = NULL;
    size_t got = 0, room = 0;
    enum error result = link_ask_channel(l, "GET", origin, "contradictions", bytes_of("", 0), a, &rest, d);
    while (!result && fields_next(&rest, &block)) {
        if (!fields_bytes(block, "text", a, &text))
            return fail(d, ERR_NETWORK, _("the node told of a contradiction in an unknown way"));
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = (struct link_proof){fields_u64(block, "proves") != 0, fields_instant(block, "found-at"), origin,
                                          text_from_bytes(text)};
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

/* ---- saying something */

static enum error send_blob(struct node_link *l, struct text origin, struct bytes blob, struct sha256 sha,
                            struct diag *d) {
    struct arena a = {0};
    char hex[SHA256_HEX], what[SHA256_HEX + 8], header[HEADER_VALUE_MAX];
    sha256_hex(&sha, hex);
    snprintf(what, sizeof what, "blob/%s", hex);
    struct text path = channel_path(origin, what, &a);
    enum error result = OK;
    for (size_t at = 0; !result && (at < blob.size || !at); at += WIRE_PART_BYTES) {
        struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
        size_t left = blob.size - at, size = left < WIRE_PART_BYTES ? left : WIRE_PART_BYTES;
        struct content_range range = {.first = at, .last = at + size - 1, .size = blob.size};
        content_range_write(&range, header, sizeof header);
        struct question q = {.method = "PUT",
                             .path = path,
                             .body = bytes_of(size ? blob.at + at : NULL, size),
                             .content_range = blob.size > WIRE_PART_BYTES ? header : NULL};
        result = ask(l, &q, &r, d);
        response_free(&r);
    }
    arena_free(&a);
    return result;
}

/* What is small goes with the entry, and is kept in the same transaction. */
static bool goes_along(struct bytes blob, size_t *along) {
    if (!blob.size || blob.size >= STORE_INLINE_MAX || *along + blob.size > ALONG_BYTES_MAX) return false;
    *along += blob.size;
    return true;
}

/* What was sent for nothing leaves its space to others; the failure that is told is the first one. */
static void discard(struct node_link *l, const struct link_submission *s, size_t sent) {
    struct arena a = {0};
    size_t along = 0;
    for (size_t i = 0; i < sent; i++) {
        if (goes_along(s->blobs[i], &along)) continue;
        char hex[SHA256_HEX], what[SHA256_HEX + 16];
        struct sha256 sha = sha256_of(s->blobs[i]);
        sha256_hex(&sha, hex);
        snprintf(what, sizeof what, "discard/%s", hex);
        if (link_ask_channel(l, "POST", s->origin, what, bytes_of("", 0), &a, NULL, NULL)) break;
    }
    arena_free(&a);
}

enum error link_submit(struct node_link *l, const struct link_submission *s, instant now, uint64_t *index,
                       struct diag *d) {
    struct arena a = {0};
    struct buf body = {.max = 1 << 20};
    char hex[SHA256_HEX];
    struct text told;
    enum error result = OK;
    l->now = now;
    size_t sent = 0, along = 0;
    for (; sent < s->blob_count && !result; sent++) {
        struct sha256 sha = sha256_of(s->blobs[sent]);
        bool goes = goes_along(s->blobs[sent], &along);
        if (!goes) result = send_blob(l, s->origin, s->blobs[sent], sha, d);
        sha256_hex(&sha, hex);
        buf_format(&body, "blob %s %zu%s", hex, s->blobs[sent].size, goes ? " " : "");
        if (goes) buf_base64(&body, s->blobs[sent], BASE64_PADDED);
        buf_char(&body, '\n');
    }
    for (size_t i = 0; i < s->erase_count; i++) field_hex(&body, "erase", sha256_bytes(&s->erase[i]));
    if (!result) result = buf_check(&body, d);
    if (!result) result = link_ask_channel(l, "POST", s->origin, "submit", buf_as_bytes(&body), &a, &told, d);
    if (result) discard(l, s, sent);
    if (!result && !text_u64(told, index)) result = fail(d, ERR_NETWORK, _("the node told no index"));
    buf_free(&body);
    arena_free(&a);
    return result;
}
