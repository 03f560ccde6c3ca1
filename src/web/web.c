/* The server: connections of MHD, processes of commands, signals, in one loop and one thread, so that a process can be
 * made at any time. */
#include "web/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/os.h"
#include "base/secret.h"
#include "node/service.h"
#include "web/server.h"

enum { TICK_MS = 1000, HEADER_BYTES_MAX = 65536 };

/* ---- a request */

static bool is_own_host(const struct server *s, const char *host) {
    char other[64];
    snprintf(other, sizeof other, "localhost:%u", s->port);
    return host && (!strcmp(host, s->host) || !strcmp(host, other));
}

static bool is_own_origin(const struct server *s, const char *origin) {
    return !origin || (!strncmp(origin, "http://", 7) && is_own_host(s, origin + 7));
}

static const char *header(const struct exchange *x, const char *name) {
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer(struct exchange *x, const char *method, const char *path) {
    struct server *s = x->server;
    bool other_method;
    if (!is_own_host(s, header(x, "Host")) || !is_own_origin(s, header(x, "Origin")))
        return answer_status(x, MHD_HTTP_FORBIDDEN, _("this page is for the browser of this machine alone"));
    x->route = route_find(method, path, &other_method);
    if (!x->route)
        return answer_status(x, other_method ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND, _("not found"));
    const char *secret = header(x, "Parley-Session");
    if (!x->route->open && !session_admits(&s->session, text_of(secret), os_now()))
        return answer_status(x, MHD_HTTP_UNAUTHORIZED, _("the desk is locked, or this page is from before it was"));
    if (x->body.failed) return answer_status(x, MHD_HTTP_CONTENT_TOO_LARGE, _("larger than the limit"));
    x->rest = text_sub(text_of(path), strlen(x->route->path), strlen(path));
    return x->route->answer(x);
}

static struct exchange *exchange_new(struct server *s, struct MHD_Connection *connection) {
    struct exchange *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    *x = (struct exchange){.next = s->exchanges, .server = s, .connection = connection, .body.max = WEB_BODY_MAX};
    s->exchanges = x;
    return x;
}

static enum MHD_Result handle(void *state, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **context) {
    struct exchange *x = *context;
    (void)version;
    if (!x) {
        *context = exchange_new(state, connection);
        return *context ? MHD_YES : MHD_NO;
    }
    if (*upload_size) {
        buf_bytes(&x->body, bytes_of(upload, *upload_size));
        *upload_size = 0;
        return MHD_YES;
    }
    return x->route ? x->route->answer(x) : answer(x, method, path);
}

static void completed(void *state, struct MHD_Connection *connection, void **context,
                      enum MHD_RequestTerminationCode how) {
    struct server *s = state;
    struct exchange *x = *context;
    (void)connection, (void)how;
    if (!x) return;
    for (struct exchange **at = &s->exchanges; *at; at = &(*at)->next)
        if (*at == x) {
            *at = x->next;
            break;
        }
    run_end(x);
    buf_wipe(&x->body);
    buf_free(&x->pending);
    arena_free(&x->arena);
    free(x);
    *context = NULL;
}

/* ---- the socket */

static bool is_loopback(const struct sockaddr_in *a) { return ntohl(a->sin_addr.s_addr) >> 24 == 127; }

static enum error open_socket(struct server *s, struct diag *d) {
    const char *typed = s->options->listen, *colon = strrchr(typed, ':');
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    char host[INET_ADDRSTRLEN] = "";
    uint64_t port = 0;
    int on = 1;
    if (colon && (size_t)(colon - typed) < sizeof host) memcpy(host, typed, (size_t)(colon - typed));
    bool fits = colon && inet_pton(AF_INET, host, &address.sin_addr) == 1 && text_u64(text_of(colon + 1), &port) &&
                port <= UINT16_MAX;
    if (!fits || !is_loopback(&address))
        return fail(d, ERR_USAGE, _("expected an address of this machine alone, as 127.0.0.1:0, found “%s”"), typed);
    address.sin_port = htons((uint16_t)port);
    s->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr *at = (struct sockaddr *)&address;
    if (s->socket < 0 || setsockopt(s->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(s->socket, at, sizeof address) || listen(s->socket, 64) || getsockname(s->socket, at, &size))
        return fail_errno(d, typed, _("listening on"));
    s->port = ntohs(address.sin_port);
    snprintf(s->host, sizeof s->host, "%s:%u", host, s->port);
    return OK;
}

/* ---- the loop */

static void say_nothing(void *state, const char *format, va_list values) { (void)state, (void)format, (void)values; }

static enum error start_daemon(struct server *s, struct diag *d) {
    s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, s,
                                 MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, s->socket,
                                 MHD_OPTION_NOTIFY_COMPLETED, completed, s, MHD_OPTION_CONNECTION_LIMIT,
                                 (unsigned)WEB_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                 (size_t)HEADER_BYTES_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WEB_IDLE_SECONDS,
                                 MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    return s->daemon ? OK : fail(d, ERR_IO, _("the HTTP server did not start"));
}

static void invite(struct server *s) {
    struct buf link = {.max = 256};
    session_invite(&s->session, s->options->random, os_now());
    buf_format(&link, "http://%s/open?key=%s", s->host, s->session.key.at);
    buf_char(&link, 0);
    s->options->told(s->options->desk.state, (const char *)link.at);
    buf_wipe(&link);
}

/* False: it shall end. */
static bool take_signal(struct server *s) {
    struct signalfd_siginfo info;
    if (read(s->signals, &info, sizeof info) != sizeof info) return true;
    if (info.ssi_signo != SIGUSR1) return false;
    invite(s);
    return true;
}

/* The descriptors that something may come from; MHD's own is one that stands for all of its connections. */
static nfds_t list_descriptors(const struct server *s, struct pollfd *at) {
    nfds_t count = 0;
    at[count++] = (struct pollfd){.fd = s->signals, .events = POLLIN};
    at[count++] =
        (struct pollfd){.fd = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, .events = POLLIN};
    at[count++] = (struct pollfd){.fd = s->follower.process ? s->follower.output : -1, .events = POLLIN};
    for (const struct exchange *x = s->exchanges; x; x = x->next) {
        if (!x->child.process) continue;
        at[count++] = (struct pollfd){.fd = x->child.output, .events = POLLIN};
        at[count++] = (struct pollfd){.fd = x->child.told, .events = POLLIN};
    }
    return count;
}

static void forget_idle(struct server *s) {
    if (!s->session.secret.at[0] || os_now() - s->session.asked < s->options->open_for) return;
    session_forget(&s->session);
    if (s->options->desk.lock(s->options->desk.state, NULL)) return;
    events_tell(s, "locked", TEXT("{}"));
}

static enum error loop(struct server *s, struct diag *d) {
    struct pollfd at[3 + 2 * WEB_CONNECTIONS_MAX];
    for (;;) {
        MHD_UNSIGNED_LONG_LONG wait = TICK_MS;
        bool said = MHD_get_timeout(s->daemon, &wait) == MHD_YES;
        int got = poll(at, list_descriptors(s, at), said && wait < TICK_MS ? (int)wait : TICK_MS);
        if (got < 0 && errno != EINTR) return fail_errno(d, _("the page"), _("waiting for"));
        if (got > 0 && at[0].revents && !take_signal(s)) return OK;
        run_look(s);
        events_look(s);
        forget_idle(s);
        if (MHD_run(s->daemon) != MHD_YES) return fail(d, ERR_IO, _("the HTTP server failed"));
    }
}

static enum error watch_signals(struct server *s, struct diag *d) {
    sigset_t set;
    enum error result = service_hold_signals(&set, d);
    if (result) return result;
    sigaddset(&set, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &set, NULL)) return fail_errno(d, _("signals"), _("blocking"));
    s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? fail_errno(d, _("signals"), _("opening")) : OK;
}

/* A connection that waits must be woken before the server can close it. */
static void stop(struct server *s) {
    for (struct exchange *x = s->exchanges; x; x = x->next) {
        if (x->waiting) MHD_resume_connection(x->connection);
        run_end(x);
    }
    child_end(&s->follower);
    run_stop(s);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    else if (s->socket >= 0)
        close(s->socket);
    if (s->signals >= 0) close(s->signals);
    secret_wipe(&s->session, sizeof s->session);
}

enum error web_run(const struct web_options *o, struct diag *d) {
    struct server s = {.options = o, .socket = -1, .signals = -1};
    enum error result = open_socket(&s, d);
    if (!result) result = watch_signals(&s, d);
    if (!result) result = start_daemon(&s, d);
    if (!result) {
        invite(&s);
        result = loop(&s, d);
    }
    stop(&s);
    return result;
}
