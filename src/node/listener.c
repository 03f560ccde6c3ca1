#include "node/listener.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/os.h"
#include "node/address.h"
#include "node/peer.h"

enum { BACKLOG = 512, MEMORY_PER_CONNECTION = 32768, ALIVE_MS = 10000, IDLE_SECONDS_MAX = 3600 };

const char *const refusal_words[REFUSALS] = {
#define X(reason, word, meaning) [reason] = word,
    LISTENER_REFUSALS(X)
#undef X
};

/* ---- sockets */

/* The file of a node that was killed is in the way; the caller holds the node's lock, so no other one listens there. */
static enum error open_unix(struct listener *l, struct diag *d) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    if (strlen(l->options.socket) >= sizeof name.sun_path)
        return fail(d, ERR_USAGE, _("the path of the socket is too long: %s"), l->options.socket);
    strcpy(name.sun_path, l->options.socket);
    unlink(name.sun_path);
    l->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t before = umask(0177);
    bool bound = l->socket >= 0 && !bind(l->socket, (struct sockaddr *)&name, sizeof name);
    umask(before);
    if (!bound || listen(l->socket, BACKLOG)) return fail_errno(d, name.sun_path, _("listening on"));
    strcpy(l->path, name.sun_path);
    return OK;
}

/* ---- connections */

static bool same_user(int socket) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    return !getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) && peer.uid == geteuid();
}

static bool admit(struct peer *p, struct MHD_Connection *connection) {
    if (p->listener->path[0]) return same_user(p->socket);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info && handshake_begin(p, (gnutls_session_t)info->tls_session);
}

/* Ends the connection that has been at its phase for the longest time, of those that are at one of these. */
static void end_oldest(struct listener *l, bool proved, enum refusal why) {
    struct peer *oldest = NULL;
    for (struct peer *p = l->peers; p; p = p->next) {
        if (p->shut || (p->pin[0] != 0) != proved || (proved && p->phase > PEER_IDLE)) continue;
        if (!oldest || p->since_ms < oldest->since_ms) oldest = p;
    }
    if (oldest) peer_shut(oldest, why);
}

/* One more has come, and is in the list: who goes, where that is one too many. */
static void make_room(struct listener *l, struct peer *newest) {
    uint64_t all = 0, unproved = 0;
    for (const struct peer *p = l->peers; p; p = p->next) {
        all += !p->shut;
        unproved += !p->shut && !p->pin[0];
    }
    l->counts.accepted++;
    if (l->path[0] || newest->shut) return;
    if (unproved > l->settings.handshakes) {
        end_oldest(l, false, REFUSED_HANDSHAKES);
        all--;
    }
    if (all <= l->settings.connections) return;
    end_oldest(l, true, REFUSED_CONNECTIONS);
    if (all > l->settings.connections + l->settings.handshakes) peer_shut(newest, REFUSED_CONNECTIONS);
}

static void connection_starts(struct listener *l, struct MHD_Connection *connection, void **context) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct peer *p = calloc(1, sizeof *p);
    if (!p || !info) {
        if (info) shutdown(info->connect_fd, SHUT_RDWR);
        free(p);
        return;
    }
    *p = (struct peer){.listener = l, .socket = info->connect_fd, .phase = PEER_HANDSHAKE, .since_ms = peer_clock_ms()};
    if (!admit(p, connection)) {
        p->shut = true;
        shutdown(p->socket, SHUT_RDWR);
    }
    pthread_mutex_lock(&l->lock);
    p->next = l->peers;
    l->peers = p;
    make_room(l, p);
    pthread_mutex_unlock(&l->lock);
    *context = p;
}

static void connection_ends(struct listener *l, void **context) {
    struct peer *p = *context;
    pthread_mutex_lock(&l->lock);
    for (struct peer **at = &l->peers; *at; at = &(*at)->next)
        if (*at == p) {
            *at = p->next;
            break;
        }
    pthread_mutex_unlock(&l->lock);
    free(p);
    *context = NULL;
}

static void connection_changes(void *state, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode code) {
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_starts(state, connection, context);
    else
        connection_ends(state, context);
}

