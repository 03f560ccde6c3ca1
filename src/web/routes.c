/* What the server answers, by method and path. */
#include <string.h>

#include "base/os.h"
#include "base/secret.h"
#include "web/server.h"
#include "json/json.h"

/* ---- the page */

static enum MHD_Result answer_file(struct exchange *x, struct text name) {
    const struct web_options *o = x->server->options;
    for (size_t i = 0; i < o->file_count; i++) {
        const struct web_file *f = &o->files[i];
        if (text_is(name, f->name)) return answer_bytes(x, MHD_HTTP_OK, f->type, bytes_of(f->at, f->size));
    }
    return answer_status(x, MHD_HTTP_NOT_FOUND, _("not found"));
}

static enum MHD_Result answer_page(struct exchange *x) { return answer_file(x, TEXT("index.html")); }
static enum MHD_Result answer_part(struct exchange *x) { return answer_file(x, x->rest); }

static enum MHD_Result answer_open(struct exchange *x) {
    struct server *s = x->server;
    const char *key = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "key");
    if (!key || !session_enter(&s->session, text_of(key), s->options->random, os_now()))
        return answer_status(x, MHD_HTTP_FORBIDDEN,
                             _("this link was used, or is too old: send SIGUSR1 to parley desk for another one"));
    struct buf to = {.max = 256};
    struct MHD_Response *r = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    buf_format(&to, "/#%s", s->session.secret.at);
    buf_char(&to, 0);
    answer_headers(r, "text/plain; charset=utf-8");
    MHD_add_response_header(r, MHD_HTTP_HEADER_LOCATION, (const char *)to.at);
    enum MHD_Result result = MHD_queue_response(x->connection, MHD_HTTP_SEE_OTHER, r);
    MHD_destroy_response(r);
    buf_wipe(&to);
    return result;
}

/* ---- the desk */

static enum MHD_Result answer_made(struct exchange *x, enum error (*make)(void *, struct buf *, struct diag *)) {
    struct buf body = {.max = 16 << 20};
    struct diag d = {0};
    enum error result = make(x->server->options->desk.state, &body, &d);
    enum MHD_Result answered =
        result ? answer_fault(x, result, &d) : answer_bytes(x, MHD_HTTP_OK, "application/json", buf_as_bytes(&body));
    buf_free(&body);
    return answered;
}

static enum MHD_Result answer_session(struct exchange *x) { return answer_made(x, x->server->options->desk.session); }

static enum MHD_Result answer_openapi(struct exchange *x) { return answer_made(x, x->server->options->desk.openapi); }

static enum MHD_Result answer_lock(struct exchange *x) {
    struct server *s = x->server;
    struct diag d = {0};
    session_forget(&s->session);
    child_end(&s->follower);
    enum error result = s->options->desk.lock(s->options->desk.state, &d);
    events_tell(s, "locked", TEXT("{}"));
    return result ? answer_fault(x, result, &d) : answer_bytes(x, MHD_HTTP_OK, "application/json", bytes_of("{}", 2));
}

static enum MHD_Result answer_unlock(struct exchange *x) {
    struct server *s = x->server;
    struct diag d = {0};
    json_t *body = NULL;
    enum error result = json_read(buf_as_bytes(&x->body), &body, &d);
    if (!result) result = s->options->desk.unlock(s->options->desk.state, json_text(body, "passphrase"), &d);
    json_decref(body);
    if (result) return answer_fault(x, result, &d);
    session_renew(&s->session, s->options->random, os_now());
    struct buf out = {.max = 256};
    buf_format(&out, "{\"secret\":\"%s\"}", s->session.secret.at);
    enum MHD_Result answered = answer_bytes(x, MHD_HTTP_OK, "application/json", buf_as_bytes(&out));
    buf_wipe(&out);
    return answered;
}

/* ---- the table */

/* The first that fits.  What is no other path is the page, which reads its own address. */
static const struct route routes[] = {
    {"POST", "/api/run/", false, run_answer},
    {"GET", "/api/session", false, answer_session},
    {"GET", "/api/events", false, events_answer},
    {"GET", "/api/openapi.json", false, answer_openapi},
    {"POST", "/api/lock", false, answer_lock},
    {"POST", "/api/unlock", true, answer_unlock},
    {"GET", "/page/", true, answer_part},
    {"GET", "/open", true, answer_open},
    {"GET", "/", true, answer_page},
};

static bool leads(const char *route, const char *path) {
    size_t size = strlen(route);
    return route[size - 1] == '/' ? !strncmp(route, path, size) : !strcmp(route, path);
}

const struct route *route_find(const char *method, const char *path, bool *other_method) {
    bool interface = !strncmp(path, "/api/", 5);
    *other_method = false;
    if (!strcmp(method, "HEAD")) method = "GET";
    for (size_t i = 0; i < COUNT(routes); i++) {
        if (!leads(routes[i].path, path) || (interface && routes[i].answer == answer_page)) continue;
        if (!strcmp(routes[i].method, method)) return &routes[i];
        *other_method = true;
    }
    return NULL;
}
