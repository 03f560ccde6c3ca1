#include "node/witness_run.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "node/address.h"
#include "node/meter.h"
#include "node/peer.h"
#include "node/service.h"

enum { BACKLOG = 128, THREADS = 4, NET_SIZE = INET6_ADDRSTRLEN };

struct witness_server {
    struct witness_server_options options;
    struct node_settings settings; /* those that the meter asks for */
    struct meter *meter;
    int socket;
    unsigned port;
    struct MHD_Daemon *daemon;
};

struct incoming {
    struct buf body;
    unsigned refused; /* the status with which it is, once it has come; 0: it is not */
};

static enum MHD_Result queue(struct MHD_Connection *connection, struct response *r) {
    struct MHD_Response *made = MHD_create_response_from_buffer(
        r->body.size, r->body.size ? (void *)r->body.at : (void *)(uintptr_t) "", MHD_RESPMEM_MUST_COPY);
    response_free(r);
    if (!made) return MHD_NO;
    if (r->content_type[0]) MHD_add_response_header(made, "Content-Type", r->content_type);
    MHD_add_response_header(made, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(made, "Cache-Control", "no-store");
    if (r->status == 405) MHD_add_response_header(made, "Allow", "GET, HEAD, POST");
    enum MHD_Result queued = MHD_queue_response(connection, r->status, made);
    MHD_destroy_response(made);
    return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status) {
    static const struct {
        unsigned status;
        const char *words;
    } refusals[] = {{405, "GET and POST alone are served here"},
                    {413, "a body larger than any request of this protocol"},
                    {429, "too much in one minute: go on later"}};
    struct response r = {.body = {.max = 256}};
    struct diag d = {0};
    for (size_t i = 0; i < COUNT(refusals); i++)
        if (refusals[i].status == status) snprintf(d.text, sizeof d.text, "%s", refusals[i].words);
    response_refuse(&r, status, &d);
    return queue(connection, &r);
}

/* The address that asks; of IPv6 the /64, which is one subscriber's. */
static void net_of(struct MHD_Connection *connection, char out[static NET_SIZE]) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *at = info ? info->client_addr : NULL;
    out[0] = 0;
    if (at && at->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)at)->sin_addr, out, NET_SIZE);
    } else if (at && at->sa_family == AF_INET6) {
        struct in6_addr net = ((const struct sockaddr_in6 *)(const void *)at)->sin6_addr;
        memset(net.s6_addr + 8, 0, 8);
        inet_ntop(AF_INET6, &net, out, NET_SIZE);
    }
}

static bool is_method(const char *method, const char *word) { return !strcmp(method, word); }

/* What is refused before its body is read. */
static unsigned look(struct witness_server *s, struct MHD_Connection *connection, const char *method) {
    char net[NET_SIZE];
    uint64_t length = 0;
    const char *told = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    net_of(connection, net);
    if (!meter_ask(s->meter, &s->settings, text_of(net), peer_clock_ms())) return 429;
    if (!is_method(method, "GET") && !is_method(method, "HEAD") && !is_method(method, "POST")) return 405;
    if (told && (!text_u64(text_of(told), &length) || length > WITNESS_BODY_MAX)) return 413;
    return 0;
}

static enum MHD_Result answer(struct witness_server *s, struct MHD_Connection *connection, const char *url,
                              const char *method, const struct incoming *in) {
    struct response r = {.body = {.max = 1 << 20}};
    struct request q = {.method =
                            text_of(is_method(method, "HEAD") ? "GET" : method), /* the library leaves out the body */
                        .path = text_of(url),
                        .body = buf_as_bytes(&in->body)};
    witness_answer(s->options.witness, &q, os_now(), &r);
    return queue(connection, &r);
}

static enum MHD_Result handle(void *state, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **request) {
    struct witness_server *s = state;
    struct incoming *in = *request;
    (void)version;
    if (!in) {
        in = calloc(1, sizeof *in);
        if (!in) return MHD_NO;
        *request = in;
        in->body.max = WITNESS_BODY_MAX;
        in->refused = look(s, connection, method);
        return in->refused ? refuse(connection, in->refused) : MHD_YES;
    }
    if (*size) {
        if (!in->refused) buf_bytes(&in->body, bytes_of(data, *size));
        if (in->body.failed) in->refused = 413;
        *size = 0;
        return MHD_YES;
    }
    return in->refused ? refuse(connection, in->refused) : answer(s, connection, url, method, in);
}

static void completed(void *state, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code) {
    struct incoming *in = *request;
    (void)state, (void)connection, (void)code;
    if (in) buf_free(&in->body);
    free(in);
    *request = NULL;
}

static void say_nothing(void *state, const char *format, va_list values) { (void)state, (void)format, (void)values; }

static enum error start(struct witness_server *s, struct diag *d) {
    const struct witness_server_options *o = &s->options;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)o->key},
                                   {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)o->certificate},
                                   {MHD_OPTION_END, 0, NULL}};
    unsigned flags =
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG | (o->key ? MHD_USE_TLS : 0);
    s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, s, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
                                 MHD_OPTION_LISTEN_SOCKET, s->socket, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)WITNESS_CONNECTIONS,
                                 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WITNESS_PATIENCE_SECONDS,
                                 MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                                 MHD_OPTION_ARRAY, o->key ? tls : tls + COUNT(tls) - 1, MHD_OPTION_END);
    return s->daemon ? OK : fail(d, ERR_IO, _("the HTTP server did not start"));
}

enum error witness_server_open(const struct witness_server_options *o, struct witness_server **out, struct diag *d) {
    struct witness_server *s = calloc(1, sizeof *s);
    if (!s) return fail(d, ERR_MEMORY, _("out of memory"));
    *s = (struct witness_server){.options = *o, .settings = node_settings_default(), .socket = -1};
    s->settings.requests_minute = o->requests_minute;
    s->settings.bytes_minute = 0;
    s->meter = meter_new();
    enum error result = s->meter ? address_listen(o->address, BACKLOG, &s->socket, &s->port, d)
                                 : fail(d, ERR_MEMORY, _("out of memory"));
    if (!result) result = start(s, d);
    if (result)
        witness_server_close(s);
    else
        *out = s;
    return result;
}

unsigned witness_server_port(const struct witness_server *s) { return s->port; }

void witness_server_close(struct witness_server *s) {
    if (!s) return;
    if (s->daemon)
        MHD_stop_daemon(s->daemon); /* closes the socket */
    else if (s->socket >= 0)
        close(s->socket);
    meter_free(s->meter);
    free(s);
}

enum error witness_run(const struct witness_server_options *o, void (*listens)(void *state, unsigned port), void *state,
                       struct diag *d) {
    struct witness_server *s = NULL;
    sigset_t set;
    enum error result = service_hold_signals(&set, d);
    if (!result) result = witness_server_open(o, &s, d);
    if (result) return result;
    listens(state, s->port);
    service_until_ended(&set);
    witness_server_close(s);
    return OK;
}
