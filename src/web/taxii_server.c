/* The TAXII server: a socket, a thread a connection, signals. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "node/address.h"
#include "node/service.h"
#include "web/taxii_server.h"

enum { BACKLOG = 512, HEADER_BYTES_MAX = 65536, IDLE_SECONDS_MAX = 3600, TICK_MS = 1000 };

/* ---- stores */

enum error taxii_take_store(struct taxii_server *s, struct taxii_store **out, struct diag *d) {
    struct taxii_store *store = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->store_count) store = s->stores[--s->store_count];
    pthread_mutex_unlock(&s->lock);
    if (!store) return taxii_store_open(s->options->store, s->options->store_key, out, d);
    *out = store;
    return OK;
}

void taxii_give_store(struct taxii_server *s, struct taxii_store *store) {
    if (!store) return;
    pthread_mutex_lock(&s->lock);
    bool kept = s->store_count < TAXII_STORES_MAX;
    if (kept) s->stores[s->store_count++] = store;
    pthread_mutex_unlock(&s->lock);
    if (!kept) taxii_store_close(store);
}

/* ---- connections */

struct guest *taxii_guest(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void connection_changes(void *state, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode code) {
    struct taxii_server *s = state;
    const union MHD_ConnectionInfo *socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD),
                                   *from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (code == MHD_CONNECTION_NOTIFY_STARTED && socket) {
        *context = guests_take(&s->guests, socket->connect_fd, from ? from->client_addr : NULL);
    } else if (code == MHD_CONNECTION_NOTIFY_CLOSED && *context) {
        guests_drop(&s->guests, *context);
        *context = NULL;
    }
}

/* ---- requests */

static enum MHD_Result handle(void *state, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **context) {
    struct taxii_ask *a = *context;
    struct taxii_server *s = state;
    struct guest *guest = taxii_guest(connection);
    (void)version;
    if (!guest) return MHD_NO;
    if (!a) {
        *context = a = calloc(1, sizeof *a);
        if (!a) return MHD_NO;
        *a = (struct taxii_ask){.server = s, .connection = connection, .body.max = TAXII_BODY_MAX};
        a->admitted = taxii_admits(a);
        guest_know(&s->guests, guest, a->admitted);
        guest_enter(&s->guests, guest, GUEST_BODY, 0);
        return MHD_YES;
    }
    if (*upload_size) {
        if (a->admitted && !a->too_large) buf_bytes(&a->body, bytes_of(upload, *upload_size));
        a->too_large = a->too_large || a->body.failed;
        guest_sends(&s->guests, guest, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    a->method = method;
    guest_enter(&s->guests, guest, GUEST_WORK, 0);
    return taxii_answer(a, path);
}

static void completed(void *state, struct MHD_Connection *connection, void **context,
                      enum MHD_RequestTerminationCode how) {
    struct taxii_ask *a = *context;
    struct taxii_server *s = state;
    (void)how;
    if (a) buf_wipe(&a->body);
    free(a);
    *context = NULL;
    guest_enter(&s->guests, taxii_guest(connection), GUEST_IDLE, 0);
}

static void say_nothing(void *state, const char *format, va_list values) { (void)state, (void)format, (void)values; }

/* ---- life */

static enum error start_daemon(struct taxii_server *s, struct diag *d) {
    const struct taxii_options *o = s->options;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
                     MHD_USE_ERROR_LOG | (o->key.size ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)o->key.at},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)o->certificate.at},
        {MHD_OPTION_END, 0, NULL}};
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, s, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET,
        s->socket, MHD_OPTION_NOTIFY_CONNECTION, connection_changes, s, MHD_OPTION_NOTIFY_COMPLETED, completed, s,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)GUEST_SOCKETS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEADER_BYTES_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS_MAX,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, o->key.size ? tls : tls + COUNT(tls) - 1, MHD_OPTION_END);
    return s->daemon ? OK : fail(d, ERR_IO, _("the HTTP server did not start: is the certificate that of the key?"));
}

static enum error open_socket(struct taxii_server *s, struct diag *d) {
    struct address at;
    enum error result = address_read(s->options->listen, &at, d);
    if (!result && !at.loopback && !s->options->key.size)
        return fail(d, ERR_USAGE, _("%s is reachable from other machines: TLS is needed there"), s->options->listen);
    return result ? result : address_listen(s->options->listen, BACKLOG, &s->socket, &s->port, d);
}

static void tell(const struct taxii_server *s) {
    char url[256];
    const char *listen = s->options->listen, *colon = strrchr(listen, ':');
    snprintf(url, sizeof url, "%s://%.*s:%u/taxii2/", s->options->key.size ? "https" : "http", (int)(colon - listen),
             listen, s->port);
    s->options->told(s->options->state, url);
}

static enum error watch_signals(int *out, struct diag *d) {
    sigset_t set;
    enum error result = service_hold_signals(&set, d);
    if (result) return result;
    *out = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return *out < 0 ? fail_errno(d, _("signals"), _("opening")) : OK;
}

static enum error loop(struct taxii_server *s, int signals, struct diag *d) {
    for (;;) {
        struct pollfd at = {.fd = signals, .events = POLLIN};
        int got = poll(&at, 1, TICK_MS);
        if (got < 0 && errno != EINTR) return fail_errno(d, _("signals"), _("waiting for"));
        if (got > 0) return OK;
        guests_watch(&s->guests);
        if (!s->options->tick(s->options->state)) return fail(d, ERR_IO, _("what keeps the objects up to date ended"));
    }
}

enum error taxii_run(const struct taxii_options *o, struct diag *d) {
    struct taxii_server s = {.options = o, .socket = -1};
    int signals = -1;
    pthread_mutex_init(&s.lock, NULL);
    pthread_mutex_init(&s.adding, NULL);
    guests_init(&s.guests, o->patience_percent);
    enum error result = open_socket(&s, d);
    if (!result) result = watch_signals(&signals, d);
    if (!result) result = start_daemon(&s, d);
    if (!result) {
        tell(&s);
        result = loop(&s, signals, d);
    }
    if (s.daemon)
        MHD_stop_daemon(s.daemon);
    else if (s.socket >= 0)
        close(s.socket);
    while (s.store_count) taxii_store_close(s.stores[--s.store_count]);
    if (signals >= 0) close(signals);
    guests_free(&s.guests);
    pthread_mutex_destroy(&s.lock);
    pthread_mutex_destroy(&s.adding);
    return result;
}
