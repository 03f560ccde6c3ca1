/* HTTP requests of a listener: what may come, gathering the body, giving the answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/os.h"
#include "node/date.h"
#include "node/peer.h"

/* The answer is queued in the second call: an answer in the first would close the connection. */
struct incoming {
    char method[16], path[REQUEST_PATH_MAX];
    char content_type[HEADER_VALUE_MAX], content_encoding[HEADER_VALUE_MAX];
    char content_range[HEADER_VALUE_MAX], range[HEADER_VALUE_MAX];
    bool takes_gzip;
    bool dated; /* it told its time, by which its clock is so much ahead */
    instant ahead;
    struct buf body;
};

struct peer *peer_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* ---- what is refused before the body is read */

struct headers {
    unsigned lengths;
    unsigned status; /* of a refusal; 0: none */
    uint64_t length;
    struct incoming *into;
};

static void copy_header(struct headers *h, const char *value, char out[static HEADER_VALUE_MAX]) {
    size_t size = value ? strlen(value) : 0;
    if (size >= HEADER_VALUE_MAX || out[0] || strpbrk(value ? value : "", "\r\n"))
        h->status = 400; /* too long, twice, or folded */
    else
        memcpy(out, value ? value : "", size + 1);
}

static void look_at_length(struct headers *h, const char *value) {
    uint64_t length;
    if (++h->lengths > 1 || !text_u64(text_of(value), &length))
        h->status = 400;
    else if (length > REQUEST_BODY_MAX)
        h->status = 413;
    else
        h->length = length;
}

/* A weight that is not 0, as in `q=0.5`. */
static bool weighs(struct text t) {
    bool digit = false;
    for (size_t i = 0; i < t.size; i++) digit = digit || (t.at[i] > '0' && t.at[i] <= '9');
    return digit;
}

/* Whether `gzip` is among the codings of an Accept-Encoding, and not with the weight 0 (RFC 9110, section 12.5.3). */
static bool names_gzip(const char *value) {
    for (struct text rest = text_of(value); rest.size;) {
        size_t end = text_find(rest, ',');
        struct text one = text_sub(rest, 0, end);
        size_t name = text_find(one, ';');
        if (text_is(text_trim(text_sub(one, 0, name)), "gzip"))
            return name == one.size || weighs(text_sub(one, name, one.size));
        rest = text_sub(rest, end < rest.size ? end + 1 : end, rest.size);
    }
    return false;
}

static enum MHD_Result look_at_header(void *state, enum MHD_ValueKind kind, const char *name, const char *value) {
    struct headers *h = state;
    (void)kind;
    if (!strcasecmp(name, "Transfer-Encoding")) h->status = 411;
    if (!strcasecmp(name, "Content-Length")) look_at_length(h, value);
    if (!strcasecmp(name, "Content-Type")) copy_header(h, value, h->into->content_type);
    if (!strcasecmp(name, "Content-Range")) copy_header(h, value, h->into->content_range);
    if (!strcasecmp(name, "Date")) h->into->dated = value && http_date_ahead(value, os_now(), &h->into->ahead);
    if (!strcasecmp(name, "Range")) copy_header(h, value, h->into->range);
    if (!strcasecmp(name, "Accept-Encoding")) h->into->takes_gzip = value && names_gzip(value);
    if (!strcasecmp(name, "Content-Encoding")) {
        copy_header(h, value, h->into->content_encoding);
        if (strcmp(h->into->content_encoding, "gzip") != 0) h->status = 415;
    }
    return MHD_YES;
}

/* The status with which to refuse; 0: the request may come. */
static unsigned look_at_request(struct MHD_Connection *connection, const char *url, const char *method,
                                struct incoming *into, uint64_t *length) {
    struct headers h = {.into = into};
    if (strlen(url) >= sizeof into->path || strchr(url, '%')) return 400;
    if (strlen(method) >= sizeof into->method) return 501;
    if (MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, NULL, NULL) > 0) return 400;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at_header, &h);
    strcpy(into->path, url);
    strcpy(into->method, strcmp(method, "HEAD") ? method : "GET"); /* the library leaves the body out */
    *length = h.length;
    return h.status;
}

/* Whether a counterparty may have that much under way, all of its connections together; then it has. */
static bool reserve(struct peer *p, uint64_t length) {
    uint64_t held = 0;
    struct listener *l = p->listener;
    pthread_mutex_lock(&l->lock);
    for (const struct peer *other = l->peers; other; other = other->next)
        if (other != p && other->held && !memcmp(other->pin, p->pin, sizeof p->pin)) held += other->held;
    bool may = l->path[0] || !held || held + length <= l->settings.peer_bytes;
    p->held = may ? length : 0;
    pthread_mutex_unlock(&l->lock);
    return may;
}

/* What the settings say of it, before its body is read: 0, or the status with which it is refused. */
static unsigned meter(struct peer *p, uint64_t length) {
    const struct node_settings s = peer_settings(p->listener);
    if (!p->listener->path[0] && !meter_ask(p->listener->meter, &s, text_of(p->pin), peer_clock_ms())) return 429;
    return reserve(p, length) ? 0 : 503;
}

static void count_refusal(struct listener *l, unsigned status) {
    peer_refused(l, status == 429   ? REFUSED_RATE
                    : status == 503 ? REFUSED_MEMORY
                    : status == 413 ? REFUSED_SIZE
                                    : REFUSED_FORM);
}

/* ---- answers */

