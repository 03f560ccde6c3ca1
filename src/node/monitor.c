#include "node/monitor.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os.h"
#include "node/address.h"

enum { BACKLOG = 16, CONNECTIONS = 16, PATIENCE_SECONDS = 10, ANSWER_MAX = 16 << 20 };

struct monitor {
    monitored_now *now;
    void *state;
    int socket;
    unsigned port;
    struct MHD_Daemon *daemon;
};

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status, const char *type, struct buf *b) {
    size_t size = b->size;
    struct MHD_Response *made =
        MHD_create_response_from_buffer(size, size ? (void *)b->at : (void *)(uintptr_t) "", MHD_RESPMEM_MUST_COPY);
    buf_free(b);
    if (!made) return MHD_NO;
    MHD_add_response_header(made, "Content-Type", type);
    MHD_add_response_header(made, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(made, "Cache-Control", "no-store");
    enum MHD_Result queued = MHD_queue_response(connection, status, made);
    MHD_destroy_response(made);
    return queued;
}

static enum MHD_Result handle(void *state, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **request) {
    const struct monitor *m = state;
    struct buf out = {.max = ANSWER_MAX};
    (void)version, (void)data;
    if (!*request) {
        *request = (void *)(uintptr_t) "seen";
        return MHD_YES;
    }
    if (*size) { /* nobody has anything to send here that is looked at */
        *size = 0;
        return MHD_YES;
    }
    struct text path = text_of(url);
    if (!text_is(text_of(method), "GET") && !text_is(text_of(method), "HEAD"))
        return send_text(connection, 405, "text/plain", &out);
    const struct monitored now = m->now(m->state);
    if (text_is(path, "/metrics")) {
        metrics_write(&now, &out);
        return send_text(connection, out.failed ? 500 : 200, "text/plain; version=0.0.4; charset=utf-8", &out);
    }
    if (text_is(path, "/health")) {
        bool well = health_write(&now, os_now(), &out);
        return send_text(connection, well ? 200 : 503, "application/json", &out);
    }
    return send_text(connection, 404, "text/plain", &out);
}

enum error monitor_open(const char *address, monitored_now *now, void *state, struct monitor **out, struct diag *d) {
    struct address read;
    struct monitor *m = calloc(1, sizeof *m);
    if (!m) return fail(d, ERR_MEMORY, _("out of memory"));
    *m = (struct monitor){.now = now, .state = state, .socket = -1};
    enum error result = address_read(address, &read, d);
    if (!result && !read.loopback)
        result = fail(d, ERR_USAGE,
                      _("the numbers are for this machine alone: expected 127.0.0.1 or [::1], found “%s”"), address);
    if (!result) result = address_listen(address, BACKLOG, &m->socket, &m->port, d);
    if (!result) {
        m->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC, 0, NULL, NULL,
                                     handle, m, MHD_OPTION_LISTEN_SOCKET, m->socket, MHD_OPTION_CONNECTION_LIMIT,
                                     (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE_SECONDS,
                                     MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
        if (!m->daemon) result = fail(d, ERR_IO, _("the HTTP server did not start"));
    }
    if (result)
        monitor_close(m);
    else
        *out = m;
    return result;
}

unsigned monitor_port(const struct monitor *m) { return m->port; }

void monitor_close(struct monitor *m) {
    if (!m) return;
    if (m->daemon)
        MHD_stop_daemon(m->daemon); /* closes the socket */
    else if (m->socket >= 0)
        close(m->socket);
    free(m);
}