/* ---- opening and closing */

/* Paths of ours hold no escapes: what has one stays as it is, and is refused. */
static size_t leave_escapes(void *state, struct MHD_Connection *connection, char *path) {
    (void)state, (void)connection;
    return strlen(path);
}

static void say_nothing(void *state, const char *format, va_list values) { (void)state, (void)format, (void)values; }

static enum error start_daemon(struct listener *l, struct diag *d) {
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
                     MHD_USE_ERROR_LOG | MHD_USE_ITC | (l->path[0] ? 0 : MHD_USE_TLS);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3"},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)l->options.key.at},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)l->options.certificate.at},
        {MHD_OPTION_END, 0, NULL}};
    l->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle_request, l, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, l->socket, MHD_OPTION_NOTIFY_CONNECTION, connection_changes, l,
        MHD_OPTION_NOTIFY_COMPLETED, handle_completed, l, MHD_OPTION_CONNECTION_LIMIT, (unsigned)LISTENER_SOCKETS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL,
        MHD_OPTION_ARRAY, l->path[0] ? tls + COUNT(tls) - 1 : tls, MHD_OPTION_END);
    return l->daemon ? OK : fail(d, ERR_IO, _("the HTTP server did not start"));
}

enum error listener_open(const struct listener_options *o, struct listener **out, struct diag *d) {
    struct listener *l = calloc(1, sizeof *l);
    if (!l) return fail(d, ERR_MEMORY, _("out of memory"));
    l->options = *o;
    l->socket = -1;
    l->settings = o->settings ? *o->settings : node_settings_default();
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->turns, NULL);
    enum error result = o->socket ? open_unix(l, d) : address_listen(o->address, BACKLOG, &l->socket, &l->port, d);
    if (!result && !(l->meter = meter_new())) result = fail(d, ERR_MEMORY, _("out of memory"));
    if (!result && !o->socket) result = handshake_prepare(l, o->key, o->certificate, d);
    if (!result) result = start_daemon(l, d);
    if (!result) result = watchdog_start(l, d);
    if (result)
        listener_close(l);
    else
        *out = l;
    return result;
}

unsigned listener_port(const struct listener *l) { return l->port; }

void listener_set(struct listener *l, const struct node_settings *s) {
    pthread_mutex_lock(&l->lock);
    l->settings = *s;
    pthread_mutex_unlock(&l->lock);
}

enum error listener_set_tls(struct listener *l, struct bytes key, struct bytes certificate, struct diag *d) {
    return handshake_prepare(l, key, certificate, d);
}

void listener_count(struct listener *l, struct listener_counts *out) {
    pthread_mutex_lock(&l->lock);
    *out = l->counts;
    for (const struct peer *p = l->peers; p; p = p->next) {
        out->connections += !p->shut;
        out->handshakes += !p->shut && !p->pin[0];
    }
    pthread_mutex_unlock(&l->lock);
}

bool listener_alive(struct listener *l) {
    pthread_mutex_lock(&l->lock);
    bool alive = peer_clock_ms() - l->watched_ms < ALIVE_MS;
    pthread_mutex_unlock(&l->lock);
    return alive;
}

static bool is_busy(struct listener *l) {
    bool busy = false;
    pthread_mutex_lock(&l->lock);
    for (const struct peer *p = l->peers; p; p = p->next) busy = busy || p->phase > PEER_IDLE;
    pthread_mutex_unlock(&l->lock);
    return busy;
}

void listener_close(struct listener *l) {
    if (!l) return;
    struct timespec tick = {0, 20000000};
    if (l->daemon) MHD_quiesce_daemon(l->daemon);
    if (l->socket >= 0) close(l->socket);
    if (l->path[0]) unlink(l->path);
    for (unsigned i = 0; l->daemon && is_busy(l) && i < LISTENER_DRAIN_SECONDS * 50; i++) nanosleep(&tick, NULL);
    watchdog_stop(l);
    if (l->daemon) MHD_stop_daemon(l->daemon);
    handshake_forget(l);
    meter_free(l->meter);
    pthread_cond_destroy(&l->turns);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