static enum MHD_Result queue(struct MHD_Connection *connection, struct response *r, bool last) {
    size_t size = r->body.size;
    struct MHD_Response *made = MHD_create_response_from_buffer(size, size ? r->body.at : NULL, MHD_RESPMEM_MUST_FREE);
    if (!made) {
        response_free(r);
        return MHD_NO;
    }
    if (!size) response_free(r);
    r->body = (struct buf){.max = r->body.max}; /* the library frees it */
    if (r->content_type[0]) MHD_add_response_header(made, "Content-Type", r->content_type);
    if (r->content_range[0]) MHD_add_response_header(made, "Content-Range", r->content_range);
    if (r->gzip) MHD_add_response_header(made, "Content-Encoding", "gzip");
    MHD_add_response_header(made, "Accept-Encoding", "gzip");
    MHD_add_response_header(made, "X-Content-Type-Options", "nosniff");
    if (last) MHD_add_response_header(made, "Connection", "close");
    enum MHD_Result queued = MHD_queue_response(connection, r->status, made);
    MHD_destroy_response(made);
    return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status) {
    struct response r = {.status = status, .body = {.max = 64}};
    if (status == 429) response_refuse(&r, status, &(struct diag){.text = "too much in one minute: go on later"});
    return queue(connection, &r, true);
}

static void count_answer(struct peer *p, const struct response *r, uint64_t in_size) {
    struct listener *l = p->listener;
    pthread_mutex_lock(&l->lock);
    const struct node_settings s = l->settings;
    p->held = r->body.size;
    l->counts.requests++;
    l->counts.bytes_in += in_size;
    l->counts.bytes_out += r->body.size;
    l->counts.answers[r->status / 100 < COUNT(l->counts.answers) ? r->status / 100 : 0]++;
    pthread_mutex_unlock(&l->lock);
    if (!l->path[0]) meter_bytes(l->meter, &s, text_of(p->pin), in_size + r->body.size, peer_clock_ms());
}

/* Waits until no other request of this pin is at work; false where the connection was shut meanwhile. */
static bool take_turn(struct peer *p) {
    struct listener *l = p->listener;
    pthread_mutex_lock(&l->lock);
    for (const struct peer *other = l->peers; other && !p->shut;) {
        bool before = other->at_work && !memcmp(other->pin, p->pin, sizeof p->pin);
        if (before) pthread_cond_wait(&l->turns, &l->lock);
        other = before ? l->peers : other->next;
    }
    p->at_work = !p->shut;
    pthread_mutex_unlock(&l->lock);
    return p->at_work;
}

static void give_turn(struct peer *p) {
    struct listener *l = p->listener;
    pthread_mutex_lock(&l->lock);
    p->at_work = false;
    pthread_cond_broadcast(&l->turns);
    pthread_mutex_unlock(&l->lock);
}

static bool work(struct peer *p, const struct request *q, struct response *r) {
    const struct listener_options *o = &p->listener->options;
    if (o->answer_kept && o->answer_kept(o->state, q, r)) return true;
    if (o->answer_kept && !take_turn(p)) return false;
    o->answer(o->state, q, r);
    if (o->answer_kept) give_turn(p);
    return true;
}

static enum MHD_Result answer(struct peer *p, struct MHD_Connection *connection, struct incoming *in) {
    struct response r = {.body = {.max = 128 << 20}};
    struct request q = {.method = text_of(in->method),
                        .path = text_of(in->path),
                        .content_type = text_of(in->content_type),
                        .content_encoding = text_of(in->content_encoding),
                        .content_range = text_of(in->content_range),
                        .range = text_of(in->range),
                        .takes_gzip = in->takes_gzip,
                        .dated = in->dated,
                        .ahead = in->ahead,
                        .body = buf_as_bytes(&in->body),
                        .pin = text_of(p->pin)};
    uint64_t in_size = in->body.size;
    peer_enter(p, PEER_WORK, 0);
    bool answered = work(p, &q, &r);
    buf_free(&in->body);
    if (!answered) return MHD_NO;
    peer_enter(p, PEER_ANSWER, r.body.size);
    count_answer(p, &r, in_size);
    return queue(connection, &r, atomic_load(&p->listener->stopping));
}

enum MHD_Result handle_request(void *state, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **request) {
    struct incoming *in = *request;
    struct peer *p = peer_of(connection);
    (void)state, (void)version;
    if (!p || p->shut) return MHD_NO;
    if (!in) {
        in = calloc(1, sizeof *in);
        if (!in) return MHD_NO;
        *request = in;
        in->body.max = REQUEST_BODY_MAX;
        uint64_t length = 0;
        unsigned status = look_at_request(connection, url, method, in, &length);
        peer_enter(p, PEER_BODY, 0);
        if (!status) status = meter(p, length);
        if (!status) return MHD_YES;
        count_refusal(p->listener, status);
        return refuse(connection, status);
    }
    if (!*size) return answer(p, connection, in);
    buf_bytes(&in->body, bytes_of(data, *size));
    *size = 0;
    pthread_mutex_lock(&p->listener->lock);
    p->bytes = in->body.size;
    pthread_mutex_unlock(&p->listener->lock);
    return in->body.failed ? MHD_NO : MHD_YES;
}

void handle_completed(void *state, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code) {
    struct incoming *in = *request;
    struct peer *p = peer_of(connection);
    (void)state, (void)code; /* it may report failure after a fully delivered answer: nothing is undone on its word */
    if (in) buf_free(&in->body);
    free(in);
    *request = NULL;
    if (!p) return;
    peer_enter(p, PEER_IDLE, 0);
    pthread_mutex_lock(&p->listener->lock);
    p->held = 0;
    pthread_mutex_unlock(&p->listener->lock);
}
